#include "dmarket/trading/guards.hpp"

#include "tests/dmarket/trading/cases.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

struct TierCase {
  std::int64_t balance, reserve, usable, share, copies;
};
const TierCase tier_cases[] = {
    {0, 0, 0, 0, 3},
    {1, 1, 0, 0, 3},
    {4'999, 250, 4'749, 1'424, 3},
    {5'000, 250, 4'750, 1'187, 5},
    {19'999, 1'000, 18'999, 4'749, 5},
    {20'000, 1'000, 19'000, 2'850, 7},
    {99'999, 5'000, 94'999, 14'249, 7},
    {100'000, 5'000, 95'000, 9'500, 10},
    {499'999, 25'000, 474'999, 47'499, 10},
    {500'000, 25'000, 475'000, 23'750, 15},
};
const Counted tier_count(std::size(tier_cases));

struct Wallet {
  Account account{cents(100'000), now, Money(), Money()};
  MoneyRules rules{BasisPoints(500), cents(50'000), {}, minutes(5)};
  Purchase purchase{cents(9'500), 1, 0};
  GuardState state{false, {}, false};
  Blacklist blacklist;
  Time at = now;
  std::expected<Limits, Refused> check() const {
    return check_purchase("AK-47 | Redline", purchase, account, state, rules, blacklist, at);
  }
};

TEST(TradingMoney, TheBalanceSaysWhatOneItemMayTake) {
  for (const auto& c : tier_cases) {
    Wallet wallet;
    wallet.account.balance = cents(c.balance);
    const auto limits = limits_for(wallet.account, wallet.rules, now);
    ASSERT_TRUE(limits);
    EXPECT_EQ(limits->reserve, cents(c.reserve)) << c.balance;
    EXPECT_EQ(limits->usable, cents(c.usable)) << c.balance;
    EXPECT_EQ(limits->share, cents(c.share)) << c.balance;
    EXPECT_EQ(limits->most_copies, c.copies) << c.balance;
  }
}

struct AllowedCase {
  const char* what;
  std::function<void(Wallet&)> change;
};
const AllowedCase allowed_cases[] = {
    {"just the share of an item", [](Wallet&) {}},
    {"just the user's limit", [](Wallet& w) { w.rules.most_per_item = cents(9'500); }},
    {"just what is left of the budget", [](Wallet& w) { w.account.spent_today = cents(40'500); }},
    {"just what is not bound", [](Wallet& w) { w.account.committed = cents(85'500); }},
    {"the tenth copy", [](Wallet& w) { w.purchase.held = 9; }},
    {"ten copies at once",
     [](Wallet& w) {
       w.purchase = {cents(100), 10, 0};
     }},
    {"a balance of just five minutes ago", [](Wallet& w) { w.account.balance_at = later(now, -minutes(5)); }},
    {"at the second the stop ends",
     [](Wallet& w) {
       w.state.errors = {3, now};
     }},
    {"two errors",
     [](Wallet& w) {
       w.state.errors = {2, {}};
     }},
};
const Counted allowed_count(std::size(allowed_cases));

TEST(TradingMoney, AllowsWhatIsWithinEveryLimit) {
  for (const auto& c : allowed_cases) {
    Wallet wallet;
    c.change(wallet);
    const auto limits = wallet.check();
    EXPECT_TRUE(limits) << c.what << ": " << to_text(limits.error());
  }
}

struct ForbiddenCase {
  const char* what;
  Refusal why;
  std::function<void(Wallet&)> change;
};
const ForbiddenCase forbidden_cases[] = {
    {"a pause", Refusal::paused, [](Wallet& w) { w.state.paused = true; }},
    {"a state nobody loaded", Refusal::paused, [](Wallet& w) { w.state = {}; }},
    {"a second before the stop ends", Refusal::stopped_after_errors,
     [](Wallet& w) {
       w.state.errors = {3, later(now, Seconds(1))};
     }},
    {"the balance changed", Refusal::stopped_by_balance, [](Wallet& w) { w.state.stopped_by_balance = true; }},
    {"the blacklist", Refusal::blacklisted,
     [](Wallet& w) { w.blacklist = Blacklist(std::vector<std::string>{"REDLINE"}); }},
    {"balance unknown", Refusal::balance_unknown, [](Wallet& w) { w.account.balance = {}; }},
    {"balance of five minutes and a second ago", Refusal::old_balance,
     [](Wallet& w) { w.account.balance_at = later(now, -minutes(5) - Seconds(1)); }},
    {"commitments unknown", Refusal::commitments_unknown, [](Wallet& w) { w.account.committed = {}; }},
    {"spending unknown", Refusal::commitments_unknown, [](Wallet& w) { w.account.spent_today = {}; }},
    {"copies held unknown", Refusal::commitments_unknown, [](Wallet& w) { w.purchase.held = {}; }},
    {"a cent above the share", Refusal::above_item_limit, [](Wallet& w) { w.purchase.price = cents(9'501); }},
    {"a cent above the user's limit", Refusal::above_item_cap, [](Wallet& w) { w.rules.most_per_item = cents(9'499); }},
    {"a cent more bound than free", Refusal::above_usable, [](Wallet& w) { w.account.committed = cents(85'501); }},
    {"more bound than there is", Refusal::above_usable, [](Wallet& w) { w.account.committed = cents(900'000); }},
    {"a cent above the budget", Refusal::above_daily_budget, [](Wallet& w) { w.account.spent_today = cents(40'501); }},
    {"no budget was set", Refusal::above_daily_budget, [](Wallet& w) { w.rules.daily_budget = Money(); }},
    {"several copies above the budget", Refusal::above_daily_budget,
     [](Wallet& w) {
       w.purchase = {cents(9'000), 6, 0};
     }},
    {"the eleventh copy", Refusal::too_many_copies, [](Wallet& w) { w.purchase.held = 10; }},
    {"two copies where one fits", Refusal::too_many_copies,
     [](Wallet& w) {
       w.purchase = {cents(100), 2, 9};
     }},
    {"an empty account", Refusal::above_item_limit, [](Wallet& w) { w.account.balance = Money(); }},
    {"less than nothing", Refusal::amount_out_of_range, [](Wallet& w) { w.account.balance = cents(-1); }},
    {"all the money there is", Refusal::amount_out_of_range, [](Wallet& w) { w.account.balance = cents(INT64_MAX); }},
    {"bound beyond reason", Refusal::amount_out_of_range, [](Wallet& w) { w.account.committed = cents(INT64_MAX); }},
    {"spent less than nothing", Refusal::amount_out_of_range,
     [](Wallet& w) { w.account.spent_today = cents(INT64_MIN); }},
    {"for nothing", Refusal::amount_out_of_range, [](Wallet& w) { w.purchase.price = Money(); }},
    {"for the greatest amount", Refusal::amount_out_of_range, [](Wallet& w) { w.purchase.price = cents(INT64_MAX); }},
    {"no copy", Refusal::amount_out_of_range, [](Wallet& w) { w.purchase.copies = 0; }},
    {"endless copies", Refusal::amount_out_of_range, [](Wallet& w) { w.purchase.copies = INT64_MAX; }},
    {"endless copies held", Refusal::amount_out_of_range, [](Wallet& w) { w.purchase.held = INT64_MAX; }},
    {"a broken clock", Refusal::bad_time, [](Wallet& w) { w.at = time_of(INT64_MIN); }},
};
const Counted forbidden_count(std::size(forbidden_cases));

TEST(TradingMoney, EveryGuardFailsClosedWithItsReason) {
  for (const auto& c : forbidden_cases) {
    Wallet wallet;
    c.change(wallet);
    const auto limits = wallet.check();
    ASSERT_FALSE(limits) << c.what;
    EXPECT_EQ(limits.error().why, c.why) << c.what << ": " << to_text(limits.error());
  }
}

struct ErrorCase {
  std::int64_t before;
  std::optional<std::int64_t> stop_minutes;
};
const ErrorCase error_cases[] = {{0, {}}, {1, {}},  {2, 15},  {3, 15},        {8, 15},
                                 {9, 60}, {10, 60}, {99, 60}, {INT64_MAX, 60}};
const Counted error_count(std::size(error_cases));

TEST(TradingGuards, StopFor15MinutesAfter3ErrorsAndAnHourAfter10) {
  for (const auto& c : error_cases) {
    const auto after = after_error({c.before, {}}, {}, now);
    std::optional<Time> until;
    if (c.stop_minutes) until = later(now, minutes(*c.stop_minutes));
    EXPECT_EQ(after.stopped_until, until) << c.before;
  }
  const ErrorStop long_one{10, later(now, hours(1))};
  EXPECT_TRUE(stopped(after_success(long_one), now)) << "a success does not end a stop";
  EXPECT_EQ(after_success(long_one).errors, 0);
  EXPECT_EQ(after_error({2, later(now, hours(1))}, {}, now).stopped_until, later(now, hours(1))) << "never shortened";
}

struct BalanceCase {
  std::optional<std::int64_t> expected, observed;
  std::optional<Refusal> why;
};
const BalanceCase balance_cases[] = {
    {10'000, 10'000, {}},
    {10'000, 5'000, {}},
    {10'000, 4'999, Refusal::stopped_by_balance},
    {10'000, 15'000, {}},
    {10'000, 15'001, Refusal::stopped_by_balance},
    {0, 0, {}},
    {0, 1, Refusal::stopped_by_balance},
    {1, 0, Refusal::stopped_by_balance},
    {2, 1, {}},
    {{}, 1, Refusal::balance_unknown},
    {1, {}, Refusal::balance_unknown},
    {-1, 1, Refusal::amount_out_of_range},
    {1, INT64_MAX, Refusal::amount_out_of_range},
    {INT64_MIN, INT64_MAX, Refusal::amount_out_of_range},
};
const Counted balance_count(std::size(balance_cases));

std::optional<Money> maybe(std::optional<std::int64_t> amount) {
  if (!amount) return std::nullopt;
  return cents(*amount);
}

TEST(TradingGuards, AnUnexplainedChangeOfMoreThanHalfStops) {
  for (const auto& c : balance_cases) {
    const auto refused = check_balance_change(maybe(c.expected), maybe(c.observed), {});
    EXPECT_EQ(refused ? std::optional(refused->why) : std::nullopt, c.why)
        << c.expected.value_or(-9) << " " << c.observed.value_or(-9);
  }
}

TEST(TradingGuards, AreAllShown) {
  Wallet wallet;
  auto lines = report(wallet.account, wallet.state, wallet.rules, {}, now);
  for (const auto& line : lines) EXPECT_EQ(line.closed, std::nullopt) << to_text(line.guard);
  EXPECT_EQ(lines[static_cast<std::size_t>(Guard::item_limit)].figures.money(Figure::most_per_item), cents(9'500));
  EXPECT_EQ(lines[static_cast<std::size_t>(Guard::reserve)].figures.money(Figure::reserve), cents(5'000));

  wallet.state = {true, {3, later(now, minutes(15))}, true};
  wallet.account.spent_today = cents(60'000);
  wallet.account.committed = cents(95'000);
  lines = report(wallet.account, wallet.state, wallet.rules, {}, now);
  const auto closed = [&lines](Guard guard) { return lines[static_cast<std::size_t>(guard)].closed; };
  EXPECT_EQ(closed(Guard::pause), Refusal::paused);
  EXPECT_EQ(closed(Guard::errors), Refusal::stopped_after_errors);
  EXPECT_EQ(closed(Guard::balance_change), Refusal::stopped_by_balance);
  EXPECT_EQ(closed(Guard::reserve), Refusal::above_usable);
  EXPECT_EQ(closed(Guard::daily_budget), Refusal::above_daily_budget);
  EXPECT_EQ(closed(Guard::balance), std::nullopt);

  wallet.account.balance = Money();
  lines = report(wallet.account, wallet.state, wallet.rules, {}, now);
  EXPECT_EQ(closed(Guard::item_limit), Refusal::above_item_limit);

  wallet.account.balance = {};
  lines = report(wallet.account, wallet.state, wallet.rules, {}, now);
  EXPECT_EQ(closed(Guard::balance), Refusal::balance_unknown);
  EXPECT_EQ(closed(Guard::daily_budget), Refusal::balance_unknown);
}

struct BlacklistCase {
  const char* entry;
  const char* title;
  bool blocks;
};
const BlacklistCase blacklist_cases[] = {{"Souvenir", "Souvenir M4A4 | Mosaico", true},
                                         {"sOUVENIR", "souvenir x", true},
                                         {"", "anything", false},
                                         {"  ", "any thing", false},
                                         {"AK-47 | Redline", "AK-47 | Redline", true},
                                         {"AK-47 | Redline (X)", "AK-47 | Redline", false},
                                         {"x", "", false}};
const Counted blacklist_count(std::size(blacklist_cases));

TEST(TradingGuards, TheBlacklistKnowsTitlesAndWords) {
  for (const auto& c : blacklist_cases) {
    EXPECT_EQ(Blacklist(std::vector<std::string>{c.entry}).blocks(c.title), c.blocks) << c.entry << " in " << c.title;
  }
}

TEST(TradingRefusals, AreCountedAndShownMostFrequentFirst) {
  RefusalCounts counts, more;
  counts.count(Refusal::pumped);
  more.count(Refusal::no_sales);
  more.count(Refusal::no_sales);
  counts.add(more);
  EXPECT_EQ(counts.total(), 3u);
  const auto lines = counts.lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].refusal, Refusal::no_sales);
  EXPECT_EQ(lines[0].count, 2u);
  EXPECT_EQ(name_of(Refusal::pumped), "pumped");
  for (std::size_t i = 0; i < refusal_count; ++i) EXPECT_FALSE(to_text(static_cast<Refusal>(i)).empty());
}

TEST(TradingFigures, ReadAsWords) {
  auto figures = Figures().add(Figure::best_offer, cents(1'000)).add_count(Figure::sales, 12);
  figures.add(Figure::percent, BasisPoints(250)).add(Figure::age, Seconds(90)).add(Figure::next_change, time_of(0));
  EXPECT_EQ(to_text(figures),
            "best offer $10.00, sales 12, percent 2.5%, age 90 s, next change 1970-01-01 00:00:00 UTC");
  EXPECT_EQ(to_text(Refused{Refusal::no_sales, Figures().add_count(Figure::sales, 0)}), "no sales are known (sales 0)");
  EXPECT_EQ(to_text(FigureValue{Figure::next_change, INT64_MAX}), "next change 9223372036854775807");
  EXPECT_EQ(to_text(FigureValue{Figure::next_change, INT64_MIN}), "next change -9223372036854775808");
  for (int i = 0; i < 30; ++i) figures.add(Figure::buy, cents(i));
  EXPECT_EQ(figures.all().size(), Figures::most);
}

}  // namespace
}  // namespace dmarket::trading
