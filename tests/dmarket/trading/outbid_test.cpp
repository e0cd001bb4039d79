#include "dmarket/trading/outbid.hpp"

#include "tests/dmarket/trading/cases.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

constexpr Time long_ago = later(now, -days(1));
const Demand any{};
const Demand ft0{FloatBucket::ft_0, Phase::none, {}};
const Demand ft0_seed{FloatBucket::ft_0, Phase::none, 661};
const Demand ft1{FloatBucket::ft_1, Phase::none, {}};
const Demand ruby{FloatBucket::none, Phase::ruby, {}};

Order order(std::int64_t price, const Demand& demand = {}, bool own = false, std::int64_t amount = 1) {
  return {cents(price), amount, demand, own, false};
}

struct BestCase {
  const char* what;
  std::vector<Order> orders;
  Demand ours;
  std::int64_t best;  // 0: nobody
};
const BestCase best_cases[] = {
    {"nobody", {}, any, 0},
    {"the best of several", {order(90), order(100), order(95)}, any, 100},
    {"never ours", {order(100, any, true), order(90)}, any, 90},
    {"only ours", {order(100, any, true)}, any, 0},
    {"a special demand does not compete with a generic one", {order(200, ft0), order(90)}, any, 90},
    {"a generic one competes with a special demand", {order(200), order(90, ft0)}, ft0, 200},
    {"another bucket does not", {order(200, ft1), order(90, ft0)}, ft0, 90},
    {"a seed within our bucket pays for something else", {order(500, ft0_seed), order(90, ft0)}, ft0, 90},
    {"our seed's bucket competes", {order(95, ft0), order(90, ft0_seed)}, ft0_seed, 95},
    {"another phase does not", {order(300, {FloatBucket::none, Phase::sapphire, {}}), order(80, ruby)}, ruby, 80},
    {"an empty line does not", {order(100, any, false, 0), order(90)}, any, 90},
};
const Counted best_count(std::size(best_cases));

TEST(TradingBid, CompetitionIsWhatBuysEveryCopyWeWouldBuy) {
  for (const auto& c : best_cases) {
    EXPECT_EQ(best_competing_bid(c.orders, c.ours).value_or(Money()), cents(c.best)) << c.what;
  }
}

TEST(TradingBid, OursAreTakenOutOfLinesThatAddThemUp) {
  const std::vector<Order> lines{order(100, any, false, 3), order(90, any, false, 1), order(100, ft0, false, 2)};
  const std::vector<OwnTarget> own{{cents(100), 2, any, long_ago, {}}, {cents(90), 1, any, long_ago, {}}};
  const auto rest = without_own(lines, own);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].amount, 1);
  EXPECT_EQ(rest[1].demand, ft0);
  EXPECT_EQ(rest[1].amount, 2);
  EXPECT_EQ(without_own(lines, std::vector<OwnTarget>{{cents(100), INT64_MAX, any, long_ago, {}}}).size(), 2u);
}

// A cap of $1.50; the item brings $1.40 after the fee, of which 5 % must be left: $1.33 at most.
struct BidCase {
  const char* what;
  std::int64_t competitor;  // 0: nobody
  std::int64_t standing;    // 0: none
  BidAction action;
  BidReason reason;
  std::int64_t price;
  std::int64_t cap = 150;
  std::int64_t net = 140;
  std::int64_t minutes_ago = 1'000;  // the last change of what stands
};
const BidCase bid_cases[] = {
    {"the first bid", 100, 0, BidAction::place, BidReason::outbids, 101},
    {"the opening", 0, 0, BidAction::place, BidReason::opens, 50},
    {"the best already", 100, 101, BidAction::keep, BidReason::is_best, 101},
    {"alone", 0, 90, BidAction::keep, BidReason::is_best, 90},
    {"outbid by a cent", 101, 101, BidAction::change, BidReason::outbids, 102},
    {"outbid by much", 120, 101, BidAction::change, BidReason::outbids, 121},
    {"more than needed", 90, 101, BidAction::change, BidReason::saves, 91},
    {"the last cent of the spread", 132, 101, BidAction::change, BidReason::outbids, 133},
    {"a cent beyond the spread", 133, 101, BidAction::keep, BidReason::beaten_no_spread, 101},
    {"the last cent of the cap", 109, 101, BidAction::change, BidReason::outbids, 110, 110},
    {"a cent beyond the cap", 110, 101, BidAction::keep, BidReason::beaten_at_cap, 101, 110},
    {"stands just at the cap", 200, 110, BidAction::keep, BidReason::beaten_at_cap, 110, 110},
    {"stands above the cap", 200, 111, BidAction::withdraw, BidReason::above_cap, 111, 110},
    {"above the cap, but a lower bid is enough", 90, 111, BidAction::change, BidReason::saves, 91, 110},
    {"stands just where the profit is left", 200, 133, BidAction::keep, BidReason::beaten_no_spread, 133},
    {"stands where it is not", 200, 134, BidAction::withdraw, BidReason::above_worth, 134},
    {"alone where it is not", 0, 134, BidAction::withdraw, BidReason::above_worth, 134},
    {"cap and spread end together", 133, 101, BidAction::keep, BidReason::beaten_at_cap, 101, 133},
    {"worth nothing", 90, 91, BidAction::withdraw, BidReason::above_worth, 91, 150, 0},
    {"worth less than nothing", 90, 91, BidAction::withdraw, BidReason::above_worth, 91, 150, INT64_MIN},
    {"a second of the lock left", 120, 101, BidAction::wait, BidReason::outbids, 121, 150, 140, 14},
    {"the lock is over", 120, 101, BidAction::change, BidReason::outbids, 121, 150, 140, 15},
    {"locked, and nothing to do", 100, 101, BidAction::keep, BidReason::is_best, 101, 150, 140, 1},
    {"locked where it would lose", 90, 134, BidAction::withdraw, BidReason::above_worth, 134, 150, 140, 1},
};
const Counted bid_count(std::size(bid_cases));

