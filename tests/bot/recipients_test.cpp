#include "tgkit/bot/recipients.hpp"

#include <map>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;

// What a store would hold.
class Records {
 public:
  void write(const std::vector<storage::StateWrite>& writes) {
    for (const storage::StateWrite& write : writes) {
      if (write.record)
        records_[write.key] = *write.record;
      else
        records_.erase(write.key);
    }
  }
  Recipients read() const {
    std::vector<std::optional<storage::StateRecord>> all;
    for (const storage::StateKey& key : Recipients::keys()) {
      const auto found = records_.find(key);
      all.push_back(found == records_.end() ? std::nullopt : std::optional(found->second));
    }
    Recipients recipients;
    recipients.read(all);
    return recipients;
  }
  std::size_t size() const { return records_.size(); }
  std::map<storage::StateKey, storage::StateRecord> records_;
};

TEST(Recipients, AMarkAndAMoveSurviveARestart) {
  Records records;
  Recipients before;
  EXPECT_TRUE(before.mark(7));
  EXPECT_TRUE(before.mark(-1001234567890));
  before.moved(-5, -1009);
  records.write(before.take_writes());

  const Recipients after = records.read();
  EXPECT_TRUE(after.unreachable(7));
  EXPECT_TRUE(after.unreachable(-1001234567890));
  EXPECT_FALSE(after.unreachable(8));
  EXPECT_EQ(after.unreachable_count(), 2U);
  EXPECT_EQ(after.current(-5), -1009);
  EXPECT_EQ(after.current(-6), -6);
}

TEST(Recipients, OnlyWhatHasChangedIsWritten) {
  Recipients recipients;
  EXPECT_TRUE(recipients.mark(7));
  EXPECT_FALSE(recipients.mark(7));
  EXPECT_EQ(recipients.take_writes().size(), 1U);
  EXPECT_FALSE(recipients.changed());
  EXPECT_TRUE(recipients.take_writes().empty());
  EXPECT_FALSE(recipients.clear(8));
  EXPECT_FALSE(recipients.changed());
}

TEST(Recipients, WhatCouldNotBeWrittenIsWrittenLater) {
  Recipients recipients;
  recipients.mark(7);
  const auto lost = recipients.take_writes();
  recipients.give_back(lost);
  EXPECT_TRUE(recipients.changed());
  Records records;
  records.write(recipients.take_writes());
  EXPECT_TRUE(records.read().unreachable(7));
}

TEST(Recipients, ARecordWithoutMarksIsErased) {
  Records records;
  Recipients recipients;
  recipients.mark(7);
  records.write(recipients.take_writes());
  EXPECT_EQ(records.size(), 1U);
  EXPECT_TRUE(recipients.clear(7));
  records.write(recipients.take_writes());
  EXPECT_EQ(records.size(), 0U);
}

TEST(Recipients, MovesFormNeitherChainNorCircle) {
  Recipients recipients;
  recipients.moved(-1, -2);
  recipients.moved(-2, -3);
  EXPECT_EQ(recipients.current(-1), -3);
  EXPECT_EQ(recipients.current(-2), -3);
  recipients.moved(-3, -1);
  EXPECT_EQ(recipients.current(-1), -1);
  EXPECT_EQ(recipients.current(-2), -1);
  EXPECT_EQ(recipients.current(-3), -1);
}

TEST(Recipients, ManyMarksAreSpreadOverAllRecords) {
  Records records;
  Recipients recipients;
  for (std::int64_t chat = 1; chat <= 10'000; ++chat) recipients.mark(chat);
  records.write(recipients.take_writes());
  EXPECT_EQ(records.size(), Recipients::keys().size());
  recipients.clear(1234);
  EXPECT_EQ(recipients.take_writes().size(), 1U);
  EXPECT_EQ(records.read().unreachable_count(), 10'000U);
}

TEST(Recipients, ADamagedRecordIsTakenAsEmpty) {
  Records records;
  Recipients recipients;
  recipients.mark(7);
  records.write(recipients.take_writes());
  for (auto& [key, record] : records.records_) record.value = "{\"unreachable\":[1,\"x";
  EXPECT_FALSE(records.read().unreachable(7));
}

}  // namespace
