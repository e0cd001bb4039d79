#pragma once
// What follows from the ledger's entries: positions and their cost, trades and their profit, what is reserved, which
// orders are ours. The only source of profit. Pure: the same entries give the same books, in whatever pieces they come,
// and an entry that is known already changes nothing.
#include "app/ledger/entry.hpp"
#include "app/ledger/refusals.hpp"
#include "dmarket/trading/guards.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace app::ledger {

inline constexpr std::int64_t day_seconds = 86'400;
// The number of the UTC day that holds a moment.
constexpr std::int64_t day_of(std::int64_t unix_seconds) {
  return unix_seconds >= 0 ? unix_seconds / day_seconds : (unix_seconds - day_seconds + 1) / day_seconds;
}

// An intent whose end is not known: its order may have been executed.
struct OpenIntent {
  std::int64_t number = 0, at = 0;
  bool answered = false;         // an answer was awaited and lost; false: the process ended before
  std::int64_t answered_at = 0;  // when that was entered
  Intent intent;
};

// A buy order of ours that the exchange has, as far as we know.
struct OwnTarget {
  std::int64_t intent = 0, at = 0;  // made
  std::int64_t filled = 0;          // pieces bought by it
  Intent made_by;
  std::int64_t left() const { return made_by.amount > filled ? made_by.amount - filled : 0; }
};

// A sell offer of ours.
struct OwnOffer {
  std::int64_t at = 0;  // of the last change
  std::string asset_id;
  Item item;
  Money price;
  std::int64_t intent = 0;  // that made it, or changed it last
};

// An order of ours that we count as ended without a trade. What the exchange goes on listing has not.
template <class Order>
struct Ended {
  Order order;
  std::int64_t at = 0;
  bool by_us = false;  // deleted, or replaced by a change; false: it was not listed any more
};

// A copy that is ours and not sold.
struct Position {
  std::string asset_id;  // the last one it was seen under
  Item item;
  std::optional<Money> cost;
  CostSource source = CostSource::by_hand;
  TradeState state = TradeState::final;  // of the purchase
  std::int64_t at = 0;                   // bought, or its cost entered
  std::optional<Money> most_cost;        // where the exchange has not said the cost: what it can be at most
};

struct Trade {
  Sale sale;
  std::optional<Money> cost;    // nothing: nobody knows it
  std::optional<Money> profit;  // price - fee - cost; nothing for a sale that was reverted
  bool by_bot = false;          // from an offer that the bot made
  // The exchange has not said an amount of the sale, or of the purchase before it: its profit is an estimate at best.
  bool unsaid = false;
  bool has_purchase = false;  // or a cost entered by hand
  std::optional<Money> estimate;
};

// The program itself has paused trading, since the balance changed without a reason.
struct BalanceStop {
  std::int64_t at = 0;
  Money expected, seen;  // both 0: not known, an older version has stopped
};

struct Totals {
  std::int64_t bought = 0, purchases_reverted = 0;
  Money spent;  // on purchases that were not reverted
  std::int64_t sales_pending = 0, sales_final = 0, sales_reverted = 0, sales_without_cost = 0;
  Money gross_pending, gross_final, fees_pending, fees_final;
  Money profit_pending, profit_final;  // of sales whose amounts and cost are known
  // Trades of which the exchange has not said an amount. They count above; their unknown amounts are in no sum.
  std::int64_t purchases_unsaid = 0, sales_unsaid = 0;
  Money profit_estimated;  // of such sales, in neither of the profits above
};

class Books {
 public:
  // Entries come by number; one whose number is not above the last one's changes nothing.
  void apply(const Entry& entry);

  // --- what is computed when it is asked for ---
  // Sales with their cost, the oldest first. Costs are taken by asset; an asset that came back under another id is
  // recognised by title, float and seed. Each purchase pays for one sale.
  std::vector<Trade> trades() const;
  std::vector<Position> positions() const;
  std::optional<Position> position(const std::string& asset_id) const;
  // Of trades made in [from, to), Unix seconds.
  Totals totals(std::int64_t from = INT64_MIN, std::int64_t to = INT64_MAX) const;

  // What trades have added to the usable money, or taken from it: proceeds when they are final, purchases at once.
  // An amount that the exchange has not said is estimated.
  Money cash_flow() const;

  // The price of an order of ours, which may be gone; nothing for orders of others.
  std::optional<Money> ordered_at(const std::string& target_or_offer) const;

  // What this UTC day may still cost at most: what our orders have bought in it, and all that is open.
  Money committed(std::int64_t day) const;
  Money reserved() const;  // by open intents and targets
  // Until when the exchange refuses to change an asset's offer or a target; 0: not known to be locked.
  std::int64_t locked_until(const std::string& asset_or_target) const;

