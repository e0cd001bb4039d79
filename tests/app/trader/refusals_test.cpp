// What goes on while something is refused or everything is stopped.
#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

using dmarket::Risk;

const std::string several = std::string(rules_text) + "amount = 3\n";

class RefusalsTest : public TraderTest {
 protected:
  RefusalsTest() { restart(several.c_str()); }
  // One target that the exchange allows to change.
  void bid() {
    go_live();
    round();
    round(16 * 60);
  }
  // What we bid is worth no more than this less the fee.
  void market_falls() { exchange.add_market_offer(Money::cents(700)); }
  void refuse(const std::string& verb, Fate how) {
    exchange.fate = [verb, how](const std::string& what) { return what.starts_with(verb) ? how : Fate::done; };
  }
  void expect_withdrawn_and_nothing_new() {
    const std::size_t before = exchange.written.size();
    market_falls();
    round();
    EXPECT_EQ(written("delete_target"), 1U);
    EXPECT_EQ(exchange.written.size(), before + 1);
    EXPECT_TRUE(exchange.own_targets.empty());
    rounds(2);
    EXPECT_EQ(exchange.written.size(), before + 1);
  }
};

TEST_F(RefusalsTest, ACopyThatCannotBeListedIsLeftAloneAndEverythingElseGoesOn) {
  bid();
  exchange.sell_to_us();
  refuse("create_offer", Fate::refused);
  rounds(8);
  EXPECT_EQ(written("create_offer"), 2U) << "at once and after five minutes";
  EXPECT_EQ(real().errors().errors, 0);
  exchange.orders[0].price = Money::cents(920);
  round();
  EXPECT_EQ(written("create_target"), 2U);
  const auto view = trader->view();
  ASSERT_EQ(view.set_aside.size(), 1U);
  EXPECT_EQ(view.set_aside[0].code, "NotEnoughBalance");
  EXPECT_TRUE(std::ranges::any_of(view.notes, [](const Note& note) { return note.why.starts_with("DMarket has"); }));
  restart(several.c_str());
  rounds(2);
  EXPECT_EQ(written("create_offer"), 2U) << "also after a restart";
  exchange.fate = [](const std::string&) { return Fate::done; };
  round(20 * 60);
  EXPECT_EQ(exchange.own_offers.size(), 1U);
  EXPECT_TRUE(trader->view().set_aside.empty());
}

TEST_F(RefusalsTest, AfterErrorsOfTheExchangeABadBidIsWithdrawnAndNothingNewOrdered) {
  bid();
  exchange.sell_to_us();
  refuse("create_offer", Fate::broken);
  rounds(5);
  EXPECT_EQ(written("create_offer"), 3U);
  EXPECT_TRUE(trader->stops().has(Stop::errors));
  expect_withdrawn_and_nothing_new();
}

TEST_F(RefusalsTest, WhilePausedAGoodBidStaysAndABadOneIsWithdrawn) {
  bid();
  run(io, trader->set(Switched::pause, 42));
  exchange.orders[0].price = Money::cents(920);  // somebody outbids us
  const std::size_t before = exchange.written.size();
  rounds(2);
  EXPECT_EQ(exchange.written.size(), before);
  expect_withdrawn_and_nothing_new();
}

TEST_F(RefusalsTest, WhenAnotherInstanceHasTakenOverABadBidIsWithdrawnAndNothingNewOrdered) {
  bid();
  bool stepped_down = true;
  trader->ask_outside([&stepped_down] { return Stops().set(Stop::stepped_down, stepped_down); });
  EXPECT_FALSE(trader->may_leave(Risk::adds));
  EXPECT_TRUE(trader->may_leave(Risk::reduces));
  expect_withdrawn_and_nothing_new();
  stepped_down = false;
  EXPECT_TRUE(trader->stops().none());
}

TEST_F(RefusalsTest, WhilePausedABadOfferIsTakenDownAndAGoodOneStays) {
  bid();
  exchange.sell_to_us();
  round();
  ASSERT_EQ(exchange.own_offers.size(), 1U);
  run(io, trader->set(Switched::pause, 42));
  exchange.add_market_offer(Money::cents(1100));
  rounds(2, 16 * 60);
  EXPECT_EQ(written("change_offer") + written("delete_offer"), 0U);
  restart((several + "floor = \"20.00\"\n").c_str());
  round();
  EXPECT_EQ(written("delete_offer"), 1U);
  EXPECT_EQ(written("change_offer"), 0U);
  EXPECT_TRUE(exchange.own_offers.empty());
}

TEST_F(RefusalsTest, AStopInTheMiddleOfARoundKeepsWhatWouldBeReplaced) {
  bid();
  exchange.orders[0].price = Money::cents(920);
  refuse("delete_target", Fate::refused);
  round();
  EXPECT_EQ(written("create_target"), 1U) << "it is not replaced before it is gone";
  EXPECT_EQ(exchange.own_targets.size(), 1U);
}

TEST_F(RefusalsTest, InDryRunBadRealOrdersAreNamedAndStay) {
  bid();
  run(io, trader->set(Switched::dry_run, 42));
  round();
  EXPECT_TRUE(trader->view().bad_orders.empty());
  market_falls();
  const std::size_t before = exchange.written.size();
  rounds(2);
  EXPECT_EQ(exchange.written.size(), before);
  ASSERT_EQ(trader->view().bad_orders.size(), 1U);
  EXPECT_EQ(trader->view().bad_orders[0].action, app::ledger::Action::delete_target);
  EXPECT_EQ(trader->view().bad_orders[0].target_id, exchange.own_targets[0].target_id->text());
  exchange.market.pop_back();
  round();
  EXPECT_TRUE(trader->view().bad_orders.empty());
}

TEST_F(RefusalsTest, WithoutRulesWhatStandsIsWithdrawn) {
  bid();
  stop();
  trader.reset();
  metrics.emplace();
  trader.emplace(io.get_executor(), clock, *log, *metrics, *ledger, exchange, Rules(), TraderSettings());
  round();
  EXPECT_TRUE(exchange.own_targets.empty());
}

}  // namespace
}  // namespace tests::trader
