#pragma once
// What stands behind Exchange. For the sources of this folder only.
#include "sandbox/market/exchange.hpp"
#include "sandbox/market/market.hpp"

#include <deque>
#include <map>
#include <queue>

namespace sandbox::market {

struct OrderKey {
  std::uint32_t title = 0, serial = 0;
  friend auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

// An item that is or was the player's. It is forgotten when it is gone for good.
struct Asset {
  ItemNumber number = 0;
  std::uint32_t title = 0;
  ItemPlace place = ItemPlace::market;
  Uuid id;               // in the market
  std::string steam_id;  // instance:class:steam asset:app, in Steam
  Copy copy;
  std::uint32_t offer = 0;     // the serial of its offer; 0: not offered
  Time change_at = 0;          // the change lock ends
  std::int64_t bought_by = 0;  // a purchase under protection
  std::int64_t sold_by = 0;    // a sale under protection
  bool shown = true;           // in Steam: the last sync saw it
  bool moving = false;         // in a deposit or withdrawal
  Time created_at = 0, updated_at = 0;
};

struct OwnOffer {
  ItemNumber item = 0;
  Time created_at = 0;
  bool match_planned = false;
};

struct OwnTarget {
  Time created_at = 0, updated_at = 0, change_at = 0;
  bool match_planned = false;
};

enum class What : std::uint8_t {
  title_moves,
  offer_matched,
  target_matched,
  offer_answered,
  target_answered,
  finalized,
  reverted,
  purchase_ends,
  sync_ends,
  deposit_goes_on,
  withdrawal_ends
};

struct Planned {
  Time at = 0;
  std::uint64_t order = 0;  // of equal times the first planned comes first
  What what = What::title_moves;
  OrderKey key;             // an order, or a title
  std::int64_t number = 0;  // of a trade, a transaction, ...
  friend bool operator>(const Planned& a, const Planned& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }
};

struct PendingPurchase {
  std::vector<std::int64_t> trades;
  std::vector<OrderKey> offers;
  bool will_fail = false;
};

struct DepositInProgress {
  Deposit deposit;
  std::vector<ItemNumber> items;
  std::int64_t number = 0;
};

struct WithdrawalInProgress {
  Withdrawal withdrawal;
  std::vector<ItemNumber> items;
};

struct Wallet {
  Money usd, to_withdraw, held, reserved;
};

struct Exchange::State {
  State(const MarketOptions& wanted, const MarketRules& given, Time start);

  MarketOptions options;
  MarketRules rules;
  Time now;
  Market market;
  Random random;  // of everything that concerns the player
  Books books;
  Wallet wallet;

  std::map<ItemNumber, Asset> assets;
  std::map<Uuid, ItemNumber> market_items;
  std::map<std::string, ItemNumber> steam_items;
  std::map<OrderKey, OwnOffer> offers;
  std::map<OrderKey, OwnTarget> targets;
  std::vector<ItemNumber> trade_items;  // by trade
  std::map<std::int64_t, PendingPurchase> pending;
  std::vector<DepositInProgress> deposits;
  std::vector<WithdrawalInProgress> withdrawals;
  std::map<std::string, Uuid> request_ids;
  ItemNumber last_item = 0;
  std::uint32_t last_id = 0;  // of what belongs to no title
  std::int64_t last_transaction = 0;
  std::int64_t last_steam_asset = 30'000'000'000;

  std::priority_queue<Planned, std::vector<Planned>, std::greater<>> queue;
  std::uint64_t planned = 0;
  std::deque<AccountEvent> events;
  std::int64_t last_event = 0;
  bool cover_changed = false;

  // ---- state.cpp: time, money, log
  void advance(Time to);
  void happen(const Planned& event);
  void plan(Time at, What what, OrderKey key, std::int64_t number = 0);
  Time after(int from, int to);  // now and a delay between them, both inclusive
  void tell(std::string kind, std::string text, std::int64_t trade = 0, const Uuid& id = {});
  void pay(Money amount, MoneyPlace to, std::string_view reason, std::int64_t trade = 0);
  void receive(Money amount, MoneyPlace from, std::string_view reason, std::int64_t trade = 0);
  Uuid new_id(IdKind kind) { return market.ids().make(kind, 0, ++last_id); }
  const TitleInfo& info(std::uint32_t title) const { return market.info(title); }
  Copy with_index(std::uint32_t title, Copy copy) const;
  std::optional<std::uint32_t> title_of(Game game, std::string_view title) const {
    return market.catalogue().find(game, title);
  }