  const std::map<std::int64_t, OpenIntent>& open_intents() const { return open_intents_; }
  const std::map<std::string, OwnTarget>& targets() const { return targets_; }  // that are open
  const std::map<std::string, OwnOffer>& offers() const { return offers_; }     // likewise
  // Orders of ours that count as ended, by id; and creations that count as never made because no list showed what they
  // had made, by number. A later outcome of the intent makes them count again: the last one counts.
  const std::map<std::string, Ended<OwnTarget>>& ended_targets() const { return ended_targets_; }
  const std::map<std::string, Ended<OwnOffer>>& ended_offers() const { return ended_offers_; }
  const std::map<std::int64_t, OpenIntent>& given_up() const { return given_up_; }
  // Targets of which a person has said that they are not ours: a failed outcome names them.
  bool is_theirs(const std::string& target_id) const { return theirs_.contains(target_id); }
  const std::set<std::string>& target_history() const { return target_history_; }         // all that we ever made
  bool made_target(const std::string& id) const { return target_history_.contains(id); }  // ever
  bool made_offer(const std::string& id) const { return offer_history_.contains(id); }
  bool bought_by_bot(const std::string& asset_id) const { return bought_assets_.contains(asset_id); }
  // Of orders, in a row: those that the exchange or the network is to blame for.
  const dmarket::trading::ErrorStop& errors() const { return errors_; }
  const Refusals& refusals() const { return refusals_; }  // of single things, which are left alone for a while
  const Item* item(const std::string& asset_id) const;    // what the asset is; null: not known
  // A name of the copy behind an asset: title, float and seed when it has a float, which outlive the asset's id; the
  // asset otherwise.
  std::string copy_of(const std::string& asset_id) const;
  bool is_gone(const std::string& offer_id) const { return gone_offers_.contains(offer_id); }  // refused a purchase
  const Sale* sale(const std::string& offer_id, const std::string& asset_id) const;
  const Purchase* purchase(const std::string& order_id, const std::string& asset_id) const;
  using TradeKey = std::pair<std::string, std::string>;  // order, asset
  const std::map<TradeKey, Purchase>& purchases() const { return purchases_; }
  const std::map<TradeKey, Sale>& sales() const { return sales_; }
  bool sold_to(const std::string& target_id) const { return sold_to_.contains(target_id); }
  std::size_t sale_count() const { return sales_.size(); }
  // The closing of the oldest trade in the closed lists of which a later look may say more: it is pending, or one of
  // its amounts is unknown (for so many days, then starts look again); nothing when there is none.
  std::optional<std::int64_t> oldest_unsettled() const;
  std::int64_t last_trade_at() const { return last_trade_at_; }            // in the closed lists
  std::int64_t last_reconciled_at() const { return last_reconciled_at_; }  // 0: never

  bool live() const { return live_; }
  bool paused() const { return paused_ || balance_stop_; }
  bool paused_by_person() const { return paused_ && !panicked_; }
  const std::optional<BalanceStop>& balance_stop() const { return balance_stop_; }  // until a person says resume
  const std::optional<BalanceSeen>& balance_seen() const { return balance_seen_; }  // last; none after a resume
  bool panicked() const { return panicked_; }                                       // and not resumed since
  std::int64_t last_number() const { return last_number_; }

 private:
  struct KnownItem {
    Item item;
    std::int64_t number = 0;  // of the entry that last named it
  };
  struct HandCost {
    std::int64_t at = 0;
    Cost cost;
  };

  void apply_body(const Entry& entry, const Intent& body);
  void apply_body(const Entry& entry, const Outcome& body);
  void apply_body(const Entry& entry, const OrderGone& body);
  void apply_body(const Entry& entry, const Purchase& body);
  void apply_body(const Entry& entry, const Sale& body);
  void apply_body(const Entry& entry, const Seen& body);
  void apply_body(const Entry& entry, const Cost& body);
  void apply_body(const Entry& entry, const SwitchSet& body);
  void apply_body(const Entry& entry, const Reconciled& body);
  void apply_body(const Entry& entry, const BalanceSeen& body);
  void done(const Entry& entry, const OpenIntent& open, const Outcome& outcome);
  void count_again(const Entry& entry, const Outcome& outcome);
  void end_target(const std::string& id, std::int64_t at, bool by_us);
  void end_offer(const std::string& id, std::int64_t at, bool by_us);
  void close_target_when_filled(const std::string& target_id);
  void count_error(const Entry& entry, const Intent& intent, const Outcome& outcome);
  void lock(const std::string& what, std::int64_t until);
  void learn(const Entry& entry, const std::string& asset_id, const Item& item);
  bool was_bought_at_once(const Entry& entry, const Item& item) const;
  bool is_ours(const Purchase& purchase) const;
  bool may_be_ours(const Purchase& purchase) const;

  std::map<std::int64_t, OpenIntent> open_intents_;
  std::map<std::string, OwnTarget> targets_;
  std::map<std::string, OwnOffer> offers_;
  std::map<std::string, Ended<OwnTarget>> ended_targets_;
  std::map<std::string, Ended<OwnOffer>> ended_offers_;
  std::map<std::int64_t, OpenIntent> given_up_;
  std::set<std::string> theirs_;  // targets
  std::set<std::string> target_history_, offer_history_;
  std::map<std::string, std::set<std::string>> bought_by_target_;  // assets; also of targets not known yet
  std::set<std::string> sold_to_;                                  // targets that bought from us
  std::set<std::string> bought_assets_;                            // by orders of ours
  std::set<std::string> gone_offers_;                              // that could not be bought any more
  dmarket::trading::ErrorStop errors_;
  Refusals refusals_;
  std::map<std::string, std::int64_t> filled_;  // per target, also of those not known yet
  std::map<std::string, KnownItem> items_;      // by asset
  std::map<std::string, std::int64_t> locks_;
  std::map<std::string, Money> prices_;  // of all our orders, by their ids
  std::map<TradeKey, Purchase> purchases_;
  std::map<TradeKey, Sale> sales_;
  std::vector<HandCost> costs_;
  std::int64_t last_number_ = 0, last_trade_at_ = 0, last_reconciled_at_ = 0;
  std::optional<BalanceStop> balance_stop_;
  std::optional<BalanceSeen> balance_seen_;
  bool live_ = false, paused_ = false, panicked_ = false;

  friend class Timeline;
};

// How long the exchange refuses the next change of an offer or target after one (attested: about 15 minutes).
inline constexpr std::int64_t change_lock_seconds = 15 * 60;

}  // namespace app::ledger
