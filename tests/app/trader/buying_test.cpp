#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

using app::ledger::Action;
using app::ledger::CostSource;
using app::ledger::day_seconds;
using app::ledger::TradeState;

std::string rules_with(const std::string& fields, const std::string& limits = "daily_budget = \"50.00\"") {
  return "[limits]\n" + limits +
         "\n[[rule]]\nname = \"redline\"\ngame = \"cs2\"\ntitle = \"AK\"\nbuy_now_price = \"8.50\"\n" + fields + "\n";
}

class BuyingTest : public TraderTest {
 protected:
  BuyingTest() { with(""); }

  void with(const std::string& fields) { with_all(rules_with(fields)); }
  void with_all(const std::string& rules) { restart(rules.c_str()); }
  std::size_t purchases() const { return written("buy "); }
  bool notes(const std::string& part) const {
    const TraderView view = trader->view();
    return std::ranges::any_of(view.notes,
                               [&part](const Note& note) { return note.why.find(part) != std::string_view::npos; });
  }
  std::vector<app::ledger::Entry> entries() {
    std::vector<app::ledger::Entry> all;
    const std::function<void(const app::ledger::Entry&)> each = [&all](const auto& entry) { all.push_back(entry); };
    run(io, app::ledger::read_entries(*kept, each));
    return all;
  }
  // A purchase that the exchange has accepted and not carried out, over a restart.
  void under_way() {
    go_live();
    exchange.add_market_offer(Money::cents(850));
    exchange.fate = [](const std::string&) { return Fate::pending; };
    rounds(20);
    EXPECT_EQ(purchases(), 1U);
    restart(rules_with("sell = false").c_str());
    EXPECT_EQ(real().open_intents().size(), 1U);
    EXPECT_EQ(real().reserved(), Money::cents(850));
    EXPECT_EQ(real().errors().errors, 0) << "that it takes its time is no error";
  }
  // What a kill between the intent and its outcome leaves in the ledger.
  dmarket::Offer intended() {
    go_live();
    const dmarket::Offer offer = exchange.add_market_offer(Money::cents(850));
    app::ledger::Intent intent;
    intent.action = Action::buy;
    intent.item.game = "a8db";
    intent.item.title = "AK";
    intent.price = intent.reserve = *offer.price;
    intent.offer_id = offer.offer_id->text();
    intent.asset_id = offer.attributes.id->text();
    intent.reason.rule = "redline";
    std::vector<app::ledger::Entry> one;
    one.emplace_back(exchange.time, false, intent);
    run(io, ledger->append(std::move(one)));
    return offer;
  }
  TradeState state_of_only_purchase() const {
    EXPECT_EQ(real().purchases().size(), 1U);
    return real().purchases().begin()->second.state;
  }
};

TEST_F(BuyingTest, AnOfferAtThePriceIsBoughtOnceAndOneACentAboveIsNot) {
  go_live();
  exchange.add_market_offer(Money::cents(851));
  rounds(2);
  EXPECT_EQ(purchases(), 0U);
  exchange.market.pop_back();
  const std::string offer = exchange.add_market_offer(Money::cents(850)).offer_id->text();
  rounds(5);
  EXPECT_EQ(purchases(), 1U);
  EXPECT_EQ(exchange.written[0], "buy " + offer + " $8.50");
  ASSERT_EQ(exchange.bought_at_once.size(), 1U);
  const auto position = real().position(exchange.bought_at_once[0].asset);
  ASSERT_TRUE(position);
  EXPECT_EQ(position->cost, Money::cents(850));
  EXPECT_EQ(position->source, CostSource::instant);
  EXPECT_EQ(real().reserved(), Money());
  EXPECT_EQ(real().cash_flow(), Money::cents(-850)) << "the balance is explained";
  EXPECT_EQ(written("create_offer"), 1U) << "and the copy is put on offer";
  EXPECT_EQ(written("create_target"), 0U) << "without a cap there is no target";
}

