#include "tgkit/async/backoff.hpp"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tgkit {
namespace {

using namespace std::chrono_literals;

Backoff::Settings settings(Duration first, Duration most, Duration least = Duration::zero()) {
  Backoff::Settings made;
  made.first = first;
  made.most = most;
  made.least = least;
  return made;
}

TEST(Backoff, BoundsDoubleUpToTheMost) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    Backoff backoff(settings(1s, 10s), seed);
    for (const Duration bound : {1s, 2s, 4s, 8s, 10s, 10s}) {
      const Duration pause = backoff.next();
      RC_ASSERT(pause >= Duration::zero());
      RC_ASSERT(pause <= bound);
    }
  }));
}

TEST(Backoff, UsesTheWholeRange) {
  Backoff backoff(settings(1s, 1s), 1);
  Duration smallest = 1s, largest = 0s;
  for (int i = 0; i < 1000; ++i) {
    const Duration pause = backoff.next();
    smallest = std::min(smallest, pause);
    largest = std::max(largest, pause);
  }
  EXPECT_LT(smallest, 20ms);
  EXPECT_GT(largest, 980ms);
}

TEST(Backoff, SameSeedSamePausesOtherSeedOtherPauses) {
  Backoff a(settings(1s, 60s), 7), b(settings(1s, 60s), 7), c(settings(1s, 60s), 8);
  const Duration first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
}

TEST(Backoff, BeginsAnewAfterReset) {
  Backoff backoff(settings(1s, 1h), 3);
  for (int i = 0; i < 10; ++i) backoff.next();
  EXPECT_EQ(backoff.attempts(), 10u);
  backoff.reset();
  EXPECT_EQ(backoff.attempts(), 0u);
  EXPECT_LE(backoff.next(), 1s);
}

TEST(Backoff, NeverFallsBelowTheLeast) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    Backoff backoff(settings(100ms, 10s, 500ms), seed);
    for (int i = 0; i < 10; ++i) RC_ASSERT(backoff.next() >= 500ms);
  }));
}

TEST(Backoff, StaysBoundedAfterVeryManyAttempts) {
  Backoff backoff(settings(1s, 1min), 3);
  for (int i = 0; i < 10000; ++i) EXPECT_LE(backoff.next(), 1min);
}

TEST(Backoff, WithoutASeedDiffersBetweenProcessesParts) {
  std::set<Duration> firsts;
  for (int i = 0; i < 10; ++i) firsts.insert(Backoff(settings(1h, 1h)).next());
  EXPECT_GT(firsts.size(), 1u);
}

}  // namespace
}  // namespace tgkit
