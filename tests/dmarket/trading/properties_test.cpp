// What must hold for every setting of fees and every market. Amounts are small, so that prices can be tried one by one
// and windows, floors and steps meet often.
#include "dmarket/trading/guards.hpp"
#include "dmarket/trading/outbid.hpp"
#include "dmarket/trading/price_range.hpp"
#include "dmarket/trading/reprice.hpp"
#include "dmarket/trading/scan.hpp"
#include "dmarket/trading/selling_price.hpp"
#include "tests/dmarket/trading/cases.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dmarket::trading {
namespace {

using namespace tests;

// From the whole range in every run, not from its beginning in the first ones.
std::int64_t any_of(std::int64_t from, std::int64_t to) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to + 1));
}
bool sometimes() { return any_of(0, 3) == 0; }

struct AnyFees {
  std::vector<FeeWindow> windows;
  TitleFees fees;
};

AnyFees any_fees() {
  AnyFees any;
  for (std::int64_t i = any_of(0, 3); i > 0; --i) {
    const auto from = any_of(0, 1'500);
    const auto to = sometimes() ? 0 : from + any_of(-5, 400);
    const auto rate = sometimes() ? any_of(0, 1'000'000) : any_of(0, 120'000);
    any.windows.push_back({FeeRate::millionths(rate), cents(from), cents(to), later(now, Seconds(any_of(-1, 2)))});
  }
  const auto rate = sometimes() ? any_of(0, 1'000'000) : any_of(0, 150'000);
  any.fees = fees_of(FeeRate::millionths(rate), sometimes() ? any_of(0, 900) : any_of(0, 3));
  return any;
}

const TitleFees& bound(AnyFees& any) {
  any.fees.windows = any.windows;
  return any.fees;
}

constexpr std::int64_t tried = 2'500;  // prices are tried one by one up to here

TEST(TradingProperties, TheLeastPriceIsTheFirstOfAllThatBringsTheNetAmount) {
  EXPECT_TRUE(rc::check([] {
    auto any = any_fees();
    const auto& fees = bound(any);
    const Money wanted = cents(any_of(0, 2'000)), from = cents(any_of(1, 1'000));
    Money first;
    for (auto price = from; first == Money() && price <= cents(tried); price += cents(1)) {
      if (net_at(fees, price, now) >= wanted) first = price;
    }
    const auto found = least_price_for_net(fees, wanted, now, from);
    if (first != Money()) {
      RC_ASSERT(found == first);
    } else {
      RC_ASSERT(!found || (*found > cents(tried) && net_at(fees, *found, now) >= wanted));
    }
  }));
}

TEST(TradingProperties, TheGreatestPriceAndTheBestPriceAreThoseOfAll) {
  EXPECT_TRUE(rc::check([] {
    auto any = any_fees();
    const auto& fees = bound(any);
    const Money wanted = cents(any_of(0, 2'000)), to = cents(any_of(1, 2'000)), from = cents(any_of(1, to.in_cents()));
    Money greatest, most = net_at(fees, to, now);
    for (auto price = cents(1); price <= to; price += cents(1)) {
      if (net_at(fees, price, now) >= wanted) greatest = price;
      if (price >= from) most = std::max(most, net_at(fees, price, now));
    }
    RC_ASSERT(greatest_price_for_net(fees, wanted, now, to).value_or(Money()) == greatest);
    const auto best = best_price_up_to(fees, to, now, from);
    RC_ASSERT(best >= from && best <= to && net_at(fees, best, now) == most);
  }));
}

TEST(TradingProperties, MoreProfitNeverCostsALowerPriceAndAStretchNeverBringsLess) {
  EXPECT_TRUE(rc::check([] {
    auto any = any_fees();
    const auto& fees = bound(any);
    const Money cost = cents(any_of(1, 1'500)), profit = cents(any_of(0, 500));
    const auto less = least_price_for_profit(fees, cost, profit, now);
    const auto more = least_price_for_profit(fees, cost, profit + cents(any_of(0, 100)), now);
    RC_ASSERT(!more || (less && *less <= *more));
    const Money price = cents(any_of(1, tried));
    if (rate_at(fees, price, now) == rate_at(fees, price + cents(1), now)) {
      RC_ASSERT(net_at(fees, price, now) <= net_at(fees, price + cents(1), now));
    }
    RC_ASSERT(net_at(fees, price, now) <= price);
    RC_ASSERT(fee_at(fees, price, now) + net_at(fees, price, now) == price);
  }));
}

TEST(TradingProperties, TheGreatestCostIsTheLastThatLeavesTheProfit) {
  EXPECT_TRUE(rc::check([] {
    const Money net = cents(any_of(1, 1'000'000'000));
    const BasisPoints least(any_of(0, 20'000));
    const Money cost = greatest_cost(net, least);
    const auto leaves = [&](Money paid) {
      return paid == Money() || net_for_percent(paid, least).value_or(most_price + cents(1)) <= net;
    };
    RC_ASSERT(leaves(cost));
    RC_ASSERT(!leaves(cost + cents(1)));
  }));
}

struct AnyOffer {
  AnyFees fees = any_fees();
  OwnOffer offer;
  RepriceRule rule;
  std::vector<CompetingOffer> others;

  AnyOffer() {
    offer.price = cents(any_of(1, 2'000));
    if (!sometimes()) offer.cost = cents(any_of(0, 1'800));
    offer.changed = later(now, -minutes(any_of(13, 17)));
    if (sometimes()) rule.floor = cents(any_of(1, 1'800));
    if (sometimes()) rule.ceiling = cents(any_of(1, 2'200));
    if (sometimes()) rule.allowed_loss = cents(any_of(0, 500));
    for (std::int64_t i = any_of(0, 3); i > 0; --i) {
      others.push_back({cents(offer.price.in_cents() + any_of(-400, 400)), {}, sometimes()});
      others.back().price = std::max(others.back().price, cents(1));
    }
  }
  Money needed() const { return offer.cost ? std::max(Money(), *offer.cost - rule.allowed_loss) : Money(); }
  bool loses(Money price) {
    return net_at(bound(fees), price, now) < needed() || price < rule.floor.value_or(cents(1));
  }
};

TEST(TradingProperties, NoPriceEverLosesACentAgainstItsFloor) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      AnyOffer any;
      const auto decided = decide_price(any.offer, any.rule, any.others, bound(any.fees), now, now);
      if (!decided) {
        // What stands where it loses is never left alone, except where nobody knows what it cost.
        RC_ASSERT(decided.error().why == Refusal::cost_unknown || !any.loses(any.offer.price));
        continue;
      }
      if (decided->action == RepriceAction::take_down) {
        RC_ASSERT(any.loses(any.offer.price));
        continue;
      }
      const bool acts = decided->action == RepriceAction::change || decided->action == RepriceAction::wait;
      RC_ASSERT(acts == (decided->price != any.offer.price));
      RC_ASSERT(!any.loses(decided->price));
      if (decided->action != RepriceAction::change) RC_ASSERT(!any.loses(any.offer.price));
      RC_ASSERT(decided->price >= decided->floor);
      RC_ASSERT(decided->net == net_at(bound(any.fees), decided->price, now));
      const bool locked = now < later(any.offer.changed, minutes(15));
      RC_ASSERT(decided->action != RepriceAction::change || !locked);
      RC_ASSERT(decided->action != RepriceAction::wait || locked);
    }
  }));
}

TEST(TradingProperties, NoStepIsMoreThan15PercentAndNoneGoesAboveTheCeiling) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      AnyOffer any;
      const auto decided = decide_price(any.offer, any.rule, any.others, bound(any.fees), now, now);
      if (!decided) continue;
      const auto old = any.offer.price.in_cents(), step = decided->price.in_cents() - old;
      RC_ASSERT(std::max(step, -step) * 100 <= old * 15);
      if (any.rule.ceiling && step > 0) RC_ASSERT(decided->price <= *any.rule.ceiling);
    }
  }));
}

TEST(TradingProperties, NoFirstPriceLoses) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      AnyOffer any;
      std::optional<Money> evidence;
      if (sometimes()) evidence = cents(any_of(1, 2'000));
      const auto decided = decide_first_price(any.offer, any.rule, any.others, evidence, bound(any.fees), now, now);
      if (!decided) continue;
      RC_ASSERT(!any.loses(decided->price));
      if (any.rule.ceiling) RC_ASSERT(decided->price <= *any.rule.ceiling);
    }
  }));
}

TEST(TradingProperties, NoBidGoesBeyondCapOrProfit) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      const Money net = cents(any_of(-10, 300));
      OutbidRule rule{{}, cents(any_of(1, 300)), {}, BasisPoints(any_of(0, 2'000)), minutes(15)};
      if (sometimes()) rule.opening = cents(any_of(1, 300));
      std::optional<OwnTarget> standing;
      if (!sometimes()) standing = OwnTarget{cents(any_of(1, 300)), 1, {}, later(now, -minutes(any_of(13, 17))), {}};
      std::vector<Order> orders;
      for (std::int64_t i = any_of(0, 3); i > 0; --i) orders.push_back({cents(any_of(1, 300)), 1, {}, false, false});
      const auto decided = decide_bid(rule, standing, orders, Worth{net, now, hours(1)}, now);
      if (!decided || decided->action == BidAction::withdraw) continue;
      // What may stand after the decision: the new bid, and the old one too unless it is replaced at once.
      std::vector<Money> stands{decided->price};
      if (standing && decided->action != BidAction::change) stands.push_back(standing->price);
      for (const Money bid : stands) {
        RC_ASSERT(bid <= rule.cap);
        RC_ASSERT(net_for_percent(bid, rule.least_percent).value() <= net);
      }
      const auto best = best_competing_bid(orders, {});
      const bool places = decided->action == BidAction::place || decided->action == BidAction::change;
      if (places && best) RC_ASSERT(decided->price == *best + cents(1));
      if (decided->action == BidAction::change) RC_ASSERT(now >= later(standing->changed, minutes(15)));
    }
  }));
}

struct AnyTitle {
  std::vector<Sale> sales;
  TitleView view;
  AnyTitle() {
    const auto price = any_of(40, 3'500);
    for (std::int64_t i = any_of(0, 14); i > 0; --i) {
      sales.push_back(
          {cents(std::max<std::int64_t>(1, price + any_of(-200, 200))), later(now, -hours(any_of(0, 300)))});
    }
    view.best_offer = cents(std::max<std::int64_t>(1, price + any_of(-100, 300)));
    view.best_target = cents(std::max<std::int64_t>(1, price - any_of(0, 500)));
    view.offers = any_of(0, 120);
    view.targets = any_of(0, 15);
    view.prices_at = view.sales_at = now;
  }
  const TitleView& bound() {
    view.sales = sales;
    return view;
  }
};

TEST(TradingProperties, EveryOpportunityIsEvidencePaysItsLevelAndPassesTheCheapLook) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      auto any = any_fees();
      AnyTitle title;
      const auto& fees = bound(any);
      const auto found = find_opportunity(title.bound(), fees, {}, {}, now);
      if (!found) continue;
      RC_ASSERT(found->sell < *title.view.best_offer && found->sell <= found->sales.median);
      RC_ASSERT(found->buy == *title.view.best_target + cents(1));
      RC_ASSERT(found->net == net_at(fees, found->sell, found->sale_expected));
      RC_ASSERT(found->profit == found->net - found->buy && found->profit > Money());
      RC_ASSERT(found->percent >= rule_of(found->level).least_percent);
      RC_ASSERT(net_at(fees, found->break_even, found->sale_expected) >= found->buy);
      RC_ASSERT(found->break_even <= found->sell);
      RC_ASSERT(found->liquidity >= 0 && found->liquidity <= 100);
      RC_ASSERT(worth_details(title.view, fees, {}, {}, now).has_value());
    }
  }));
}

