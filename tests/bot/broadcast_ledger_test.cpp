#include "tgkit/bot/broadcast_ledger.hpp"

#include <map>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;

std::vector<std::int64_t> chats(std::size_t count) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 1; i <= count; ++i) all.push_back(static_cast<std::int64_t>(i) * 1000);
  return all;
}

using Records = std::map<storage::StateKey, storage::StateRecord>;

void write(Records& records, const std::vector<storage::StateWrite>& writes) {
  for (const storage::StateWrite& one : writes) records[one.key] = *one.record;
}

std::optional<BroadcastLedger> read(const Records& records, std::size_t total, bool repeat = false) {
  BroadcastLedger ledger("b", total);
  std::vector<std::optional<storage::StateRecord>> found;
  for (const storage::StateKey& key : ledger.keys()) {
    const auto record = records.find(key);
    found.push_back(record == records.end() ? std::nullopt : std::optional(record->second));
  }
  if (!ledger.read(found, repeat)) return std::nullopt;
  return ledger;
}

TEST(BroadcastLedger, GivesEveryoneOnceInOrder) {
  BroadcastLedger ledger("b", {3, 1, 3, 2, 1});
  EXPECT_EQ(ledger.size(), 3U);
  std::vector<std::int64_t> given;
  while (const auto index = ledger.next()) given.push_back(ledger.chat(*index));
  EXPECT_EQ(given, (std::vector<std::int64_t>{3, 1, 2}));
  ledger.give_back(1);
  EXPECT_EQ(ledger.next(), 1U);
  EXPECT_FALSE(ledger.next());
}

TEST(BroadcastLedger, CountsWhatBecameOfThem) {
  BroadcastLedger ledger("b", chats(6));
  ledger.set(0, BroadcastResult::sent);
  ledger.set(1, BroadcastResult::blocked);
  ledger.set(2, BroadcastResult::failed);
  ledger.set(3, BroadcastResult::unknown);
  ledger.set(4, BroadcastResult::on_its_way);
  EXPECT_EQ(ledger.counts(), (BroadcastCounts{2, 1, 1, 1, 1}));
}

TEST(BroadcastLedger, WhatIsWrittenIsReadAgain) {
  Records records;
  BroadcastLedger ledger("b", chats(700));
  write(records, ledger.all_writes(0));
  ledger.set(5, BroadcastResult::sent);
  ledger.set(300, BroadcastResult::blocked);
  const auto changes = ledger.take_writes();
  EXPECT_EQ(changes.size(), 2U);
  EXPECT_TRUE(ledger.take_writes().empty());
  write(records, changes);

  const auto again = read(records, 700);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->users(), ledger.users());
  EXPECT_EQ(again->counts(), ledger.counts());
}

TEST(BroadcastLedger, WhoWasOnTheWayAtTheEndOfTheLastRunHasAnUnknownFate) {
  Records records;
  BroadcastLedger ledger("b", chats(3));
  write(records, ledger.all_writes(0));
  ledger.set(1, BroadcastResult::on_its_way);
  write(records, ledger.writes_of(1));

  auto reported = read(records, 3);
  ASSERT_TRUE(reported);
  EXPECT_EQ(reported->result(1), BroadcastResult::unknown);
  EXPECT_EQ(reported->take_writes().size(), 1U) << "the store has to know, too";
  auto repeated = read(records, 3, true);
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->result(1), BroadcastResult::waiting);
  EXPECT_EQ(repeated->counts().waiting, 3U);
}

TEST(BroadcastLedger, RecordsThatAreDamagedOrMissingAreNotTakenForSomethingElse) {
  Records records;
  const BroadcastLedger ledger("b", chats(300));
  write(records, ledger.all_writes(0));
  for (const storage::StateKey& key : ledger.keys()) {
    Records damaged = records;
    damaged[key].value.pop_back();
    if (key.type.find("results") != std::string::npos) {
      EXPECT_FALSE(read(damaged, 300)) << key.type << key.owner;
      damaged.erase(key);
      EXPECT_TRUE(read(damaged, 300)) << "nothing is known yet";
    } else {
      damaged[key].value += "x";
      EXPECT_FALSE(read(damaged, 300)) << key.type << key.owner;
      damaged.erase(key);
      EXPECT_FALSE(read(damaged, 300)) << key.type << key.owner;
    }
  }
}

TEST(BroadcastHead, IsReadAsItWasWritten) {
  BroadcastHead head;
  head.state = BroadcastState::paused;
  head.if_unknown = IfUnknown::repeat;
  head.method = "sendMessage";
  head.body = R"({"text":"\"quoted\" ❤"})";
  head.total = 12;
  head.counts = {1, 2, 3, 4, 5};
  const auto read = decode_broadcast_head(encode(head));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->state, head.state);
  EXPECT_EQ(read->if_unknown, head.if_unknown);
  EXPECT_EQ(read->method, head.method);
  EXPECT_EQ(read->body, head.body);
  EXPECT_EQ(read->total, head.total);
  EXPECT_EQ(read->counts, head.counts);
  EXPECT_FALSE(decode_broadcast_head("{"));
  EXPECT_FALSE(decode_broadcast_head("{}"));
}

}  // namespace
