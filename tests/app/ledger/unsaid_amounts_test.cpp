// What the exchange has not said of a trade is unknown: it is in no sum, an estimate is marked as one, and a later look
// puts it right.
#include "app/ledger/closed_trades.hpp"
#include "app/ledger/export.hpp"
#include "tests/app/ledger/ledger_fixture.hpp"

#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

struct UnsaidAmounts : testing::Test {
  UnsaidAmounts() {
    target = w.place(dollars(10));
    sold.offer_id = dmarket::OfferId("o");
    sold.asset_id = dmarket::AssetId("a");
    sold.title = "AK";
    sold.price = dollars(12);
    sold.status = dmarket::Spelled(dmarket::TradeStatus::successful, "successful");
    sold.closed_at = tgkit::WallTime(std::chrono::seconds(t0 + 100));
    bought.target_id = dmarket::TargetId(target);
    bought.asset_id = dmarket::AssetId("a");
    bought.title = "AK";
    bought.price = dollars(9);
    bought.status = sold.status;
    bought.closed_at = tgkit::WallTime(std::chrono::seconds(t0 + 50));
  }
  // As many entries as the look has added.
  std::size_t look() {
    const std::vector<Entry> found = new_trades(w.books, {sold}, {bought}, t0 + 200);
    for (const Entry& entry : found) w.put(decode(encode(entry)).body);
    return found.size();
  }
  void offer_at(Money price) {
    const auto intent = w.put(offer_intent("a", price), t0 + 60);
    w.put(outcome(intent, Result::done, "", "o"), t0 + 60);
  }

  Writing w;
  std::string target;
  dmarket::ClosedOffer sold;
  dmarket::ClosedTarget bought;
};

TEST_F(UnsaidAmounts, ASaleWithoutAFeeHasNoProfitUntilALaterLookSaysTheFee) {
  look();
  EXPECT_EQ(w.books.sale("o", "a")->fee, std::nullopt);
  EXPECT_EQ(w.books.trades()[0].profit, std::nullopt);
  EXPECT_EQ(w.books.totals().profit_final, Money());
  EXPECT_EQ(w.books.totals().fees_final, Money());
  EXPECT_EQ(w.books.totals().sales_unsaid, 1);
  EXPECT_EQ(w.books.totals().sales_without_cost, 0);
  EXPECT_EQ(w.books.oldest_unsettled(), t0 + 100) << "it is final, and looked for all the same";
  sold.fee.amount = dollars(0, 24);
  EXPECT_EQ(look(), 1U);
  EXPECT_EQ(w.books.totals().profit_final, dollars(2, 76));
  EXPECT_EQ(w.books.totals().sales_unsaid, 0);
  EXPECT_EQ(w.books.totals().profit_estimated, Money());
  EXPECT_EQ(w.books.oldest_unsettled(), std::nullopt);
}

TEST_F(UnsaidAmounts, TheEstimateTakesTheFeesPercentageOrTheDearest) {
  look();
  EXPECT_EQ(w.books.totals().profit_estimated, dollars(1, 80)) << "10 % of the price";
  sold.fee.percent = "2";
  look();
  EXPECT_EQ(w.books.totals().profit_estimated, dollars(2, 76));
  EXPECT_EQ(w.books.totals().profit_final, Money());
}

TEST_F(UnsaidAmounts, AFeeOfZeroThatWasSaidIsKnown) {
  sold.fee.amount = Money();
  look();
  EXPECT_EQ(w.books.totals().profit_final, dollars(3));
  EXPECT_EQ(look(), 0U) << "nothing new";
}

TEST_F(UnsaidAmounts, ASaleWithoutAPriceIsASaleAndEstimatedByItsOffer) {
  offer_at(dollars(13));
  sold.price.reset();
  sold.fee.amount = dollars(0, 30);
  look();
  EXPECT_TRUE(w.books.offers().empty());
  EXPECT_TRUE(w.books.positions().empty());
  EXPECT_EQ(w.books.totals().gross_final, Money());
  EXPECT_EQ(w.books.totals().profit_final, Money());
  EXPECT_EQ(w.books.totals().profit_estimated, dollars(3, 70));
  EXPECT_EQ(w.books.cash_flow(), dollars(3, 70));
}

TEST_F(UnsaidAmounts, APurchaseWithoutAPriceFillsItsTargetAndCostsTheBudgetTheTargetsPrice) {
  sold.fee.amount = dollars(0, 24);
  bought.price.reset();
  look();
  EXPECT_TRUE(w.books.targets().empty()) << "or it would be ordered again";
  EXPECT_EQ(w.books.committed(day_of(t0)), dollars(10));
  EXPECT_EQ(w.books.totals().spent, Money());
  EXPECT_EQ(w.books.totals().purchases_unsaid, 1);
  EXPECT_EQ(w.books.totals().profit_final, Money());
  EXPECT_EQ(w.books.totals().sales_without_cost, 0);
  EXPECT_EQ(w.books.totals().profit_estimated, dollars(1, 76));
  bought.price = dollars(9);
  EXPECT_EQ(look(), 1U);
  EXPECT_EQ(w.books.totals().profit_final, dollars(2, 76));
}

TEST_F(UnsaidAmounts, ACopyOfUnknownCostIsHeldAtTheMostItCanHaveCost) {
  bought.price.reset();
  for (const Entry& entry : new_trades(w.books, {}, {bought}, t0 + 200)) w.put(entry.body);
  EXPECT_EQ(w.books.position("a")->cost, std::nullopt);
  EXPECT_EQ(w.books.position("a")->most_cost, dollars(10));
}

TEST_F(UnsaidAmounts, WhatWasSaidOnceIsNotForgotten) {
  sold.fee.amount = dollars(0, 24);
  look();
  sold.fee.amount.reset();
  sold.price.reset();
  bought.price.reset();
  EXPECT_EQ(look(), 0U);
}

TEST_F(UnsaidAmounts, AnEntryOfAnOlderVersionWithoutAFeeIsUnknown) {
  const Entry old =
      decode(R"({"kind":"sale","at":1,"offer_id":"o","asset_id":"a","price":1200,"state":"final","traded_at":1})");
  EXPECT_EQ(std::get<Sale>(old.body).fee, std::nullopt);
  EXPECT_EQ(std::get<Sale>(old.body).price, dollars(12));
}

TEST_F(UnsaidAmounts, TheExportLeavesThemEmpty) {
  look();
  const std::string trade = json_object(w.books.trades()[0]);
  EXPECT_EQ(trade.find("\"fee"), std::string::npos) << trade;
  EXPECT_EQ(trade.find("\"profit"), std::string::npos) << trade;
  EXPECT_NE(trade.find(R"("estimated_profit_cents":180)"), std::string::npos) << trade;
  EXPECT_NE(json_object(w.books.totals()).find(R"("sales_unsaid":1)"), std::string::npos);
}

}  // namespace
}  // namespace tests::ledger
