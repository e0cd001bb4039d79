// The dry run's account: no trade, no profit and no money sooner than a real order would have had them.
#include "app/trader/simulate.hpp"
#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

class Paper : public TraderTest {
 protected:
  // The market trades at that price while a round goes by.
  void market_trades(Money price, int times = 1) {
    exchange.time += 60;
    for (int i = 0; i < times; ++i) exchange.add_sale(price, 5);
    round(0);
  }
  app::ledger::Totals totals() const { return ledger->simulated().totals(); }
  Money asked() const { return ledger->simulated().offers().begin()->second.price; }
};

TEST_F(Paper, ATargetIsFilledByTheFirstTradeAtItsPriceAfterItStood) {
  round();
  exchange.add_sale(Money::cents(880), 90);
  round(0);
  EXPECT_EQ(totals().bought, 0) << "it was sold before the target stood";
  market_trades(Money::cents(899));
  EXPECT_EQ(totals().bought, 1);
  EXPECT_EQ(totals().spent, Money::cents(901)) << "at its own price";
  rounds(3);
  EXPECT_EQ(totals().bought, 1) << "one trade fills one target";
  EXPECT_EQ(ledger->simulated().offers().size(), 1U) << "and is put on offer";
  EXPECT_EQ(real().totals().bought, 0);
  EXPECT_TRUE(exchange.written.empty());
}

TEST_F(Paper, WhoBidsTheSameIsACompetitorAndNotTakenForUs) {
  round();
  const auto bid = [this] { return ledger->simulated().targets().begin()->second.made_by.price; };
  ASSERT_EQ(bid(), Money::cents(901));
  rounds(2, 1000);
  EXPECT_EQ(bid(), Money::cents(901)) << "it does not outbid itself";
  exchange.add_order(Money::cents(901));
  rounds(2, 1000);
  EXPECT_EQ(bid(), Money::cents(902));
}

TEST_F(Paper, AnOfferThatStandsAtItsPriceFillsNothing) {
  round();
  exchange.add_market_offer(Money::cents(901));
  rounds(3);
  EXPECT_EQ(totals().bought, 0);
}

TEST_F(Paper, ATargetWaitsForAllThatStandBeforeItInTheQueue) {
  const char* below_others = R"(
[limits]
daily_budget = "50.00"
[[rule]]
name = "low"
game = "cs2"
title = "AK"
max_price = "8.50"
keep_best = false
)";
  restart(below_others);
  exchange.orders.front().amount = 2;  // at $9.00, before ours at $8.50
  round();
  round();
  market_trades(Money::cents(840), 2);
  EXPECT_EQ(totals().bought, 0);
  market_trades(Money::cents(840));
  EXPECT_EQ(totals().bought, 1);
}

TEST_F(Paper, WhoeverLeavesTheQueueIsNotWaitedFor) {
  restart(R"(
[limits]
daily_budget = "50.00"
[[rule]]
name = "low"
game = "cs2"
title = "AK"
max_price = "8.50"
keep_best = false
)");
  rounds(2);
  exchange.orders.clear();
  round();
  market_trades(Money::cents(840));
  EXPECT_EQ(totals().bought, 1);
}

TEST_F(Paper, ASaleIsPendingAndItsMoneyAwayUntilTheProtectionEnds) {
  round();
  market_trades(Money::cents(899));
  rounds(3);
  ASSERT_EQ(ledger->simulated().offers().size(), 1u);
  const Money price = asked();
  market_trades(price);
  EXPECT_EQ(totals().sales_pending, 1);
  EXPECT_EQ(totals().sales_final, 0);
  EXPECT_EQ(totals().profit_final, Money());
  EXPECT_EQ(ledger->simulated().cash_flow(), Money() - Money::cents(901)) << "paid, and nothing has come back yet";
  exchange.time = protected_until(exchange.time) - 120;
  round();
  EXPECT_EQ(totals().sales_final, 0);
  round();
  EXPECT_EQ(totals().sales_final, 1);
  EXPECT_GT(totals().profit_final, Money());
}

TEST_F(Paper, AnOfferWaitsForTheCheaperOnes) {
  round();
  market_trades(Money::cents(899));
  rounds(3);
  ASSERT_EQ(ledger->simulated().offers().size(), 1u);
  const Money price = asked();
  exchange.add_market_offer(price);  // as cheap as ours, but nobody knows that it came later
  restart();
  round();
  market_trades(price);
  EXPECT_EQ(totals().sales_pending, 0);
  market_trades(price);
  EXPECT_EQ(totals().sales_pending, 1);
}

TEST_F(Paper, TradesAreRevertedAsOftenAsTheFileSays) {
  restart(R"(
[limits]
daily_budget = "50.00"
paper_reverted_percent = 100
[[rule]]
name = "redline"
game = "cs2"
title = "AK"
max_price = "9.50"
opening_price = "8.00"
sell = false
)");
  round();
  market_trades(Money::cents(899));
  ASSERT_EQ(totals().bought, 1);
  exchange.time += 9 * 86'400;
  for (int day = 1; day <= 6; ++day) exchange.add_sale(Money::cents(1100), day * 40'000);
  round();
  EXPECT_EQ(totals().purchases_reverted, 1);
  EXPECT_EQ(ledger->simulated().cash_flow(), Money());
}

TEST_F(Paper, ACopyThatIsTakenBackIsOnOfferNoMore) {
  restart(R"(
[limits]
daily_budget = "50.00"
paper_reverted_percent = 100
[[rule]]
name = "redline"
game = "cs2"
title = "AK"
max_price = "9.50"
opening_price = "8.00"
)");
  round();
  market_trades(Money::cents(899));
  rounds(3);
  ASSERT_EQ(ledger->simulated().offers().size(), 1U);
  exchange.time += 9 * 86'400;
  market_trades(Money::cents(2000));
  EXPECT_EQ(totals().purchases_reverted, 1);
  EXPECT_TRUE(ledger->simulated().offers().empty());
  EXPECT_EQ(totals().sales_pending, 0);
}

TEST_F(Paper, AnOrderCutOffBetweenItsTwoEntriesHoldsItsTitleForNoLonger) {
  app::ledger::Intent half;
  half.action = app::ledger::Action::create_target;
  half.item.game = "a8db";
  half.item.title = "AK";
  half.price = half.reserve = Money::cents(900);
  std::vector<app::ledger::Entry> entries;
  entries.emplace_back(exchange.time, true, half);
  run(io, ledger->append(std::move(entries)));
  restart();
  rounds(3);
  EXPECT_TRUE(ledger->simulated().open_intents().empty());
  EXPECT_EQ(ledger->simulated().targets().size(), 1u) << "the rule bids again";
}

TEST(Protection, EndsWithTheReleaseOfTheDayAfterSevenDays) {
  constexpr std::int64_t day = 86'400, midnight = 20'000 * day, eight = 8 * 3600;
  EXPECT_EQ(protected_until(midnight), midnight + 7 * day + eight);
  EXPECT_EQ(protected_until(midnight + eight), midnight + 7 * day + eight);
  EXPECT_EQ(protected_until(midnight + eight + 1), midnight + 8 * day + eight);
}

}  // namespace
}  // namespace tests::trader
