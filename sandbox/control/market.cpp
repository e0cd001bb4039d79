// The market seen by the person at the page: titles, one title, the account, and the acts of the other side.
#include "sandbox/control/market_json.hpp"
#include "sandbox/control/request.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::Exchange;
using market::Game;
using market::Money;
using market::Uuid;

constexpr std::int64_t most_titles = 200, shown_offers = 50, newest_trades = 200;
constexpr double longest_poll = 60;  // seconds

template <class T>
T done(market::Result<T> result) {
  if (!result) throw ControlError(result.error().code + ": " + result.error().message);
  return std::move(*result);
}

Game game_of(const ControlRequest& request) {
  const std::string name = request.has("game") ? request.text("game") : "a8db";
  const auto game = market::game_by_id(name);
  if (!game) throw ControlError("\"game\" must be one of: a8db, 9a92, rust, tf2");
  return *game;
}

const market::TitleInfo& title_of(const ControlRequest& request, Exchange& exchange) {
  const std::string name = request.text("title");
  const market::TitleInfo* title = exchange.find_title(game_of(request), name);
  if (!title) throw ControlError(fmt::format("no title \"{}\" in this game; GET /control/market lists them", name));
  return *title;
}

Uuid uuid_of(const ControlRequest& request, const char* key) {
  const auto id = market::parse_uuid(request.text(key));
  if (!id) throw ControlError(fmt::format("\"{}\" must be an id as /control/market-account shows it", key));
  return *id;
}

Money price_of(const ControlRequest& request) {
  const std::int64_t cents = request.number("price");
  if (cents < 1) throw ControlError("\"price\" must be cents, at least 1");
  return Money::cents(cents);
}

bool contains_without_case(std::string_view text, std::string_view part) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

void write_optional(JsonWriter& json, const char* name, std::optional<Money> price) {
  if (price) {
    json.number(name, price->in_cents());
  } else {
    json.null(name);
  }
}

void write_sale(JsonWriter& json, const market::Sale& sale) {
  json.object().number("price", sale.price.in_cents()).number("at", sale.at);
  json.text("by", sale.by == market::SaleBy::offer ? "offer" : "target");
  write_copy(json, sale.copy);
  json.end_object();
}

void write_line(JsonWriter& json, const market::TargetLine& line) {
  json.object().number("price", line.price.in_cents()).number("amount", line.amount).flag("mine", line.mine);
  write_demand(json, line.demand);
  json.end_object();
}

// ---- acts: each gives the members of its answer

std::string trade_number(std::int64_t trade) { return fmt::format("\"trade\":{}", trade); }
std::string id_member(const char* key, const Uuid& id) { return fmt::format(R"("{}":"{}")", key, market::to_text(id)); }

std::string sell(const ControlRequest& request, Exchange& exchange) {
  return trade_number(done(exchange.sell_to_target(uuid_of(request, "target"))));
}

std::string buy(const ControlRequest& request, Exchange& exchange) {
  return trade_number(done(exchange.buy_offer(uuid_of(request, "offer"))));
}

std::string move(const ControlRequest& request, Exchange& exchange) {
  const double percent = request.seconds("percent", 0);
  if (!(percent > -100 && percent <= 10'000) || percent == 0) {
    throw ControlError("\"percent\" must be a number above -100, at most 10000, and not 0");
  }
  const auto& title = title_of(request, exchange);
  const std::int64_t factor = std::llround((100 + percent) * 10'000);
  return fmt::format("\"worth\":{}", done(exchange.move_price(title.game, title.title, factor)).in_cents());
}

std::string place_offer(const ControlRequest& request, Exchange& exchange) {
  const auto& title = title_of(request, exchange);
  return id_member("offer", done(exchange.place_offer(title.game, title.title, price_of(request))));
}

std::string place_target(const ControlRequest& request, Exchange& exchange) {
  const auto& title = title_of(request, exchange);
  market::Demand demand;
  const auto part = market::float_part_of(request.text("float_part"));
  const auto phase = market::phase_of(request.text("phase"));
  if (!part || !phase)
    throw ControlError("\"float_part\" is FN-0 ... BS-4, \"phase\" phase-1 ... black-pearl, or empty");
  demand.float_part = *part;
  demand.phase = *phase;
  demand.paint_seed = static_cast<std::uint16_t>(std::clamp<std::int64_t>(request.number("paint_seed"), 0, 1000));
  const std::int64_t amount = request.number("amount", 1);
  if (amount < 1 || amount > 100) throw ControlError("\"amount\" must be 1..100");
  return id_member("target", done(exchange.place_target(title.game, title.title, price_of(request), amount, demand)));
}

std::string trade(const ControlRequest& request, Exchange& exchange) {
  const auto& title = title_of(request, exchange);
  const std::string by(request.text("by"));
  if (by != "offer" && by != "target") throw ControlError("\"by\" must be offer or target");
  const auto kind = by == "offer" ? market::SaleBy::offer : market::SaleBy::target;
  const auto price = done(exchange.trade_among_others(title.game, title.title, price_of(request), kind));
  return fmt::format("\"price\":{}", price.in_cents());
}

std::string revert(const ControlRequest& request, Exchange& exchange) {
  return trade_number(done(exchange.revert(request.number("trade"))));
}

std::string finalize(const ControlRequest& request, Exchange& exchange) {
  return trade_number(done(exchange.finalize(request.number("trade"))));
}

std::string add_money(const ControlRequest& request, Exchange& exchange) {
  const std::int64_t cents = request.number("cents");
  if (cents < -100'000'000'000 || cents > 100'000'000'000) throw ControlError("\"cents\" must be 100000000000 at most");
  exchange.add_money(Money::cents(cents));
  return fmt::format("\"usd\":{}", exchange.balance().usd.in_cents());
}

std::string give(const ControlRequest& request, Exchange& exchange) {
  const auto& title = title_of(request, exchange);
  const std::string id = done(exchange.give_item(title.game, title.title, request.flag("in_market")));
  return "\"id\":" + quote(id);
}

std::string accept(const ControlRequest& request, Exchange& exchange) {
  return id_member("deposit", done(exchange.accept_deposit(uuid_of(request, "deposit"))));
}

using Act = std::string (*)(const ControlRequest&, Exchange&);
const std::map<std::string_view, Act>& acts() {
  static const std::map<std::string_view, Act> all{
      {"sell", sell},           {"buy", buy},       {"move", move},         {"offer", place_offer},
      {"target", place_target}, {"revert", revert}, {"finalize", finalize}, {"money", add_money},
      {"give", give},           {"accept", accept}, {"trade", trade}};
  return all;
}

std::string events_text(const std::vector<market::AccountEvent>& events) {
  JsonWriter json;
  json.array();
  for (const market::AccountEvent& event : events) {
    json.object().number("number", event.number).number("at", event.at).text("kind", event.kind);
    json.text("text", event.text).number("trade", event.trade).text("id", market::to_text(event.id)).end_object();
  }
  json.end_array();
  return json.take();
}

}  // namespace

std::string read_market(const ControlRequest& request) {
  Exchange& exchange = request.venue.exchange();
  const Game game = game_of(request);
  const std::string search = request.text("search");
  const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(request.number("limit", 50), 1, most_titles));
  std::vector<std::string> found;
  std::int64_t total = 0;
  for (const market::TitleInfo& title : exchange.titles()) {
    if (title.game != game || !contains_without_case(title.title, search)) continue;
    if (++total <= static_cast<std::int64_t>(limit)) found.push_back(title.title);
  }
  JsonWriter json;
  json.object().number("now", exchange.now()).text("game", market::game_id(game)).number("total", total);
  json.key("titles").array();
  if (!found.empty()) {
    for (const auto& price : done(exchange.aggregated_prices(game, found, static_cast<int>(limit), "")).items) {
      json.object().text("title", price.title->title).number("worth", exchange.worth(*price.title).in_cents());
      write_optional(json, "offer_best", price.offer_best);
      write_optional(json, "order_best", price.order_best);
      json.number("offers", price.offer_count).number("orders", price.order_count).end_object();
    }
  }
  json.end_array().end_object();
  return json.take();
}

