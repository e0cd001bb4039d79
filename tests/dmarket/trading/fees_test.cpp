#include "dmarket/trading/price_range.hpp"
#include "dmarket/trading/selling_price.hpp"
#include "tests/dmarket/trading/cases.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

// 2 % from $1 to $5, until a day from now; otherwise 10 %, at least 2 cents.
constexpr FeeWindow reduced{percent(2), cents(100), cents(500), later(now, days(1))};
const std::vector<FeeWindow> one_window{reduced};
const TitleFees windowed = fees_of(percent(10), 2, one_window);

struct FeeCase {
  const char* what;
  std::int64_t price;
  Time sold;
  std::int64_t fee;
};
const FeeCase fee_cases[] = {
    {"below the window the default", 99, now, 10},
    {"the window's lower border is in it", 100, now, 2},
    {"a cent above the lower border", 101, now, 3},
    {"the window's upper border is in it", 500, now, 10},
    {"a cent above the upper border the default", 501, now, 51},
    {"a second before it expires", 500, later(now, days(1) - Seconds(1)), 10},
    {"at the second it expires the default", 500, later(now, days(1)), 50},
    {"long after", 500, later(now, days(30)), 50},
    {"the least fee binds the default", 10, now, 2},
    {"the least fee on a cent", 1, now, 2},
    {"the default rounds up", 91, now, 10},
    {"exactly whole is not rounded", 90, now, 9},
    {"free of charge still pays the least fee", 0, now, 2},
};
const Counted fee_count(std::size(fee_cases));

TEST(TradingFees, HoldWithinTheirWindowAndTimeAndRoundUp) {
  for (const auto& c : fee_cases) EXPECT_EQ(fee_at(windowed, cents(c.price), c.sold), cents(c.fee)) << c.what;
}

