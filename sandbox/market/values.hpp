#pragma once
// What the exchange is asked and what it answers. `title` pointers live as long as the exchange.
#include "sandbox/market/types.hpp"

#include <expected>
#include <vector>

namespace sandbox::market {

// Why something was not done: DMarket's code and a sentence.
struct Refusal {
  std::string code;
  std::string message;
};
template <class T>
using Result = std::expected<T, Refusal>;

// ---- lists

enum class OrderBy : std::uint8_t { none, price, title, created_at, updated_at, float_value, discount };

struct Paging {
  int limit = 100;
  std::string cursor;  // of the page before; printable, without '%'; "" begins
  OrderBy order_by = OrderBy::none;
  bool descending = false;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::int64_t total = 0;  // all that match
  std::string cursor;      // "" at the end
};

// One of `any_of`, or none of them; an empty list lets everything through.
template <class T>
struct Choice {
  std::vector<T> any_of;
  bool negated = false;
  bool admits(const T& value) const {
    if (any_of.empty()) return true;
    bool found = false;
    for (const T& one : any_of) found = found || one == value;
    return found != negated;
  }
};

struct Filter {
  Game game = Game::cs2;
  std::string title_prefix;                   // case-insensitive
  std::optional<Money> price_from, price_to;  // inclusive; offers and targets
  Choice<Exterior> exterior;
  Choice<FloatPart> float_part;
  Choice<Phase> phase;
  Choice<Category> category;
  Choice<std::int64_t> paint_seed;
  Choice<std::string> collection, type, hero;       // lower case
  std::string category_path;                        // a prefix
  std::optional<int> lock_days_from, lock_days_to;  // from inclusive, to exclusive
  std::optional<bool> craftable;                    // TF2
  std::optional<bool> in_market, tradable;          // inventory only
  std::optional<bool> active;                       // targets only: has cover
  std::optional<std::int64_t> amount;               // targets only
};

// ---- offers

struct Offer {  // of the market or one's own
  Uuid offer_id, asset_id, owner;
  const TitleInfo* title = nullptr;
  Money price, suggested_price;
  int discount_percent = 0;  // below the suggested price; 0 at it and above
  Time created_at = 0;
  bool locked = false;  // in a purchase under way
  bool mine = false;
  Copy copy;
  Time change_at = 0;  // own offers: when the change lock ends
};

struct OfferRequest {  // batchCreate: asset and price; batchUpdate: offer and price; batchDelete: offer
  Uuid id;
  Money price;
};
struct OfferDone {
  Uuid offer_id, asset_id;  // after an update: the new offer id
};
struct OfferFailed {
  Uuid id;  // as it was asked
  Refusal why;
};
struct OfferBatch {
  std::vector<OfferDone> offers;
  std::vector<OfferFailed> failed;
};

// ---- targets

struct TargetLine {  // of all traders, one line per price and demand, dearest first
  Money price;
  std::int64_t amount = 0;
  Demand demand;
  bool mine = false;  // the player's are among them
};

enum class TargetStatus : std::uint8_t { active, inactive };

struct Target {  // one's own
  Uuid target_id;
  const TitleInfo* title = nullptr;
  Money price;
  std::int64_t amount = 0;  // what is left
  Demand demand;
  TargetStatus status = TargetStatus::active;
  Time created_at = 0, updated_at = 0, change_at = 0;  // change_at: when the change lock ends
};

struct TargetRequest {
  std::string title;
  Money price;
  std::int64_t amount = 1;
  Demand demand;
};

// ---- market data

struct AggregatedPrice {
  const TitleInfo* title = nullptr;
  std::optional<Money> order_best, offer_best;
  std::int64_t order_count = 0, offer_count = 0;
};

enum class SaleBy : std::uint8_t { offer, target };
struct Sale {
  Money price;
  Time at = 0;
  SaleBy by = SaleBy::offer;
  Copy copy;
  Demand demand;  // of the target, if it was one
};
struct SalesQuery {
  Game game = Game::cs2;
  std::string title;  // exact
  Choice<SaleBy> by;
  Choice<FloatPart> float_part;
  Choice<Phase> phase;
  Choice<std::int64_t> paint_seed;
  int limit = 20;
  int offset = 0;
};

struct DepthLine {  // unofficial
  Money price;
  std::int64_t amount = 0;
  Copy copy;      // of an offer
  Demand demand;  // of an order
};
struct Depth {
  std::vector<DepthLine> offers;  // cheapest first
  std::vector<DepthLine> orders;  // dearest first
};

struct ReducedFee {
  const TitleInfo* title = nullptr;
  Fraction fraction;
  Money min_price, max_price;  // inclusive; max 0: no end
  Time expires_at = 0;
};
struct FeeList {
  Fraction fraction;  // the default
  Money min_amount;
  std::vector<ReducedFee> reduced;
  std::int64_t total_reduced = 0;
};

struct BlockedTitle {
  const TitleInfo* title = nullptr;
  std::string reason;
};

// ---- account

struct Balance {
  Money usd;              // for trading
  Money usd_to_withdraw;  // part of it
  Money usd_protected;    // proceeds under trade protection, not in `usd`
  Money usd_reserved;     // taken by purchases that are pending, not in `usd`
};

struct InventoryItem {
  std::string id;  // asset UUID in the market; instance:class:steam asset:app in Steam
  Uuid asset_id;   // empty in Steam
  const TitleInfo* title = nullptr;
  Copy copy;
  bool in_market = false;
  bool tradable = true;  // Steam's lock is over
  bool offered = false;
  bool protected_purchase = false;  // may still be taken back by its seller
  std::string steam_asset_id;
  Money suggested_price;
  Time created_at = 0, updated_at = 0;
};

enum class TradeState : std::uint8_t { pending, trade_protected, successful, reverted, failed };
std::string_view to_text(TradeState state);
enum class TradeSide : std::uint8_t { sale, purchase };  // the player's

// A deal of the player, from its first moment to its end; the row is updated in place.
struct Trade {
  std::int64_t number = 0;  // from 1, in the order of the deals
  TradeSide side = TradeSide::sale;
  SaleBy by = SaleBy::offer;  // offer: a shown offer was bought; target: an offer met a target
  TradeState state = TradeState::successful;
  const TitleInfo* title = nullptr;
  Uuid offer_id, target_id, asset_id;  // target_id empty unless by target
  Money price, fee;                    // gross; the fee is the seller's, zero for purchases
  Fraction fee_fraction;
  Copy copy;
  Time offer_created_at = 0;  // or the target's
  Time closed_at = 0;         // the deal
  Time finalization_at = 0;   // planned while protected, real afterwards; 0: none
};

struct ClosedQuery {
  int limit = 100;
  std::string cursor;
  bool ascending = false;  // by closed_at
  Choice<TradeState> status;
  std::optional<Time> created_from, created_to, closed_from, closed_to, finalized_from, finalized_to;  // inclusive
};

// ---- buying, transfers

struct BuyRequest {
  Uuid offer_id;
  Money price;  // must be the offer's present one
};
enum class TxStatus : std::uint8_t { success, pending, failed };
struct BuyAnswer {
  Uuid order_id, tx_id;
  TxStatus status = TxStatus::failed;
  std::string fail_code;  // "BalanceInsufficientFunds", "OfferNotFound", "OfferPriceChanged", "OfferLocked"
  std::vector<std::pair<Uuid, bool>> started;
};

enum class DepositStatus : std::uint8_t { pending, created, success, failed_to_create, error, on_hold };
std::string_view to_text(DepositStatus status);  // "TransferStatusPending"
struct Deposit {
  Uuid deposit_id;
  DepositStatus status = DepositStatus::pending;
  std::string error;
  struct Asset {
    std::string in_game_asset_id;  // the composite id
    Uuid dmarket_asset_id;         // empty until success
  };
  std::vector<Asset> assets;
  std::string trade_offer_id, message;  // from `created` on
};

struct WithdrawRequest {
  std::vector<Uuid> assets;
  std::string request_id;
};
struct Withdrawal {
  Uuid transfer_id;
  bool done = false;
  std::vector<Uuid> assets;
};

// What happened to the account, in order, for a page and for waiting.
struct AccountEvent {
  std::int64_t number = 0;  // from 1
  Time at = 0;
  std::string kind;        // "sold", "bought", "successful", "reverted", "purchase_failed", "deposited", "withdrawn",
                           // "money", "undercut", "outbid", "synced"
  std::string text;        // a sentence
  std::int64_t trade = 0;  // its number, or 0
  Uuid id;                 // offer, target, deposit, ...; may be empty
};

}  // namespace sandbox::market
