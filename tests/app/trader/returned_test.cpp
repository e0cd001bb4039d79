#include "app/trader/returned.hpp"

#include <gtest/gtest.h>

namespace {

using namespace app::trader;
using app::ledger::Action;
using app::ledger::Books;
using app::ledger::Entry;
using app::ledger::Intent;
using app::ledger::OrderGone;
using app::ledger::Outcome;
using app::ledger::Result;
using dmarket::Money;

constexpr std::int64_t listed_at = 1'790'000'000;

tgkit::WallTime wall(std::int64_t at) { return tgkit::WallTime(std::chrono::seconds(at)); }

class Returned : public testing::Test {
 protected:
  void enter(std::int64_t at, app::ledger::Body body) {
    Entry entry(at, false, std::move(body));
    entry.number = ++number;
    books.apply(entry);
  }
  std::int64_t intend(Action action = Action::create_target) {
    Intent intent;
    intent.action = action;
    intent.item.game = "a8db";
    intent.item.title = "AK";
    intent.price = intent.reserve = Money::cents(901);
    intent.amount = 2;
    intent.known.push_back("theirs");
    intent.reason.rule = "redline";
    if (action == Action::create_offer) intent.asset_id = "copy";
    enter(listed_at, intent);
    return number;
  }
  void end(std::int64_t intent, Result result, const std::string& id = "", bool reconciled = true) {
    Outcome outcome;
    outcome.intent = intent;
    outcome.result = result;
    outcome.target_id = id;
    outcome.reconciled = reconciled;
    enter(listed_at + 10, outcome);
  }
  static dmarket::Target target(const std::string& id, std::int64_t amount = 2, std::int64_t made = listed_at + 2) {
    dmarket::Target one;
    one.target_id = dmarket::TargetId(id);
    one.title = "AK";
    one.price = Money::cents(901);
    one.amount = amount;
    one.created_at = wall(made);
    return one;
  }
  void look(std::vector<dmarket::Target> targets, std::int64_t asked) {
    lists = AccountLists();
    lists.asked = asked;
    lists.targets[dmarket::Game::cs2].items = std::move(targets);
    lists.targets[dmarket::Game::cs2].end = dmarket::ListEnd::complete;
    for (const Entry& entry : returned_orders(books, lists)) enter(asked, entry.body);
  }
  std::vector<Stray> seen_strays() const { return strays(books, lists); }

