#include "app/ledger/entry.hpp"

#include <array>
#include <stdexcept>

#include <boost/json.hpp>

namespace app::ledger {
namespace {

namespace json = boost::json;

// The words stand in the file: they never change.
constexpr std::array<std::string_view, 6> actions{"create_target", "delete_target", "create_offer",
                                                  "change_offer",  "delete_offer",  "buy"};
constexpr std::array<std::string_view, 3> results{"done", "failed", "unknown"};
constexpr std::array<std::string_view, 3> states{"pending", "final", "reverted"};
constexpr std::array<std::string_view, 3> sources{"target", "instant", "by_hand"};
constexpr std::array<std::string_view, 5> switches{"live", "dry_run", "pause", "resume", "panic"};
constexpr std::array<std::string_view, 4> faults{"ours", "item", "exchange", "network"};
constexpr std::array<std::string_view, 10> kinds{"intent", "outcome", "order_gone", "purchase",  "sale",
                                                "seen",   "cost",    "switch",     "reconciled", "balance"};

template <class E, std::size_t N>
E enum_of(const std::array<std::string_view, N>& words, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (words[i] == text) return static_cast<E>(i);
  throw std::runtime_error("the ledger holds a word that this version does not know: " + std::string(text));
}

// One description per body serves both ways: Out puts fields into an object, In takes them out.
class Out {
 public:
  explicit Out(json::object& to) : to_(to) {}
  void operator()(const char* name, const std::string& value) {
    if (!value.empty()) to_[name] = value;
  }
  void operator()(const char* name, std::int64_t value) {
    if (value != 0) to_[name] = value;
  }
  void operator()(const char* name, bool value) {
    if (value) to_[name] = true;
  }
  void operator()(const char* name, Money value) { (*this)(name, value.in_cents()); }
  // Zero is written, too: what is left out is unknown. Older versions left out both, and what they knew comes again.
  void operator()(const char* name, std::optional<Money> value) {
    if (value) to_[name] = value->in_cents();
  }
  template <class E, std::size_t N>
  void word(const char* name, E value, const std::array<std::string_view, N>& words) {
    to_[name] = json::string_view(words[static_cast<std::size_t>(value)]);
  }
  template <class E, std::size_t N>
  void word(const char* name, const std::optional<E>& value, const std::array<std::string_view, N>& words) {
    if (value) word(name, *value, words);
  }
  void operator()(const char* name, const std::vector<std::string>& all) {
    if (!all.empty()) to_[name] = json::array(all.begin(), all.end());
  }
  void figures(const char* name, const std::vector<std::pair<std::string, std::string>>& all) {
    if (all.empty()) return;
    json::array pairs;
    for (const auto& [figure, value] : all) {
      pairs.emplace_back(figure);
      pairs.emplace_back(value);
    }
    to_[name] = std::move(pairs);
  }

 private:
  json::object& to_;
};

class In {
 public:
  explicit In(const json::object& from) : from_(from) {}
  void operator()(const char* name, std::string& value) {
    if (const auto* found = from_.if_contains(name)) value = std::string(found->as_string());
  }
  void operator()(const char* name, std::int64_t& value) {
    if (const auto* found = from_.if_contains(name)) value = found->as_int64();
  }
  void operator()(const char* name, bool& value) {
    if (const auto* found = from_.if_contains(name)) value = found->as_bool();
  }
  void operator()(const char* name, Money& value) {
    if (const auto* found = from_.if_contains(name)) value = Money::cents(found->as_int64());
  }
  void operator()(const char* name, std::optional<Money>& value) {
    if (const auto* found = from_.if_contains(name)) value = Money::cents(found->as_int64());
  }
  template <class E, std::size_t N>
  void word(const char* name, E& value, const std::array<std::string_view, N>& words) {
    const auto& text = from_.at(name).as_string();
    value = enum_of<E>(words, std::string_view(text.data(), text.size()));
  }
  template <class E, std::size_t N>
  void word(const char* name, std::optional<E>& value, const std::array<std::string_view, N>& words) {
    if (from_.contains(name)) word(name, value.emplace(), words);
  }
  void operator()(const char* name, std::vector<std::string>& all) {
    const auto* found = from_.if_contains(name);
    if (found == nullptr) return;
    for (const json::value& one : found->as_array()) all.emplace_back(one.as_string());
  }
  void figures(const char* name, std::vector<std::pair<std::string, std::string>>& all) {
    const auto* found = from_.if_contains(name);
    if (found == nullptr) return;
    const json::array& pairs = found->as_array();
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
      all.emplace_back(std::string(pairs[i].as_string()), std::string(pairs[i + 1].as_string()));
  }

