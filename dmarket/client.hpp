#pragma once
// The exchange as the rest of the program sees it: typed questions and answers, one function per call. Everything here
// is asked of the exchange now; what may be some seconds or hours old is in dmarket/cache.hpp.
//
// Every function throws dmarket::Error. Its kind says how one recovers; two are of special weight for what changes the
// account: `unavailable`, `rate_limited` and `rejected` mean that nothing was changed, `unknown_outcome` that it may
// have been: settle it with dmarket/reconcile.hpp before anything is repeated. A question that breaks the exchange's
// rules (a limit out of range, too many titles, a price of zero) is Error (invalid_request) before anything is sent.
#include "dmarket/account.hpp"
#include "dmarket/fees.hpp"
#include "dmarket/listing.hpp"
#include "dmarket/market.hpp"
#include "dmarket/orders.hpp"
#include "dmarket/transport.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket {

// Not thread-safe: used on the loop's thread only. Copies share everything but the deadline. Must outlive its calls and
// the listings that it has made.
class Client {
 public:
  explicit Client(Transport& transport);

  // The same exchange, with another bound on a whole call: waiting for its turn, tries and pauses together. A call
  // refers to the client it was made of: await it in the same expression, or keep the client.
  Client within(tgkit::Duration deadline) const;

  // --- the account
  tgkit::Task<Balance> balance() const;
  tgkit::Task<UserProfile> user() const;

  // --- the market
  tgkit::Task<Page<Offer>> market_offers(OffersQuery query) const;
  Listing<Offer> all_market_offers(OffersQuery query) const;
  // Every open buy order of a title, best price first.
  tgkit::Task<std::vector<TargetOrder>> targets_by_title(Game game, std::string title) const;
  tgkit::Task<Page<AggregatedPrice>> aggregated_prices(AggregatedPricesQuery query) const;
  Listing<AggregatedPrice> all_aggregated_prices(Game game, int page_size = 100) const;  // of the whole game
  // Of any number of titles, 100 a call. Titles the exchange does not know are missing from the answer.
  tgkit::Task<std::vector<AggregatedPrice>> aggregated_prices_of(Game game, std::vector<std::string> titles) const;
  tgkit::Task<Page<Sale>> last_sales(LastSalesQuery query) const;
  Listing<Sale> all_last_sales(LastSalesQuery query) const;
  tgkit::Task<CustomizedFees> customized_fees(FeesQuery query) const;  // one page
  tgkit::Task<CustomizedFees> all_fees(Game game) const;
  tgkit::Task<MarketDepth> market_depth(Game game, std::string title) const;                         // unofficial
  tgkit::Task<Page<BlockedTitle>> deposit_blocked_titles(Game game, std::string cursor = {}) const;  // unofficial
  Listing<BlockedTitle> all_deposit_blocked_titles(Game game) const;                                 // unofficial

  // --- what we own, have on order and have traded
  tgkit::Task<Page<InventoryItem>> inventory(InventoryQuery query) const;
  Listing<InventoryItem> all_inventory(InventoryQuery query) const;
  tgkit::Task<Page<Offer>> user_offers(OffersQuery query) const;
  Listing<Offer> all_user_offers(OffersQuery query) const;
  tgkit::Task<Page<Target>> user_targets(TargetsQuery query) const;
  Listing<Target> all_user_targets(TargetsQuery query) const;
  tgkit::Task<Page<ClosedOffer>> closed_offers(ClosedQuery query) const;
  Listing<ClosedOffer> all_closed_offers(ClosedQuery query) const;
  tgkit::Task<Page<ClosedTarget>> closed_targets(ClosedQuery query) const;
  Listing<ClosedTarget> all_closed_targets(ClosedQuery query) const;
  tgkit::Task<DepositStatus> deposit_status(DepositId deposit) const;

  // --- changes; in dry run each throws Error (refused_by_guard) and nothing is sent. Answers are in the order of the
  // requests, one for each. At most 100 requests a call, none twice.
  tgkit::Task<std::vector<OfferOutcome>> create_offers(std::vector<OfferDraft> offers) const;
  tgkit::Task<std::vector<OfferOutcome>> update_offers(std::vector<OfferChange> offers) const;
  tgkit::Task<std::vector<OfferOutcome>> delete_offers(std::vector<OfferRemoval> offers) const;
  tgkit::Task<std::vector<TargetOutcome>> create_targets(Game game, std::vector<TargetDraft> targets) const;
  tgkit::Task<std::vector<TargetOutcome>> delete_targets(std::vector<TargetId> targets) const;
  tgkit::Task<BuyAnswer> buy_offers(std::vector<Purchase> purchases) const;
  tgkit::Task<> sync_inventory(Game game) const;  // asynchronous: takes seconds to minutes
  // `assets`: the composite ids of items in Steam, "instance:class:asset:app".
  tgkit::Task<DepositId> deposit(std::vector<AssetId> assets) const;
  tgkit::Task<TransferId> withdraw(std::vector<Withdrawal> assets, std::string request_id) const;

  // Called when a change is about to leave and again when its call has ended, however it ended. It must not throw.
  void on_change(std::function<void()> callback);

  const Transport& transport() const noexcept { return *transport_; }

 private:
  struct Shared;
  Transport* transport_;
  std::shared_ptr<Shared> shared_;
  std::optional<tgkit::Duration> deadline_;

  tgkit::Task<std::string> ask(const Endpoint& endpoint, std::string target, std::string body = {}) const;
  tgkit::Task<std::string> change(const Endpoint& endpoint, std::string body) const;
  template <class Item>
  Listing<Item> listing(const Endpoint& endpoint, typename Listing<Item>::Fetch fetch,
                        typename Listing<Item>::Sieve sieve) const;
};

}  // namespace dmarket
