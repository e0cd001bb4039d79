#include "dmarket/trading/opportunity.hpp"

#include "dmarket/trading/scan.hpp"
#include "tests/dmarket/trading/cases.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

// A title that pays: bid $8.01, sell for $9.99 (fee $0.20 at 2 %).
struct World {
  World() {
    for (int i = 0; i < 12; ++i) sales.push_back({cents(1'000 + i), later(now, -hours(1 + i))});
    view.title = "AWP | Asiimov (Field-Tested)";
    view.best_offer = cents(1'000);
    view.offers = 40;
    view.best_target = cents(800);
    view.targets = 8;
    view.prices_at = now;
    view.sales_at = now;
  }
  std::expected<Opportunity, Refused> decide() {
    view.sales = sales;
    if (view.offers_at) view.offer_list = offers;
    if (view.targets_at) view.target_list = targets;
    fees.windows = windows;
    return find_opportunity(view, fees, rules, blacklist, at);
  }
  void list_offers(std::vector<CompetingOffer> all) {
    offers = std::move(all);
    view.offers_at = now;
  }
  void list_targets(std::vector<Order> all) {
    targets = std::move(all);
    view.targets_at = now;
  }
  std::vector<Sale> sales;
  std::vector<CompetingOffer> offers;
  std::vector<Order> targets;
  std::vector<FeeWindow> windows;
  TitleView view;
  TitleFees fees = fees_of(percent(2));
  ScanRules rules;
  Blacklist blacklist;
  Time at = now;
};

TEST(TradingOpportunity, CarriesAllThatItWasDecidedOn) {
  World world;
  const auto found = world.decide();
  ASSERT_TRUE(found) << to_text(found.error());
  EXPECT_EQ(found->buy, cents(801));
  EXPECT_EQ(found->sell, cents(999));
  EXPECT_EQ(found->fee, cents(20));
  EXPECT_EQ(found->net, cents(979));
  EXPECT_EQ(found->profit, cents(178));
  EXPECT_EQ(found->percent, BasisPoints(2'222));
  EXPECT_EQ(found->level, Level::standard);
  EXPECT_EQ(found->break_even, cents(818));
  EXPECT_EQ(found->lowest_competing, cents(1'000));
  EXPECT_EQ(found->sales.sales, 12);
  EXPECT_EQ(found->quick_sell, std::nullopt);
  EXPECT_EQ(found->liquidity, 30 * 12 / 20 + 24 + 19 + 9 + 8 + 1);  // of fractions: 18 + 24.97 + 19.9 + 9 + 8
  EXPECT_TRUE(found->risks.none());
  EXPECT_EQ(figures_of(*found).money(Figure::profit), cents(178));
}

struct SellCase {
  const char* what;
  std::int64_t offer, median, sell;
};
const SellCase sell_cases[] = {
    {"a cent below the lowest offer", 1'000, 1'100, 999},
    {"the median where offers are dearer", 1'200, 1'000, 1'000},
    {"a cent decides for the offer", 1'000, 1'000, 999},
    {"a cent decides for the median", 1'002, 1'000, 1'000},
    {"both the same", 1'001, 1'000, 1'000},
};
const Counted sell_count(std::size(sell_cases));

TEST(TradingOpportunity, SellsForTheLeastThatTheEvidenceSays) {
  for (const auto& c : sell_cases) {
    World world;
    world.view.best_offer = cents(c.offer);
    for (auto& sale : world.sales) sale.price = cents(c.median);
    const auto found = world.decide();
    ASSERT_TRUE(found) << c.what;
    EXPECT_EQ(found->sell, cents(c.sell)) << c.what;
  }
}

struct RefusalCase {
  const char* what;
  Refusal why;
  std::function<void(World&)> change;
};
const std::vector<std::string> words{"asiimov"};
const RefusalCase refusal_cases[] = {
    {"a clock at zero", Refusal::bad_time, [](World& w) { w.at = time_of(0); }},
    {"a clock at the end of time", Refusal::bad_time, [](World& w) { w.at = time_of(INT64_MAX); }},
    {"a word of the blacklist", Refusal::blacklisted, [](World& w) { w.blacklist = Blacklist(words); }},
    {"no offer", Refusal::no_offers, [](World& w) { w.view.best_offer = {}; }},
    {"no target", Refusal::no_targets, [](World& w) { w.view.best_target = {}; }},
    {"prices of an unknown time", Refusal::old_prices, [](World& w) { w.view.prices_at = {}; }},
    {"prices of ten minutes and a second ago", Refusal::old_prices,
     [](World& w) { w.view.prices_at = later(now, -minutes(10) - Seconds(1)); }},
    {"sales of a day and a second ago", Refusal::old_sales,
     [](World& w) { w.view.sales_at = later(now, -days(1) - Seconds(1)); }},
    {"fees of two days and a second ago", Refusal::old_fees,
     [](World& w) { w.fees.read_at = later(now, -days(2) - Seconds(1)); }},
    {"sales not read", Refusal::no_sales, [](World& w) { w.view.sales_at = {}; }},
    {"no sales", Refusal::no_sales, [](World& w) { w.sales.clear(); }},
    {"two sales", Refusal::too_few_sales, [](World& w) { w.sales.resize(2); }},
    {"ours may be the lowest offer", Refusal::own_orders_unclear, [](World& w) { w.view.own_offers = true; }},
    {"ours may be the best target", Refusal::own_orders_unclear, [](World& w) { w.view.own_targets = true; }},
    {"a phase needs the list", Refusal::no_details, [](World& w) { w.view.copy.phase = Phase::ruby; }},
    {"buying an offer needs the list", Refusal::no_details, [](World& w) { w.rules.buy_by = BuyBy::offer; }},
    {"below all levels", Refusal::no_level, [](World& w) { w.view.best_target = cents(48); }},
    {"above all levels", Refusal::no_level, [](World& w) { w.view.best_target = cents(99'999); }},
    {"another level", Refusal::level_not_wanted, [](World& w) { w.rules.levels = LevelSet().add(Level::boost); }},
    {"the week's average is far below", Refusal::pumped, [](World& w) { w.view.average_of_week = cents(665); }},
    {"the newest sales are far above", Refusal::pumped,
     [](World& w) {
       for (std::size_t i = 3; i < w.sales.size(); ++i) w.sales[i].price = cents(600);
       w.view.average_of_week = cents(1'000);
     }},
    {"a target above the offers", Refusal::no_spread, [](World& w) { w.view.best_target = cents(985); }},
    {"it brings back its cost and no more", Refusal::no_spread, [](World& w) { w.view.best_target = cents(978); }},
    {"an offer for a cent", Refusal::no_spread, [](World& w) { w.view.best_offer = cents(1); }},
    {"a cent below the wanted profit", Refusal::profit_too_small, [](World& w) { w.view.best_target = cents(950); }},
    {"more is wanted than there is", Refusal::profit_too_small,
     [](World& w) { w.rules.least_percent = BasisPoints(2'223); }},
    {"more liquidity is wanted than there is", Refusal::not_liquid, [](World& w) { w.rules.least_liquidity = 81; }},
    {"nobody to sell to at once", Refusal::no_covered_target, [](World& w) { w.rules.sell_by = SellBy::target; }},
    {"an offer for nothing", Refusal::amount_out_of_range, [](World& w) { w.view.best_offer = Money(); }},
    {"an offer for all the money there is", Refusal::amount_out_of_range,
     [](World& w) { w.view.best_offer = cents(INT64_MAX); }},
    {"a target for all the money there is", Refusal::amount_out_of_range,
     [](World& w) { w.view.best_target = cents(INT64_MAX); }},
    {"a target for less than nothing", Refusal::amount_out_of_range,
     [](World& w) { w.view.best_target = cents(INT64_MIN); }},
    {"a least fee of all the money there is", Refusal::amount_out_of_range,
     [](World& w) { w.fees.least_fee = cents(INT64_MAX); }},
    {"a least fee that gives money", Refusal::amount_out_of_range, [](World& w) { w.fees.least_fee = cents(-1); }},
    {"all of the price is fee", Refusal::no_spread, [](World& w) { w.fees.default_rate = percent(100); }},
};
const Counted refusal_cases_count(std::size(refusal_cases));

TEST(TradingOpportunity, EachRefusalHasItsReason) {
  for (const auto& c : refusal_cases) {
    World world;
    c.change(world);
    const auto found = world.decide();
    ASSERT_FALSE(found) << c.what;
    EXPECT_EQ(found.error().why, c.why) << c.what << ": " << to_text(found.error());
  }
}

struct BorderCase {
  const char* what;
  std::function<void(World&)> change;
};
const BorderCase border_cases[] = {
    {"prices of just ten minutes ago", [](World& w) { w.view.prices_at = later(now, -minutes(10)); }},
    {"prices dated ahead", [](World& w) { w.view.prices_at = later(now, minutes(1)); }},
    {"sales read just a day ago", [](World& w) { w.view.sales_at = later(now, -days(1)); }},
    {"fees read just two days ago", [](World& w) { w.fees.read_at = later(now, -days(2)); }},
    {"three sales", [](World& w) { w.sales.resize(3); }},
    {"just the wanted profit", [](World& w) { w.view.best_target = cents(949); }},
    {"just the percentage asked for", [](World& w) { w.rules.least_percent = BasisPoints(2'222); }},
    {"just the liquidity asked for", [](World& w) { w.rules.least_liquidity = 79; }},
    {"just at 1.5 times the week's average", [](World& w) { w.view.average_of_week = cents(666); }},
    {"a blacklist of other words",
     [](World& w) {
       w.blacklist = Blacklist(std::vector<std::string>{"souvenir", ""});
     }},
};
const Counted border_count(std::size(border_cases));

TEST(TradingOpportunity, OnTheRightSideOfEachBorderItIsOne) {
  for (const auto& c : border_cases) {
    World world;
    c.change(world);
    const auto found = world.decide();
    EXPECT_TRUE(found) << c.what << ": " << to_text(found.error());
  }
}

TEST(TradingOpportunity, TheListsGoBeforeTheAggregatedPrices) {
  World world;
  world.view.own_offers = world.view.own_targets = true;
  world.list_offers({{cents(700), {}, true}, {cents(990), {}, false}, {cents(995), {}, false}});
  world.list_targets({{cents(900), 1, {}, true},
                      {cents(850), 1, {FloatBucket::ft_0, Phase::none, {}}, false},
                      {cents(810), 3, {}, false}});
  const auto found = world.decide();
  ASSERT_TRUE(found) << to_text(found.error());
  EXPECT_EQ(found->buy, cents(811)) << "neither ours nor one that wants special floats is outbid";
  EXPECT_EQ(found->sell, cents(989)) << "ours is not undercut";
}

TEST(TradingOpportunity, BuyingTheCheapestOfferLeavesTheNextOneAsCompetition) {
  World world;
  world.rules.buy_by = BuyBy::offer;
  world.list_offers({{cents(990), {}, false}, {cents(800), {}, false}, {cents(700), {}, true}});
  auto found = world.decide();
  ASSERT_TRUE(found) << to_text(found.error());
  EXPECT_EQ(found->buy, cents(800));
  EXPECT_EQ(found->sell, cents(989));
  world.list_offers({{cents(800), {}, false}});
  found = world.decide();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sell, cents(1'005)) << "nobody competes: the median";
  world.list_offers({});
  EXPECT_EQ(world.decide().error().why, Refusal::no_offers);
}

TEST(TradingOpportunity, TheQuickVariantSellsToTheBestCoveredGenericTargetOfOthers) {
  World world;
  world.rules.buy_by = BuyBy::offer;
  world.rules.sell_by = SellBy::target;
  world.list_offers({{cents(800), {}, false}, {cents(990), {}, false}});
  const Demand special{FloatBucket::ft_0, Phase::none, {}};
  world.list_targets({{cents(980), 1, {}, false, false},
                      {cents(970), 1, special, false, true},
                      {cents(960), 1, {}, true, true},
                      {cents(950), 1, {}, false, true},
                      {cents(940), 1, {}, false, true}});
  auto found = world.decide();
  ASSERT_TRUE(found) << to_text(found.error());
  EXPECT_EQ(found->sell, cents(950));
  EXPECT_EQ(found->quick_sell, cents(950));
  EXPECT_EQ(found->sale_expected, now);
  world.list_targets({{cents(2'000), 1, {}, false, true}});
  found = world.decide();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sell, cents(989)) << "a target above the evidence is not believed";
}

TEST(TradingOpportunity, AReducedFeeThatEndsBeforeTheSaleIsNotReckonedWith) {
  World world;
  world.fees = fees_of(percent(10));
  world.windows = {{percent(2), cents(100), {}, later(now, hours(2))}};
  auto found = world.decide();  // an hour from sale to sale
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fee, cents(20));
  world.windows = {{percent(2), cents(100), {}, later(now, hours(1))}};
  found = world.decide();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fee, cents(100));
  EXPECT_TRUE(found->risks.has(Risk::fee_ends_before_sale));
  world.windows = {{percent(2), cents(100), {}, later(now, days(2))}};
  world.rules.hold = days(2);
  EXPECT_EQ(world.decide()->fee, cents(100)) << "what cannot be sold yet is sold later";
}

TEST(TradingOpportunity, GoesBelowAFeeBorderWhereThatLeavesMore) {
  World world;
  world.fees = fees_of(percent(10));
  world.windows = {{percent(2), cents(100), cents(950), never}};
  const auto found = world.decide();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sell, cents(950));
  EXPECT_TRUE(found->risks.has(Risk::at_fee_border));
}

TEST(TradingOpportunity, SaysWhatIsRisky) {
  World world;
  world.sales = {{cents(600), later(now, -days(6))},    {cents(800), later(now, -days(20))},
                 {cents(1'000), later(now, -days(22))}, {cents(1'100), later(now, -days(25))},
                 {cents(1'150), later(now, -days(27))}, {cents(1'200), later(now, -days(29))}};
  world.view.best_target = cents(500);
  world.view.offers = 50;
  world.view.average_of_week = cents(900);
  const auto found = world.decide();
  ASSERT_TRUE(found) << to_text(found.error());
  for (const auto risk : {Risk::few_sales, Risk::falling_price, Risk::many_offers}) {
    EXPECT_TRUE(found->risks.has(risk)) << name_of(risk);
  }
  EXPECT_FALSE(found->risks.has(Risk::slow_sale));
}

TEST(TradingOpportunity, AWildSlowOrForgottenTitleIsSaidToBeOne) {
  World world;
  world.view.best_target = cents(500);
  world.view.average_of_week = cents(900);
  world.sales.clear();
  for (int i = 0; i < 4; ++i) world.sales.push_back({cents(i % 2 == 0 ? 600 : 1'000), later(now, -days(8 + 7 * i))});
  world.rules.evidence.window = days(60);
  const auto found = world.decide();
  ASSERT_TRUE(found) << to_text(found.error());
  EXPECT_EQ(found->sales.between_sales, days(29) / 4);
  EXPECT_EQ(found->sales.deviation, 2'500);
  EXPECT_FALSE(found->risks.has(Risk::unstable_price)) << "just at the border";
  EXPECT_TRUE(found->risks.has(Risk::slow_sale));
  EXPECT_TRUE(found->risks.has(Risk::old_sales));
  for (auto& sale : world.sales) sale.price = sale.price == cents(600) ? cents(598) : sale.price;
  EXPECT_TRUE(world.decide()->risks.has(Risk::unstable_price));
}

TEST(TradingOpportunity, TheCheapLookLeavesToTheListsWhatOnlyTheyTell) {
  World world;
  world.view.best_target = cents(985);
  const auto look = [&world] { return worth_details(world.view, world.fees, world.rules, {}, now).has_value(); };
  EXPECT_FALSE(look());
  world.view.own_targets = true;
  EXPECT_TRUE(look()) << "the best target may be ours";
  world.view.own_targets = false;
  world.view.own_offers = true;
  EXPECT_TRUE(look()) << "the lowest offer may be ours";
  world.view.own_offers = false;
  world.view.copy.phase = Phase::ruby;
  EXPECT_TRUE(look()) << "the prices are those of other phases";
  world.view.copy = {};
  world.rules.buy_by = BuyBy::offer;
  EXPECT_TRUE(look()) << "nothing is known of the next offer";
  world.rules.sell_by = SellBy::target;
  EXPECT_FALSE(look()) << "bought for $10.00, sold for $9.85";
  world.view.best_target = cents(1'100);
  EXPECT_TRUE(look());
}

TEST(TradingScan, GivesTheBestFirstAndCountsWhyTheRestIsNone) {
  World good, better, poor;
  better.view.best_target = cents(700);
  poor.view.best_target = cents(985);
  std::vector<TitleView> market;
  for (World* world : {&good, &poor, &better, &poor}) {
    world->view.sales = world->sales;
    market.push_back(world->view);
  }
  const FeeTable fees(percent(2), Money(), now);
  const auto result = scan(market, &fees, {}, {}, now);
  ASSERT_EQ(result.found.size(), 2u);
  EXPECT_EQ(result.found[0].title, 2u);
  EXPECT_EQ(result.found[1].title, 0u);
  EXPECT_EQ(result.refused.of(Refusal::no_spread), 2u);
  EXPECT_EQ(result.refused.total(), 2u);
  EXPECT_EQ(result.looked_at, 4u);

  const auto unknown = scan(market, nullptr, {}, {}, now);
  EXPECT_TRUE(unknown.found.empty());
  EXPECT_EQ(unknown.refused.of(Refusal::no_fees), 4u);

  const auto screened = screen(market, &fees, {}, {}, now);
  EXPECT_EQ(screened.candidates, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(screened.refused.of(Refusal::no_spread), 2u);
}

}  // namespace
}  // namespace dmarket::trading
