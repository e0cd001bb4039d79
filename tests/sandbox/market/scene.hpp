#pragma once
// A small market, and a title in it whose other traders do nothing for some hours, so that a test sees its own orders
// only.
#include "sandbox/market/exchange.hpp"

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

namespace sandbox::market {

inline constexpr Time start = 1'790'000'000;  // 2026-09-21 14:13:20 UTC
inline constexpr Time minute = 60, hour = 3'600, day = 86'400;

inline void PrintTo(Money amount, std::ostream* out) { *out << amount.in_cents() << " cents"; }
inline void PrintTo(const Uuid& id, std::ostream* out) { *out << to_text(id); }
inline void PrintTo(TradeState state, std::ostream* out) { *out << to_text(state); }

inline Money cents(std::int64_t amount) { return Money::cents(amount); }

// Nothing happens by chance.
inline MarketRules calm() {
  MarketRules rules;
  rules.pending_share = rules.revert_share = rules.purchase_revert_share = rules.reaction_share = 0;
  return rules;
}

inline MarketOptions rich() {
  MarketOptions options;
  options.usd = options.usd_to_withdraw = cents(10'000'000);
  return options;
}

inline bool same_book(const Depth& a, const Depth& b) {
  const auto same = [](const DepthLine& x, const DepthLine& y) { return x.price == y.price && x.amount == y.amount; };
  return std::equal(a.offers.begin(), a.offers.end(), b.offers.begin(), b.offers.end(), same) &&
         std::equal(a.orders.begin(), a.orders.end(), b.orders.begin(), b.orders.end(), same);
}

// Quiet for six hours, between $5 and $50, with a float, with offers above and targets below its worth.
inline const TitleInfo& quiet_title(Exchange& exchange) {
  Exchange before(exchange.options(), calm(), start), after(exchange.options(), calm(), start);
  after.advance(start + 6 * hour);
  for (const TitleInfo& title : exchange.titles()) {
    const Depth book = before.depth(title.game, title.title);
    const Money worth = before.worth(*before.find_title(title.game, title.title));
    const bool fit = title.has_float && !title.has_phases && worth > cents(500) && worth < cents(5'000);
    if (!fit || book.offers.empty() || book.orders.size() < 2 || book.orders[0].price >= worth) continue;
    const bool generic = book.orders[0].demand.generic() && book.orders[1].demand.generic();
    if (generic && same_book(book, after.depth(title.game, title.title))) return title;
  }
  throw std::logic_error("no title of this market is quiet");
}

class Scene : public testing::Test {
 protected:
  explicit Scene(const MarketRules& rules = calm(), const MarketOptions& options = rich())
      : exchange(options, rules, start), title(quiet_title(exchange)) {}
  void TearDown() override { EXPECT_EQ(exchange.violations(), std::vector<std::string>()); }

  Time now() const { return exchange.now(); }
  void wait(Time seconds) { exchange.advance(now() + seconds); }

  Uuid item() { return *parse_uuid(*exchange.give_item(title.game, title.title, true)); }
  Uuid offer(Money price) { return offer(item(), price); }
  Uuid offer(const Uuid& asset, Money price) {
    const OfferRequest request{asset, price};
    return exchange.create_offers({&request, 1})->offers.at(0).offer_id;
  }
  Result<OfferDone> update(const Uuid& id, Money price) {
    const OfferRequest request{id, price};
    return only(*exchange.update_offers({&request, 1}));
  }
  Result<OfferDone> remove(const Uuid& id) {
    const OfferRequest request{id, {}};
    return only(*exchange.delete_offers({&request, 1}));
  }
  Result<OfferDone> create(const Uuid& asset, Money price) {
    const OfferRequest request{asset, price};
    return only(*exchange.create_offers({&request, 1}));
  }
  Result<Uuid> try_target(Money price, std::int64_t amount = 1, const Demand& demand = {}) {
    const TargetRequest request{title.title, price, amount, demand};
    return exchange.create_targets(title.game, {&request, 1})->at(0);
  }
  Uuid target(Money price, std::int64_t amount = 1, const Demand& demand = {}) {
    return try_target(price, amount, demand).value();
  }
  Result<Uuid> remove_target(const Uuid& id) { return exchange.delete_targets({&id, 1})->at(0); }
  BuyAnswer buy(const Uuid& offer, Money price) {
    const BuyRequest request{offer, price};
    return exchange.buy({&request, 1});
  }

  Money worth() { return exchange.worth(title); }
  Money best_offer() { return exchange.depth(title.game, title.title).offers.at(0).price; }
  Money best_target() { return exchange.depth(title.game, title.title).orders.at(0).price; }
  Filter mine() const {
    Filter filter;
    filter.game = title.game;
    return filter;
  }
  std::vector<Offer> market_offers() {
    Filter filter = mine();
    filter.title_prefix = title.title;
    Paging paging;
    paging.order_by = OrderBy::price;
    return exchange.offers(filter, paging)->items;
  }
  std::vector<Offer> own_offers() { return exchange.user_offers(mine(), {})->items; }
  std::vector<Target> own_targets() { return exchange.user_targets(mine(), {})->items; }
  std::vector<InventoryItem> items() { return exchange.inventory(mine(), {})->items; }
  std::vector<Trade> sales() { return exchange.closed_offers({})->items; }
  std::vector<Trade> purchases() { return exchange.closed_targets({})->items; }
  Balance balance() { return exchange.balance(); }

  static Result<OfferDone> only(const OfferBatch& batch) {
    if (batch.failed.empty()) return batch.offers.at(0);
    return std::unexpected(batch.failed[0].why);
  }

  Exchange exchange;
  const TitleInfo& title;
};

inline std::string code(const auto& result) { return result ? "" : result.error().code; }

}  // namespace sandbox::market
