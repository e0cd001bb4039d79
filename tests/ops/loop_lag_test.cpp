#include "tgkit/ops/loop_lag.hpp"

#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;

// A clock whose loop turns only when told to: due callbacks run late.
class HeldUpClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  WallTime wall() const override { return {}; }
  void pass(Duration by) { now_ += by; }
  void turn() { fire_due(now_); }

 private:
  void earliest_changed() override {}
  TimePoint now_{};
};

TEST(LoopLag, ObservesHowLateItsTimerFires) {
  HeldUpClock clock;
  Metrics metrics;
  LoopLag lag(clock, metrics, 500ms);
  clock.pass(500ms);
  clock.turn();
  EXPECT_EQ(lag.worst(), Duration(0));
  clock.pass(700ms);
  clock.turn();
  EXPECT_EQ(lag.worst(), Duration(200ms));
  clock.pass(510ms);
  clock.turn();
  EXPECT_EQ(lag.worst(), Duration(200ms)) << "the worst is kept";
  EXPECT_NE(metrics.text().find("tgkit_loop_lag_seconds_count 3\n"), std::string::npos);
  EXPECT_NE(metrics.text().find("tgkit_loop_lag_seconds_sum 0.21"), std::string::npos);
}

TEST(LoopLag, AFindingJudgesTheWorstSinceTheLastOne) {
  HeldUpClock clock;
  Metrics metrics;
  LoopLag lag(clock, metrics, 500ms);
  clock.pass(2700ms);
  clock.turn();
  const auto bad = lag.finding(2s);
  EXPECT_FALSE(bad.ok);
  EXPECT_EQ(bad.text, "the loop was held up for 2200 ms");
  clock.pass(500ms);
  clock.turn();
  EXPECT_TRUE(lag.finding(2s).ok);
}

}  // namespace
}  // namespace tgkit::ops