  // ---- matching.cpp: the player's orders among the others
  Book& book(std::uint32_t title) { return market.as_it_stands(title).book; }
  void hold(std::uint32_t title);     // one more order of the player in it
  void release(std::uint32_t title);  // one less
  void queue_moves(std::uint32_t title);
  void move(const Planned& event);
  void watch(std::uint32_t title);  // plans matches of the player's orders with what stands there
  const BookTarget* taker(std::uint32_t title, const BookOffer& offer);
  const BookOffer* giver(std::uint32_t title, const BookTarget& target);
  Money match_price(const BookOffer& offer, const BookTarget& target) const;
  void match_offer(OrderKey key);
  void match_target(OrderKey key);
  void answer_offer(OrderKey key);
  void answer_target(OrderKey key);
  bool has_cover(const BookTarget& target) const;
  void look_at_cover();  // after money has moved

  // ---- settle.cpp: deals
  std::int64_t sell(OrderKey key, Money price, SaleBy by, const Uuid& target);
  std::int64_t buy_by_target(OrderKey target, const BookOffer& brought, Money price, const Uuid& offer);
  Trade purchase(std::uint32_t title, const BookOffer& offer, Money price) const;
  std::int64_t open(Trade trade);
  void complete_purchase(std::int64_t trade);  // the item comes, protection begins
  void protect(Trade& trade, int revert_share);
  bool revert(std::int64_t trade);    // false: it cannot be
  bool finalize(std::int64_t trade);  // false: it is not protected
  void purchase_ends(std::int64_t transaction);
  std::int64_t item_of(std::int64_t trade) const { return trade_items.at(static_cast<std::size_t>(trade - 1)); }
  void take_down(OrderKey offer);  // from the book and the player's list
  void drop_target(OrderKey target);
  void forget(ItemNumber item);

  // ---- own_offers.cpp, own_targets.cpp, buying.cpp
  std::optional<OrderKey> own_offer(const Uuid& id) const;
  std::optional<OrderKey> own_target(const Uuid& id) const;
  OfferDone put_up(Asset& asset, Money price);
  Result<OfferDone> create_offer(const OfferRequest& request);
  Result<OfferDone> update_offer(const OfferRequest& request);
  Result<OfferDone> delete_offer(const Uuid& id);
  std::optional<Refusal> refusal(std::optional<std::uint32_t> title, const TargetRequest& request) const;
  Result<Uuid> create_target(Game game, const TargetRequest& request);
  Uuid place(std::uint32_t title, const TargetRequest& request);
  Result<Uuid> delete_target(const Uuid& id);
  std::string purchase_obstacle(const BuyRequest& request, OrderKey& key);
  BuyAnswer buy(std::span<const BuyRequest> requests);

  // ---- lists.cpp, prices.cpp, proof.cpp: rows as they are shown
  Uuid owner_of(OrderKey offer) const;
  Offer shown(std::uint32_t title, const BookOffer& offer);
  Target shown_target(OrderKey key);
  InventoryItem shown_item(const Asset& asset);
  AggregatedPrice aggregated(std::uint32_t title);
  std::vector<std::string> violations();

  // ---- transfers.cpp
  Asset& new_asset(std::uint32_t title, const Copy& copy);
  void to_market(Asset& asset, Uuid id = {});
  void to_steam(Asset& asset, bool shown);
  void sync_ends(Game game);
  void deposit_goes_on(std::int64_t number);
  void withdrawal_ends(std::int64_t number);
  std::string blocked(std::uint32_t title) const;  // why it cannot be deposited; empty: it can
};

std::string money_text(Money amount);  // "$15.99"; not below zero
// The change lock's refusal, if it still holds.
std::optional<Refusal> locked_until(Time change_at, Time now);
// What a batch of this size is refused with.
std::optional<Refusal> batch_refusal(std::size_t size, int limit);
bool valid_price(Money price);

}  // namespace sandbox::market