 private:
  const json::object& from_;
};

template <class Way, class T>
void item_fields(Way& way, T& item) {
  way("game", item.game);
  way("title", item.title);
  way("float", item.float_value);
  way("seed", item.paint_seed);
  way("phase", item.phase);
}

template <class Way, class T>
void reason_fields(Way& way, T& reason) {
  way("rule", reason.rule);
  way("why", reason.why);
  way.figures("figures", reason.figures);
}

// T is a body or a const body.
template <class T, class Body_>
concept Is = std::same_as<std::remove_const_t<T>, Body_>;

template <class Way, Is<Intent> T>
void fields(Way& way, T& body) {
  way.word("action", body.action, actions);
  item_fields(way, body.item);
  way("price", body.price);
  way("amount", body.amount);
  way("reserve", body.reserve);
  way("float_part", body.float_part);
  way("target_id", body.target_id);
  way("offer_id", body.offer_id);
  way("asset_id", body.asset_id);
  way("known", body.known);
  reason_fields(way, body.reason);
}

template <class Way, Is<Outcome> T>
void fields(Way& way, T& body) {
  way("intent", body.intent);
  way.word("result", body.result, results);
  way("target_id", body.target_id);
  way("offer_id", body.offer_id);
  way("code", body.code);
  way("message", body.message);
  way("locked_until", body.locked_until);
  way("reconciled", body.reconciled);
  way.word("fault", body.fault, faults);
}

template <class Way, Is<OrderGone> T>
void fields(Way& way, T& body) {
  way("target_id", body.target_id);
  way("offer_id", body.offer_id);
  way("why", body.why);
}

template <class Way, Is<Purchase> T>
void fields(Way& way, T& body) {
  way.word("source", body.source, sources);
  way("target_id", body.target_id);
  way("offer_id", body.offer_id);
  way("asset_id", body.asset_id);
  item_fields(way, body.item);
  way("price", body.price);
  way.word("state", body.state, states);
  way("traded_at", body.at);
  way("finalized_at", body.finalized_at);
}

template <class Way, Is<Sale> T>
void fields(Way& way, T& body) {
  way("offer_id", body.offer_id);
  way("asset_id", body.asset_id);
  way("target_id", body.target_id);
  item_fields(way, body.item);
  way("price", body.price);
  way("fee", body.fee);
  way("fee_percent", body.fee_percent);
  way("personal_fee", body.personal_fee);
  way.word("state", body.state, states);
  way("traded_at", body.at);
  way("finalized_at", body.finalized_at);
}

template <class Way, Is<Seen> T>
void fields(Way& way, T& body) {
  way("asset_id", body.asset_id);
  item_fields(way, body.item);
}

template <class Way, Is<Cost> T>
void fields(Way& way, T& body) {
  way("asset_id", body.asset_id);
  way("price", body.price);
}

template <class Way, Is<SwitchSet> T>
void fields(Way& way, T& body) {
  way.word("what", body.what, switches);
  way("user", body.user);
  way("why", body.why);
  way("expected", body.expected);
  way("seen", body.seen);
}

template <class Way, Is<BalanceSeen> T>
void fields(Way& way, T& body) {
  way("balance", body.balance);
  way("explained", body.explained);
}

template <class Way, Is<Reconciled> T>
void fields(Way& way, T& body) {
  way("from", body.from);
  way("sales", body.sales);
  way("purchases", body.purchases);
}

template <std::size_t I = 0>
Body body_of(std::size_t kind, const json::object& from) {
  if constexpr (I < std::variant_size_v<Body>) {
    if (kind != I) return body_of<I + 1>(kind, from);
    std::variant_alternative_t<I, Body> body;
    if constexpr (requires { body.amount; }) body.amount = 0;  // what is not written is nothing
    In in(from);
    fields(in, body);
    return body;
  }
  throw std::runtime_error("the ledger holds an entry of an unknown kind");
}

}  // namespace

std::string_view to_text(Action action) { return actions[static_cast<std::size_t>(action)]; }
std::string_view to_text(Result result) { return results[static_cast<std::size_t>(result)]; }
std::string_view to_text(TradeState state) { return states[static_cast<std::size_t>(state)]; }
std::string_view to_text(CostSource source) { return sources[static_cast<std::size_t>(source)]; }
std::string_view to_text(Switched what) { return switches[static_cast<std::size_t>(what)]; }

std::string_view to_text(dmarket::Fault fault) { return faults[static_cast<std::size_t>(fault)]; }

std::string_view kind_of(const Entry& entry) { return kinds[entry.body.index()]; }

std::string encode(const Entry& entry) {
  json::object object;
  object["kind"] = json::string_view(kind_of(entry));
  object["at"] = entry.at;
  if (entry.simulated) object["simulated"] = true;
  Out out(object);
  std::visit([&out](const auto& body) { fields(out, body); }, entry.body);
  return json::serialize(object);
}

Entry decode(std::string_view text) {
  const auto damaged = [](const std::string& why) {
    return std::runtime_error("an entry of the ledger cannot be read: " + why);
  };
  try {
    json::parse_options tolerant;
    tolerant.allow_invalid_utf8 = true;  // texts of the exchange are kept as they came
    const json::value value = json::parse({text.data(), text.size()}, {}, tolerant);
    const json::object& object = value.as_object();
    const auto& word = object.at("kind").as_string();
    const auto kind = enum_of<std::size_t>(kinds, std::string_view(word.data(), word.size()));
    Entry entry;
    entry.at = object.at("at").as_int64();
    const auto* simulated = object.if_contains("simulated");
    entry.simulated = simulated != nullptr && simulated->as_bool();
    entry.body = body_of(kind, object);
    return entry;
  } catch (const std::exception& error) {
    throw damaged(error.what());
  }
}

}  // namespace app::ledger
