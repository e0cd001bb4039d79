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

// The process ended between writing the intent and entering its outcome: the order may have waited for its turn, and
// for its answer, so long.
constexpr std::int64_t longest_call = 60;

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
  Settling(const Books& books, const AccountLists& lists) : books_(books), lists_(lists) {
    for (const auto& target : books.target_history()) taken_.insert(target);
  }

  std::vector<Entry> run() {
    for (const auto& [number, open] : books_.open_intents()) {
      if (lists_.closed_from > open.at - clock_margin) continue;  // the lists do not reach back far enough
      enter(open, find(open));
    }
    return std::move(entries_);
  }

 private:
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
    if (found.verdict == Verdict::undecided) return;
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
  std::set<std::string> taken_;  // targets that belong to other intents
  std::vector<Entry> entries_;
};

bool is_open(const Books& books, const std::string& target, const std::string& offer) {
  return std::ranges::any_of(books.open_intents(), [&](const auto& entry) {
    const Intent& intent = entry.second.intent;
    return (!target.empty() && intent.target_id == target) || (!offer.empty() && intent.offer_id == offer);
  });
}

}  // namespace

std::optional<std::int64_t> settling_needs(const Books& books) {
  std::optional<std::int64_t> oldest;
  for (const auto& [number, open] : books.open_intents())
    oldest = std::min(oldest.value_or(INT64_MAX), open.at - clock_margin);
  return oldest;
}

std::vector<Entry> settle(const Books& books, const AccountLists& lists) { return Settling(books, lists).run(); }

std::vector<Entry> gone_orders(const Books& books, const AccountLists& lists) {
  std::vector<Entry> entries;
  if (!lists.closed_offers.complete() || !lists.closed_targets.complete()) return entries;
  for (const auto& [id, target] : books.targets()) {
    const auto listed = list_of(lists.targets, target.made_by);
    const auto is_it = [&id](const dmarket::Target& one) { return one.target_id && one.target_id->text() == id; };
    if (!listed.complete() || target.at + list_lag > lists.asked || is_open(books, id, "")) continue;
    if (std::ranges::any_of(listed.items, is_it)) continue;
    ledger::OrderGone gone;
    gone.target_id = id;
    gone.why = "the exchange does not list it any more";
    entries.emplace_back(lists.asked, false, std::move(gone));
  }
  for (const auto& [id, offer] : books.offers()) {
    Intent of;
    of.item = offer.item;
    const auto listed = list_of(lists.offers, of);
    const auto is_it = [&id](const dmarket::Offer& one) { return one.offer_id && one.offer_id->text() == id; };
    if (!listed.complete() || offer.at + list_lag > lists.asked || is_open(books, "", id)) continue;
    if (std::ranges::any_of(listed.items, is_it)) continue;
    ledger::OrderGone gone;
    gone.offer_id = id;
    gone.why = "the exchange does not list it any more";
    entries.emplace_back(lists.asked, false, std::move(gone));
  }
  return entries;
}

}  // namespace app::trader
