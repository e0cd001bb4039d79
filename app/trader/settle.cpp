#include "app/trader/settle.hpp"

#include "app/trader/instant.hpp"
#include "app/trader/snapshot.hpp"

#include <algorithm>
#include <set>

namespace app::trader {
namespace {

using dmarket::Verdict;
using ledger::Action;
using ledger::Books;
using ledger::Entry;
using ledger::Intent;
using ledger::OpenIntent;
using ledger::Outcome;
using ledger::Result;

tgkit::WallTime wall(std::int64_t unix_seconds) { return tgkit::WallTime(std::chrono::seconds(unix_seconds)); }

dmarket::Look look_of(const OpenIntent& open, const AccountLists& lists) {
  const std::int64_t sent = open.answered ? open.answered_at : open.at + longest_call;
  return dmarket::Look(wall(sent), wall(lists.asked));
}

// The list of a game, or one that proves nothing.
template <class Item>
dmarket::Listed<Item> list_of(const std::map<dmarket::Game, dmarket::Listed<Item>>& lists, const Intent& intent) {
  const auto* found = find_list(lists, intent.item.game);
  return found == nullptr ? dmarket::Listed<Item>() : *found;
}

class Settling {
 public:
  Settling(const Books& books, const AccountLists& lists, Absences& absences)
      : books_(books), lists_(lists), absences_(absences) {
    for (const auto& target : books.target_history()) taken_.insert(target);
  }

  std::vector<Entry> run() {
    for (const auto& [number, open] : books_.open_intents()) {
      if (lists_.closed_from > open.at - clock_margin) continue;  // the lists do not reach back far enough
      const dmarket::Finding found = find(open);
      if (is_sure(open, found)) enter(open, found);
    }
    return std::move(entries_);
  }

 private:
  bool is_sure(const OpenIntent& open, const dmarket::Finding& found) {
    const Showing showing = found.verdict == Verdict::undecided ? Showing::unclear
                            : found.by_absence                  ? Showing::absent
                                                                : Showing::shown;
    return absences_.gone("intent " + std::to_string(open.number), showing, lists_.asked) || showing == Showing::shown;
  }

  dmarket::Finding find(const OpenIntent& open) {
    const Intent& intent = open.intent;
    const dmarket::Look look = look_of(open, lists_);
    switch (intent.action) {
      case Action::create_target:
        return created_target(intent, look);
      case Action::delete_target:
        return dmarket::find_deleted_target(dmarket::TargetId(intent.target_id), list_of(lists_.targets, intent),
                                            lists_.closed_targets, look);
      case Action::create_offer:
        return dmarket::find_created_offer(dmarket::OfferDraft(dmarket::AssetId(intent.asset_id), intent.price),
                                           list_of(lists_.offers, intent), lists_.closed_offers,
                                           list_of(lists_.inventory, intent), look);
      case Action::change_offer:
        return dmarket::find_changed_offer(
            dmarket::OfferChange(dmarket::OfferId(intent.offer_id), dmarket::AssetId(intent.asset_id), intent.price),
            list_of(lists_.offers, intent), lists_.closed_offers, look);
      case Action::delete_offer:
        return dmarket::find_removed_offer(
            dmarket::OfferRemoval(dmarket::OfferId(intent.offer_id), dmarket::AssetId(intent.asset_id)),
            list_of(lists_.offers, intent), lists_.closed_offers, look);
      case Action::buy:
        return find_bought(open, lists_, look);
    }
    return {};
  }

  dmarket::Finding created_target(const Intent& intent, const dmarket::Look& look) {
    dmarket::TargetIntent wanted(intent.item.title, intent.price);
    wanted.amount = static_cast<int>(intent.amount);
    wanted.attributes = attributes_of(demand_of(intent));
    std::vector<dmarket::TargetId> known;
    for (const std::string& id : intent.known) known.emplace_back(id);
    for (const std::string& id : taken_) known.emplace_back(id);
    const std::vector<dmarket::TargetIntent> one(1, wanted);
    const auto found =
        dmarket::find_created_targets(one, known, list_of(lists_.targets, intent), lists_.closed_targets, look);
    if (found.empty()) return {};
    if (found.front().target_id) taken_.insert(found.front().target_id->text());
    return found.front();
  }

