// The mode tells the truth, and the balance guard survives a restart.
#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

class ModeTest : public TraderTest {
 protected:
  void press_take_down() {
    trader->take_down_real(42);
    run(io, trader->takedown_tried());
  }
};

TEST_F(ModeTest, InDryRunWhatStandsIsCountedAndOnlyAPressTakesItDown) {
  go_live();
  round();
  EXPECT_FALSE(trader->real_in_dry_run().any()) << "live: they are no surprise";
  run(io, trader->set(Switched::dry_run, 42));
  EXPECT_EQ(trader->real_in_dry_run().targets, 1U);
  EXPECT_EQ(trader->real_in_dry_run().bound, Money::cents(901));
  rounds(3, 1000);
  EXPECT_EQ(written("delete_target"), 0U);
  press_take_down();
  EXPECT_EQ(written("delete_target"), 1U);
  EXPECT_FALSE(trader->real_in_dry_run().any());
  EXPECT_TRUE(trader->takedown().over());
}

TEST_F(ModeTest, APressIsForOneDeletionAndARestartForgetsIt) {
  go_live();
  round();
  run(io, trader->set(Switched::dry_run, 42));
  press_take_down();
  EXPECT_EQ(written("delete_target"), 0U) << "it is locked";
  restart();
  rounds(3, 1000);
  EXPECT_EQ(written("delete_target"), 0U);
  exchange.fate = [](const std::string&) { return Fate::refused; };
  press_take_down();
  rounds(3, 1000);
  EXPECT_EQ(written("delete_target"), 1U);
  EXPECT_EQ(trader->takedown().lines.front().fate, OrderFate::failed);
}

TEST_F(ModeTest, APressIsForgottenWhenTradingGoesLiveAgain) {
  go_live();
  round();
  run(io, trader->set(Switched::dry_run, 42));
  press_take_down();
  go_live();
  round(1000);
  EXPECT_EQ(written("delete_target"), 0U);
}

TEST_F(ModeTest, WhatIsFilledInDryRunIsToldOnceAndBookedAsReal) {
  std::vector<app::ledger::Body> told;
  go_live();
  round();
  run(io, trader->set(Switched::dry_run, 42));
  trader->on_real_trade([&told](const app::ledger::Body& trade) { told.push_back(trade); });
  exchange.sell_to_us();
  rounds(3);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<app::ledger::Purchase>(told[0]).price, Money::cents(901));
  EXPECT_EQ(real().totals().bought, 1);
}

TEST_F(ModeTest, MoneyThatWentWhileTheBotWasAwayStopsTradingAndIsToldWithItsFigures) {
  std::optional<app::ledger::BalanceStop> told;
  go_live();
  rounds(2);
  exchange.usd = Money::cents(20'000);
  restart();
  trader->on_balance_stop([&told](const app::ledger::BalanceStop& stop) { told = stop; });
  exchange.orders[0].price = Money::cents(930);
  round(2000);
  EXPECT_EQ(written("create_target"), 1U) << "while it is looked at again, nothing is bought";
  rounds(2);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->expected, Money::cents(100'000));
  EXPECT_EQ(told->seen, Money::cents(20'000));
  EXPECT_TRUE(real().paused());
  EXPECT_FALSE(real().paused_by_person());
  restart();
  EXPECT_TRUE(trader->stops().has(Stop::paused_by_balance));
  EXPECT_FALSE(trader->stops().has(Stop::paused));
  run(io, trader->set(Switched::resume, 42));
  rounds(3);
  EXPECT_FALSE(real().paused()) << "a person has looked at it";
}

TEST_F(ModeTest, TradesAndRoundsAddNoEntriesAboutTheBalance) {
  go_live();
  round();
  exchange.sell_to_us();
  rounds(2);
  const std::int64_t before = real().last_number();
  rounds(5);
  EXPECT_EQ(real().last_number(), before);
}

}  // namespace
}  // namespace tests::trader