TEST(TradingProperties, AScanGivesEveryTitleOneResult) {
  EXPECT_TRUE(rc::check([] {
    std::vector<AnyTitle> titles(30);
    std::vector<TitleView> market;
    for (auto& title : titles) market.push_back(title.bound());
    const FeeTable fees(FeeRate::millionths(any_of(0, 150'000)), cents(any_of(0, 3)), now);
    const auto result = scan(market, &fees, {}, {}, now);
    RC_ASSERT(result.found.size() + result.refused.total() == market.size());
    for (std::size_t i = 1; i < result.found.size(); ++i) {
      RC_ASSERT(result.found[i - 1].opportunity.percent >= result.found[i].opportunity.percent);
    }
  }));
}

TEST(TradingProperties, WhatIsAllowedStaysWithinAllLimitsAndACheaperOneIsAllowedToo) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      const Account account{cents(any_of(0, 700'000)), now, cents(any_of(0, 300'000)), cents(any_of(0, 100'000))};
      MoneyRules rules;
      rules.daily_budget = cents(any_of(0, 200'000));
      if (sometimes()) rules.most_per_item = cents(any_of(0, 50'000));
      Purchase purchase{cents(any_of(1, 60'000)), any_of(1, 4), any_of(0, 12)};
      const auto limits = check_money(purchase, account, rules, now);
      if (!limits) continue;
      const Money total = purchase.price * purchase.copies;
      RC_ASSERT(total + *account.committed + limits->reserve <= *account.balance);
      RC_ASSERT(total + *account.spent_today <= rules.daily_budget);
      RC_ASSERT(purchase.price <= rules.most_per_item.value_or(purchase.price));
      RC_ASSERT(*purchase.held + purchase.copies <= limits->most_copies);
      purchase.price = cents(any_of(1, purchase.price.in_cents()));
      RC_ASSERT(check_money(purchase, account, rules, now).has_value());
    }
  }));
}

// Any 64-bit number, the borders often.
std::int64_t wild() {
  static constexpr std::int64_t borders[] = {INT64_MIN,     INT64_MIN + 1, -1,       0, 1, 1'000'000'000,
                                             1'000'000'001, INT64_MAX - 1, INT64_MAX};
  const auto kind = any_of(0, 7);
  if (kind < 2) return *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::int64_t>());
  return kind < 5 ? borders[any_of(0, 8)] : any_of(1, 100'000);
}
std::optional<Money> wild_money() { return sometimes() ? std::nullopt : std::optional(cents(wild())); }
Time wild_time() { return sometimes() ? time_of(wild()) : now; }

struct WildMarket {
  std::vector<FeeWindow> windows;
  std::vector<Sale> sales;
  std::vector<CompetingOffer> offers;
  std::vector<Order> orders;
  TitleView view;
  TitleFees fees;
  WildMarket() {
    for (int i = 0; i < 3; ++i) {
      windows.push_back({FeeRate::millionths(any_of(0, 1'000'000)), cents(wild()), cents(wild()), time_of(wild())});
      sales.push_back({cents(wild()), wild_time()});
      sales.push_back({cents(any_of(1, 100'000)), now});
      if (sometimes()) offers.push_back({cents(wild()), {}, sometimes()});
      if (sometimes()) orders.push_back({cents(wild()), wild(), {}, sometimes(), sometimes()});
    }
    fees = {FeeRate::millionths(any_of(0, 1'000'000)), sometimes() ? cents(wild()) : Money(), wild_time(), windows};
    if (sometimes()) sales.clear();
    view.best_offer = wild_money();
    view.best_target = wild_money();
    view.offers = wild();
    view.targets = wild();
    view.prices_at = view.sales_at = wild_time();
    view.average_of_week = wild_money();
    view.sales = sales;
    if (sometimes()) view.offers_at = wild_time(), view.offer_list = offers;
    if (sometimes()) view.targets_at = wild_time(), view.target_list = orders;
  }
};

TEST(TradingProperties, NumbersAtTheBordersAreRefusedAndNothingOverflows) {
  EXPECT_TRUE(rc::check([] {
    for (int round = 0; round < 20; ++round) {
      WildMarket m;
      const Time at = wild_time();
      ScanRules rules;
      rules.buy_by = sometimes() ? BuyBy::offer : BuyBy::target;
      rules.sell_by = sometimes() ? SellBy::target : SellBy::offer;
      rules.evidence.window = Seconds(wild());
      rules.hold = Seconds(wild());
      if (sometimes()) rules.least_percent = BasisPoints(wild());
      (void)find_opportunity(m.view, m.fees, rules, {}, at);
      (void)worth_details(m.view, m.fees, rules, {}, at);

      const OwnOffer offer{cents(wild()), {}, wild_money(), wild_time(), wild_time()};
      RepriceRule reprice{
          wild_money(),    wild_money(), cents(wild()), BasisPoints(wild()), BasisPoints(wild()), BasisPoints(wild()),
          Seconds(wild()), {},           days(2)};
      reprice.rival.far_below = BasisPoints(wild());
      reprice.rival.must_stand = Seconds(wild());
      if (sometimes()) reprice.allowed_loss = Money();
      (void)decide_price(offer, reprice, m.offers, m.fees, wild_time(), at);
      (void)decide_first_price(offer, reprice, m.offers, wild_money(), m.fees, wild_time(), at);

      const OutbidRule rule{{}, cents(wild()), wild_money(), BasisPoints(wild()), Seconds(wild())};
      std::optional<OwnTarget> standing;
      if (sometimes()) standing = OwnTarget{cents(wild()), wild(), {}, wild_time(), wild_time()};
      (void)decide_bid(rule, standing, m.orders, Worth{wild_money(), wild_time(), Seconds(wild())}, at);

      const Account account{wild_money(), wild_time(), wild_money(), wild_money()};
      const MoneyRules money{BasisPoints(wild()), cents(wild()), wild_money(), Seconds(wild())};
      const GuardState state{false, {wild(), wild_time()}, false};
      (void)check_purchase("x", {cents(wild()), wild(), wild()}, account, state, money, {}, at);
      (void)report(account, state, money, {}, at);
      (void)check_balance_change(wild_money(), wild_money(), {});
      (void)after_error(state.errors, {wild(), Seconds(wild()), wild(), Seconds(wild()), BasisPoints(wild())}, at);
      (void)least_price_for_percent(m.fees, cents(wild()), BasisPoints(wild()), at);
      (void)greatest_cost(cents(wild()), BasisPoints(wild()));
    }
  }));
}

TEST(TradingCases, AreAtLeast150) {
  RecordProperty("cases", static_cast<int>(counted_cases()));
  EXPECT_GE(counted_cases(), 150u) << "the tables of this program have shrunk";
}

}  // namespace
}  // namespace dmarket::trading
