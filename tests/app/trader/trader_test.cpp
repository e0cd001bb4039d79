#include "app/trader/trader.hpp"

#include "tests/app/trader/trader_fixture.hpp"

#include <algorithm>
#include <random>

namespace tests::trader {
namespace {

TEST_F(TraderTest, InDryRunNothingIsWrittenToTheExchange) {
  rounds(3);
  EXPECT_TRUE(exchange.written.empty());
  EXPECT_EQ(ledger->simulated().targets().size(), 1U);
  EXPECT_EQ(real().targets().size(), 0U);
  EXPECT_FALSE(trader->may_leave(dmarket::Risk::adds));
}

TEST_F(TraderTest, LiveNeedsTheConfigurationToo) {
  exchange.changes_allowed = false;
  go_live();
  EXPECT_FALSE(trader->live());
  rounds(2);
  EXPECT_TRUE(exchange.written.empty());
}

TEST_F(TraderTest, LiveOutlivesARestart) {
  go_live();
  restart();
  EXPECT_TRUE(trader->live());
}

TEST_F(TraderTest, OneTargetIsPlacedAndKept) {
  go_live();
  rounds(4);
  EXPECT_EQ(exchange.written, (std::vector<std::string>{"create_target AK $9.01"}));
  EXPECT_EQ(real().reserved(), Money::cents(901));
}

TEST_F(TraderTest, EveryOrderCarriesItsReasonAndFigures) {
  go_live();
  round();
  const auto& reason = real().targets().begin()->second.made_by.reason;
  EXPECT_EQ(reason.rule, "redline");
  EXPECT_FALSE(reason.why.empty());
  bool has_best = false;
  for (const auto& [name, value] : reason.figures) has_best |= name == "best_target" && value == "$9.00";
  EXPECT_TRUE(has_best);
}

TEST_F(TraderTest, ATargetIsChangedOnlyWhenItsLockHasPassed) {
  go_live();
  round();
  exchange.orders[0].price = Money::cents(920);
  rounds(3);
  EXPECT_EQ(exchange.written.size(), 1U) << "fifteen minutes are not over";
  round(1000);
  ASSERT_EQ(exchange.written.size(), 3U);
  EXPECT_TRUE(exchange.written[1].starts_with("delete_target"));
  EXPECT_EQ(exchange.written[2], "create_target AK $9.21");
  EXPECT_EQ(real().reserved(), Money::cents(921));
}

TEST_F(TraderTest, WhatWasBoughtIsPutOnOfferAndItsSaleIsBooked) {
  go_live();
  round();
  const std::string asset = exchange.sell_to_us();
  rounds(2);
  ASSERT_EQ(written("create_offer"), 1U);
  ASSERT_EQ(exchange.own_offers.size(), 1U);
  EXPECT_GT(*exchange.own_offers[0].price, Money::cents(901));
  EXPECT_EQ(real().position(asset)->cost, Money::cents(901));
  const Money price = *exchange.own_offers[0].price;
  exchange.buy_from_us(Money::cents(23));
  rounds(2);
  EXPECT_EQ(real().totals().profit_pending, price - Money::cents(23 + 901));
  EXPECT_EQ(real().totals().profit_final, Money());
  exchange.finish(0, dmarket::TradeStatus::successful, "successful");
  round(700);
  EXPECT_EQ(real().totals().profit_final, price - Money::cents(23 + 901));
  EXPECT_EQ(real().totals().profit_pending, Money());
}

TEST_F(TraderTest, AnAnswerThatIsLostIsLookedUpAndTheOrderNotRepeated) {
  go_live();
  exchange.fate = [](const std::string&) { return Fate::lost_after; };
  round();
  EXPECT_EQ(exchange.written.size(), 1U);
  rounds(5);
  EXPECT_EQ(exchange.written.size(), 1U);
  EXPECT_TRUE(real().open_intents().empty());
  ASSERT_EQ(real().targets().size(), 1U);
  EXPECT_EQ(real().targets().begin()->first, exchange.own_targets[0].target_id->text());
}

TEST_F(TraderTest, AnOrderThatWasLostBeforeItArrivedIsGivenAgainOnlyWhenThatIsSure) {
  go_live();
  exchange.fate = [this](const std::string&) { return exchange.written.size() == 1 ? Fate::lost_before : Fate::done; };
  round();
  round(10);
  EXPECT_EQ(exchange.written.size(), 1U) << "a slow exchange may still be working on it";
  EXPECT_EQ(real().reserved(), Money::cents(901)) << "its money stays reserved";
  rounds(5);
  EXPECT_EQ(exchange.written.size(), 1U) << "one look proves nothing";
  rounds(2);
  EXPECT_EQ(exchange.written.size(), 2U);
  EXPECT_EQ(exchange.own_targets.size(), 1U);
  EXPECT_EQ(real().reserved(), Money::cents(901));
}

// Between writing the intent and the order's leaving, and between its arrival and the entry of its outcome.
TEST_F(TraderTest, AKillInTheMiddleOfAnOrderEndsReconciled) {
  for (const bool arrived : {false, true}) {
    go_live();
    app::ledger::Intent intent;
    intent.action = app::ledger::Action::create_target;
    intent.item.game = "a8db";
    intent.item.title = "AK";
    intent.price = intent.reserve = Money::cents(901);
    intent.reason.rule = "redline";
    for (const auto& target : exchange.own_targets) intent.known.push_back(target.target_id->text());
    std::vector<app::ledger::Entry> entries;
    entries.emplace_back(exchange.time, false, intent);
    run(io, ledger->append(std::move(entries)));
    if (arrived) run(io, exchange.create_target(dmarket::Game::cs2, dmarket::TargetDraft("AK", Money::cents(901))));
    exchange.written.clear();
    restart();
    EXPECT_EQ(real().reserved(), Money::cents(901));
    rounds(5, 100);
    EXPECT_TRUE(real().open_intents().empty());
    EXPECT_EQ(exchange.own_targets.size(), 1U);
    EXPECT_EQ(real().targets().size(), 1U);
    EXPECT_EQ(exchange.written.size(), arrived ? 0U : 1U);
    // Anew for the second case.
    exchange.own_targets.clear();
    rounds(3, 200);
    exchange.own_targets.clear();
    app::ledger::OrderGone gone;
    for (const auto& [id, target] : real().targets()) {
      gone.target_id = id;
      std::vector<app::ledger::Entry> end;
      end.emplace_back(exchange.time, false, gone);
      run(io, ledger->append(std::move(end)));
      break;
    }
  }
}

TEST_F(TraderTest, ATargetThatWasFilledWhileTheBotWasAwayIsBookedOnce) {
  go_live();
  round();
  exchange.sell_to_us();
  restart();
  rounds(3);
  restart();
  rounds(2);
  EXPECT_EQ(real().totals().bought, 1);
  EXPECT_EQ(real().totals().spent, Money::cents(901));
  EXPECT_TRUE(real().targets().empty());
}

TEST_F(TraderTest, OrdersOfThePersonAreNotTouched) {
  dmarket::Target theirs;
  theirs.target_id = dmarket::TargetId(exchange.fresh_id());
  theirs.title = "AK";
  theirs.price = Money::cents(100);
  theirs.amount = 1;
  exchange.own_targets.push_back(theirs);
  dmarket::InventoryItem item;
  item.attributes.id = dmarket::AssetId(exchange.fresh_id());
  item.attributes.title = "AK";
  item.in_market = true;
  exchange.items.push_back(item);
  dmarket::Offer offer;
  offer.offer_id = dmarket::OfferId(exchange.fresh_id());
  offer.price = Money::cents(5000);
  offer.attributes = item.attributes;
  exchange.own_offers.push_back(offer);
  go_live();
  rounds(3, 1000);
  panic();
  EXPECT_EQ(exchange.own_targets.size(), 1U);
  EXPECT_EQ(exchange.own_targets[0].target_id, theirs.target_id);
  EXPECT_EQ(exchange.own_offers.size(), 1U);
  EXPECT_EQ(written("change_offer") + written("delete_offer") + written("create_offer"), 0U);
}

TEST_F(TraderTest, AnItemThatARuleNamesIsSold) {
  dmarket::InventoryItem item;
  item.attributes.id = dmarket::AssetId(exchange.fresh_id());
  item.attributes.title = "AK";
  item.in_market = true;
  exchange.items.push_back(item);
  const std::string rules =
      std::string(rules_text) + "floor = \"10.00\"\nitems = [\"" + item.attributes.id->text() + "\"]\n";
  restart(rules.c_str());
  go_live();
  round();
  EXPECT_EQ(written("create_offer"), 1U);
}

TEST_F(TraderTest, WhatHasNoKnownCostAndNoFloorIsNotSold) {
  dmarket::InventoryItem item;
  item.attributes.id = dmarket::AssetId(exchange.fresh_id());
  item.attributes.title = "AK";
  item.in_market = true;
  exchange.items.push_back(item);
  const std::string rules = std::string(rules_text) + "items = [\"" + item.attributes.id->text() + "\"]\n";
  restart(rules.c_str());
  go_live();
  round();
  EXPECT_EQ(written("create_offer"), 0U);
  bool said = false;
  for (const auto& line : trader->view().refusals) said |= line.refusal == dmarket::trading::Refusal::cost_unknown;
  EXPECT_TRUE(said);
}

TEST_F(TraderTest, TheDailyBudgetIsNotExceededByAllRulesTogether) {
  std::string rules = "[limits]\ndaily_budget = \"12.00\"\n";
  for (const char* name : {"one", "two", "three"})
    rules += "[[rule]]\nname = \"" + std::string(name) + "\"\ngame = \"cs2\"\ntitle = \"AK\"\nmax_price = \"9.50\"\n";
  restart(rules.c_str());
  go_live();
  rounds(4);
  EXPECT_EQ(exchange.own_targets.size(), 1U);
  EXPECT_LE(real().committed(app::ledger::day_of(exchange.time)), Money::cents(1200));
}

TEST_F(TraderTest, AFilledTargetCountsAgainstTheBudgetOfItsDayOnly) {
  restart(
      "[limits]\ndaily_budget = \"10.00\"\n[[rule]]\ngame = \"cs2\"\ntitle = \"AK\"\nmax_price = \"9.50\"\namount = "
      "3\nsell = false\n");
  go_live();
  round();
  exchange.sell_to_us();
  rounds(3);
  EXPECT_EQ(exchange.own_targets.size(), 0U) << "the day's money is spent";
  round(app::ledger::day_seconds);
  EXPECT_EQ(exchange.own_targets.size(), 1U);
}

TEST_F(TraderTest, ThreeErrorsOfTheExchangeInARowStopOrders) {
  go_live();
  exchange.fate = [](const std::string&) { return Fate::broken; };
  rounds(8);
  EXPECT_EQ(exchange.written.size(), 3U);
  restart();
  rounds(2);
  EXPECT_EQ(exchange.written.size(), 3U) << "also over a restart";
  round(16 * 60);
  EXPECT_EQ(exchange.written.size(), 4U);
}

TEST_F(TraderTest, ALockThatTheExchangeNamesIsWaitedForAndIsNoError) {
  go_live();
  round();
  exchange.sell_to_us();
  exchange.fate = [](const std::string&) { return Fate::locked; };
  rounds(8);
  EXPECT_EQ(written("create_offer"), 1U) << "twelve minutes";
  exchange.fate = [](const std::string&) { return Fate::done; };
  rounds(6);
  EXPECT_EQ(written("create_offer"), 2U);
  EXPECT_EQ(real().errors().errors, 0);
}

TEST_F(TraderTest, PauseLeavesOrdersAndOrdersNothing) {
  go_live();
  round();
  run(io, trader->set(Switched::pause, 42));
  exchange.sell_to_us();
  restart();
  rounds(3);
  EXPECT_EQ(exchange.written.size(), 1U);
  EXPECT_EQ(real().totals().bought, 1) << "what happens is booked all the same";
  run(io, trader->set(Switched::resume, 42));
  round();
  EXPECT_GT(exchange.written.size(), 1U);
}

TEST_F(TraderTest, PanicBreaksOffTheOrderThatWaitsAndDeletesTheBotsTargets) {
  go_live();
  round();
  exchange.orders[0].price = Money::cents(920);
  exchange.time += 2000;
  tgkit::Event gate;
  exchange.hold = &gate;
  run(io, trader->start());
  while (real().open_intents().empty() && io.run_one() > 0) {
  }
  ASSERT_EQ(real().open_intents().size(), 1U) << "its deletion waits to leave";
  exchange.hold = nullptr;
  const TakedownReport report = panic();
  EXPECT_FALSE(trader->may_leave(dmarket::Risk::adds));
  EXPECT_EQ(report.count(OrderFate::looked_up), 1U) << "the deletion that was broken off";
  EXPECT_TRUE(report.written);
  EXPECT_EQ(written("create_target"), 1U) << "nothing left after the panic";
  stop();
  rounds(5, 100);
  EXPECT_TRUE(exchange.own_targets.empty());
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(written("create_target"), 1U);
}

TEST_F(TraderTest, PanicListsWhatFailedAndTriesItAgain) {
  go_live();
  round();
  exchange.fate = [](const std::string&) { return Fate::locked; };
  const TakedownReport report = panic();
  ASSERT_EQ(report.lines.size(), 1U);
  EXPECT_EQ(report.lines[0].fate, OrderFate::locked);
  EXPECT_FALSE(report.over());
  restart();
  EXPECT_TRUE(trader->view().panicked) << "also over a restart";
  exchange.fate = [](const std::string&) { return Fate::done; };
  rounds(3);
  EXPECT_EQ(exchange.own_targets.size(), 1U) << "it is locked";
  round(1000);
  EXPECT_TRUE(exchange.own_targets.empty());
  EXPECT_TRUE(real().targets().empty());
}

TEST_F(TraderTest, PanicDeletesWhatWasOrderedBeforeTheWayBackToDryRun) {
  go_live();
  round();
  run(io, trader->set(Switched::dry_run, 42));
  rounds(2);
  EXPECT_EQ(exchange.own_targets.size(), 1U) << "a switch alone deletes nothing";
  EXPECT_FALSE(trader->may_leave(dmarket::Risk::adds));
  exchange.fate = [](const std::string&) { return Fate::locked; };
  panic();
  exchange.fate = [](const std::string&) { return Fate::done; };
  round(1000);
  EXPECT_TRUE(exchange.own_targets.empty());
  EXPECT_FALSE(trader->may_leave(dmarket::Risk::adds));
}

TEST_F(TraderTest, ABalanceThatChangesWithoutAReasonPausesTrading) {
  go_live();
  rounds(2);
  exchange.usd = Money::cents(30'000);
  rounds(3);
  EXPECT_TRUE(real().paused());
}

TEST_F(TraderTest, AnExchangeThatIsAwayLosesNothing) {
  go_live();
  round();
  exchange.down = true;
  EXPECT_THROW(round(), dmarket::Error);
  exchange.down = false;
  rounds(2);
  EXPECT_EQ(exchange.written.size(), 1U);
}

TEST_F(TraderTest, ATargetOfARuleThatIsGoneIsWithdrawn) {
  go_live();
  round();
  restart("[limits]\ndaily_budget = \"50.00\"\n[[rule]]\ngame = \"cs2\"\ntitle = \"M4\"\nmax_price = \"1.00\"\n");
  round(1000);
  EXPECT_TRUE(exchange.own_targets.empty());
}

// A market that does what it likes for two days, an exchange that refuses, loses answers and knows no mercy with locks,
// and kills in between: no limit is broken, and the books are those of the exchange.
TEST_F(TraderTest, WhateverHappensNoLimitIsBrokenAndTheBooksAreTrue) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::mt19937 dice(seed);
    const auto chance = [&dice](int percent) { return static_cast<int>(dice() % 100) < percent; };
    exchange = ScriptedExchange();
    exchange.usd = Money::cents(20'000);
    for (int day = 1; day <= 12; ++day) exchange.add_sale(Money::cents(1100), day * 40'000);
    exchange.add_market_offer(Money::cents(1150));
    exchange.add_order(Money::cents(900));
    exchange.fate = [&](const std::string& what) {
      if (chance(4)) return Fate::refused;
      if (!what.starts_with("create_target") && !what.starts_with("buy")) return Fate::done;
      if (chance(5)) return Fate::lost_after;
      if (chance(5)) return Fate::lost_before;
      return Fate::done;
    };
    stop();
    trader.reset();
    ledger.reset();
    kept.emplace(clock);
    run(io, kept->open());
    constexpr const char* rules =
        "[limits]\ndaily_budget = \"30.00\"\n[[rule]]\ngame = \"cs2\"\ntitle = \"AK\"\nmax_price = \"9.50\"\n"
        "buy_now_price = \"9.00\"\namount = 3\n";
    restart(rules);
    go_live();
    for (int i = 0; i < 150; ++i) {
      exchange.time += 200 + static_cast<int>(dice() % 900);
      exchange.orders[0].price = Money::cents(850 + static_cast<int>(dice() % 130));
      exchange.market[0].price = Money::cents(1000 + static_cast<int>(dice() % 200));
      exchange.add_sale(Money::cents(1050 + static_cast<int>(dice() % 100)), 10);
      if (exchange.sales.size() > 20) exchange.sales.pop_back();
      if (!exchange.own_targets.empty() && chance(20)) exchange.sell_to_us();
      if (!exchange.own_offers.empty() && chance(20)) {
        exchange.buy_from_us(dmarket::fee_on(*exchange.own_offers[0].price, dmarket::FeeRate::millionths(20'000)));
      }
      if (!exchange.sold.empty() && chance(30)) {
        for (std::size_t sale = 0; sale < exchange.sold.size(); ++sale)
          if (exchange.sold[sale].status == dmarket::TradeStatus::trade_protected)
            exchange.finish(sale, dmarket::TradeStatus::successful, "successful");
      }
      if (chance(15)) {  // a cheap offer comes, or goes
        const auto is_cheap = [](const dmarket::Offer& one) { return one.price < Money::cents(950); };
        if (std::erase_if(exchange.market, is_cheap) == 0)
          exchange.add_market_offer(Money::cents(700 + static_cast<int>(dice() % 220)));
      }
      if (chance(5)) restart(rules);
      run(io, trader->round());
      ASSERT_LE(real().committed(app::ledger::day_of(exchange.time)), Money::cents(3000)) << "seed " << seed;
      ASSERT_LE(exchange.own_targets.size(), 1U) << "seed " << seed << ": an order was given twice";
      for (const auto& target : exchange.own_targets) ASSERT_LE(*target.price, Money::cents(950));
      for (const auto& offer : exchange.own_offers) {
        const Money net = *offer.price - dmarket::fee_on(*offer.price, dmarket::FeeRate::millionths(20'000));
        ASSERT_GE(net, *real().position(offer.attributes.id->text())->cost) << "seed " << seed << ": below its floor";
      }
    }
    exchange.fate = [](const std::string&) { return Fate::done; };
    for (std::size_t sale = 0; sale < exchange.sold.size(); ++sale)
      exchange.finish(sale, dmarket::TradeStatus::successful, "successful");
    rounds(3, 700);
    const app::ledger::Totals totals = real().totals();
    Money spent, gross, fees;
    for (const auto& trade : exchange.bought) spent += *trade.price;
    for (const auto& trade : exchange.bought_at_once) spent += trade.price;
    for (const auto& trade : exchange.sold) {
      gross += *trade.price;
      fees += *trade.fee.amount;
    }
    EXPECT_EQ(totals.spent, spent) << "seed " << seed;
    EXPECT_EQ(totals.gross_final, gross) << "seed " << seed;
    EXPECT_EQ(totals.fees_final, fees) << "seed " << seed;
    EXPECT_EQ(totals.sales_without_cost, 0) << "seed " << seed;
    EXPECT_GE(totals.profit_final, Money()) << "seed " << seed;
    EXPECT_GT(exchange.bought.size(), 0U) << "seed " << seed << ": nothing happened at all";
    EXPECT_GT(exchange.bought_at_once.size(), 0U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tests::trader
