#include "app/trader/doubts.hpp"

#include <gtest/gtest.h>

namespace {

using namespace app::trader;
using app::ledger::Action;
using app::ledger::Books;
using app::ledger::Entry;
using app::ledger::Intent;
using app::ledger::Outcome;
using app::ledger::Result;
using dmarket::Money;

constexpr std::int64_t asked_at = 1'790'000'000;
constexpr std::int64_t anna = 42;

class Doubts : public testing::Test {
 protected:
  void enter(app::ledger::Body body) {
    Entry entry(asked_at, false, std::move(body));
    entry.number = ++number;
    books.apply(entry);
  }
  std::int64_t intend(Action action, const std::string& target = "") {
    Intent intent;
    intent.action = action;
    intent.item.game = "a8db";
    intent.item.title = "AK";
    intent.price = Money::cents(901);
    intent.amount = 2;
    intent.target_id = target;
    enter(intent);
    return number;
  }
  void end(std::int64_t intent, Result result, const std::string& target = "") {
    Outcome outcome;
    outcome.intent = intent;
    outcome.result = result;
    outcome.target_id = target;
    outcome.reconciled = true;
    enter(outcome);
  }
  std::vector<Question> asked() const { return questions(books, absences, strays, sizes, asked_at + longest_doubt); }
  void say(Answer answer) {
    for (const Entry& entry : entries_of(asked().front(), answer, books, strays, anna, asked_at + longest_doubt))
      enter(entry.body);
  }

  Books books;
  Absences absences;
  std::vector<Stray> strays;
  ListSizes sizes;
  std::int64_t number = 0;
};

TEST_F(Doubts, AnOrderThatIsMissedForAnHourIsAskedAboutWithBothFigures) {
  end(intend(Action::create_target), Result::done, "t1");
  absences.gone("target t1", Showing::unclear, asked_at);
  sizes.targets[dmarket::Game::cs2].counted = 1;
  ASSERT_EQ(asked().size(), 1U);
  EXPECT_EQ(asked().front().id, "t1");
  EXPECT_EQ(asked().front().title, "AK");
  EXPECT_EQ(asked().front().list.shown, 0);
  EXPECT_EQ(asked().front().list.counted, 1);
  say(Answer::look_on);
  EXPECT_TRUE(books.targets().contains("t1"));
  say(Answer::gone);
  EXPECT_TRUE(books.targets().empty());
  EXPECT_TRUE(asked().empty());
}

TEST_F(Doubts, WhatEndedMeanwhileIsNoQuestion) {
  absences.gone("target t1", Showing::unclear, asked_at);
  EXPECT_TRUE(asked().empty());
}

TEST_F(Doubts, ALostCreationThatIsSaidToBeGoneWasNotMadeAndALostDeletionWorked) {
  const std::int64_t creation = intend(Action::create_target);
  absences.gone("intent " + std::to_string(creation), Showing::unclear, asked_at);
  say(Answer::gone);
  EXPECT_TRUE(books.open_intents().empty());
  EXPECT_TRUE(books.targets().empty());
  end(intend(Action::create_target), Result::done, "t1");
  const std::int64_t deletion = intend(Action::delete_target, "t1");
  absences.gone("intent " + std::to_string(deletion), Showing::unclear, asked_at);
  say(Answer::gone);
  EXPECT_TRUE(books.targets().empty());
}

TEST_F(Doubts, AStrayIsOursOrTheirsAsAPersonSays) {
  const std::int64_t intent = intend(Action::create_target);
  end(intent, Result::failed);
  Stray stray;
  stray.target_id = "t1";
  stray.intent = intent;
  strays.push_back(stray);
  ASSERT_TRUE(asked().front().is_stray);
  say(Answer::theirs);
  EXPECT_TRUE(books.is_theirs("t1"));
  EXPECT_TRUE(books.targets().empty());
  say(Answer::ours);
  EXPECT_TRUE(books.targets().contains("t1"));
}

}  // namespace