TEST_F(BuyingTest, TheOrderCarriesItsReasonAndThePurchaseStandsBesideItsOutcome) {
  go_live();
  exchange.add_market_offer(Money::cents(850), "AK", "0.211");
  round();
  const auto all = entries();
  const auto is_purchase = [](const auto& entry) { return std::holds_alternative<app::ledger::Purchase>(entry.body); };
  const auto found = std::ranges::find_if(all, is_purchase);
  ASSERT_NE(found, all.end());
  const auto& outcome = std::get<app::ledger::Outcome>((found - 1)->body);
  const auto& intent = std::get<app::ledger::Intent>((found - 2)->body);
  const auto& purchase = std::get<app::ledger::Purchase>(found->body);
  EXPECT_EQ(intent.action, Action::buy);
  EXPECT_EQ(intent.reserve, Money::cents(850));
  EXPECT_EQ(intent.reason.why, "an offer at or below the price to buy at");
  EXPECT_EQ(intent.reason.figures[0], (std::pair<std::string, std::string>("price", "$8.50")));
  EXPECT_EQ(outcome.result, app::ledger::Result::done);
  EXPECT_EQ(purchase.offer_id, intent.offer_id);
  EXPECT_EQ(purchase.asset_id, intent.asset_id);
  EXPECT_EQ(purchase.item.float_value, "0.211");
  EXPECT_EQ(purchase.item.game, "a8db");
  EXPECT_EQ(purchase.state, TradeState::pending);
}

TEST_F(BuyingTest, TheCheapestGoesFirstAndOneARoundUntilThereAreEnough) {
  with("amount = 2");
  go_live();
  for (const int cents : {800, 300, 500}) exchange.add_market_offer(Money::cents(cents));
  round();
  EXPECT_EQ(purchases(), 1U);
  rounds(4);
  ASSERT_EQ(exchange.bought_at_once.size(), 2U);
  EXPECT_EQ(exchange.bought_at_once[0].price, Money::cents(300));
  EXPECT_EQ(exchange.bought_at_once[1].price, Money::cents(500));
}

TEST_F(BuyingTest, ACopyThatTheInventoryDoesNotShowYetCountsBesideThoseThatWereThere) {
  with("amount = 2");
  go_live();
  dmarket::InventoryItem theirs;
  theirs.attributes.id = dmarket::AssetId(exchange.fresh_id());
  theirs.attributes.title = "AK";
  theirs.in_market = true;
  exchange.items.push_back(theirs);
  exchange.add_market_offer(Money::cents(300));
  exchange.add_market_offer(Money::cents(800));
  round();
  ASSERT_EQ(exchange.items.size(), 2U);
  const dmarket::InventoryItem copy = exchange.items[1];
  exchange.items.pop_back();
  round();
  exchange.items.push_back(copy);
  rounds(3);
  EXPECT_EQ(purchases(), 1U);
}

TEST_F(BuyingTest, AnotherOfferThatIsNearlyAsCheapLeavesNoProfit) {
  go_live();
  exchange.add_market_offer(Money::cents(840));
  exchange.add_market_offer(Money::cents(850));
  round();
  EXPECT_EQ(purchases(), 0U) << "it would have to be sold below $8.50";
  EXPECT_TRUE(notes("profit"));
}

TEST_F(BuyingTest, OnlyAFreeOfferOfSomebodyElseOfTheVeryTitleAndDemandIsBought) {
  with("float_part = \"FT-2\"");
  for (int day = 1; day <= 12; ++day) exchange.sales[static_cast<std::size_t>(day - 1)].float_value = "0.22";
  go_live();
  const std::function<void(dmarket::Offer&)> wrong[] = {
      [](dmarket::Offer& offer) { offer.attributes.title = "AK (Well-Worn)"; },
      [](dmarket::Offer& offer) { offer.attributes.float_value = "0.25"; },
      [](dmarket::Offer& offer) { offer.attributes.float_value.reset(); },
      [](dmarket::Offer& offer) { offer.locked = true; },
      [](dmarket::Offer& offer) { offer.attributes.provider = "ICS"; },
      [](dmarket::Offer& offer) { offer.offer_id.reset(); },
      [](dmarket::Offer& offer) { offer.attributes.id.reset(); },
      [this](dmarket::Offer& offer) {
        exchange.own_offers.push_back(offer);
        exchange.own_offers[0].attributes.title = "something else";  // so that it is no copy held
      },
      {},
  };
  for (const auto& change : wrong) {
    dmarket::Offer& offer = exchange.add_market_offer(Money::cents(850), "AK", "0.22");
    if (change) change(offer);
    round();
    EXPECT_EQ(purchases(), change ? 0U : 1U) << "case " << &change - wrong;
    if (change) exchange.market.pop_back();
  }
}

