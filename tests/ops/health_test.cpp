#include "tgkit/ops/health.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/async/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class HealthTest : public testing::Test {
 protected:
  ~HealthTest() override {
    never.set();
    io.poll();
    tests::run(io, health.stop());
  }

  void turn() {
    io.restart();
    io.poll();
  }
  void advance(Duration by) {
    clock.advance(by);
    turn();
  }
  CheckView only_check() { return health.view().checks.at(0); }

  boost::asio::io_context io;
  ManualClock clock;
  Event never;
  Health health{io.get_executor(), clock};
};

TEST_F(HealthTest, AProbeReadsTheLastFindingAndNeverLooksItself) {
  int looks = 0;
  health.add("store", {.every = 5s, .limit = 1s}, [&] {
    ++looks;
    return Finding::good();
  });
  EXPECT_TRUE(only_check().pending);
  turn();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(only_check().ok);
  EXPECT_EQ(looks, 1);
  advance(4999ms);
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(only_check().age, Duration(4999ms));
  advance(1ms);
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(only_check().age, Duration(0));
}

Task<Finding> answer_after(Event& event) {
  co_await event.wait();
  co_return Finding::good();
}

TEST_F(HealthTest, AnAnswerThatTakesTooLongIsAFailingOne) {
  health.add_slow("dmarket", {.weight = Weight::readiness, .every = 5s, .limit = 2s},
                  [this] { return answer_after(never); });
  turn();
  advance(1999ms);
  EXPECT_TRUE(only_check().pending);
  advance(1ms);
  EXPECT_FALSE(only_check().ok);
  EXPECT_EQ(only_check().text, "no answer within 2000 ms");
}

Task<Finding> deaf(ManualClock& clock, Event& event) {
  while (!event.is_set()) {
    try {
      co_await clock.sleep_for(1h);
    } catch (const std::exception&) {
    }
    co_await boost::asio::this_coro::reset_cancellation_state();
  }
  co_return Finding::good();
}

TEST_F(HealthTest, ACheckThatHangsForGoodIsStaleHenceFailing) {
  health.set_phase(Phase::up);
  health.add_slow("store", {.every = 5s, .limit = 2s}, [this] { return deaf(clock, never); });
  turn();
  advance(12s);
  EXPECT_EQ(health.view().status, Status::running);
  advance(1s);
  EXPECT_EQ(health.view().status, Status::failed);
  EXPECT_EQ(only_check().text, "no answer for 13 s");
  never.set();
  advance(1h);
}

Task<Finding> broken() {
  throw std::runtime_error("connection refused");
  co_return Finding::good();
}

TEST_F(HealthTest, ACheckThatThrowsFailsWithItsReasonAndLooksAgain) {
  int looks = 0;
  health.add_slow("dmarket", {.weight = Weight::readiness, .every = 5s, .limit = 2s}, [&looks] {
    ++looks;
    return broken();
  });
  turn();
  EXPECT_EQ(only_check().text, "connection refused");
  advance(5s);
  EXPECT_EQ(looks, 2);
}

TEST_F(HealthTest, AnotherCheckIsNotHeldUpByOneThatHangs) {
  health.add_slow("slow", {.every = 5s, .limit = 2s}, [this] { return answer_after(never); });
  health.add("quick", {.every = 5s, .limit = 2s}, [] { return Finding::good(); });
  turn();
  EXPECT_TRUE(health.view().checks.at(1).ok);
}

TEST_F(HealthTest, TheStartTimeIsTheFirstMomentOfRunning) {
  bool store_good = false;
  health.add("store", {.every = 5s, .limit = 2s},
             [&] { return store_good ? Finding::good() : Finding::bad("locked"); });
  turn();
  EXPECT_FALSE(health.view().started);
  advance(3s);
  health.set_phase(Phase::up);
  EXPECT_EQ(health.view().status, Status::failed);
  EXPECT_FALSE(health.view().started) << "it has never been running";
  store_good = true;
  advance(2s);
  const auto began = clock.wall();
  EXPECT_EQ(health.view().status, Status::running);
  EXPECT_EQ(health.view().started, began);
  store_good = false;
  advance(10s);
  EXPECT_EQ(health.view().status, Status::failed);
  EXPECT_EQ(health.view().started, began) << "it stays the first moment";
  EXPECT_EQ(health.view().uptime, Duration(10s));
}

TEST_F(HealthTest, ADeadServiceMakesItFailed) {
  health.set_phase(Phase::up);
  health.set_failure("poller: token revoked");
  EXPECT_EQ(health.view().status, Status::failed);
  EXPECT_THAT(health.view().reasons, ElementsAre("poller: token revoked"));
}

TEST_F(HealthTest, ARemovedCheckIsNoLongerShownNorLooked) {
  int looks = 0;
  health.add("store", {.every = 5s, .limit = 2s}, [&looks] {
    ++looks;
    return Finding::good();
  });
  turn();
  health.remove("store");
  advance(20s);
  EXPECT_EQ(looks, 1);
  EXPECT_TRUE(health.view().checks.empty());
}

TEST_F(HealthTest, TwoChecksOfOneNameAreAProgrammingError) {
  health.add("store", {}, [] { return Finding::good(); });
  EXPECT_THROW(health.add("store", {}, [] { return Finding::good(); }), std::logic_error);
}

TEST_F(HealthTest, AStopEndsTheLooking) {
  int looks = 0;
  health.add("store", {.every = 5s, .limit = 2s}, [&looks] {
    ++looks;
    return Finding::good();
  });
  turn();
  tests::run(io, health.stop());
  advance(20s);
  EXPECT_EQ(looks, 1);
}

}  // namespace
}  // namespace tgkit::ops
