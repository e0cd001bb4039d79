#include "app/ledger/export.hpp"

#include "tests/app/ledger/ledger_fixture.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

Entry entry_of(Body body) {
  Entry entry(1'790'000'000, false, std::move(body));
  entry.number = 7;
  return entry;
}

std::size_t fields(const std::string& line) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
}

TEST(LedgerExport, EveryLineHasTheHeadersFields) {
  const std::size_t expected = entry_columns().size();
  EXPECT_EQ(fields(csv_header(entry_columns())), expected);
  const Body bodies[] = {target_intent(dollars(9)),
                         outcome(3, Result::done, "t"),
                         OrderGone(),
                         purchase("t", "a", dollars(1), t0),
                         sale("o", "a", dollars(2), dollars(0, 4), t0),
                         seen("a", item("AK")),
                         cost("a", dollars(3)),
                         SwitchSet(),
                         Reconciled(),
                         BalanceSeen()};
  for (const Body& body : bodies) EXPECT_EQ(fields(csv_line(entry_of(body))), expected) << csv_line(entry_of(body));
  Trade trade;
  EXPECT_EQ(fields(csv_line(trade)), trade_columns().size());
}

TEST(LedgerExport, AmountsAreDollarsAndCents) {
  const std::string text = json_object(entry_of(sale("o", "a", dollars(15, 99), dollars(0, 5), t0)));
  for (const char* part : {R"("price":"15.99")", R"("price_cents":1599)", R"("fee":"0.05")", R"("fee_cents":5)",
                           R"("kind":"sale")", R"("number":7)", R"("time":"2026-09-21T)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
}

TEST(LedgerExport, QuotesWhatNeedsItAndDefusesFormulas) {
  Intent intent = target_intent(dollars(9));
  intent.item.title = "AK-47 \"Redline\", new";
  intent.reason.why = "=cmd()";
  const std::string line = csv_line(entry_of(intent));
  EXPECT_NE(line.find("\"AK-47 \"\"Redline\"\", new\""), std::string::npos) << line;
  EXPECT_NE(line.find(",'=cmd()"), std::string::npos) << line;
}

TEST(LedgerExport, ALossIsANumberForASpreadsheet) {
  Trade trade;
  trade.sale = sale("o", "a", dollars(1), Money(), t0);
  trade.cost = dollars(2);
  trade.profit = dollars(-1);
  EXPECT_NE(csv_line(trade).find(",-1.00,-100,"), std::string::npos) << csv_line(trade);
}

TEST(LedgerExport, WhatNobodyKnowsIsEmptyAndNotZero) {
  Trade trade;
  trade.sale = sale("o", "a", dollars(1), Money(), t0);
  EXPECT_EQ(json_object(trade).find("cost"), std::string::npos);
}

}  // namespace
}  // namespace tests::ledger
