// Whatever happens in whatever order: the books never hold money that no entry put there, and cutting the entries
// anywhere, as a crash does, leaves books that the rest completes to the same end.
#include "app/ledger/closed_trades.hpp"
#include "tests/app/ledger/ledger_fixture.hpp"

#include <random>

#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

// A scripted account: orders, answers that are lost, fills, sales, reverts, deposits under other ids.
class RandomLife {
 public:
  explicit RandomLife(unsigned seed) : random_(seed) {}

  Writing run(int steps) {
    Writing w;
    for (int i = 0; i < steps; ++i) step(w, t0 + i * 60);
    return w;
  }

 private:
  std::int64_t below(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_); }
  std::string name(const char* kind, std::int64_t n) { return kind + std::to_string(below(n)); }

  void step(Writing& w, std::int64_t at) {
    switch (below(8)) {
      case 0:
        w.put(target_intent(Money::cents(1 + below(5000)), 1 + below(3)), at);
        break;
      case 1:
        w.put(offer_intent(name("asset", 12), Money::cents(1 + below(5000)), below(2) == 0 ? "" : name("offer", 9)),
              at);
        break;
      case 2: {
        const auto number = 1 + below(static_cast<std::int64_t>(w.entries.size()) + 1);
        w.put(outcome(number, static_cast<Result>(below(3)), name("target", 9), name("offer", 9)), at);
        break;
      }
      case 3:
        w.put(purchase(name("target", 9), name("asset", 12), Money::cents(1 + below(5000)), at - below(3000),
                       static_cast<TradeState>(below(3))),
              at);
        break;
      case 4:
        w.put(sale(name("offer", 9), name("asset", 12), Money::cents(1 + below(9000)), Money::cents(below(500)),
                   at - below(3000), static_cast<TradeState>(below(3))),
              at);
        break;
      case 5:
        w.put(seen(name("asset", 12), item("AK", below(2) == 0 ? "" : "0." + std::to_string(1 + below(4)), below(3))),
              at);
        break;
      case 6:
        w.put(cost(name("asset", 12), Money::cents(below(5000))), at);
        break;
      default: {
        OrderGone gone;
        gone.target_id = name("target", 9);
        gone.offer_id = name("offer", 9);
        w.put(gone, at);
      }
    }
  }
  std::mt19937 random_;
};

TEST(LedgerProperties, BooksNeverPayACostTwiceNorHoldNegativeMoney) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Writing w = RandomLife(seed).run(150);
    std::size_t costs = 0;
    for (const Entry& entry : w.entries) costs += std::holds_alternative<Cost>(entry.body) ? 1 : 0;
    const Totals totals = w.books.totals();
    std::size_t paid = w.books.positions().size();
    for (const Trade& trade : w.books.trades()) paid += trade.cost && trade.sale.state != TradeState::reverted ? 1 : 0;
    EXPECT_LE(paid, static_cast<std::size_t>(totals.bought) + costs) << "seed " << seed;
    EXPECT_GE(w.books.reserved(), Money()) << "seed " << seed;
    EXPECT_GE(totals.spent, Money());
    EXPECT_EQ(totals.sales_final + totals.sales_pending + totals.sales_reverted,
              static_cast<std::int64_t>(w.books.sale_count()));
  }
}

TEST(LedgerProperties, EveryCutOfTheEntriesIsCompletedToTheSameBooks) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const Writing w = RandomLife(seed).run(80);
    for (std::size_t cut = 0; cut <= w.entries.size(); cut += 7) {
      Books books;
      for (std::size_t i = 0; i < cut; ++i) books.apply(w.entries[i]);
      for (std::size_t i = cut / 2; i < w.entries.size(); ++i) books.apply(w.entries[i]);  // some come again
      EXPECT_EQ(books.reserved(), w.books.reserved());
      EXPECT_EQ(books.totals().profit_final, w.books.totals().profit_final);
      EXPECT_EQ(books.totals().profit_pending, w.books.totals().profit_pending);
      EXPECT_EQ(books.open_intents().size(), w.books.open_intents().size());
      EXPECT_EQ(books.offers().size(), w.books.offers().size());
    }
  }
}

TEST(LedgerProperties, EveryEntryIsReadBackAsItWasWritten) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    for (Entry entry : RandomLife(seed).run(60).entries) {
      Entry read = decode(encode(entry));
      read.number = entry.number;
      EXPECT_EQ(read, entry) << encode(entry);
    }
  }
}

dmarket::ClosedOffer closed_offer(const Sale& sale) {
  dmarket::ClosedOffer made;
  made.offer_id = dmarket::OfferId(sale.offer_id);
  made.asset_id = dmarket::AssetId(sale.asset_id);
  made.title = sale.item.title;
  made.price = sale.price;
  made.fee.amount = sale.fee;
  made.status = sale.state == TradeState::final ? dmarket::Spelled(dmarket::TradeStatus::successful, "successful")
                : sale.state == TradeState::reverted
                    ? dmarket::Spelled(dmarket::TradeStatus::reverted, "reverted")
                    : dmarket::Spelled(dmarket::TradeStatus::trade_protected, "trade_protected");
  made.closed_at = tgkit::WallTime(std::chrono::seconds(sale.at));
  return made;
}

