#include "tests/app/ledger/ledger_fixture.hpp"

#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

TEST(LedgerBooks, AnIntentReservesItsMoneyUntilItFails) {
  Writing w;
  const auto intent = w.put(target_intent(dollars(9, 50), 2));
  EXPECT_EQ(w.books.reserved(), dollars(19));
  EXPECT_EQ(w.books.open_intents().size(), 1U);
  w.put(outcome(intent, Result::failed));
  EXPECT_EQ(w.books.reserved(), Money());
  EXPECT_TRUE(w.books.open_intents().empty());
  EXPECT_TRUE(w.books.targets().empty());
}

TEST(LedgerBooks, AnUnknownOutcomeKeepsItsReserve) {
  Writing w;
  const auto intent = w.put(target_intent(dollars(5)));
  EXPECT_FALSE(w.books.open_intents().at(intent).answered);
  w.put(outcome(intent, Result::unknown));
  EXPECT_EQ(w.books.reserved(), dollars(5));
  EXPECT_TRUE(w.books.open_intents().at(intent).answered);
  w.put(outcome(intent, Result::done, "t"));
  EXPECT_EQ(w.books.reserved(), dollars(5)) << "now the target holds it";
  EXPECT_TRUE(w.books.made_target("t"));
  w.put(outcome(intent, Result::failed));
  EXPECT_EQ(w.books.targets().size(), 1U) << "an intent ends once";
}

TEST(LedgerBooks, ATargetIsReservedForWhatIsLeftOfIt) {
  Writing w;
  const std::string target = w.place(dollars(10), 3);
  w.put(purchase(target, "a", dollars(10), t0));
  EXPECT_EQ(w.books.reserved(), dollars(20));
  w.put(purchase(target, "a", dollars(10), t0, TradeState::pending));
  EXPECT_EQ(w.books.reserved(), dollars(20)) << "the same purchase again";
  w.put(purchase(target, "b", dollars(10), t0));
  w.put(purchase(target, "c", dollars(10), t0));
  EXPECT_EQ(w.books.reserved(), Money());
  EXPECT_TRUE(w.books.targets().empty()) << "it is filled";
}

TEST(LedgerBooks, APurchaseThatIsListedBeforeItsTargetsOutcomeCountsAsFilled) {
  Writing w;
  const auto intent = w.put(target_intent(dollars(10), 2));
  w.put(purchase("t", "a", dollars(10), t0));
  w.put(outcome(intent, Result::done, "t"));
  EXPECT_EQ(w.books.targets().at("t").left(), 1);
}

TEST(LedgerBooks, ADaysBudgetHoldsWhatWasBoughtInItAndAllThatIsOpen) {
  Writing w;
  const std::string target = w.place(dollars(10), 3);
  w.put(purchase(target, "a", dollars(9), t0));
  w.put(purchase("somebody's", "b", dollars(100), t0));
  EXPECT_EQ(w.books.committed(day_of(t0)), dollars(29)) << "not what the bot did not order";
  EXPECT_EQ(w.books.committed(day_of(t0) + 1), dollars(20)) << "yesterday's purchase is paid";
  w.put(purchase(target, "a", dollars(9), t0, TradeState::reverted));
  EXPECT_EQ(w.books.committed(day_of(t0)), dollars(20)) << "its money came back";
  OrderGone gone;
  gone.target_id = target;
  w.put(gone);
  EXPECT_EQ(w.books.committed(day_of(t0)), Money());
}

