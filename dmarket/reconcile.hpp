#pragma once
// What became of a change whose answer was lost, read from the exchange's own lists. Pure: used at once after the loss
// and, with the intents that were written down before the change left, again after a restart.
//
// A list proves that something is NOT there only when it is complete and was asked for long enough after the change
// left: a slow exchange may still be working on it, and a list may lag behind it. Before that the verdict is
// `undecided`: look again later. Even then one look is one look: who acts on a finding `by_absence` looks twice.
#include "dmarket/account.hpp"
#include "dmarket/listing.hpp"
#include "dmarket/market.hpp"
#include "dmarket/orders.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace dmarket {

enum class Verdict {
  done,       // it took effect and stands
  traded,     // it took effect and was executed already (or, for a removal or a change: the sale came first)
  not_done,   // it surely did not take effect: it may be decided anew
  undecided,  // the lists do not tell yet
};

std::string_view to_text(Verdict verdict);

// What was made or traded that recently may be missing in a list, and what was taken away may still be in it.
inline constexpr std::chrono::seconds list_lag{120};
// So long the exchange may work on a change that it had accepted.
inline constexpr std::chrono::seconds longest_change{60};

struct Finding {
  Verdict verdict = Verdict::undecided;
  std::string reason;  // a sentence
  std::optional<TargetId> target_id;
  std::optional<OfferId> offer_id;
  std::optional<AssetId> asset_id;
  std::optional<Money> price;  // of the trade, when it was traded
  bool by_absence = false;     // it rests on what the lists did not show
};

// When the change left and when the lists were asked for, by the exchange's clock as far as it is known
// (Transport::server_clock): trades are dated by it.
struct Look {
  Look(tgkit::WallTime sent_, tgkit::WallTime asked_) : sent(sent_), asked(asked_) {}
  tgkit::WallTime sent, asked;
  std::chrono::seconds settling = longest_change + list_lag;  // after that long the lists show what became of it
  bool settled() const { return asked - sent >= settling; }
};

// --- a target that was to be created. `known_before`: every target id of this account that was known before it left.
struct TargetIntent {
  TargetIntent(std::string title_, Money price_) : title(std::move(title_)), price(price_) {}
  std::string title;
  Money price;
  int amount = 1;
  TargetAttributes attributes;
};
// One finding for each intent; two equal intents need two targets. `closed`: since `look.sent` at least.
std::vector<Finding> find_created_targets(const std::vector<TargetIntent>& intents,
                                          const std::vector<TargetId>& known_before, const Listed<Target>& targets,
                                          const Listed<ClosedTarget>& closed, const Look& look);

// --- a target that was to be deleted. `traded`: it was executed instead (offer_id, asset_id, price tell the first
// piece). `done` says that it is gone: a trade of it that the closed list shows only later is a trade all the same.
Finding find_deleted_target(const TargetId& target, const Listed<Target>& targets, const Listed<ClosedTarget>& closed,
                            const Look& look);

// --- an offer that was to be created for an asset at a price. `inventory` of the game.
Finding find_created_offer(const OfferDraft& draft, const Listed<Offer>& offers, const Listed<ClosedOffer>& closed,
                           const Listed<InventoryItem>& inventory, const Look& look);

// --- an offer whose price was to be changed: a change makes a new offer of the same asset.
Finding find_changed_offer(const OfferChange& change, const Listed<Offer>& offers, const Listed<ClosedOffer>& closed,
                           const Look& look);

// --- an offer that was to be taken down. `done` as with targets.
Finding find_removed_offer(const OfferRemoval& removal, const Listed<Offer>& offers, const Listed<ClosedOffer>& closed,
                           const Look& look);

// --- a purchase. What is known of the copy that was to be bought; the float finds it where its id has changed.
struct PurchaseIntent {
  PurchaseIntent(OfferId offer_, std::string title_, Money price_)
      : offer(std::move(offer_)), title(std::move(title_)), price(price_) {}
  OfferId offer;
  std::string title;
  Money price;
  std::optional<AssetId> asset;
  std::optional<std::string> float_value;
  std::optional<std::int64_t> paint_seed;
};
// `inventory` of the game; `owned_before`: the assets that were in it before the purchase left; `market`: the offers of
// the title on the market.
Finding find_purchase(const PurchaseIntent& intent, const std::vector<AssetId>& owned_before,
                      const Listed<InventoryItem>& inventory, const Listed<Offer>& market, const Look& look);

}  // namespace dmarket
