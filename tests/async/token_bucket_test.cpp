#include "tgkit/async/token_bucket.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tgkit {
namespace {

using namespace std::chrono_literals;

const TimePoint start{1h};

TEST(TokenBucket, LetsABurstThroughAtOnceAndThenKeepsThePace) {
  TokenBucket bucket(10, 1s, 3);
  EXPECT_EQ(bucket.take(start), 0s);
  EXPECT_EQ(bucket.take(start), 0s);
  EXPECT_EQ(bucket.take(start), 0s);
  EXPECT_EQ(bucket.take(start), 100ms);
  EXPECT_EQ(bucket.take(start), 200ms);
}

TEST(TokenBucket, FillsUpAgainButNotBeyondTheBurst) {
  TokenBucket bucket(1, 1s, 2);
  bucket.take(start);
  bucket.take(start);
  EXPECT_EQ(bucket.wait(start), 1s);
  const TimePoint later = start + 1h;
  EXPECT_TRUE(bucket.try_take(later));
  EXPECT_TRUE(bucket.try_take(later));
  EXPECT_FALSE(bucket.try_take(later));
}

TEST(TokenBucket, TryTakeTakesNothingWhenItIsEmpty) {
  TokenBucket bucket(1, 1s, 1);
  EXPECT_TRUE(bucket.try_take(start));
  EXPECT_FALSE(bucket.try_take(start));
  EXPECT_FALSE(bucket.try_take(start + 999ms));
  EXPECT_TRUE(bucket.try_take(start + 1s));
}

TEST(TokenBucket, BlockUntilHoldsEverythingAndGivesNoBurstAfterwards) {
  TokenBucket bucket(10, 1s, 5);
  bucket.block_until(start + 7s);
  EXPECT_EQ(bucket.wait(start), 7s);
  EXPECT_FALSE(bucket.try_take(start + 7s - 1ns));
  EXPECT_TRUE(bucket.try_take(start + 7s));
  EXPECT_EQ(bucket.wait(start + 7s), 100ms);
}

TEST(TokenBucket, RefusesNonsense) {
  EXPECT_THROW(TokenBucket(0, 1s, 1), std::invalid_argument);
  EXPECT_THROW(TokenBucket(1, 1s, 0), std::invalid_argument);
  EXPECT_THROW(TokenBucket(1, 0s, 1), std::invalid_argument);
}

TEST(TokenBucket, NeverLetsMoreThroughThanTheRateAllowsInAnyWindow) {
  EXPECT_TRUE(rc::check([] {
    const auto tokens = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto burst = *rc::gen::inRange<std::uint32_t>(1, 10);
    TokenBucket bucket(tokens, 1s, burst);
    std::vector<TimePoint> taken;
    TimePoint now = start;
    for (int i = 0; i < 200; ++i) {
      now += std::chrono::milliseconds(*rc::gen::inRange(0, 200));
      if (bucket.try_take(now)) taken.push_back(now);
    }
    const Duration interval = Duration(1s) / tokens;
    for (std::size_t i = 0; i + burst < taken.size(); ++i) RC_ASSERT(taken[i + burst] - taken[i] >= interval);
  }));
}

}  // namespace
}  // namespace tgkit