TEST(LedgerBooks, ADayBeginsAtMidnightOfUtc) {
  EXPECT_EQ(day_of(20'000 * day_seconds - 1), 19'999);
  EXPECT_EQ(day_of(20'000 * day_seconds), 20'000);
  EXPECT_EQ(day_of(-1), -1);
}

TEST(LedgerBooks, AChangeOfPriceMakesAnotherOfferOfTheSameAsset) {
  Writing w;
  w.put(outcome(w.put(offer_intent("a", dollars(12))), Result::done, "", "o1"));
  w.put(outcome(w.put(offer_intent("a", dollars(11), "o1")), Result::done, "", "o2"));
  ASSERT_EQ(w.books.offers().size(), 1U);
  EXPECT_EQ(w.books.offers().at("o2").price, dollars(11));
  EXPECT_TRUE(w.books.made_offer("o1"));
  EXPECT_TRUE(w.books.made_offer("o2"));
  EXPECT_FALSE(w.books.made_offer("o3"));
}

TEST(LedgerBooks, ALockIsRememberedFromOurChangeAndFromTheExchangesRefusal) {
  Writing w;
  w.put(outcome(w.put(offer_intent("a", dollars(12))), Result::done, "", "o1"));
  EXPECT_EQ(w.books.locked_until("a"), t0 + change_lock_seconds);
  Outcome refused = outcome(w.put(offer_intent("a", dollars(11), "o1"), t0 + 60), Result::failed);
  refused.code = "AssetTimeLocked";
  refused.locked_until = t0 + 5000;
  w.put(refused, t0 + 60);
  EXPECT_EQ(w.books.locked_until("a"), t0 + 5000);
  EXPECT_EQ(w.books.offers().at("o1").price, dollars(12)) << "the old offer stands";
}

TEST(LedgerBooks, ProfitIsPriceLessFeeLessCostAndPendingUntilFinal) {
  Writing w;
  w.put(purchase("t", "a", dollars(10), t0));
  w.put(sale("o", "a", dollars(12), dollars(0, 24), t0 + 10, TradeState::pending));
  EXPECT_EQ(w.books.totals().profit_pending, dollars(1, 76));
  EXPECT_EQ(w.books.totals().profit_final, Money());
  w.put(sale("o", "a", dollars(12), dollars(0, 24), t0 + 10, TradeState::final));
  EXPECT_EQ(w.books.totals().profit_pending, Money());
  EXPECT_EQ(w.books.totals().profit_final, dollars(1, 76));
  EXPECT_EQ(w.books.totals().sales_final, 1);
  EXPECT_TRUE(w.books.positions().empty());
}

TEST(LedgerBooks, ARevertedSaleTakesItsProfitBackAndTheItemIsOursAgain) {
  Writing w;
  w.put(purchase("t", "a", dollars(10), t0));
  w.put(sale("o", "a", dollars(12), dollars(0, 24), t0 + 10, TradeState::pending));
  w.put(sale("o", "a", dollars(12), dollars(0, 24), t0 + 10, TradeState::reverted));
  const Totals totals = w.books.totals();
  EXPECT_EQ(totals.profit_pending, Money());
  EXPECT_EQ(totals.profit_final, Money());
  EXPECT_EQ(totals.sales_reverted, 1);
  ASSERT_EQ(w.books.positions().size(), 1U);
  EXPECT_EQ(w.books.positions()[0].cost, dollars(10));
}

TEST(LedgerBooks, ASaleOfWhatNobodyKnowsTheCostOfIsNoProfit) {
  Writing w;
  w.put(sale("o", "a", dollars(12), dollars(0, 24), t0));
  EXPECT_EQ(w.books.totals().profit_final, Money());
  EXPECT_EQ(w.books.totals().sales_without_cost, 1);
  w.put(cost("a", dollars(7)), t0 + 100);
  EXPECT_EQ(w.books.totals().profit_final, dollars(4, 76)) << "entered afterwards";
  EXPECT_EQ(w.books.totals().sales_without_cost, 0);
  EXPECT_TRUE(w.books.positions().empty());
}

TEST(LedgerBooks, ACostEnteredByHandReplacesTheFormerOfWhatIsHeld) {
  Writing w;
  w.put(purchase("t", "a", dollars(10), t0));
  w.put(cost("a", dollars(11)), t0 + 5);
  EXPECT_EQ(w.books.position("a")->cost, dollars(11));
  EXPECT_EQ(w.books.position("a")->source, CostSource::by_hand);
}

TEST(LedgerBooks, EachPurchasePaysForTheNextSaleOfTheAsset) {
  Writing w;
  w.put(sale("o2", "a", dollars(20), Money(), t0 + 40));
  w.put(purchase("t1", "a", dollars(10), t0));
  w.put(purchase("t2", "a", dollars(15), t0 + 30));
  w.put(sale("o1", "a", dollars(12), Money(), t0 + 20));
  const auto trades = w.books.trades();
  ASSERT_EQ(trades.size(), 2U);
  EXPECT_EQ(trades[0].profit, dollars(2));
  EXPECT_EQ(trades[1].profit, dollars(5)) << "whatever the order in which they became known";
  w.put(sale("o3", "a", dollars(30), Money(), t0 + 50));
  EXPECT_EQ(w.books.trades()[2].profit, std::nullopt) << "nothing is paid twice";
}

TEST(LedgerBooks, ACopyThatComesBackUnderAnotherIdKeepsItsCost) {
  Writing w;
  const Item copy = item("AK", "0.123456", 42);
  w.put(purchase("t", "before", dollars(10), t0));
  w.put(seen("before", copy));
  w.put(seen("after", copy), t0 + 10);
  w.put(seen("twin", item("AK", "0.123457", 42)), t0 + 10);
  EXPECT_EQ(w.books.position("after")->cost, dollars(10));
  EXPECT_EQ(w.books.position("after")->asset_id, "after");
  EXPECT_FALSE(w.books.position("twin"));
  w.put(sale("o", "after", dollars(13), dollars(1), t0 + 20));
  EXPECT_EQ(w.books.totals().profit_final, dollars(2));
  EXPECT_TRUE(w.books.positions().empty());
}

TEST(LedgerBooks, MoneyComesWhenASaleIsFinalAndGoesWhenSomethingIsBought) {
  Writing w;
  w.put(purchase("t", "a", dollars(10), t0, TradeState::pending));
  EXPECT_EQ(w.books.cash_flow(), dollars(-10));
  w.put(sale("o", "a", dollars(12), dollars(1), t0 + 10, TradeState::pending));
  EXPECT_EQ(w.books.cash_flow(), dollars(-10));
  w.put(sale("o", "a", dollars(12), dollars(1), t0 + 10, TradeState::final));
  EXPECT_EQ(w.books.cash_flow(), dollars(1));
  w.put(purchase("t", "a", dollars(10), t0, TradeState::reverted));
  EXPECT_EQ(w.books.cash_flow(), dollars(11));
}

TEST(LedgerBooks, ARevertedPurchaseIsNoPosition) {
  Writing w;
  w.put(purchase("t", "a", dollars(10), t0, TradeState::pending));
  w.put(purchase("t", "a", dollars(10), t0, TradeState::reverted));
  EXPECT_TRUE(w.books.positions().empty());
  EXPECT_EQ(w.books.totals().spent, Money());
  EXPECT_EQ(w.books.totals().purchases_reverted, 1);
}

TEST(LedgerBooks, TotalsAreOfAHalfOpenSpanOfTime) {
  Writing w;
  w.put(purchase("t", "a", dollars(10), t0));
  w.put(sale("o", "a", dollars(12), Money(), t0 + 100));
  EXPECT_EQ(w.books.totals(t0, t0 + 100).bought, 1);
  EXPECT_EQ(w.books.totals(t0, t0 + 100).sales_final, 0);
  EXPECT_EQ(w.books.totals(t0 + 100, t0 + 101).profit_final, dollars(2)) << "its cost lies before the span";
}

TEST(LedgerBooks, SwitchesHoldUntilTheyAreSetBack) {
  Writing w;
  const auto flip = [&w](Switched what) {
    SwitchSet set;
    set.what = what;
    w.put(set);
  };
  EXPECT_FALSE(w.books.live());
  flip(Switched::live);
  EXPECT_TRUE(w.books.live());
  flip(Switched::panic);
  EXPECT_TRUE(w.books.paused());
  EXPECT_TRUE(w.books.panicked());
  flip(Switched::resume);
  EXPECT_FALSE(w.books.paused());
  EXPECT_FALSE(w.books.panicked());
  flip(Switched::pause);
  EXPECT_TRUE(w.books.paused());
  flip(Switched::dry_run);
  EXPECT_FALSE(w.books.live());
}

TEST(LedgerBooks, AnEntryThatIsKnownChangesNothing) {
  Writing w;
  w.place(dollars(10), 2);
  for (const Entry& entry : w.entries) w.books.apply(entry);
  EXPECT_EQ(w.books.reserved(), dollars(20));
  EXPECT_TRUE(w.books.open_intents().empty());
}

Intent purchase_intent(Money price, std::string offer) {
  Intent made;
  made.action = Action::buy;
  made.item = item("AK");
  made.price = made.reserve = price;
  made.offer_id = std::move(offer);
  return made;
}

TEST(LedgerBooks, NeitherAnOfferThatIsGoneNorARefusalOfOneThingIsAnErrorOfAll) {
  Writing w;
  Outcome failed = outcome(w.put(purchase_intent(dollars(5), "o1")), Result::failed);
  failed.code = "OfferNotFound";
  w.put(failed);
  EXPECT_TRUE(w.books.is_gone("o1"));
  EXPECT_EQ(w.books.errors().errors, 0);
  failed = outcome(w.put(purchase_intent(dollars(5), "o2")), Result::failed);
  failed.code = "BalanceInsufficientFunds";
  w.put(failed);
  EXPECT_FALSE(w.books.is_gone("o2"));
  EXPECT_EQ(w.books.errors().errors, 0);
  Outcome under_way = outcome(w.put(purchase_intent(dollars(5), "o3")), Result::unknown);
  under_way.code = "TxPending";
  w.put(under_way);
  EXPECT_EQ(w.books.errors().errors, 0);
  EXPECT_EQ(w.books.reserved(), dollars(5));
}

TEST(LedgerBooks, APurchaseAtOnceIsOursAndNotLookedForInTheClosedLists) {
  Writing w;
  const auto intent = w.put(purchase_intent(dollars(5), "o1"));
  EXPECT_EQ(w.books.reserved(), dollars(5));
  Purchase made = purchase("", "a", dollars(5), t0, TradeState::pending);
  made.source = CostSource::instant;
  made.offer_id = "o1";
  made.item = item("AK", "0.25", 7);
  w.put(outcome(intent, Result::done));
  w.put(made);
  EXPECT_EQ(w.books.reserved(), Money());
  EXPECT_EQ(w.books.committed(day_of(t0)), dollars(5));
  EXPECT_TRUE(w.books.bought_by_bot("a"));
  EXPECT_EQ(w.books.oldest_unsettled(), std::nullopt);
  EXPECT_EQ(w.books.last_trade_at(), 0);
  w.put(seen("b", item("AK", "0.25", 7)));
  EXPECT_TRUE(w.books.bought_by_bot("b")) << "the same copy under another id";
  w.put(seen("c", item("AK", "0.25", 8)));
  EXPECT_FALSE(w.books.bought_by_bot("c"));
  w.put(seen("d", item("AK", "0.25", 7)), t0 + 8 * day_seconds);
  EXPECT_FALSE(w.books.bought_by_bot("d")) << "it may have been away";
}

}  // namespace
}  // namespace tests::ledger
