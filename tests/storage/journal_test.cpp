#include "tgkit/storage/journal.hpp"

#include "tests/storage/store_fixture.hpp"

#include <gtest/gtest.h>

namespace tests {
namespace {

namespace journal = tgkit::storage::journal;

std::string row_of(const Commit& commit) {
  std::string row;
  journal::write_commit(row, commit);
  return row;
}

TEST(Journal, WhatCameAndWasDoneLeavesOnlyItsIdBehind) {
  std::string row;
  journal::write_append(row, 1, 10, "one");
  journal::write_append(row, 2, 20, "two");
  Commit commit;
  commit.done.push_back(1);
  const std::string second = row_of(commit);
  journal::Effect effect;
  effect.read(row);
  effect.read(second);
  ASSERT_EQ(effect.appended.size(), 1U);
  EXPECT_EQ(effect.appended.at(2).body, "two");
  EXPECT_EQ(effect.appended.at(2).at, 20);
  EXPECT_TRUE(effect.done.empty());
  EXPECT_EQ(effect.seen, (std::vector<std::int64_t>{1, 2}));
}

TEST(Journal, DoneOfAnEarlierUpdateIsKept) {
  Commit commit;
  commit.done.push_back(9);
  commit.delivered.push_back(8);
  const std::string row = row_of(commit);
  journal::Effect effect;
  effect.read(row);
  EXPECT_EQ(effect.done, (std::vector<std::int64_t>{9}));
  EXPECT_EQ(effect.delivered, (std::vector<std::int64_t>{8}));
}

TEST(Journal, AMessageDeliveredAtOnceStillRaisesTheLargestId) {
  Commit commit;
  commit.messages.push_back(message(5, 1));
  commit.delivered.push_back(5);
  const std::string row = row_of(commit);
  journal::Effect effect;
  effect.read(row);
  EXPECT_TRUE(effect.messages.empty());
  EXPECT_TRUE(effect.delivered.empty());
  EXPECT_EQ(effect.last_message_id, 5);
}

TEST(Journal, TheLastWriteOfAStateWins) {
  Commit commit;
  commit.writes.push_back(put("u1", "1"));
  commit.writes.push_back(put("u2", "1"));
  commit.writes.push_back(put("u1", "2", 77));
  commit.writes.push_back(erase("u2"));
  const std::string row = row_of(commit);
  journal::Effect effect;
  effect.read(row);
  ASSERT_EQ(effect.states.size(), 2U);
  EXPECT_EQ(effect.states.at({"u1", "counter"})->value, "2");
  EXPECT_EQ(effect.states.at({"u1", "counter"})->expires_at, 77);
  EXPECT_FALSE(effect.states.at({"u2", "counter"}).has_value());
}

TEST(Journal, TheLastWriteOfATimerWins) {
  Commit commit;
  commit.timers.push_back(set_timer("a", 1, "one"));
  commit.timers.push_back(set_timer("b", 2, "two"));
  commit.timers.push_back(set_timer("a", 3, "three"));
  commit.timers.push_back(cancel_timer("b"));
  const std::string row = row_of(commit);
  journal::Effect effect;
  effect.read(row);
  ASSERT_EQ(effect.timers.size(), 2U);
  EXPECT_EQ(effect.timers.at({"remind", "a"})->due, 3);
  EXPECT_EQ(effect.timers.at({"remind", "a"})->value, "three");
  EXPECT_FALSE(effect.timers.at({"remind", "b"}).has_value());
}

TEST(Journal, EveryRowCutShortIsNoticedOrEndsBetweenTwoRecords) {
  Commit commit;
  commit.writes.push_back(put("u1", "value"));
  commit.messages.push_back(message(1, 2, "{\"text\":\"x\"}"));
  commit.quarantined.push_back(QuarantinedUpdate{3, "body", "reason", 4, 0});
  const std::string row = row_of(commit);
  int whole = 0;
  for (std::size_t size = 0; size < row.size(); ++size) {
    journal::Effect effect;
    try {
      effect.read(std::string_view(row).substr(0, size));
      ++whole;
    } catch (const journal::Damaged&) {
    }
  }
  EXPECT_EQ(whole, 3);  // nothing; after the state; after the message
}

TEST(Journal, AnUnknownRecordIsNoticed) {
  journal::Effect effect;
  EXPECT_THROW(effect.read("\x7f"), journal::Damaged);
}

TEST(Journal, AProbeChangesNothing) {
  std::string row;
  journal::write_probe(row);
  journal::Effect effect;
  effect.read(row);
  EXPECT_FALSE(row.empty());
  EXPECT_TRUE(effect.states.empty() && effect.appended.empty() && effect.seen.empty());
}

}  // namespace
}  // namespace tests
