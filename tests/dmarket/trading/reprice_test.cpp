#include "dmarket/trading/reprice.hpp"

#include "tests/dmarket/trading/cases.hpp"

#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

CompetingOffer theirs(std::int64_t price, const Traits& copy = {}) { return {cents(price), copy, false}; }

struct PriceCase {
  const char* what;
  std::int64_t price, cost;
  std::vector<std::int64_t> others;
  RepriceAction action;
  RepriceReason reason;
  std::int64_t to;
  std::optional<std::int64_t> floor = {};
  std::optional<std::int64_t> ceiling = {};
  std::int64_t loss = 0;
  std::int64_t minutes_ago = 1'000;
};
// At 10 %: a cost of $9.00 is brought back by $10.00.
const PriceCase price_cases[] = {
    {"lowest already", 1'099, 900, {1'100}, RepriceAction::keep, RepriceReason::is_lowest, 1'099},
    {"follows down", 1'200, 900, {1'100, 1'150}, RepriceAction::change, RepriceReason::follows, 1'099},
    {"an equal one is undercut", 1'100, 900, {1'100}, RepriceAction::change, RepriceReason::follows, 1'099},
    {"follows up", 1'100, 900, {1'200}, RepriceAction::change, RepriceReason::follows, 1'199},
    {"nobody competes", 1'100, 900, {}, RepriceAction::keep, RepriceReason::no_competition, 1'100},
    {"just at the floor", 1'100, 900, {1'001}, RepriceAction::change, RepriceReason::follows, 1'000},
    {"a cent below the floor", 1'100, 900, {1'000}, RepriceAction::change, RepriceReason::at_floor, 1'000},
    {"far below the floor", 1'100, 900, {500}, RepriceAction::change, RepriceReason::at_floor, 1'000},
    {"stays at the floor", 1'000, 900, {500}, RepriceAction::keep, RepriceReason::at_floor, 1'000},
    {"the user's floor is higher", 1'100, 900, {500}, RepriceAction::change, RepriceReason::at_floor, 1'050, 1'050},
    {"the user's floor is lower", 1'100, 900, {500}, RepriceAction::change, RepriceReason::at_floor, 1'000, 600},
    {"just at the ceiling", 1'100, 900, {1'151}, RepriceAction::change, RepriceReason::follows, 1'150, {}, 1'150},
    {"a cent above the ceiling",
     1'100,
     900,
     {1'152},
     RepriceAction::change,
     RepriceReason::at_ceiling,
     1'150,
     {},
     1'150},
    {"nobody competes, above the ceiling",
     1'200,
     900,
     {},
     RepriceAction::change,
     RepriceReason::at_ceiling,
     1'150,
     {},
     1'150},
    {"just 15 % down", 2'000, 900, {1'701}, RepriceAction::change, RepriceReason::follows, 1'700},
    {"more than 15 % down", 2'000, 900, {1'700}, RepriceAction::change, RepriceReason::step_limited, 1'700},
    {"much more than 15 % down", 2'000, 900, {1'100}, RepriceAction::change, RepriceReason::step_limited, 1'700},
    {"just 15 % up", 1'000, 900, {1'151}, RepriceAction::change, RepriceReason::follows, 1'150},
    {"more than 15 % up", 1'000, 900, {1'152}, RepriceAction::change, RepriceReason::step_limited, 1'150},
    {"a step rounds down", 1'099, 100, {500}, RepriceAction::change, RepriceReason::step_limited, 935},
    {"far above the ceiling goes step by step",
     2'000,
     900,
     {3'000},
     RepriceAction::change,
     RepriceReason::step_limited,
     1'700,
     {},
     1'200},
    {"below the floor, a step reaches it", 950, 900, {500}, RepriceAction::change, RepriceReason::at_floor, 1'000},
    {"below the floor, a step just reaches it", 870, 900, {500}, RepriceAction::change, RepriceReason::at_floor, 1'000},
    {"below the floor, no step reaches it", 869, 900, {500}, RepriceAction::take_down, RepriceReason::below_floor, 869},
    {"below the floor and locked",
     950,
     900,
     {500},
     RepriceAction::take_down,
     RepriceReason::below_floor,
     950,
     {},
     {},
     0,
     1},
    {"below the user's floor, no step reaches it",
     1'000,
     100,
     {500},
     RepriceAction::take_down,
     RepriceReason::below_floor,
     1'000,
     1'151},
    {"a loss is allowed", 1'000, 900, {890}, RepriceAction::change, RepriceReason::at_floor, 945, {}, {}, 50},
    {"more loss than cost is allowed",
     1'000,
     900,
     {890},
     RepriceAction::change,
     RepriceReason::follows,
     889,
     {},
     {},
     5'000},
    {"no price brings it back",
     1'000,
     2'000'000'000,
     {900},
     RepriceAction::take_down,
     RepriceReason::below_floor,
     1'000},
    {"the floor is above the ceiling and it stands below",
     900,
     900,
     {850},
     RepriceAction::take_down,
     RepriceReason::below_floor,
     900,
     {},
     950},
    {"a second of the lock left",
     1'200,
     900,
     {1'100},
     RepriceAction::wait,
     RepriceReason::follows,
     1'099,
     {},
     {},
     0,
     14},
    {"the lock is over", 1'200, 900, {1'100}, RepriceAction::change, RepriceReason::follows, 1'099, {}, {}, 0, 15},
    {"locked, and nothing to do",
     1'099,
     900,
     {1'100},
     RepriceAction::keep,
     RepriceReason::is_lowest,
     1'099,
     {},
     {},
     0,
     1},
    {"a competitor for a cent", 1'000, 0, {1}, RepriceAction::change, RepriceReason::step_limited, 850},
};
const Counted price_count(std::size(price_cases));

OwnOffer offer_of(const PriceCase& c) {
  return {cents(c.price), {}, cents(c.cost), later(now, -minutes(c.minutes_ago)), {}};
}

RepriceRule rule_of(const PriceCase& c) {
  RepriceRule rule;
  if (c.floor) rule.floor = cents(*c.floor);
  if (c.ceiling) rule.ceiling = cents(*c.ceiling);
  rule.allowed_loss = cents(c.loss);
  return rule;
}

TEST(TradingPrice, FollowsTheLowestCompetitorWithinFloorCeilingStepAndLock) {
  for (const auto& c : price_cases) {
    std::vector<CompetingOffer> offers;
    for (const auto price : c.others) offers.push_back(theirs(price));
    const auto decided = decide_price(offer_of(c), rule_of(c), offers, fees_of(percent(10)), now, now);
    ASSERT_TRUE(decided) << c.what << ": " << to_text(decided.error());
    EXPECT_EQ(name_of(decided->action), name_of(c.action)) << c.what;
    EXPECT_EQ(name_of(decided->reason), name_of(c.reason)) << c.what;
    EXPECT_EQ(decided->price, cents(c.to)) << c.what;
    EXPECT_EQ(decided->next_change, later(now, minutes(15 - c.minutes_ago))) << c.what;
    EXPECT_FALSE(to_text(decided->reason).empty());
  }
}

struct Scene {
  OwnOffer offer{cents(1'100), {}, cents(900), later(now, -days(1)), {}};
  RepriceRule rule;
  std::vector<CompetingOffer> others{theirs(1'050)};
  TitleFees fees = fees_of(percent(10));
  Time at = now;
  std::expected<RepriceDecision, Refused> decide() const { return decide_price(offer, rule, others, fees, at, at); }
};

struct RefusedCase {
  const char* what;
  Refusal why;
  std::function<void(Scene&)> change;
};
const RefusedCase refused_cases[] = {
    {"neither cost nor floor", Refusal::cost_unknown, [](Scene& s) { s.offer.cost = {}; }},
    {"floor above ceiling", Refusal::floor_above_ceiling, [](Scene& s) { s.rule.ceiling = cents(999); }},
    {"the user's floor above the ceiling", Refusal::floor_above_ceiling,
     [](Scene& s) { s.rule.floor = cents(1'100), s.rule.ceiling = cents(1'099); }},
    {"fees of two days and a second ago", Refusal::old_fees,
     [](Scene& s) { s.fees.read_at = later(now, -days(2) - Seconds(1)); }},
    {"a price of nothing", Refusal::amount_out_of_range, [](Scene& s) { s.offer.price = Money(); }},
    {"a price of all the money there is", Refusal::amount_out_of_range,
     [](Scene& s) { s.offer.price = cents(INT64_MAX); }},
    {"a cost of less than nothing", Refusal::amount_out_of_range, [](Scene& s) { s.offer.cost = cents(-1); }},
    {"a cost of all the money there is", Refusal::amount_out_of_range,
     [](Scene& s) { s.offer.cost = cents(INT64_MAX); }},
    {"an allowed loss of less than nothing", Refusal::amount_out_of_range,
     [](Scene& s) { s.rule.allowed_loss = cents(INT64_MIN); }},
    {"a floor of nothing", Refusal::amount_out_of_range, [](Scene& s) { s.rule.floor = Money(); }},
    {"a ceiling of nothing", Refusal::amount_out_of_range, [](Scene& s) { s.rule.ceiling = Money(); }},
    {"a competitor for nothing", Refusal::amount_out_of_range, [](Scene& s) { s.others = {theirs(0)}; }},
    {"a competitor for less than nothing", Refusal::amount_out_of_range,
     [](Scene& s) { s.others = {theirs(INT64_MIN)}; }},
    {"an odd least fee", Refusal::amount_out_of_range, [](Scene& s) { s.fees.least_fee = cents(INT64_MAX); }},
    {"a broken clock", Refusal::bad_time, [](Scene& s) { s.at = time_of(0); }},
};
const Counted refused_count(std::size(refused_cases));

TEST(TradingPrice, IsNotDecidedWithoutCostSoundFeesAndSoundAmounts) {
  for (const auto& c : refused_cases) {
    Scene scene;
    c.change(scene);
    const auto decided = scene.decide();
    ASSERT_FALSE(decided) << c.what;
    EXPECT_EQ(decided.error().why, c.why) << c.what << ": " << to_text(decided.error());
  }
}

TEST(TradingPrice, FeesOfJustTwoDaysAgoAreSound) {
  Scene scene;
  scene.fees.read_at = later(now, -days(2));
  EXPECT_TRUE(scene.decide());
}

TEST(TradingPrice, AFloorIsEnoughWhereTheCostIsNotKnown) {
  Scene scene;
  scene.offer.cost = {};
  scene.rule.floor = cents(1'060);
  EXPECT_EQ(scene.decide()->price, cents(1'060));
}

TEST(TradingPrice, FollowsNeitherOursNorCopiesOfAnotherKind) {
  Scene scene;
  scene.offer.copy = {FloatBucket::ft_0, Phase::none, 5};
  scene.rule.rival.like = {true, false};
  scene.others = {{cents(1'010), {FloatBucket::ft_0, Phase::none, 6}, true},
                  theirs(1'020, {FloatBucket::ft_4, Phase::none, 6}),
                  theirs(1'080, {FloatBucket::ft_0, Phase::none, 6})};
  EXPECT_EQ(scene.decide()->price, cents(1'079));
  scene.rule.rival.like = {};
  EXPECT_EQ(scene.decide()->price, cents(1'019));
  scene.rule.rival.like = {true, true};
  EXPECT_EQ(scene.decide()->reason, RepriceReason::no_competition);
}

TEST(TradingPrice, TheExchangesWordOnItsLockCounts) {
  Scene scene;
  scene.offer.locked_until = later(now, minutes(3));
  const auto decided = scene.decide();
  EXPECT_EQ(decided->action, RepriceAction::wait);
  EXPECT_EQ(decided->next_change, later(now, minutes(3)));
}

TEST(TradingPrice, BothSidesOfAFeeBorderAreLookedAt) {
  Scene scene;
  const std::vector<FeeWindow> upper{{percent(2), cents(100), cents(1'060), never}};
  scene.fees.windows = upper;
  scene.others = {theirs(1'080)};
  auto decided = scene.decide();
  EXPECT_EQ(decided->price, cents(1'060)) << "below the border 2 % are paid";
  EXPECT_EQ(decided->reason, RepriceReason::at_fee_border);

  const std::vector<FeeWindow> lower{{percent(2), cents(1'060), {}, never}};
  scene.fees.windows = lower;
  scene.others = {theirs(1'055)};
  decided = scene.decide();
  EXPECT_EQ(decided->price, cents(1'060)) << "five cents behind the first, and 8 % more";
  scene.others = {theirs(1'040)};
  EXPECT_EQ(scene.decide()->price, cents(1'039)) << "too far behind";
  scene.rule.ceiling = cents(1'059);
  scene.others = {theirs(1'055)};
  EXPECT_EQ(scene.decide()->price, cents(1'054)) << "not above the ceiling";
}

TEST(TradingPrice, AnExpiredReducedFeeRaisesTheFloor) {
  Scene scene;
  const std::vector<FeeWindow> window{{percent(2), cents(1), {}, later(now, hours(1))}};
  scene.fees.windows = window;
  scene.offer.price = cents(960);
  scene.others = {theirs(900)};
  EXPECT_EQ(decide_price(scene.offer, scene.rule, scene.others, scene.fees, now, now)->price, cents(919));
  const auto later_sale = decide_price(scene.offer, scene.rule, scene.others, scene.fees, later(now, hours(1)), now);
  EXPECT_EQ(later_sale->price, cents(1'000));
}

struct FirstCase {
  const char* what;
  std::optional<std::int64_t> competitor, evidence, ceiling;
  std::int64_t price;
};
const FirstCase first_cases[] = {
    {"a cent below the lowest", 1'200, 1'250, {}, 1'199},
    {"far below what it sells for, and alone", 1'200, 2'000, {}, 2'000},
    {"nobody: the evidence", {}, 1'300, {}, 1'300},
    {"nobody: the evidence up to the ceiling", {}, 1'300, 1'250, 1'250},
    {"nobody: the evidence below the ceiling", {}, 1'300, 1'400, 1'300},
    {"nobody and no evidence: the ceiling", {}, {}, 1'250, 1'250},
    {"never below the floor", 500, {}, {}, 1'000},
    {"no step binds it", 9'000, {}, {}, 8'999},
};
const Counted first_count(std::size(first_cases));

TEST(TradingPrice, TheFirstPriceKeepsToTheSameTerms) {
  for (const auto& c : first_cases) {
    Scene scene;
    scene.offer.price = Money();
    scene.others.clear();
    if (c.competitor) scene.others = {theirs(*c.competitor)};
    if (c.ceiling) scene.rule.ceiling = cents(*c.ceiling);
    std::optional<Money> evidence;
    if (c.evidence) evidence = cents(*c.evidence);
    const auto decided = decide_first_price(scene.offer, scene.rule, scene.others, evidence, scene.fees, now, now);
    ASSERT_TRUE(decided) << c.what << ": " << to_text(decided.error());
    EXPECT_EQ(decided->price, cents(c.price)) << c.what;
  }
  Scene scene;
  EXPECT_EQ(decide_first_price(scene.offer, scene.rule, {}, {}, scene.fees, now, now).error().why, Refusal::no_sales);
  scene.rule.ceiling = cents(999);
  EXPECT_EQ(decide_first_price(scene.offer, scene.rule, {}, {}, scene.fees, now, now).error().why,
            Refusal::floor_above_ceiling);
}

}  // namespace
}  // namespace dmarket::trading