TEST(TradingFees, OfSeveralWindowsTheDearestIsReckoned) {
  const std::vector<FeeWindow> two{{percent(2), cents(100), cents(500), never}, {percent(5), cents(300), {}, never}};
  const auto fees = fees_of(percent(10), 0, two);
  EXPECT_EQ(fee_at(fees, cents(299), now), cents(6));
  EXPECT_EQ(fee_at(fees, cents(300), now), cents(15));
  EXPECT_EQ(fee_at(fees, cents(501), now), cents(26));
  EXPECT_EQ(fee_at(fees, cents(1'000'000), now), cents(50'000)) << "an upper end of zero is open";
}

TEST(TradingFees, AnEmptyOrUpsideDownWindowCoversNothing) {
  const std::vector<FeeWindow> odd{{percent(2), cents(500), cents(100), never}};
  for (const std::int64_t price : {99, 100, 300, 500, 501}) {
    EXPECT_EQ(rate_at(fees_of(percent(10), 0, odd), cents(price), now), percent(10));
  }
}

TEST(TradingFees, ATableGivesEachTitleItsOwnWindows) {
  FeeTable table(percent(10), cents(2), now);
  table.add("AK-47 | Redline (Field-Tested)", reduced);
  table.add("AK-47 | Redline (Field-Tested)", {percent(3), cents(501), cents(900), never});
  EXPECT_EQ(table.of("AK-47 | Redline (Field-Tested)").windows.size(), 2u);
  EXPECT_EQ(table.of("AK-47 | Redline (Minimal Wear)").windows.size(), 0u);
  EXPECT_EQ(table.of("x").default_rate, percent(10));
  EXPECT_EQ(table.of("x").least_fee, cents(2));
  EXPECT_EQ(table.of("x").read_at, now);
  EXPECT_EQ(table.reduced_titles(), 1u);
}

TEST(TradingFees, ATableFindsEachOfThousands) {
  FeeTable table(percent(10), Money(), now);
  EXPECT_EQ(table.of("1").windows.size(), 0u) << "also when it is empty";
  for (int i = 0; i < 3'000; ++i) table.add(std::to_string(i), {percent(2), cents(i), {}, never});
  for (int i = 0; i < 3'000; ++i) {
    const auto fees = table.of(std::to_string(i));
    ASSERT_EQ(fees.windows.size(), 1u);
    EXPECT_EQ(fees.windows[0].from, cents(i));
  }
  EXPECT_EQ(table.of("3000").windows.size(), 0u);
  EXPECT_EQ(table.reduced_titles(), 3'000u);
}

struct LeastCase {
  const char* what;
  TitleFees fees;
  std::int64_t wanted;
  std::int64_t price;  // 0: none
};
const LeastCase least_cases[] = {
    {"nothing wanted, no fee", fees_of(percent(0)), 0, 1},
    {"no fee", fees_of(percent(0)), 100, 100},
    {"2 %", fees_of(percent(2)), 98, 100},
    {"2 %, a cent more", fees_of(percent(2)), 99, 102},
    {"10 %", fees_of(percent(10)), 90, 100},
    {"10 % of a cent", fees_of(percent(10)), 1, 2},
    {"the least fee", fees_of(percent(0), 5), 1, 6},
    {"nothing wanted with a least fee", fees_of(percent(0), 5), 0, 5},
    {"the whole price is fee", fees_of(percent(100)), 1, 0},
    {"the whole price is fee, nothing wanted", fees_of(percent(100)), 0, 1},
    {"in the window", windowed, 490, 500},
    {"just beyond what the window brings", windowed, 491, 546},
    {"the window's lower border", windowed, 98, 100},
    {"below the window's lower border", windowed, 97, 100},
    {"cheap enough for the default below the window", windowed, 89, 99},
    {"a cent more than the default below the window brings", windowed, 90, 100},
    {"the greatest price there is", fees_of(percent(0)), 1'000'000'000, 1'000'000'000},
    {"more than the greatest price", fees_of(percent(0)), 1'000'000'001, 0},
    {"the greatest amount", fees_of(percent(0)), INT64_MAX, 0},
    {"the smallest amount", fees_of(percent(2)), INT64_MIN, 1},
};
const Counted least_count(std::size(least_cases));

TEST(TradingFees, TheLeastPriceForANetAmountIsFoundAcrossWindows) {
  for (const auto& c : least_cases) {
    EXPECT_EQ(least_price_for_net(c.fees, cents(c.wanted), now).value_or(Money()), cents(c.price)) << c.what;
  }
}

TEST(TradingFees, TheGreatestPriceForANetAmountMayLieBelowABorder) {
  EXPECT_EQ(greatest_price_for_net(windowed, cents(480), now, cents(520)), cents(500));
  EXPECT_EQ(greatest_price_for_net(windowed, cents(480), now, cents(540)), cents(540));
  EXPECT_EQ(greatest_price_for_net(windowed, cents(480), now, cents(489)), std::nullopt);
  EXPECT_EQ(greatest_price_for_net(windowed, cents(89), now, cents(99)), cents(99));
}

struct BestCase {
  std::int64_t to, best;
};
const BestCase best_cases[] = {{99, 99},   {100, 100}, {500, 500}, {501, 500},
                               {544, 500}, {545, 545}, {546, 546}, {1'000, 1'000}};
const Counted best_count(std::size(best_cases));

TEST(TradingFees, BothSidesOfABorderAreConsidered) {
  for (const auto& c : best_cases) EXPECT_EQ(best_price_up_to(windowed, cents(c.to), now), cents(c.best)) << c.to;
  EXPECT_EQ(best_price_up_to(windowed, cents(520), now, cents(501)), cents(520)) << "not below what is allowed";
  EXPECT_EQ(best_price_up_to(windowed, cents(520), later(now, days(2))), cents(520)) << "expired borders are none";
}

TEST(TradingFees, OfBordersThatBringTheSameTheHighestIsTaken) {
  const std::vector<FeeWindow> two{{percent(2), cents(100), cents(500), never},
                                   {percent(10), cents(545), cents(545), never}};
  const auto fees = fees_of(percent(50), 0, two);
  EXPECT_EQ(net_at(fees, cents(500), now), net_at(fees, cents(545), now));
  EXPECT_EQ(best_price_up_to(fees, cents(600), now), cents(545));
}

struct ProfitCase {
  std::int64_t cost, profit, price;  // 0: none
};
const ProfitCase profit_cases[] = {{98, 0, 100},   {98, 1, 102},      {480, 0, 490},    {480, 10, 500},
                                   {480, 11, 546}, {INT64_MAX, 1, 0}, {1, INT64_MAX, 0}};
const Counted profit_count(std::size(profit_cases));

TEST(TradingFees, AWantedProfitHasItsLeastPriceAndBreakEvenHasNone) {
  const auto fees = fees_of(percent(10), 0, one_window);
  for (const auto& c : profit_cases) {
    EXPECT_EQ(least_price_for_profit(fees, cents(c.cost), cents(c.profit), now).value_or(Money()), cents(c.price))
        << c.cost << "+" << c.profit;
  }
  EXPECT_EQ(break_even(fees, cents(90), now), cents(100)) << "$0.99 would pay 10 %";
  EXPECT_EQ(least_price_for_percent(fees, cents(400), BasisPoints(500), now), cents(429));
  EXPECT_EQ(least_price_for_percent(fees, cents(333), BasisPoints(1), now), least_price_for_net(fees, cents(334), now))
      << "a wanted profit rounds up";
}

struct PercentCase {
  std::int64_t profit, cost, percent;
};
const PercentCase percent_cases[] = {{5, 100, 500},   {0, 100, 0},   {1, 3, 3'333},     {-1, 3, -3'334},
                                     {-5, 100, -500}, {2, 3, 6'666}, {300, 100, 30'000}};
const Counted percent_count(std::size(percent_cases));

TEST(TradingFees, APercentageRoundsTowardsTheLoss) {
  for (const auto& c : percent_cases) {
    EXPECT_EQ(percent_of(cents(c.profit), cents(c.cost)), BasisPoints(c.percent)) << c.profit << "/" << c.cost;
  }
  EXPECT_THROW(percent_of(cents(1), Money()), std::invalid_argument);
}

struct CostCase {
  std::int64_t net, least, cost;
};
const CostCase cost_cases[] = {{105, 500, 100}, {104, 500, 99}, {100, 0, 100},     {0, 0, 0},
                               {-5, 0, 0},      {1, 500, 0},    {100, -10'000, 0}, {INT64_MAX, 0, INT64_MAX}};
const Counted cost_count(std::size(cost_cases));

TEST(TradingFees, TheGreatestCostLeavesTheWantedPercentage) {
  for (const auto& c : cost_cases) {
    EXPECT_EQ(greatest_cost(cents(c.net), BasisPoints(c.least)), cents(c.cost)) << c.net << " at " << c.least;
  }
}

}  // namespace
}  // namespace dmarket::trading