TEST_F(BuyingTest, WhatLeavesTooLittleIsNotBought) {
  with("least_profit_percent = 27");
  go_live();
  exchange.add_market_offer(Money::cents(850));
  round();
  EXPECT_EQ(purchases(), 0U);
  EXPECT_TRUE(notes("profit"));
  exchange.market.back().price = Money::cents(840);
  round();
  EXPECT_EQ(purchases(), 1U) << "$11.01 less 2 % is $10.78; 27 % of $8.40 fit into it, of $8.50 they do not";
}

TEST_F(BuyingTest, NoLimitOfMoneyIsBrokenAndNothingBlacklistedIsBought) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  for (const char* limits : {"daily_budget = \"8.49\"", "daily_budget = \"50\"\nmost_per_item = \"8.49\"",
                             "daily_budget = \"50\"\nblacklist = [\"AK\"]"}) {
    with_all(rules_with("", limits));
    round();
    EXPECT_EQ(purchases(), 0U) << limits;
  }
  exchange.usd = Money::cents(2000);
  with("");
  round();
  EXPECT_EQ(purchases(), 0U) << "30 % of $20";
  exchange.usd = Money::cents(100'000);
  with_all(rules_with("amount = 3", "daily_budget = \"16.99\""));
  round();
  exchange.add_market_offer(Money::cents(850));
  rounds(4);
  EXPECT_EQ(purchases(), 1U);
  round(day_seconds);
  EXPECT_EQ(purchases(), 2U) << "on another day";
}

TEST_F(BuyingTest, ATargetThatWouldBeTooMuchIsWithdrawnFirst) {
  with("max_price = \"9.50\"\nopening_price = \"8.00\"");
  go_live();
  round();
  ASSERT_EQ(exchange.own_targets.size(), 1U);
  exchange.add_market_offer(Money::cents(850));
  rounds(3);
  EXPECT_EQ(purchases(), 0U) << "it is locked";
  EXPECT_TRUE(notes("has to go first is locked"));
  EXPECT_EQ(exchange.own_targets.size(), 1U);
  round(1000);
  ASSERT_EQ(exchange.written.size(), 3U);
  EXPECT_TRUE(exchange.written[1].starts_with("delete_target"));
  EXPECT_TRUE(exchange.written[2].starts_with("buy"));
  rounds(3);
  EXPECT_TRUE(exchange.own_targets.empty());
  EXPECT_EQ(real().reserved(), Money());
}

TEST_F(BuyingTest, WhenTheTargetCannotBeWithdrawnNothingIsBought) {
  with("max_price = \"9.50\"\nopening_price = \"8.00\"");
  go_live();
  round();
  exchange.add_market_offer(Money::cents(850));
  exchange.fate = [](const std::string& what) { return what.starts_with("delete") ? Fate::locked : Fate::done; };
  round(1000);
  EXPECT_EQ(written("delete_target"), 1U);
  EXPECT_EQ(purchases(), 0U);
}

TEST_F(BuyingTest, WhatIsLeftOfTheAmountIsBidForAfterwards) {
  with("max_price = \"9.50\"\nopening_price = \"8.00\"\namount = 2\nsell = false");
  go_live();
  exchange.add_market_offer(Money::cents(850));
  rounds(2);
  EXPECT_EQ(exchange.bought_at_once.size(), 1U);
  ASSERT_EQ(exchange.own_targets.size(), 1U);
  EXPECT_EQ(exchange.own_targets[0].amount, 1);
}

