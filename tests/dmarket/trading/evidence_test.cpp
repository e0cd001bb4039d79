#include "dmarket/trading/evidence.hpp"

#include "dmarket/trading/liquidity.hpp"
#include "tests/dmarket/trading/cases.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

struct AgedPrice {
  std::int64_t hours, price;
};

std::vector<Sale> sales_of(const std::vector<AgedPrice>& prices) {
  std::vector<Sale> sales;
  for (const auto& p : prices) sales.push_back({cents(p.price), later(now, -hours(p.hours))});
  return sales;
}

TitleView view_of(const std::vector<Sale>& sales) {
  TitleView view;
  view.title = "x";
  view.sales = sales;
  view.sales_at = now;
  return view;
}

struct MedianCase {
  const char* what;
  std::vector<AgedPrice> sales;
  std::int64_t median, average;
};
const MedianCase median_cases[] = {
    {"three", {{1, 100}, {2, 102}, {3, 101}}, 101, 101},
    {"of two middles the lower", {{1, 100}, {2, 104}, {3, 102}, {4, 106}}, 102, 103},
    {"one that is far above is not counted", {{1, 100}, {2, 1'000}, {3, 102}, {4, 104}}, 102, 326},
    {"one that is far below is not counted", {{1, 100}, {2, 1}, {3, 102}, {4, 104}}, 102, 76},
    {"exactly one and a half times counts", {{1, 98}, {2, 100}, {3, 150}, {4, 150}}, 100, 124},
    {"just above does not", {{1, 98}, {2, 100}, {3, 151}, {4, 151}}, 98, 125},
    {"exactly half counts", {{1, 50}, {2, 100}, {3, 102}, {4, 104}}, 100, 89},
    {"just below half does not", {{1, 49}, {2, 100}, {3, 102}, {4, 104}}, 102, 88},
    {"sales of a month ago count for the median only", {{1, 100}, {700, 120}, {719, 120}}, 120, 100},
    {"exactly seven days is within the week", {{168, 100}, {169, 130}, {170, 130}}, 130, 100},
    {"exactly thirty days is within the window", {{1, 100}, {2, 100}, {720, 101}}, 100, 100},
};
const Counted median_count(std::size(median_cases));

TEST(TradingEvidence, TheSalePriceIsTheTrimmedMedian) {
  for (const auto& c : median_cases) {
    const auto sales = sales_of(c.sales);
    const auto evidence = sales_evidence(view_of(sales), {}, now);
    ASSERT_TRUE(evidence) << c.what << ": " << to_text(evidence.error());
    EXPECT_EQ(evidence->median, cents(c.median)) << c.what;
    EXPECT_EQ(evidence->average_of_week, cents(c.average)) << c.what;
  }
}

struct NoEvidenceCase {
  const char* what;
  std::vector<AgedPrice> sales;
  Refusal why;
};
const NoEvidenceCase no_evidence_cases[] = {
    {"none", {}, Refusal::no_sales},
    {"two", {{1, 100}, {2, 100}}, Refusal::too_few_sales},
    {"two and an old one", {{1, 100}, {2, 100}, {721, 100}}, Refusal::too_few_sales},
    {"only old ones", {{721, 100}, {722, 100}, {723, 100}}, Refusal::no_sales},
    {"none within a week", {{169, 100}, {170, 100}, {171, 100}}, Refusal::no_average_of_week},
    {"dated days ahead", {{-25, 100}, {-26, 100}, {-27, 100}}, Refusal::no_sales},
    {"for nothing", {{1, 100}, {2, 0}, {3, 100}}, Refusal::amount_out_of_range},
    {"for less than nothing", {{1, 100}, {2, -5}, {3, 100}}, Refusal::amount_out_of_range},
    {"for all the money there is", {{1, 100}, {2, INT64_MAX}, {3, 100}}, Refusal::amount_out_of_range},
    {"a cent above the greatest price", {{1, 100}, {2, 1'000'000'001}, {3, 100}}, Refusal::amount_out_of_range},
};
const Counted no_evidence_count(std::size(no_evidence_cases));

TEST(TradingEvidence, WithoutSalesThereIsNone) {
  for (const auto& c : no_evidence_cases) {
    const auto sales = sales_of(c.sales);
    const auto evidence = sales_evidence(view_of(sales), {}, now);
    ASSERT_FALSE(evidence) << c.what;
    EXPECT_EQ(evidence.error().why, c.why) << c.what;
  }
  const auto sales = sales_of({{1, 100}, {2, 100}, {3, 100}});
  auto unread = view_of(sales);
  unread.sales_at = {};
  EXPECT_EQ(sales_evidence(unread, {}, now).error().why, Refusal::no_sales);
}

TEST(TradingEvidence, TheExchangesOwnAverageGoesBeforeOurs) {
  const auto sales = sales_of({{200, 100}, {201, 100}, {202, 100}});
  auto view = view_of(sales);
  view.average_of_week = cents(77);
  EXPECT_EQ(sales_evidence(view, {}, now)->average_of_week, cents(77));
  view.average_of_week = cents(INT64_MAX);
  EXPECT_EQ(sales_evidence(view, {}, now).error().why, Refusal::amount_out_of_range);
}

TEST(TradingEvidence, OnlySalesOfComparableCopiesCount) {
  auto sales = sales_of({{1, 100}, {2, 100}, {3, 100}, {4, 900}, {5, 900}, {6, 900}});
  for (std::size_t i = 3; i < 6; ++i) sales[i].copy.phase = Phase::ruby;
  auto view = view_of(sales);
  EXPECT_EQ(sales_evidence(view, {}, now)->median, cents(100));
  view.copy.phase = Phase::ruby;
  EXPECT_EQ(sales_evidence(view, {}, now)->median, cents(900));
  view.copy.phase = Phase::emerald;
  EXPECT_EQ(sales_evidence(view, {}, now).error().why, Refusal::no_sales);
}

TEST(TradingEvidence, DoesNotDependOnTheOrderOfTheSales) {
  auto sales = sales_of({{1, 300}, {2, 310}, {3, 290}, {30, 200}, {31, 205}, {32, 195}, {33, 199}});
  const auto newest_first = sales_evidence(view_of(sales), {}, now).value();
  std::ranges::reverse(sales);
  const auto oldest_first = sales_evidence(view_of(sales), {}, now).value();
  EXPECT_EQ(newest_first.recent_median, cents(300));
  EXPECT_EQ(newest_first.earlier_median, cents(199));
  EXPECT_EQ(oldest_first.recent_median, newest_first.recent_median);
  EXPECT_EQ(oldest_first.earlier_median, newest_first.earlier_median);
  EXPECT_EQ(oldest_first.median, newest_first.median);
  EXPECT_EQ(oldest_first.newest, later(now, -hours(1)));
  EXPECT_EQ(oldest_first.between_sales, hours(33) / 7);
}

TEST(TradingEvidence, ATrendNeedsThreeSalesBeforeTheNewestThree) {
  auto sales = sales_of({{1, 300}, {2, 310}, {3, 290}, {30, 200}, {31, 205}});
  EXPECT_EQ(sales_evidence(view_of(sales), {}, now)->earlier_median, Money());
  EXPECT_EQ(sales_evidence(view_of(sales), {}, now)->recent_median, Money());
  sales.push_back({cents(195), later(now, -hours(32))});
  EXPECT_EQ(sales_evidence(view_of(sales), {}, now)->earlier_median, cents(200));
}

struct DeviationCase {
  std::vector<AgedPrice> sales;
  std::int64_t basis_points;
};
const DeviationCase deviation_cases[] = {
    {{{1, 100}, {2, 100}, {3, 100}}, 0},
    {{{1, 90}, {2, 110}, {3, 90}, {4, 110}}, 1'000},
    {{{1, 999'999'999}, {2, 999'999'999}, {3, 1'000'000'000}}, 0},
    {{{1, 100}, {2, 101}, {3, 102}}, 80},
    {{{1, 100}, {2, 100}, {3, 400}}, 7'071},
};
const Counted deviation_count(std::size(deviation_cases));

TEST(TradingEvidence, TheDeviationIsThatOfAllSalesWithTheOutliers) {
  for (const auto& c : deviation_cases) {
    const auto sales = sales_of(c.sales);
    EXPECT_EQ(sales_evidence(view_of(sales), {}, now)->deviation, c.basis_points);
  }
}

struct PumpCase {
  const char* what;
  std::int64_t price, average, recent, earlier;
  bool pumped;
};
const PumpCase pump_cases[] = {
    {"at the limit", 150, 100, 100, 100, false},
    {"a cent above the limit", 151, 100, 100, 100, true},
    {"the limit of an odd average", 151, 101, 100, 100, false},
    {"the newest at the limit", 100, 100, 150, 100, false},
    {"the newest above the limit", 100, 100, 151, 100, true},
    {"nothing earlier is known", 100, 100, 151, 0, false},
    {"a falling price is not pumped", 100, 100, 50, 100, false},
};
const Counted pump_count(std::size(pump_cases));

TEST(TradingEvidence, APumpedPriceIsRefusedWithItsFigures) {
  for (const auto& c : pump_cases) {
    SalesEvidence evidence;
    evidence.average_of_week = cents(c.average);
    evidence.recent_median = cents(c.recent);
    evidence.earlier_median = cents(c.earlier);
    const auto refused = pumped(cents(c.price), evidence, {});
    EXPECT_EQ(refused.has_value(), c.pumped) << c.what;
    if (refused) {
      EXPECT_EQ(refused->why, Refusal::pumped);
    }
  }
}

struct LiquidityCase {
  const char* what;
  LiquidityInputs inputs;
  int points;
};
const LiquidityInputs best{20, Seconds(0), 0, 0, 10};
const LiquidityCase liquidity_cases[] = {
    {"all there is", best, 100},
    {"nothing", {0, days(30), 10'000, 100, 0}, 0},
    {"beyond all ends", {1'000, Seconds(-5), -3, -1, 900}, 100},
    {"beyond the other ends", {-1, days(900), 99'999, 1'000, -5}, 0},
    {"half of the sales", {10, Seconds(0), 0, 0, 10}, 85},
    {"19 sales", {19, Seconds(0), 0, 0, 10}, 98},
    {"21 sales", {21, Seconds(0), 0, 0, 10}, 100},
    {"fifteen days from sale to sale", {20, days(15), 0, 0, 10}, 87},
    {"just under thirty days", {20, days(30) - Seconds(1), 0, 0, 10}, 75},
    {"thirty days", {20, days(30), 0, 0, 10}, 75},
    {"half as stable", {20, Seconds(0), 5'000, 0, 10}, 90},
    {"not stable at all", {20, Seconds(0), 10'000, 0, 10}, 80},
    {"99 competitors", {20, Seconds(0), 0, 99, 10}, 85},
    {"100 competitors", {20, Seconds(0), 0, 100, 10}, 85},
    {"101 competitors", {20, Seconds(0), 0, 101, 10}, 85},
    {"one competitor", {20, Seconds(0), 0, 1, 10}, 99},
    {"no target", {20, Seconds(0), 0, 0, 0}, 90},
    {"nine targets", {20, Seconds(0), 0, 0, 9}, 99},
    {"the ends of the numbers", {INT64_MAX, Seconds(INT64_MIN), INT64_MIN, INT64_MIN, INT64_MAX}, 100},
};
const Counted liquidity_count(std::size(liquidity_cases));

TEST(TradingLiquidity, IsTheSumOfItsFiveParts) {
  for (const auto& c : liquidity_cases) EXPECT_EQ(liquidity(c.inputs), c.points) << c.what;
}

}  // namespace
}  // namespace dmarket::trading