TEST(LedgerProperties, ReconcilingTwiceIsReconcilingOnce) {
  Writing w;
  std::vector<dmarket::ClosedOffer> offers;
  std::vector<dmarket::ClosedTarget> targets;
  for (int i = 0; i < 40; ++i) {
    offers.push_back(closed_offer(sale("o" + std::to_string(i), "a" + std::to_string(i), dollars(5 + i), dollars(0, 7),
                                       t0 + i, static_cast<TradeState>(i % 3))));
    dmarket::ClosedTarget target;
    target.target_id = dmarket::TargetId("t" + std::to_string(i / 3));
    target.asset_id = dmarket::AssetId("a" + std::to_string(i));
    target.title = "AK";
    target.price = dollars(4);
    target.closed_at = tgkit::WallTime(std::chrono::seconds(t0 - 100 + i));
    targets.push_back(target);
  }
  // A crash may leave any part of the first reading behind.
  const auto first = new_trades(w.books, offers, targets, t0);
  EXPECT_EQ(first.size(), 80U);
  for (std::size_t i = 0; i < first.size() / 2; ++i) w.put(first[i].body, first[i].at);
  for (const Entry& entry : new_trades(w.books, offers, targets, t0)) w.put(entry.body, entry.at);
  EXPECT_EQ(w.entries.size(), 80U) << "each trade once";
  EXPECT_TRUE(new_trades(w.books, offers, targets, t0 + 50).empty());
  EXPECT_EQ(w.books.sale_count(), 40U);
}

TEST(LedgerReconcile, ASaleThatBecomesFinalIsTheSameSale) {
  Writing w;
  Sale sold = sale("o", "a", dollars(12), dollars(0, 24), t0, TradeState::pending);
  for (const Entry& e : new_trades(w.books, {closed_offer(sold)}, {}, t0)) w.put(e.body);
  sold.state = TradeState::final;
  for (const Entry& e : new_trades(w.books, {closed_offer(sold)}, {}, t0)) w.put(e.body);
  EXPECT_EQ(w.entries.size(), 2U);
  EXPECT_EQ(w.books.sale_count(), 1U);
  EXPECT_EQ(w.books.sale("o", "a")->state, TradeState::final);
  EXPECT_EQ(w.books.oldest_unsettled(), std::nullopt);
}

TEST(LedgerReconcile, WhatALaterAnswerLeavesOutIsNotTakenBack) {
  Writing w;
  dmarket::ClosedOffer closed = closed_offer(sale("o", "a", dollars(12), dollars(0, 24), t0, TradeState::final));
  for (const Entry& e : new_trades(w.books, {closed}, {}, t0)) w.put(e.body);
  closed.fee = {};
  closed.status = {};
  closed.closed_at.reset();
  EXPECT_TRUE(new_trades(w.books, {closed}, {}, t0 + 9).empty());
}

TEST(LedgerReconcile, AnUnknownStatusIsNotFinal) {
  Writing w;
  dmarket::ClosedOffer closed = closed_offer(sale("o", "a", dollars(12), dollars(0, 24), t0, TradeState::final));
  closed.status = dmarket::Spelled(dmarket::TradeStatus::unknown, "celebrated");
  for (const Entry& e : new_trades(w.books, {closed}, {}, t0)) w.put(e.body);
  EXPECT_EQ(w.books.sale("o", "a")->state, TradeState::pending);
}

TEST(LedgerReconcile, ATradeWithoutIdsIsLeftOut) {
  Writing w;
  EXPECT_TRUE(new_trades(w.books, {dmarket::ClosedOffer()}, {dmarket::ClosedTarget()}, t0).empty());
}

TEST(LedgerReconcile, AnItemIsEnteredOnceAndAgainWhenMoreIsKnown) {
  Writing w;
  dmarket::InventoryItem copy;
  copy.attributes.id = dmarket::AssetId("a");
  copy.attributes.title = "AK";
  for (const Entry& e : new_items(w.books, {copy, copy}, "a8db", t0)) w.put(e.body);
  EXPECT_EQ(w.entries.size(), 1U);
  EXPECT_TRUE(new_items(w.books, {copy}, "a8db", t0).empty());
  copy.attributes.float_value = "0.25";
  for (const Entry& e : new_items(w.books, {copy}, "a8db", t0)) w.put(e.body);
  EXPECT_EQ(w.books.item("a")->float_value, "0.25");
}

TEST(LedgerEntries, WhatIsNoEntryIsNotRead) {
  for (const char* text :
       {"", "{}", "[]", R"({"kind":"sale"})", R"({"kind":"dance","at":1})",
        R"({"kind":"intent","at":1,"action":"steal"})", R"({"kind":"intent","at":"1","action":"buy"})"})
    EXPECT_THROW(decode(text), std::runtime_error) << text;
}

}  // namespace
}  // namespace tests::ledger