TEST_F(BuyingTest, TwoRulesOfATitleDoNotBuyOneOfferNorTooManyTogether) {
  std::string rules = "[limits]\ndaily_budget = \"50.00\"\n";
  for (const char* name : {"one", "two"})
    rules += "[[rule]]\nname = \"" + std::string(name) +
             "\"\ngame = \"cs2\"\ntitle = \"AK\"\nbuy_now_price = \"8.50\"\namount = 2\nsell = false\n";
  with_all(rules);
  go_live();
  for (const int cents : {800, 300, 500}) exchange.add_market_offer(Money::cents(cents));
  round();
  EXPECT_EQ(exchange.bought_at_once.size(), 2U);
  rounds(3);
  EXPECT_EQ(purchases(), 2U);
}

TEST_F(BuyingTest, AnOfferThatSomebodyElseTookFailsAndIsNeitherAnErrorNorTriedAgain) {
  go_live();
  const dmarket::Offer gone = exchange.add_market_offer(Money::cents(850));
  exchange.fate = [this](const std::string&) {
    exchange.market.pop_back();
    return Fate::done;
  };
  round();
  exchange.fate = [](const std::string&) { return Fate::done; };
  exchange.market.push_back(gone);  // the list lags
  rounds(3);
  EXPECT_EQ(purchases(), 1U);
  EXPECT_TRUE(exchange.bought_at_once.empty());
  EXPECT_EQ(real().reserved(), Money());
  EXPECT_EQ(real().totals().bought, 0);
  EXPECT_EQ(real().errors().errors, 0);
  exchange.add_market_offer(Money::cents(849));
  round();
  EXPECT_EQ(exchange.bought_at_once.size(), 1U);
}

TEST_F(BuyingTest, ATitleInWhichAPurchaseIsRefusedIsLeftAloneForAWhile) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  exchange.fate = [](const std::string&) { return Fate::refused; };
  rounds(8);
  EXPECT_EQ(purchases(), 2U) << "at once and after five minutes";
  EXPECT_EQ(real().errors().errors, 0);
}

TEST_F(BuyingTest, ALostPurchaseThatWasMadeIsEnteredAndNotRepeated) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  exchange.add_market_offer(Money::cents(549), "AK", "0.3");
  exchange.fate = [](const std::string& what) { return what.starts_with("buy") ? Fate::lost_after : Fate::done; };
  rounds(5);
  EXPECT_EQ(purchases(), 1U);
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(real().totals().bought, 1);
  EXPECT_EQ(real().totals().spent, Money::cents(549));
  EXPECT_EQ(real().reserved(), Money());
}

TEST_F(BuyingTest, APurchaseThatNeverArrivedIsGivenAgainOnlyWhenThatIsSure) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  exchange.fate = [this](const std::string&) { return purchases() == 1 ? Fate::lost_before : Fate::done; };
  round();
  round(10);
  EXPECT_EQ(purchases(), 1U);
  EXPECT_EQ(real().reserved(), Money::cents(850));
  EXPECT_TRUE(notes("the fate of an earlier order is not known"));
  rounds(3);
  EXPECT_EQ(purchases(), 2U) << "the offer stands unlocked";
  EXPECT_EQ(exchange.bought_at_once.size(), 1U);
}

TEST_F(BuyingTest, ALostPurchaseWhoseOfferIsGoneStaysReservedUntilItsCopyWouldHaveCome) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  exchange.fate = [this](const std::string&) {
    exchange.market.pop_back();
    return Fate::lost_before;
  };
  rounds(8);
  EXPECT_EQ(real().reserved(), Money::cents(850));
  exchange.add_market_offer(Money::cents(840));
  round();
  EXPECT_EQ(purchases(), 1U) << "nothing else is ordered for the title meanwhile";
  exchange.fate = [](const std::string&) { return Fate::done; };
  rounds(5);
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(real().totals().bought, 1);
  EXPECT_EQ(real().totals().spent, Money::cents(840));
}

