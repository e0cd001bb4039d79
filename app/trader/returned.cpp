#include "app/trader/returned.hpp"

#include <algorithm>

namespace app::trader {
namespace {

using ledger::Action;
using ledger::Books;
using ledger::Entry;
using ledger::Intent;
using ledger::OpenIntent;
using ledger::Outcome;

// The clock of the exchange is read to the second.
constexpr std::int64_t clock_step = 5;
// A target that does not say when it was made may be ours for so long after a creation that was given up.
constexpr std::int64_t undated = ledger::day_seconds;

std::int64_t unix_of(tgkit::WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// From the send to the lag's end.
bool made_by_then(const OpenIntent& open, tgkit::WallTime created) {
  const std::int64_t sent = open.answered ? open.answered_at : open.at + longest_call;
  const std::int64_t at = unix_of(created);
  return at >= open.at - clock_step && at <= sent + (dmarket::longest_change + dmarket::list_lag).count();
}

Entry again(std::int64_t intent, std::string target, std::string offer, const char* why, std::int64_t at) {
  Outcome outcome;
  outcome.intent = intent;
  outcome.result = ledger::Result::done;
  outcome.target_id = std::move(target);
  outcome.offer_id = std::move(offer);
  outcome.code = "listed";
  outcome.message = why;
  outcome.reconciled = true;
  return Entry(at, false, std::move(outcome));
}

constexpr char shows_again[] = "the exchange lists it again";
constexpr char shows_late[] = "the exchange lists what this order was to make";

// Whether an order that counts as ended counts again when it shows in a list that was asked for then. What we have
// taken away ourselves may be listed for as long as a list lags.
template <class Order>
bool counts_again(const ledger::Ended<Order>& ended, std::int64_t asked) {
  return asked > ended.at + (ended.by_us ? list_lag : 0);
}

class Targets {
 public:
  Targets(const Books& books, dmarket::Game game, const std::vector<dmarket::Target>& listed, std::int64_t asked)
      : books_(books), game_(game), listed_(listed), asked_(asked) {}

  void enter_again(std::vector<Entry>& entries) const {
    for (const dmarket::Target& target : listed_) {
      if (!target.target_id) continue;
      const std::string& id = target.target_id->text();
      const auto ended = books_.ended_targets().find(id);
      if (ended != books_.ended_targets().end() && counts_again(ended->second, asked_))
        entries.push_back(again(ended->second.order.intent, id, "", shows_again, asked_));
    }
  }

  void enter_late(std::vector<Entry>& entries) const {
    for (const auto& [number, open] : books_.given_up()) {
      const dmarket::Target* const only = only_candidate(open);
      if (only != nullptr) entries.push_back(again(number, only->target_id->text(), "", shows_late, asked_));
    }
  }

  void add_strays(std::vector<Stray>& all) const {
    for (const dmarket::Target& target : listed_) {
      if (is_known(target)) continue;
      for (const auto& [number, open] : books_.given_up()) {
        if (!may_be(target, open)) continue;
        all.push_back(stray(target, number));
        break;
      }
    }
  }

 private:
  static bool is_wanted(const OpenIntent& open) { return open.intent.action == Action::create_target; }
  bool is_known(const dmarket::Target& target) const {
    return !target.target_id || books_.made_target(target.target_id->text()) ||
           books_.is_theirs(target.target_id->text());
  }
  bool is_like(const dmarket::Target& target, const OpenIntent& open) const {
    const Intent& intent = open.intent;
    const auto& known = intent.known;
    return is_wanted(open) && intent.item.game == dmarket::game_id(game_) && target.title == intent.item.title &&
           target.price == intent.price && target.attributes == attributes_of(demand_of(intent)) &&
           std::find(known.begin(), known.end(), target.target_id->text()) == known.end();
  }
  bool fits(const dmarket::Target& target, const OpenIntent& open) const {
    return is_like(target, open) && target.amount == open.intent.amount && target.created_at &&
           made_by_then(open, *target.created_at);
  }
  bool may_be(const dmarket::Target& target, const OpenIntent& open) const {
    if (!is_like(target, open) || target.amount.value_or(1) > open.intent.amount) return false;
    return target.created_at ? made_by_then(open, *target.created_at) : asked_ - open.at < undated;
  }

  const dmarket::Target* only_candidate(const OpenIntent& open) const {
    const dmarket::Target* only = nullptr;
    for (const dmarket::Target& target : listed_) {
      if (is_known(target) || !may_be(target, open)) continue;
      if (only != nullptr) return nullptr;
      only = &target;
    }
    return only != nullptr && fits(*only, open) && candidates_of(*only) == 1 ? only : nullptr;
  }
  std::int64_t candidates_of(const dmarket::Target& target) const {
    const auto may_have_made_it = [&](const auto& entry) { return may_be(target, entry.second); };
    return std::ranges::count_if(books_.given_up(), may_have_made_it) +
           std::ranges::count_if(books_.open_intents(), may_have_made_it);
  }
  Stray stray(const dmarket::Target& target, std::int64_t intent) const {
    Stray made;
    made.game = game_;
    made.target_id = target.target_id->text();
    made.title = target.title.value_or(std::string());
    made.price = target.price.value_or(dmarket::Money());
    made.amount = target.amount.value_or(1);
    made.intent = intent;
    return made;
  }

  const Books& books_;
  dmarket::Game game_;
  const std::vector<dmarket::Target>& listed_;
  std::int64_t asked_;
};

// --- offers: an asset has one offer at most, so that its id tells what an offer is about

bool is_offered(const Books& books, const std::string& asset) {
  return std::ranges::any_of(books.offers(), [&asset](const auto& own) { return own.second.asset_id == asset; });
}

const OpenIntent* given_up_for(const Books& books, const dmarket::Offer& offer) {
  for (const auto& [number, open] : books.given_up()) {
    const Intent& intent = open.intent;
    const bool makes = intent.action == Action::create_offer || intent.action == Action::change_offer;
    if (makes && intent.asset_id == offer.attributes.id->text() && offer.price == intent.price && offer.created_at &&
        offer.offer_id->text() != intent.offer_id && made_by_then(open, *offer.created_at))
      return &open;
  }
  return nullptr;
}

void enter_offers(const Books& books, const std::vector<dmarket::Offer>& listed, std::int64_t asked,
                  std::vector<Entry>& entries) {
  for (const dmarket::Offer& offer : listed) {
    if (!offer.offer_id || !offer.attributes.id || is_offered(books, offer.attributes.id->text())) continue;
    const std::string& id = offer.offer_id->text();
    const auto ended = books.ended_offers().find(id);
    if (ended != books.ended_offers().end()) {
      if (ended->second.order.intent != 0 && counts_again(ended->second, asked))
        entries.push_back(again(ended->second.order.intent, "", id, shows_again, asked));
    } else if (const OpenIntent* open = books.made_offer(id) ? nullptr : given_up_for(books, offer)) {
      entries.push_back(again(open->number, "", id, shows_late, asked));
    }
  }
}

}  // namespace

std::vector<Entry> returned_orders(const Books& books, const AccountLists& lists) {
  std::vector<Entry> entries;
  for (const auto& [game, listed] : lists.targets) {
    const Targets targets(books, game, listed.items, lists.asked);
    targets.enter_again(entries);
    targets.enter_late(entries);
  }
  for (const auto& [game, listed] : lists.offers) enter_offers(books, listed.items, lists.asked, entries);
  return entries;
}

std::vector<Stray> strays(const Books& books, const AccountLists& lists) {
  std::vector<Stray> all;
  for (const auto& [game, listed] : lists.targets) Targets(books, game, listed.items, lists.asked).add_strays(all);
  return all;
}

}  // namespace app::trader
