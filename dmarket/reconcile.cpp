#include "dmarket/reconcile.hpp"

#include <algorithm>

namespace dmarket {
namespace {

constexpr char not_settled[] = "it is too early to tell: the exchange may still be working on it";
constexpr char not_complete[] = "the list is not complete";

Finding finding(Verdict verdict, std::string reason) {
  Finding result;
  result.verdict = verdict;
  result.reason = std::move(reason);
  return result;
}

// What absence proves.
Finding absent(bool complete, const Look& look, std::string reason) {
  if (!complete) return finding(Verdict::undecided, not_complete);
  if (!look.settled()) return finding(Verdict::undecided, not_settled);
  Finding result = finding(Verdict::not_done, std::move(reason));
  result.by_absence = true;
  return result;
}

template <class Trade>
Finding traded(const Trade& trade, std::string reason) {
  Finding result = finding(Verdict::traded, std::move(reason));
  result.target_id = trade.target_id;
  result.offer_id = trade.offer_id;
  result.asset_id = trade.asset_id;
  result.price = trade.price;
  return result;
}

template <class Item, class Is>
const Item* find(const std::vector<Item>& items, Is is) {
  const auto found = std::find_if(items.begin(), items.end(), is);
  return found == items.end() ? nullptr : &*found;
}

template <class Kind>
bool contains(const std::vector<Id<Kind>>& ids, const Id<Kind>& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Clocks differ by a little.
constexpr std::chrono::minutes clock_slack{2};

bool since(const std::optional<tgkit::WallTime>& time, const Look& look) {
  return !time || *time >= look.sent - clock_slack;
}

// What the change has made was made before the exchange was done with it.
bool made_by_then(const std::optional<tgkit::WallTime>& time, const Look& look) {
  return since(time, look) && (!time || *time <= look.sent + look.settling);
}

// --- targets

bool could_be(const Target& target, const TargetIntent& intent, const Look& look) {
  return target.target_id && target.title == intent.title && target.price == intent.price &&
         target.attributes == intent.attributes && made_by_then(target.created_at, look);
}

// Its price is not said: it proves neither that the intent was carried out nor that it was not.
template <class T>
bool is_unpriced(const T& one, const TargetIntent& intent) {
  return one.target_id && !one.price && one.title == intent.title;
}

// Filled at the target's price or below.
bool could_be(const ClosedTarget& trade, const TargetIntent& intent, const Look& look) {
  return trade.target_id && trade.title == intent.title && trade.price && *trade.price <= intent.price &&
         since(trade.closed_at, look);
}

class TargetSearch {
 public:
  TargetSearch(const std::vector<TargetId>& known, const Listed<Target>& targets, const Listed<ClosedTarget>& closed,
               const Look& look)
      : taken_(known), targets_(targets), closed_(closed), look_(look) {}

  // A target that is being filled has less left than was asked for: `whole` wants one that is not.
  Finding open(const TargetIntent& intent, bool whole) {
    const auto* found = find(targets_.items, [&](const Target& target) {
      const auto left = target.amount.value_or(1);
      const bool fits = whole ? left == intent.amount : left < intent.amount;
      return fits && could_be(target, intent, look_) && !contains(taken_, *target.target_id);
    });
    if (found == nullptr) return {};
    taken_.push_back(*found->target_id);
    Finding result = finding(Verdict::done, "a new target like it is among the account's targets");
    result.target_id = found->target_id;
    return result;
  }

  Finding executed(const TargetIntent& intent) {
    const auto* found = find(closed_.items, [&](const ClosedTarget& trade) {
      return could_be(trade, intent, look_) && !contains(taken_, *trade.target_id);
    });
    if (found == nullptr) {
      if (any_unpriced(intent)) return finding(Verdict::undecided, "a new target is listed without its price");
      return absent(targets_.complete() && closed_.complete(), look_,
                    "no new target like it is among the account's targets, open or closed");
    }
    taken_.push_back(*found->target_id);
    return traded(*found, "a new target like it was executed already");
  }

 private:
  bool any_unpriced(const TargetIntent& intent) const {
    const auto could_be_it = [&](const auto& one, const auto& at) {
      return is_unpriced(one, intent) && !contains(taken_, *one.target_id) && since(at, look_);
    };
    const auto stands = [&](const Target& target) { return could_be_it(target, target.created_at); };
    const auto traded = [&](const ClosedTarget& trade) { return could_be_it(trade, trade.closed_at); };
    return std::ranges::any_of(targets_.items, stands) || std::ranges::any_of(closed_.items, traded);
  }

  std::vector<TargetId> taken_;
  const Listed<Target>& targets_;
  const Listed<ClosedTarget>& closed_;
  const Look& look_;
};

// --- offers

const Offer* offer_of_asset(const Listed<Offer>& offers, const AssetId& asset) {
  return find(offers.items, [&](const Offer& offer) { return offer.attributes.id == asset; });
}

const ClosedOffer* sale_of(const Listed<ClosedOffer>& closed, const AssetId& asset, const Look& look) {
  return find(closed.items, [&](const ClosedOffer& sale) {
    return sale.asset_id == asset && sale.status != TradeStatus::reverted && since(sale.closed_at, look);
  });
}

Finding standing(const Offer& offer, Verdict verdict, std::string reason) {
  Finding result = finding(verdict, std::move(reason));
  result.offer_id = offer.offer_id;
  result.asset_id = offer.attributes.id;
  result.price = offer.price;
  return result;
}

// Something is there that is not (yet) what was asked for.
Finding unchanged(const Offer& offer, const Look& look, std::string reason) {
  if (!look.settled()) return finding(Verdict::undecided, not_settled);
  return standing(offer, Verdict::not_done, std::move(reason));
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::done:
      return "done";
    case Verdict::traded:
      return "done and traded";
    case Verdict::not_done:
      return "not done";
    case Verdict::undecided:
      return "undecided";
  }
  return "undecided";
}

// The surest first, for every intent: open and whole, open and partly filled, executed.
std::vector<Finding> find_created_targets(const std::vector<TargetIntent>& intents,
                                          const std::vector<TargetId>& known_before, const Listed<Target>& targets,
                                          const Listed<ClosedTarget>& closed, const Look& look) {
  TargetSearch search(known_before, targets, closed, look);
  std::vector<Finding> findings(intents.size());
  const auto settle = [&](auto&& look_for) {
    for (std::size_t i = 0; i != intents.size(); ++i) {
      if (findings[i].verdict != Verdict::done) findings[i] = look_for(intents[i]);
    }
  };
  settle([&](const TargetIntent& intent) { return search.open(intent, true); });
  settle([&](const TargetIntent& intent) { return search.open(intent, false); });
  settle([&](const TargetIntent& intent) { return search.executed(intent); });
  return findings;
}

Finding find_deleted_target(const TargetId& target, const Listed<Target>& targets, const Listed<ClosedTarget>& closed,
                            const Look& look) {
  const auto* open = find(targets.items, [&](const Target& entry) { return entry.target_id == target; });
  if (open != nullptr) {
    if (!look.settled()) return finding(Verdict::undecided, not_settled);
    Finding result = finding(Verdict::not_done, "the target is still among the account's targets");
    result.target_id = target;
    return result;
  }
  const auto* trade = find(closed.items, [&](const ClosedTarget& entry) {
    return entry.target_id == target && since(entry.closed_at, look);
  });
  if (trade != nullptr) return traded(*trade, "the target was executed before it could be deleted");
  if (!targets.complete() || !closed.complete()) return finding(Verdict::undecided, not_complete);
  Finding result = finding(Verdict::done, "the target is no longer among the account's targets, nor was it executed");
  result.by_absence = true;
  result.target_id = target;
  return result;
}

Finding find_created_offer(const OfferDraft& draft, const Listed<Offer>& offers, const Listed<ClosedOffer>& closed,
                           const Listed<InventoryItem>& inventory, const Look& look) {
  if (const Offer* offer = offer_of_asset(offers, draft.asset)) {
    if (offer->price == draft.price) return standing(*offer, Verdict::done, "the asset is offered at this price");
    return standing(*offer, Verdict::done, "the asset is offered, at another price");
  }
  if (const ClosedOffer* sale = sale_of(closed, draft.asset, look)) return traded(*sale, "the asset was sold already");
  if (!offers.complete() || !closed.complete()) return finding(Verdict::undecided, not_complete);
  const auto* owned =
      find(inventory.items, [&](const InventoryItem& item) { return item.attributes.id == draft.asset; });
  if (owned == nullptr) return finding(Verdict::undecided, "the asset is neither offered, sold nor in the inventory");
  return absent(true, look, "the asset lies in the inventory and is not offered");
}

Finding find_changed_offer(const OfferChange& change, const Listed<Offer>& offers, const Listed<ClosedOffer>& closed,
                           const Look& look) {
  if (const Offer* offer = offer_of_asset(offers, change.asset)) {
    if (offer->offer_id == change.offer) return unchanged(*offer, look, "the old offer stands");
    if (offer->price == change.price)
      return standing(*offer, Verdict::done, "the asset has a new offer at the new price");
    return standing(*offer, Verdict::undecided, "the asset has another offer at another price");
  }
  if (const ClosedOffer* sale = sale_of(closed, change.asset, look)) {
    const bool at_old = sale->offer_id == change.offer;
    return traded(*sale, at_old ? "the old offer was sold before it was changed" : "the new offer was sold already");
  }
  if (!offers.complete() || !closed.complete()) return finding(Verdict::undecided, not_complete);
  return finding(Verdict::undecided, "the asset is neither offered nor sold");
}

Finding find_removed_offer(const OfferRemoval& removal, const Listed<Offer>& offers, const Listed<ClosedOffer>& closed,
                           const Look& look) {
  const auto* offer = find(offers.items, [&](const Offer& entry) { return entry.offer_id == removal.offer; });
  if (offer != nullptr) return unchanged(*offer, look, "the offer stands");
  if (const ClosedOffer* sale = sale_of(closed, removal.asset, look))
    return traded(*sale, "the offer was sold before it could be taken down");
  if (!offers.complete() || !closed.complete()) return finding(Verdict::undecided, not_complete);
  Finding result = finding(Verdict::done, "the offer is gone and was not sold");
  result.by_absence = true;
  result.asset_id = removal.asset;
  return result;
}

namespace {

// The copy itself by its id; where the purchase gave it another, a copy that is new and has the same marks.
const InventoryItem* bought(const PurchaseIntent& intent, const std::vector<AssetId>& owned_before,
                            const Listed<InventoryItem>& inventory) {
  return find(inventory.items, [&](const InventoryItem& item) {
    const ItemAttributes& copy = item.attributes;
    if (!copy.id || contains(owned_before, *copy.id)) return false;
    if (intent.asset && *copy.id == *intent.asset) return true;
    return copy.title == intent.title && intent.float_value && copy.float_value == intent.float_value &&
           copy.paint_seed == intent.paint_seed;
  });
}

// Without id and float, a new copy of the title is a hint and no proof.
bool new_copy_of_title(const PurchaseIntent& intent, const std::vector<AssetId>& owned_before,
                       const Listed<InventoryItem>& inventory) {
  return find(inventory.items, [&](const InventoryItem& item) {
           return item.attributes.title == intent.title && item.attributes.id &&
                  !contains(owned_before, *item.attributes.id);
         }) != nullptr;
}

}  // namespace

Finding find_purchase(const PurchaseIntent& intent, const std::vector<AssetId>& owned_before,
                      const Listed<InventoryItem>& inventory, const Listed<Offer>& market, const Look& look) {
  if (const InventoryItem* item = bought(intent, owned_before, inventory)) {
    Finding result = finding(Verdict::done, "the copy is in the inventory");
    result.asset_id = item->attributes.id;
    return result;
  }
  const auto* offer = find(market.items, [&](const Offer& entry) { return entry.offer_id == intent.offer; });
  if (offer != nullptr) {
    if (offer->locked == true) return finding(Verdict::undecided, "the offer is locked by a trade under way");
    return unchanged(*offer, look, "the offer is still on the market");
  }
  if (!inventory.complete() || !market.complete()) return finding(Verdict::undecided, not_complete);
  if (new_copy_of_title(intent, owned_before, inventory))
    return finding(Verdict::undecided,
                   "a new copy of the title is in the inventory; whether it is this one is not sure");
  return absent(true, look, "the offer is gone, and the copy is not in the inventory: somebody else has bought it");
}

}  // namespace dmarket