TEST_F(BuyingTest, APurchaseUnderWayIsWaitedForAndEntered) {
  under_way();
  exchange.end_pending(true);
  rounds(2);
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(real().reserved(), Money());
  EXPECT_EQ(real().totals().spent, Money::cents(850));
}

TEST_F(BuyingTest, APurchaseUnderWayThatFailsGivesItsMoneyBack) {
  under_way();
  exchange.end_pending(false);
  exchange.fate = [](const std::string&) { return Fate::done; };
  round();
  EXPECT_TRUE(real().open_intents().empty()) << "its offer stands as before";
  EXPECT_EQ(real().totals().bought, 1) << "and is bought";
  EXPECT_EQ(purchases(), 2U);
}

TEST_F(BuyingTest, ACopyThatCameToOurTargetIsNoPurchaseAtOnceToo) {
  const char* bids =
      "[[rule]]\nname = \"bids\"\ngame = \"cs2\"\ntitle = \"AK\"\nmax_price = \"8.60\"\nkeep_best = false\n";
  with_all(rules_with("amount = 3\nsell = false") + bids + "sell = false\n");
  go_live();
  round();
  ASSERT_EQ(exchange.own_targets.size(), 1U);
  const dmarket::Offer offer = exchange.add_market_offer(Money::cents(850), "AK", "0.3");
  exchange.fate = [](const std::string& what) { return what.starts_with("buy") ? Fate::pending : Fate::done; };
  rounds(20);
  ASSERT_EQ(purchases(), 1U);
  ASSERT_EQ(exchange.own_targets.size(), 1U);
  // It fails in the end, and the seller's copy goes to the target that stands.
  exchange.market.clear();
  exchange.sell_to_us(*offer.attributes.id, "0.3");
  exchange.fate = [](const std::string&) { return Fate::done; };
  rounds(20);
  EXPECT_TRUE(real().open_intents().empty());
  ASSERT_EQ(real().purchases().size(), 1U);
  EXPECT_EQ(real().purchases().begin()->second.source, CostSource::target);
}

TEST_F(BuyingTest, AKillBetweenAnswerAndEntryEndsWithThePurchaseEntered) {
  const dmarket::Offer offer = intended();
  run(io, exchange.buy_offer(dmarket::Purchase(*offer.offer_id, *offer.price)));
  restart(rules_with("sell = false").c_str());
  EXPECT_EQ(real().reserved(), Money::cents(850));
  rounds(5, 100);
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(purchases(), 1U);
  EXPECT_EQ(real().totals().bought, 1);
  EXPECT_EQ(real().committed(app::ledger::day_of(exchange.time)), Money::cents(850));
}

TEST_F(BuyingTest, AKillBeforeThePurchaseLeftEndsWithAPurchase) {
  intended();
  restart(rules_with("sell = false").c_str());
  round(90);
  EXPECT_EQ(purchases(), 0U) << "it may have left, and be under way";
  rounds(4, 100);
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(purchases(), 1U);
  EXPECT_EQ(real().totals().bought, 1);
}

TEST_F(BuyingTest, APurchaseIsFinalWhenNothingOfItsDayIsProtectedAnyMore) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  rounds(2);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending);
  round(8 * day_seconds);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending);
  round(3600);
  EXPECT_EQ(state_of_only_purchase(), TradeState::final);
  EXPECT_EQ(purchases(), 1U);
}

TEST_F(BuyingTest, ACopyThatIsTakenBackIsAPurchaseReverted) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  rounds(2);
  exchange.take_back(0);
  rounds(2);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending) << "one look proves nothing";
  rounds(4);
  EXPECT_EQ(state_of_only_purchase(), TradeState::reverted);
  EXPECT_EQ(real().cash_flow(), Money());
  EXPECT_EQ(real().totals().purchases_reverted, 1);
  EXPECT_TRUE(real().positions().empty());
  EXPECT_FALSE(real().paused());
}