  Books books;
  AccountLists lists;
  std::int64_t number = 0;
};

TEST_F(Returned, AnIdOfOursThatShowsAgainIsOursAgainWithItsMoney) {
  end(intend(), Result::done, "t1", false);
  OrderGone gone;
  gone.target_id = "t1";
  enter(listed_at + 1000, gone);
  EXPECT_EQ(books.reserved(), Money());
  look({target("t1")}, listed_at + 2000);
  ASSERT_TRUE(books.targets().contains("t1"));
  EXPECT_EQ(books.targets().at("t1").made_by.reason.rule, "redline");
  EXPECT_EQ(books.reserved(), Money::cents(1802));
}

TEST_F(Returned, WhatWasBoughtMeanwhileIsNotWantedAgain) {
  end(intend(), Result::done, "t1", false);
  OrderGone gone;
  gone.target_id = "t1";
  enter(listed_at + 1000, gone);
  app::ledger::Purchase purchase;
  purchase.target_id = "t1";
  purchase.asset_id = "copy";
  purchase.price = Money::cents(901);
  enter(listed_at + 1100, purchase);
  look({target("t1", 1)}, listed_at + 2000);
  EXPECT_EQ(books.targets().at("t1").left(), 1);
}

TEST_F(Returned, WhatWeHaveDeletedMayBeListedForAsLongAsAListLags) {
  end(intend(), Result::done, "t1", false);
  Intent removal;
  removal.action = Action::delete_target;
  removal.target_id = "t1";
  enter(listed_at + 1000, removal);
  const std::int64_t deletion = number;
  Outcome done;
  done.intent = deletion;
  done.result = Result::done;
  enter(listed_at + 1000, done);
  look({target("t1")}, listed_at + 1000 + list_lag);
  EXPECT_TRUE(books.targets().empty());
  look({target("t1")}, listed_at + 1001 + list_lag);
  EXPECT_TRUE(books.targets().contains("t1"));
}

TEST_F(Returned, WhatATargetThatWasGivenUpMayHaveBoughtCountsInTheDaysBudget) {
  end(intend(), Result::failed);
  app::ledger::Purchase purchase;
  purchase.target_id = "late";
  purchase.asset_id = "copy";
  purchase.item.title = "AK";
  purchase.price = Money::cents(901);
  purchase.at = listed_at + 500;
  enter(listed_at + 600, purchase);
  EXPECT_EQ(books.committed(app::ledger::day_of(purchase.at)), Money::cents(901));
  purchase.asset_id = "dearer";
  purchase.price = Money::cents(902);
  enter(listed_at + 600, purchase);
  EXPECT_EQ(books.committed(app::ledger::day_of(purchase.at)), Money::cents(901)) << "no order of ours paid as much";
}

TEST_F(Returned, ACreationThatWasGivenUpIsAdoptedWhenOneTargetFitsExactly) {
  end(intend(), Result::failed);
  look({target("t1")}, listed_at + 2000);
  EXPECT_TRUE(books.targets().contains("t1"));
  EXPECT_TRUE(books.made_target("t1"));
  EXPECT_TRUE(seen_strays().empty());
}

TEST_F(Returned, WhatWasRefusedWasNotMade) {
  end(intend(), Result::failed, "", false);
  look({target("t1")}, listed_at + 2000);
  EXPECT_TRUE(books.targets().empty());
  EXPECT_TRUE(seen_strays().empty());
}

TEST_F(Returned, TwoThatFitAreNotAdoptedAndBothCount) {
  end(intend(), Result::failed);
  look({target("t1"), target("t2")}, listed_at + 2000);
  EXPECT_TRUE(books.targets().empty());
  EXPECT_EQ(seen_strays().size(), 2U);
}

TEST_F(Returned, OneThatFitsTwoCreationsIsNotAdopted) {
  end(intend(), Result::failed);
  end(intend(), Result::failed);
  look({target("t1")}, listed_at + 2000);
  EXPECT_TRUE(books.targets().empty());
  EXPECT_EQ(seen_strays().size(), 1U);
}

TEST_F(Returned, OneWithFewerPiecesOrWithoutATimeIsAPersonsToJudge) {
  end(intend(), Result::failed);
  look({target("t1", 1)}, listed_at + 2000);
  EXPECT_TRUE(books.targets().empty());
  ASSERT_EQ(seen_strays().size(), 1U);
  EXPECT_EQ(seen_strays().front().amount, 1);
  dmarket::Target undated = target("t1");
  undated.created_at.reset();
  look({undated}, listed_at + 2000);
  EXPECT_TRUE(books.targets().empty());
  EXPECT_EQ(seen_strays().size(), 1U);
}

TEST_F(Returned, APersonsOwnTargetsAreNeither) {
  end(intend(), Result::failed);
  const std::int64_t lag_ends = listed_at + longest_call + (dmarket::longest_change + dmarket::list_lag).count();
  dmarket::Target dearer = target("dearer");
  dearer.price = Money::cents(902);
  look({target("theirs"), dearer, target("later", 2, lag_ends + 1), target("before", 2, listed_at - 60)},
       listed_at + 2000);
  EXPECT_TRUE(books.targets().empty());
  EXPECT_TRUE(seen_strays().empty());
}

TEST_F(Returned, AnOfferThatWasGivenUpIsAdoptedByItsAsset) {
  const std::int64_t intent = intend(Action::create_offer);
  end(intent, Result::failed);
  dmarket::Offer offer;
  offer.offer_id = dmarket::OfferId("o1");
  offer.attributes.id = dmarket::AssetId("copy");
  offer.price = Money::cents(901);
  offer.created_at = wall(listed_at + 2);
  lists = AccountLists();
  lists.asked = listed_at + 2000;
  lists.offers[dmarket::Game::cs2].items.push_back(offer);
  const auto entries = returned_orders(books, lists);
  ASSERT_EQ(entries.size(), 1U);
  enter(listed_at + 2000, entries.front().body);
  EXPECT_TRUE(books.offers().contains("o1"));
}

}  // namespace