  void enter(const OpenIntent& open, const dmarket::Finding& found) {
    Outcome outcome;
    outcome.intent = open.number;
    outcome.reconciled = true;
    outcome.code = std::string(dmarket::to_text(found.verdict));
    outcome.message = found.reason;
    if (found.target_id) outcome.target_id = found.target_id->text();
    if (found.offer_id) outcome.offer_id = found.offer_id->text();
    outcome.result = found.verdict == Verdict::not_done ? Result::failed : Result::done;
    // What was to be changed was sold before: the change did not happen, the sale is in the list.
    if (found.verdict == Verdict::traded && open.intent.action == Action::change_offer) outcome.result = Result::failed;
    // An order that stands has a name. Without it nothing could be done about it: look again.
    if (outcome.result == Result::done && open.intent.action == Action::create_target && outcome.target_id.empty())
      return;
    if (outcome.result == Result::done && outcome.offer_id.empty() &&
        (open.intent.action == Action::create_offer || open.intent.action == Action::change_offer))
      return;
    const bool bought = outcome.result == Result::done && open.intent.action == Action::buy;
    entries_.emplace_back(lists_.asked, false, std::move(outcome));
    if (bought) entries_.emplace_back(lists_.asked, false, purchase_of(open.intent, found.asset_id->text(), open.at));
  }

  const Books& books_;
  const AccountLists& lists_;
  Absences& absences_;
  std::set<std::string> taken_;  // targets that belong to other intents
  std::vector<Entry> entries_;
};

bool is_open(const Books& books, const std::string& target, const std::string& offer) {
  return std::ranges::any_of(books.open_intents(), [&](const auto& entry) {
    const Intent& intent = entry.second.intent;
    return (!target.empty() && intent.target_id == target) || (!offer.empty() && intent.offer_id == offer);
  });
}

// Whether a closed trade of an order could not be entered: then the order's trade is known to be there, and not what it
// was.
bool has_unread_trade(const Books& books, const AccountLists& lists, const std::string& target,
                      const std::string& offer) {
  const auto bought = [&](const dmarket::ClosedTarget& trade) {
    const bool is_it = !target.empty() && trade.target_id && trade.target_id->text() == target;
    return is_it && (!trade.asset_id || books.purchase(target, trade.asset_id->text()) == nullptr);
  };
  const auto sold = [&](const dmarket::ClosedOffer& trade) {
    const bool is_it = !offer.empty() && trade.offer_id && trade.offer_id->text() == offer;
    return is_it && (!trade.asset_id || books.sale(offer, trade.asset_id->text()) == nullptr);
  };
  return std::ranges::any_of(lists.closed_targets.items, bought) ||
         std::ranges::any_of(lists.closed_offers.items, sold);
}

bool names(const dmarket::Target& listed, const std::string& id) {
  return listed.target_id && listed.target_id->text() == id;
}
bool names(const dmarket::Offer& listed, const std::string& id) {
  return listed.offer_id && listed.offer_id->text() == id;
}

// What the lists say of one order of ours. `made`: when. `traded`: a trade of it could not be entered.
template <class Item>
Showing showing_of(const std::string& id, std::int64_t made, bool traded, const dmarket::Listed<Item>& listed,
                   const AccountLists& lists) {
  if (std::ranges::any_of(listed.items, [&id](const Item& one) { return names(one, id); })) return Showing::shown;
  const bool proven = listed.complete() && lists.closed_offers.complete() && lists.closed_targets.complete();
  return proven && !traded && made + list_lag <= lists.asked ? Showing::absent : Showing::unclear;
}

Entry gone_entry(const std::string& target, const std::string& offer, std::int64_t at) {
  ledger::OrderGone gone;
  gone.target_id = target;
  gone.offer_id = offer;
  gone.why = "the exchange does not list it any more";
  return Entry(at, false, std::move(gone));
}

}  // namespace

std::optional<std::int64_t> settling_needs(const Books& books) {
  std::optional<std::int64_t> oldest;
  for (const auto& [number, open] : books.open_intents())
    oldest = std::min(oldest.value_or(INT64_MAX), open.at - clock_margin);
  return oldest;
}

std::vector<Entry> settle(const Books& books, const AccountLists& lists, Absences& absences) {
  return Settling(books, lists, absences).run();
}

std::vector<Entry> gone_orders(const Books& books, const AccountLists& lists, Absences& absences) {
  std::vector<Entry> entries;
  for (const auto& [id, target] : books.targets()) {
    if (is_open(books, id, "")) continue;
    const bool traded = has_unread_trade(books, lists, id, "");
    const Showing showing = showing_of(id, target.at, traded, list_of(lists.targets, target.made_by), lists);
    if (absences.gone("target " + id, showing, lists.asked)) entries.push_back(gone_entry(id, "", lists.asked));
  }
  for (const auto& [id, offer] : books.offers()) {
    if (is_open(books, "", id)) continue;
    Intent of;
    of.item = offer.item;
    const bool traded = has_unread_trade(books, lists, "", id);
    const Showing showing = showing_of(id, offer.at, traded, list_of(lists.offers, of), lists);
    if (absences.gone("offer " + id, showing, lists.asked)) entries.push_back(gone_entry("", id, lists.asked));
  }
  return entries;
}

}  // namespace app::trader