TEST(TradingBid, FollowsTheBestCompetitorByACentUpToCapAndSpread) {
  for (const auto& c : bid_cases) {
    const OutbidRule rule{any, cents(c.cap), cents(50), BasisPoints(500), minutes(15)};
    std::optional<OwnTarget> standing;
    if (c.standing != 0) standing = OwnTarget{cents(c.standing), 1, any, later(now, -minutes(c.minutes_ago)), {}};
    std::vector<Order> orders;
    if (c.competitor != 0) orders.push_back(order(c.competitor));
    const auto decided = decide_bid(rule, standing, orders, Worth{cents(c.net), now, hours(1)}, now);
    ASSERT_TRUE(decided) << c.what << ": " << to_text(decided.error());
    EXPECT_EQ(name_of(decided->action), name_of(c.action)) << c.what;
    EXPECT_EQ(name_of(decided->reason), name_of(c.reason)) << c.what;
    EXPECT_EQ(decided->price, cents(c.price)) << c.what;
    if (standing) {
      EXPECT_EQ(decided->next_change, later(now, minutes(15 - c.minutes_ago))) << c.what;
    }
    EXPECT_FALSE(to_text(decided->reason).empty());
  }
}

struct NoBidCase {
  const char* what;
  Refusal why;
  std::int64_t competitor;
  std::optional<std::int64_t> opening;
  std::int64_t cap = 150;
  std::optional<std::int64_t> net = 140;
  std::int64_t hours_ago = 0;
};
const NoBidCase no_bid_cases[] = {
    {"nobody to outbid and no opening price", Refusal::no_competition, 0, {}},
    {"beyond the cap", Refusal::cap_reached, 110, 50, 110},
    {"beyond the spread", Refusal::spread_gone, 133, 50},
    {"an opening beyond the spread", Refusal::spread_gone, 0, 134},
    {"an opening beyond the cap", Refusal::cap_reached, 0, 111, 110},
    {"worth not known", Refusal::no_sales, 100, 50, 150, {}},
    {"worth of two hours ago", Refusal::old_prices, 100, 50, 150, 140, 2},
    {"no cap", Refusal::amount_out_of_range, 100, 50, 0},
    {"a cap beyond all prices", Refusal::amount_out_of_range, 100, 50, INT64_MAX},
    {"an opening for nothing", Refusal::amount_out_of_range, 100, 0},
    {"a competitor with all the money there is", Refusal::amount_out_of_range, INT64_MAX, 50},
};
const Counted no_bid_count(std::size(no_bid_cases));

TEST(TradingBid, IsNotMadeWithoutReasonCapOrSpread) {
  for (const auto& c : no_bid_cases) {
    OutbidRule rule{any, cents(c.cap), {}, BasisPoints(500), minutes(15)};
    if (c.opening) rule.opening = cents(*c.opening);
    Worth worth{{}, later(now, -hours(c.hours_ago)), hours(1)};
    if (c.net) worth.net = cents(*c.net);
    std::vector<Order> orders;
    if (c.competitor != 0) orders.push_back(order(c.competitor));
    const auto decided = decide_bid(rule, {}, orders, worth, now);
    ASSERT_FALSE(decided) << c.what;
    EXPECT_EQ(decided.error().why, c.why) << c.what << ": " << to_text(decided.error());
  }
}

TEST(TradingBid, WithoutEvidenceWhatStandsIsWithdrawn) {
  const OutbidRule rule{any, cents(150), {}, BasisPoints(500), minutes(15)};
  const OwnTarget standing{cents(100), 1, any, now, later(now, minutes(40))};
  const std::vector<Order> orders{order(110)};
  const auto old =
      decide_bid(rule, standing, orders, Worth{cents(140), later(now, -hours(1) - Seconds(1)), hours(1)}, now);
  EXPECT_EQ(old->action, BidAction::withdraw);
  EXPECT_EQ(old->reason, BidReason::worth_unknown);
  const auto still = decide_bid(rule, standing, orders, Worth{cents(140), later(now, -hours(1)), hours(1)}, now);
  EXPECT_EQ(still->action, BidAction::wait);
  EXPECT_EQ(still->next_change, later(now, minutes(40))) << "what the exchange says about its lock counts";
}

}  // namespace
}  // namespace dmarket::trading
