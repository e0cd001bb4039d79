#pragma once
// The exchange: a market of other traders and the account of one player in it. Pure: no network, no JSON, no clock.
//
// Time moves by advance() only. Everything follows from the seed, the rules, and what the player and the person at the
// page did when; looking changes nothing, however often. A title in which the player has no orders is brought up to the
// present when it is looked at.
//
// Not thread-safe. Throws std::invalid_argument for impossible options, std::logic_error for a broken invariant.
#include "sandbox/market/books.hpp"
#include "sandbox/market/rules.hpp"
#include "sandbox/market/values.hpp"

#include <memory>
#include <span>

namespace sandbox::market {

class Exchange {
 public:
  Exchange(const MarketOptions& options, const MarketRules& rules, Time start);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  MarketRules& rules();
  const MarketOptions& options() const;
  Time now() const;
  void advance(Time to);  // to the past: does nothing
  // When something happens to the account or in a title with the player's orders; empty: nothing is planned.
  std::optional<Time> next_event() const;

  // ---- the market
  const std::vector<TitleInfo>& titles() const;                          // by game, in a fixed order
  const TitleInfo* find_title(Game game, std::string_view title) const;  // exact; nullptr: there is none
  Result<Page<Offer>> offers(const Filter& filter, const Paging& paging);
  std::vector<TargetLine> targets_by_title(Game game, std::string_view title);  // unknown title: empty
  // Without titles the whole game, in pages. Unknown titles are left out.
  Result<Page<AggregatedPrice>> aggregated_prices(Game game, std::span<const std::string> titles, int limit,
                                                  const std::string& cursor);
  std::vector<Sale> last_sales(const SalesQuery& query);  // newest first, at most twelve months back
  Depth depth(Game game, std::string_view title);
  FeeList fees(Game game, int limit, int offset) const;
  // The fee of a sale at this moment.
  Money fee(const TitleInfo& title, Money price) const;
  Result<Page<BlockedTitle>> deposit_blocked(Game game, int limit, const std::string& cursor) const;

  // ---- the account
  Uuid player() const;
  Balance balance() const;
  Result<Page<InventoryItem>> inventory(const Filter& filter, const Paging& paging);
  Result<Page<Offer>> user_offers(const Filter& filter, const Paging& paging);
  Result<Page<Target>> user_targets(const Filter& filter, const Paging& paging);
  Result<Page<Trade>> closed_offers(const ClosedQuery& query) const;   // sales
  Result<Page<Trade>> closed_targets(const ClosedQuery& query) const;  // purchases by target
  std::vector<AccountEvent> events(std::int64_t after) const;  // with a number above it; at most the newest 10,000
  std::int64_t last_event() const;
  const Books& books() const;
  // Books::violations, and what of the account's state differs from the books.
  std::vector<std::string> violations() const;

  // ---- the player acts. A Refusal of the whole call changes nothing.
  Result<OfferBatch> create_offers(std::span<const OfferRequest> requests);
  Result<OfferBatch> update_offers(std::span<const OfferRequest> requests);
  Result<OfferBatch> delete_offers(std::span<const OfferRequest> requests);
  Result<std::vector<Result<Uuid>>> create_targets(Game game, std::span<const TargetRequest> requests);
  Result<std::vector<Result<Uuid>>> delete_targets(std::span<const Uuid> targets);
  BuyAnswer buy(std::span<const BuyRequest> requests);  // all or none
  void sync_inventory(Game game);
  Result<Uuid> deposit(std::span<const std::string> ids);  // composite ids
  std::optional<Deposit> deposit_status(const Uuid& deposit);
  Result<Uuid> withdraw(const WithdrawRequest& request);
  std::optional<Withdrawal> withdrawal(const Uuid& transfer);

  // ---- the person at the page plays the other side, at once
  Result<std::int64_t> sell_to_target(const Uuid& own_target);  // a trader sells into it; the trade's number
  Result<std::int64_t> buy_offer(const Uuid& own_offer);        // a trader buys it
  // Moves what a title is worth, and with it its orders: 1,100,000 millionths are 10 % up.
  Result<Money> move_price(Game game, std::string_view title, std::int64_t millionths);
  Money worth(const TitleInfo& title);
  // Another trader's order, standing at once.
  Result<Uuid> place_offer(Game game, std::string_view title, Money price);
  Result<Uuid> place_target(Game game, std::string_view title, Money price, std::int64_t amount, const Demand& demand);
  // Two other traders trade a copy, by the offer or the target of one of them; no standing order is touched.
  Result<Money> trade_among_others(Game game, std::string_view title, Money price, SaleBy by);
  Result<std::int64_t> revert(std::int64_t trade);    // a protected one
  Result<std::int64_t> finalize(std::int64_t trade);  // a protected one
  void set_balance(const Balance& balance);           // the reserved part is left alone
  void add_money(Money amount);                       // below zero: takes it away, down to nothing
  // A copy for the player: in Steam (shown after the next sync) or in the market. Returns its inventory id.
  Result<std::string> give_item(Game game, std::string_view title, bool in_market);
  Result<Uuid> accept_deposit(const Uuid& deposit);  // in Steam

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sandbox::market