std::string read_market_title(const ControlRequest& request) {
  Exchange& exchange = request.venue.exchange();
  const market::TitleInfo& title = title_of(request, exchange);
  market::Filter filter;
  filter.game = title.game;
  filter.title_prefix = title.title;
  market::Paging paging;
  paging.order_by = market::OrderBy::price;
  paging.limit = shown_offers;
  auto offers = done(exchange.offers(filter, paging)).items;
  std::erase_if(offers, [&](const market::Offer& offer) { return offer.title != &title; });
  market::SalesQuery sales;
  sales.game = title.game;
  sales.title = title.title;
  JsonWriter json;
  json.object().number("now", exchange.now()).text("game", market::game_id(title.game)).text("title", title.title);
  json.number("worth", exchange.worth(title).in_cents()).text("category_path", title.category_path);
  json.flag("has_float", title.has_float).flag("has_phases", title.has_phases);
  write_list(json, "offers", offers, write_offer);
  write_list(json, "targets", exchange.targets_by_title(title.game, title.title), write_line);
  write_list(json, "sales", exchange.last_sales(sales), write_sale);
  json.end_object();
  return json.take();
}

std::string read_market_account(const ControlRequest& request) {
  Exchange& exchange = request.venue.exchange();
  const std::vector<market::Trade>& trades = exchange.books().trades();
  const std::size_t shown = std::min<std::size_t>(trades.size(), newest_trades);
  const std::vector<market::Trade> newest(trades.rbegin(), trades.rbegin() + static_cast<std::ptrdiff_t>(shown));
  JsonWriter json;
  json.object().number("now", exchange.now()).number("last_event", exchange.last_event());
  write_balance(json, exchange.balance());
  write_list(json, "offers", own_offers(exchange), write_offer);
  write_list(json, "targets", own_targets(exchange), write_target);
  write_list(json, "inventory", own_items(exchange), write_item);
  write_list(json, "trades", newest, write_trade);
  json.raw("events", events_text(exchange.events(std::max<std::int64_t>(0, exchange.last_event() - 100)))).end_object();
  return json.take();
}

tgkit::Task<std::string> read_market_events(const ControlRequest& request) {
  const std::int64_t after = request.number("after");
  const double seconds = std::clamp(request.seconds("timeout", 0), 0.0, longest_poll);
  const auto patience = std::chrono::duration_cast<tgkit::Duration>(std::chrono::duration<double>(seconds));
  const tgkit::TimePoint deadline = request.world.real_clock().now() + patience;
  while (true) {
    const auto events = request.venue.exchange().events(after);
    bool enough = !events.empty() || request.world.stopping();
    if (!enough) {
      const bool changed = co_await request.world.changed().wait_until(deadline);
      enough = !changed;
    }
    if (enough) {
      const std::int64_t next = events.empty() ? after : events.back().number;
      co_return fmt::format(R"({{"next":{},"events":{}}})", next, events_text(events));
    }
  }
}

std::string act_in_market(const ControlRequest& request) {
  const auto act = acts().find(request.text("act"));
  if (act == acts().end()) {
    throw ControlError("\"act\" must be one of: sell, buy, move, offer, target, revert, finalize, money, give, accept");
  }
  const std::string members = act->second(request, request.venue.exchange());
  request.venue.acted();
  return with_seq(request, members);
}

}  // namespace sandbox
