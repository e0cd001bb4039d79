#include "tgkit/storage/state_cache.hpp"

#include <gtest/gtest.h>

namespace tests {
namespace {

using tgkit::storage::StateCache;
using tgkit::storage::StateKey;
using tgkit::storage::StateRecord;

StateKey key(int i) { return StateKey{"counter", "u" + std::to_string(i)}; }
std::optional<StateRecord> record(std::string value) { return StateRecord{std::move(value), 1, 0}; }

TEST(StateCache, KnowsNothingAtFirst) {
  StateCache cache(1 << 20);
  EXPECT_EQ(cache.find(key(1)), nullptr);
}

TEST(StateCache, KnowsThatAStateIsAbsent) {
  StateCache cache(1 << 20);
  cache.fill(key(1), std::nullopt);
  ASSERT_NE(cache.find(key(1)), nullptr);
  EXPECT_FALSE(cache.find(key(1))->has_value());
}

TEST(StateCache, HasNoAnswerWhileAWriteIsUnderWay) {
  StateCache cache(1 << 20);
  cache.fill(key(1), record("old"));
  cache.begin_write(key(1));
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_TRUE(cache.being_written(key(1)));
  cache.written(key(1), record("new"));
  EXPECT_EQ(cache.find(key(1))->value().value, "new");
  EXPECT_FALSE(cache.being_written(key(1)));
}

TEST(StateCache, AnOlderAnswerDoesNotReplaceANewerWrite) {
  StateCache cache(1 << 20);
  cache.begin_write(key(1));
  cache.fill(key(1), record("old"));
  cache.written(key(1), record("new"));
  cache.fill(key(1), record("old"));
  EXPECT_EQ(cache.find(key(1))->value().value, "new");
}

TEST(StateCache, ForgetsAKeyWhoseLastWriteFailed) {
  StateCache cache(1 << 20);
  cache.begin_write(key(1));
  cache.begin_write(key(1));
  cache.written(key(1), record("first"));
  cache.not_written(key(1));
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(StateCache, TheLeastRecentlyUsedLeaveFirst) {
  StateCache cache(64'000);
  cache.fill(key(0), record(std::string(1000, 'x')));
  for (int i = 1; i < 1000; ++i) {
    cache.fill(key(i), record(std::string(1000, 'x')));
    ASSERT_NE(cache.find(key(0)), nullptr);
    ASSERT_LE(cache.bytes(), 64'000U);
  }
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_NE(cache.find(key(999)), nullptr);
}

TEST(StateCache, CountsNoBytesForWhatHasLeft) {
  StateCache cache(0);
  for (int i = 0; i < 10; ++i) cache.fill(key(i), record("x"));
  EXPECT_EQ(cache.bytes(), 0U);
}

}  // namespace
}  // namespace tests
