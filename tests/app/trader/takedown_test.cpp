#include "app/trader/takedown.hpp"

#include "app/takedown_board.hpp"
#include "tests/app/ledger/ledger_fixture.hpp"

#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

using app::trader::OrderFate;
using app::trader::Takedown;
using app::trader::TakedownReport;

constexpr std::int64_t after_the_lock = t0 + 3600;

std::string offer_that_stands(Writing& w) {
  w.put(outcome(w.put(offer_intent("asset", dollars(12))), Result::done, "", "offer"));
  return "offer";
}

OrderFate only_fate(const Takedown& takedown, const Writing& w, std::int64_t now = after_the_lock) {
  const auto lines = takedown.lines(w.books, now);
  EXPECT_EQ(lines.size(), 1U);
  return lines.front().fate;
}

TEST(TakedownOfOrders, TargetsAndOffersThatStandAreDueOnce) {
  Writing w;
  w.place(dollars(9));
  offer_that_stands(w);
  Takedown takedown;
  takedown.take_up(w.books);
  takedown.take_up(w.books);
  const auto due = takedown.due(w.books, after_the_lock, false, "panic");
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].action, Action::delete_target);
  EXPECT_EQ(due[1].action, Action::delete_offer);
  EXPECT_EQ(due[1].asset_id, "asset");
  EXPECT_EQ(due[0].reason.why, "panic");
}

TEST(TakedownOfOrders, WhatIsLockedWaitsUnlessItIsTriedAllTheSame) {
  Writing w;
  w.place(dollars(9));
  Takedown takedown;
  takedown.take_up(w.books);
  EXPECT_TRUE(takedown.due(w.books, t0 + 60, false, "").empty());
  EXPECT_EQ(takedown.due(w.books, t0 + 60, true, "").size(), 1U);
  EXPECT_EQ(only_fate(takedown, w, t0 + 60), OrderFate::locked);
  EXPECT_EQ(only_fate(takedown, w), OrderFate::waiting);
}

TEST(TakedownOfOrders, WhatIsBeingLookedUpIsNotDeletedASecondTime) {
  Writing w;
  const std::string target = w.place(dollars(9));
  Takedown takedown;
  takedown.take_up(w.books);
  const Intent deletion = takedown.due(w.books, after_the_lock, false, "").front();
  const std::int64_t intent = w.put(deletion);
  EXPECT_TRUE(takedown.due(w.books, after_the_lock, true, "").empty());
  EXPECT_EQ(only_fate(takedown, w), OrderFate::looked_up);
  w.put(outcome(intent, Result::failed));
  EXPECT_EQ(takedown.due(w.books, after_the_lock, false, "").size(), 1U) << "it stands still";
}

TEST(TakedownOfOrders, WhatWasFilledMeanwhileIsNotCalledDeleted) {
  Writing w;
  const std::string target = w.place(dollars(9), 3);
  w.put(purchase(target, "a", dollars(9), t0));
  w.put(purchase(target, "b", dollars(9), t0));
  Takedown takedown;
  takedown.take_up(w.books);
  w.put(outcome(w.put(takedown.due(w.books, after_the_lock, false, "").front()), Result::done));
  EXPECT_EQ(only_fate(takedown, w), OrderFate::gone) << "one of three was left";

  Writing other;
  const std::string filled = other.place(dollars(9));
  Takedown late;
  late.take_up(other.books);
  other.put(purchase(filled, "a", dollars(9), t0));
  EXPECT_EQ(only_fate(late, other), OrderFate::traded);
}

TEST(TakedownOfOrders, WhyADeletionFailedIsKept) {
  Writing w;
  w.place(dollars(9));
  Takedown takedown;
  takedown.take_up(w.books);
  const Intent deletion = takedown.due(w.books, after_the_lock, false, "").front();
  takedown.tried(deletion, "the disk is full");
  EXPECT_EQ(takedown.lines(w.books, after_the_lock).front().why, "the disk is full");
}

TEST(TakedownText, NamesWhatStandsFirstAndUntilWhen) {
  TakedownReport report;
  report.panic = true;
  auto& gone = report.lines.emplace_back();
  gone.title = "Deleted <one>";
  gone.fate = OrderFate::gone;
  auto& locked = report.lines.emplace_back();
  locked.title = "Locked one";
  locked.fate = OrderFate::locked;
  locked.locked_until = 1'790'000'000;
  const std::string text = app::takedown_text(report, app::Texts::of("en"), "UTC");
  EXPECT_NE(text.find("1 of 2"), std::string::npos) << text;
  EXPECT_NE(text.find("until 2026-09-21 14:13"), std::string::npos) << text;
  EXPECT_LT(text.find("Locked one"), text.find("Deleted &lt;one&gt;")) << text;
}

TEST(TakedownText, FitsIntoOneMessageHoweverMuchStood) {
  TakedownReport report;
  for (int i = 0; i < 300; ++i) report.lines.emplace_back().title = std::string(40, 'x');
  const std::string text = app::takedown_text(report, app::Texts::of("en"), "UTC");
  EXPECT_LT(text.size(), 4096U);
  EXPECT_NE(text.find("260 more"), std::string::npos) << text;
}

}  // namespace
}  // namespace tests::ledger
