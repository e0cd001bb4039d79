#include "tgkit/bot/ownership.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;

const TimePoint start{};

TEST(Ownership, IsSureOnlyAfterAnUndisturbedTime) {
  Ownership ownership({});
  EXPECT_FALSE(ownership.settled(start + 1h)) << "it never entered";
  ownership.entered(start);
  ownership.entered(start + 80s);  // says nothing new
  EXPECT_FALSE(ownership.settled(start + 89s));
  EXPECT_TRUE(ownership.settled(start + 90s));
}

TEST(Ownership, StepsDownAtOnceAndSettlesAnewAfterwards) {
  int changes = 0;
  Ownership ownership({.on_change = [&changes] { ++changes; }});
  ownership.entered(start);
  EXPECT_TRUE(ownership.step_down("another one polls"));
  EXPECT_FALSE(ownership.step_down("again")) << "said once";
  EXPECT_EQ(ownership.cause(), "another one polls");
  EXPECT_FALSE(ownership.settled(start + 1h));
  ownership.entered(start + 1h);
  EXPECT_FALSE(ownership.stepped_down());
  EXPECT_FALSE(ownership.settled(start + 1h + 89s));
  EXPECT_TRUE(ownership.settled(start + 1h + 90s));
  EXPECT_EQ(changes, 2);
}

TEST(Ownership, AfterAnotherInstanceItAlsoWaitsUntilThatOneWouldHaveStoppedByItself) {
  Ownership ownership({});
  ownership.step_down("another one polls");
  ownership.entered(start, true);
  EXPECT_FALSE(ownership.settled(start + 5min + 89s));
  EXPECT_TRUE(ownership.settled(start + 5min + 90s));
}

TEST(Ownership, AfterASilenceItSettlesAnew) {
  Ownership ownership({});
  ownership.entered(start);
  ownership.reached(start + 4min);
  EXPECT_TRUE(ownership.settled(start + 4min));
  EXPECT_FALSE(ownership.unreachable(start + 8min));
  EXPECT_TRUE(ownership.unreachable(start + 9min));
  ownership.reached(start + 10min);
  EXPECT_FALSE(ownership.unreachable(start + 10min));
  EXPECT_FALSE(ownership.settled(start + 11min));
  EXPECT_TRUE(ownership.settled(start + 10min + 90s));
}

TEST(Ownership, WithoutAWaitItIsSureUnlessItSteppedDown) {
  Ownership ownership({.settle = 0s});
  EXPECT_TRUE(ownership.settled(start));
  ownership.step_down("another one polls");
  EXPECT_FALSE(ownership.settled(start));
}

TEST(Comeback, NeedsThreeLooksRunningThatFindSomething) {
  Comeback comeback({});
  comeback.gave_way(start);
  EXPECT_EQ(comeback.pause(), 5s);
  EXPECT_FALSE(comeback.looked(true, start));
  EXPECT_FALSE(comeback.looked(true, start));
  EXPECT_FALSE(comeback.looked(false, start));
  EXPECT_FALSE(comeback.looked(true, start));
  EXPECT_FALSE(comeback.looked(true, start));
  EXPECT_TRUE(comeback.looked(true, start));
}

TEST(Comeback, PausesGrowWithEachFalseAlarmAndStartShortAfterAQuietTime) {
  Comeback comeback({});
  TimePoint now = start;
  comeback.gave_way(now);
  for (const Duration pause : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    for (int i = 0; i < 3; ++i) comeback.looked(true, now);
    EXPECT_TRUE(comeback.on_probation(now += 1min));
    comeback.gave_way(now);
    EXPECT_EQ(comeback.pause(), pause);
  }
  for (int i = 0; i < 3; ++i) comeback.looked(true, now);
  now += 10min;
  EXPECT_FALSE(comeback.on_probation(now));
  comeback.gave_way(now);
  EXPECT_EQ(comeback.pause(), 5s);
}

}  // namespace