TEST_F(BuyingTest, ACopyThatIsMissedForAMomentIsNotTakenBack) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  rounds(3);
  const auto items = exchange.items;
  const auto offers = exchange.own_offers;
  exchange.items[0].attributes.id.reset();  // a list that leaves out what names the copy proves nothing
  exchange.own_offers.clear();
  rounds(2, 700);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending);
  exchange.items.clear();
  rounds(2, 700);
  EXPECT_EQ(state_of_only_purchase(), TradeState::reverted);
  exchange.items = items;
  exchange.own_offers = offers;
  rounds(2, 700);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending) << "it is there again";
  EXPECT_EQ(real().cash_flow(), Money::cents(-850));
}

TEST_F(BuyingTest, WhatWasBoughtAtOnceIsSoldAndItsProfitIsRight) {
  go_live();
  exchange.add_market_offer(Money::cents(850));
  rounds(2);
  ASSERT_EQ(exchange.own_offers.size(), 1U);
  const Money asked = *exchange.own_offers[0].price;
  exchange.buy_from_us(Money::cents(22));
  rounds(2);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending);
  exchange.finish(0, dmarket::TradeStatus::successful, "successful");
  rounds(2);
  EXPECT_EQ(state_of_only_purchase(), TradeState::final);
  EXPECT_EQ(real().totals().profit_final, asked - Money::cents(22) - Money::cents(850));
  EXPECT_EQ(real().totals().sales_without_cost, 0);
}

TEST_F(BuyingTest, ACopyThatComesUnderAnotherIdIsTheBotsAllTheSame) {
  go_live();
  exchange.add_market_offer(Money::cents(850), "AK", "0.2345");
  exchange.fate = [](const std::string& what) { return what.starts_with("buy") ? Fate::done : Fate::refused; };
  round();
  ASSERT_EQ(exchange.items.size(), 1U);
  exchange.items[0].attributes.id = dmarket::AssetId(exchange.fresh_id());
  exchange.fate = [](const std::string&) { return Fate::done; };
  rounds(5);
  EXPECT_EQ(state_of_only_purchase(), TradeState::pending);
  ASSERT_EQ(exchange.own_offers.size(), 1U);
  EXPECT_EQ(real().position(exchange.own_offers[0].attributes.id->text())->cost, Money::cents(850));
}

TEST_F(BuyingTest, NothingIsBoughtAfterAPauseOrAPanic) {
  go_live();
  run(io, trader->set(Switched::pause, 42));
  exchange.add_market_offer(Money::cents(850));
  rounds(2);
  EXPECT_EQ(purchases(), 0U);
  run(io, trader->set(Switched::resume, 42));
  tgkit::Event gate;
  exchange.hold = &gate;
  exchange.time += 60;
  run(io, trader->start());
  while (real().open_intents().empty() && io.run_one() > 0) {
  }
  ASSERT_EQ(real().open_intents().size(), 1U) << "the purchase waits to leave";
  exchange.hold = nullptr;
  const TakedownReport report = panic();
  EXPECT_EQ(report.looked_up, 1U);
  stop();
  rounds(5, 100);
  EXPECT_EQ(purchases(), 0U);
  EXPECT_TRUE(real().open_intents().empty());
  EXPECT_EQ(real().reserved(), Money());
}

TEST_F(BuyingTest, InDryRunAnOfferIsBoughtOnceOnPaperAndNoCallIsMade) {
  with("amount = 3");
  exchange.add_market_offer(Money::cents(850), "AK", "0.21");
  rounds(3);
  restart(rules_with("amount = 3").c_str());
  rounds(3);
  const auto& books = ledger->simulated();
  EXPECT_EQ(books.totals().bought, 1) << "it stands on the market still";
  EXPECT_EQ(books.totals().spent, Money::cents(850));
  EXPECT_EQ(books.purchases().begin()->second.source, CostSource::instant);
  EXPECT_EQ(books.offers().size(), 1U);
  exchange.add_market_offer(Money::cents(849));
  rounds(2);
  EXPECT_EQ(books.totals().bought, 2);
  EXPECT_EQ(real().totals().bought, 0);
  EXPECT_TRUE(exchange.written.empty());
}

}  // namespace
}  // namespace tests::trader
