#include "app/ledger/refusals.hpp"

#include "dmarket/error.hpp"
#include "tests/app/ledger/ledger_fixture.hpp"

#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

Outcome failed(std::string code, std::optional<dmarket::Fault> fault = std::nullopt) {
  Outcome made = outcome(1, Result::failed);
  made.code = std::move(code);
  made.fault = fault;
  return made;
}

Intent removal(std::string target) {
  Intent made = target_intent(dollars(9));
  made.action = Action::delete_target;
  made.target_id = std::move(target);
  return made;
}

// What an order of that asset meets at a moment.
void refuse(Refusals& refusals, const char* asset, std::int64_t at) {
  refusals.apply(offer_intent(asset, dollars(11)), failed("CannotBeSold", dmarket::Fault::item), at);
}

TEST(LedgerRefusals, PausesGrowUpToSixHoursAndASuccessEndsThem) {
  Refusals refusals;
  std::int64_t at = t0;
  for (const std::int64_t minutes : {5, 10, 20, 40, 80, 160, 320, 360, 360}) {
    refuse(refusals, "a", at);
    EXPECT_EQ(refusals.until(copy_subject("a")) - at, minutes * 60);
    at = refusals.until(copy_subject("a"));
  }
  EXPECT_EQ(refusals.until(copy_subject("b")), 0);
  EXPECT_EQ(refusals.aside(at - 1).size(), 1U);
  EXPECT_EQ(refusals.aside(at).size(), 0U) << "it is tried again";
  refusals.apply(offer_intent("a", dollars(11)), outcome(1, Result::done, "", "o"), at);
  EXPECT_EQ(refusals.until(copy_subject("a")), 0);
}

TEST(LedgerRefusals, WhoWasLeftInPeaceForADayBeginsAnew) {
  Refusals refusals;
  for (int i = 0; i < 5; ++i) refuse(refusals, "a", t0);
  const std::int64_t later = refusals.until(copy_subject("a")) + 86'401;
  refuse(refusals, "a", later);
  EXPECT_EQ(refusals.until(copy_subject("a")), later + 300);
}

TEST(LedgerRefusals, AWithdrawalIsTriedAgainSoonHoweverOftenItWasRefused) {
  Refusals refusals;
  for (int i = 0; i < 9; ++i) refusals.apply(removal("t"), failed("Nonsense", dmarket::Fault::item), t0);
  EXPECT_EQ(refusals.until(order_subject("t")), t0 + 600);
  EXPECT_EQ(refusals.until(title_subject("a8db", "AK")), 0) << "the title itself is not refused";
}

TEST(LedgerRefusals, WhatSomebodyElseHasTakenAndWhatWasHeldBackIsNobodysFault) {
  Intent change = offer_intent("a", dollars(9), "o");
  EXPECT_EQ(blame_of(change, failed("OfferNotFound", dmarket::Fault::item)), Blame::nobody);
  EXPECT_EQ(blame_of(removal("t"), failed("TargetNotFound", dmarket::Fault::item)), Blame::nobody);
  EXPECT_EQ(blame_of(removal("t"), failed(std::string(held_back_code))), Blame::nobody);
  Outcome lock = failed("AssetTimeLocked", dmarket::Fault::item);
  lock.locked_until = t0 + 60;
  EXPECT_EQ(blame_of(change, lock), Blame::nobody);
  EXPECT_EQ(blame_of(offer_intent("a", dollars(9)), failed("InventoryItemsNotFound", dmarket::Fault::item)),
            Blame::item)
      << "what our list shows and the exchange does not find would be tried for ever";
}

TEST(LedgerRefusals, OutcomesOfOlderVersionsAreJudgedByTheirCode) {
  const Intent bid = target_intent(dollars(9));
  const auto text = [](dmarket::ErrorKind kind) { return std::string(to_text(kind)); };
  EXPECT_EQ(blame_of(bid, failed(text(dmarket::ErrorKind::unavailable))), Blame::all);
  EXPECT_EQ(blame_of(bid, failed(text(dmarket::ErrorKind::rate_limited))), Blame::all);
  EXPECT_EQ(blame_of(bid, failed(text(dmarket::ErrorKind::refused_by_guard))), Blame::ours);
  EXPECT_EQ(blame_of(bid, failed(text(dmarket::ErrorKind::rejected))), Blame::item);
  EXPECT_EQ(blame_of(bid, failed("13")), Blame::all);
  EXPECT_EQ(blame_of(bid, outcome(1, Result::unknown)), Blame::all);
}

TEST(LedgerRefusals, WhoseFaultItWasIsWrittenDownAndMayBeMissing) {
  for (const auto fault :
       {std::optional<dmarket::Fault>(), std::optional(dmarket::Fault::item), std::optional(dmarket::Fault::network)}) {
    const Entry entry(t0, false, failed("X", fault));
    const Entry read = decode(encode(entry));
    EXPECT_EQ(std::get<Outcome>(read.body).fault, fault);
  }
}

TEST(LedgerRefusals, OnlyTheExchangesAndTheNetworksFailuresStopTheTrade) {
  Writing w;
  for (int i = 0; i < 10; ++i) {
    Outcome refused = failed("CannotBeSold", dmarket::Fault::item);
    refused.intent = w.put(offer_intent("a", dollars(11)));
    w.put(refused);
  }
  EXPECT_EQ(w.books.errors().errors, 0);
  EXPECT_GT(w.books.refusals().until(copy_subject("a")), t0);
  for (int i = 0; i < 3; ++i) {
    Outcome broken = failed("", i == 0 ? dmarket::Fault::network : dmarket::Fault::exchange);
    broken.intent = w.put(offer_intent("b", dollars(11)));
    w.put(broken);
  }
  EXPECT_EQ(w.books.errors().errors, 3);
  EXPECT_TRUE(w.books.errors().stopped_until);
}

}  // namespace
}  // namespace tests::ledger
