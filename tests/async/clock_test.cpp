#include "tgkit/async/clock.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/task_group.hpp"

#include <string>
#include <vector>

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

namespace tgkit {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, RunsCallbacksInTheOrderOfTheirDeadlines) {
  ManualClock clock;
  std::string order;
  const auto late = clock.call_in(3s, [&] { order += "late"; });
  const auto early = clock.call_in(1s, [&] { order += "early "; });
  const auto middle = clock.call_in(2s, [&] { order += "middle "; });
  clock.advance(3s);
  EXPECT_EQ(order, "early middle late");
}

TEST(ManualClock, CallbacksOfOneMomentRunInTheOrderTheyWereAsked) {
  ManualClock clock;
  std::string order;
  const auto first = clock.call_in(1s, [&] { order += "a"; });
  const auto second = clock.call_in(1s, [&] { order += "b"; });
  clock.advance(1s);
  EXPECT_EQ(order, "ab");
}

TEST(ManualClock, DoesNotRunWhatIsNotDue) {
  ManualClock clock;
  int calls = 0;
  const auto timer = clock.call_in(2s, [&] { ++calls; });
  clock.advance(2s - 1ns);
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(timer.pending());
  clock.advance(1ns);
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(timer.pending());
  clock.advance(1h);
  EXPECT_EQ(calls, 1);
}

TEST(ManualClock, ACallbackSeesItsOwnTimeAndCanSetTheNext) {
  ManualClock clock;
  const TimePoint start = clock.now();
  std::vector<Duration> seen;
  Clock::Timer timer;
  std::function<void()> tick = [&] {
    seen.push_back(clock.now() - start);
    timer = clock.call_in(1s, [&] { tick(); });
  };
  timer = clock.call_in(1s, [&] { tick(); });
  clock.advance(3500ms);
  EXPECT_EQ(seen, (std::vector<Duration>{1s, 2s, 3s}));
}

TEST(ManualClock, WallTimeMovesAlong) {
  ManualClock clock(WallTime{1'000'000s});
  clock.advance(90s);
  EXPECT_EQ(clock.wall(), WallTime{1'000'090s});
}

TEST(ClockTimer, DestroyingItCancels) {
  ManualClock clock;
  int calls = 0;
  {
    const auto timer = clock.call_in(1s, [&] { ++calls; });
  }
  clock.advance(2s);
  EXPECT_EQ(calls, 0);
}

TEST(ClockTimer, MovingItKeepsTheCallback) {
  ManualClock clock;
  int calls = 0;
  auto timer = clock.call_in(1s, [&] { ++calls; });
  Clock::Timer moved = std::move(timer);
  EXPECT_TRUE(moved.pending());
  EXPECT_FALSE(timer.pending());
  clock.advance(1s);
  EXPECT_EQ(calls, 1);
}

TEST(ClockTimer, ACallbackMayCancelAnotherOfTheSameMoment) {
  ManualClock clock;
  int calls = 0;
  Clock::Timer second;
  const auto first = clock.call_in(1s, [&] { second.cancel(); });
  second = clock.call_in(1s, [&] { ++calls; });
  clock.advance(1s);
  EXPECT_EQ(calls, 0);
}

TEST(ClockTimer, MayOutliveItsClock) {
  Clock::Timer timer;
  {
    ManualClock clock;
    timer = clock.call_in(1s, [] {});
    EXPECT_TRUE(timer.pending());
  }
  EXPECT_FALSE(timer.pending());
  timer.cancel();
}

Task<> sleep_then_note(Clock& clock, Duration duration, int& woken) {
  co_await clock.sleep_for(duration);
  ++woken;
}

TEST(ClockSleep, EndsWhenItsTimeHasComeAndNotBefore) {
  boost::asio::io_context io;
  ManualClock clock;
  TaskGroup tasks(io.get_executor(), [](std::exception_ptr) { FAIL(); });
  int woken = 0;
  tasks.spawn(sleep_then_note(clock, 5s, woken));
  io.poll();
  clock.advance(4999ms);
  io.restart();
  io.poll();
  EXPECT_EQ(woken, 0);
  clock.advance(1ms);
  io.restart();
  io.poll();
  EXPECT_EQ(woken, 1);
}

TEST(ClockSleep, IntoThePastEndsAtTheNextTurn) {
  boost::asio::io_context io;
  ManualClock clock;
  int woken = 0;
  tests::run(io, sleep_then_note(clock, -1s, woken));
  EXPECT_EQ(woken, 1);
}

TEST(ClockSleep, IsEndedByCancellation) {
  boost::asio::io_context io;
  ManualClock clock;
  TaskGroup tasks(io.get_executor(), [](std::exception_ptr) { FAIL(); });
  int woken = 0;
  tasks.spawn(sleep_then_note(clock, 5s, woken));
  io.poll();
  tasks.cancel();
  tasks.cancel();  // a second one before the loop turns does no harm
  tests::run(io, tasks.join());
  EXPECT_EQ(tasks.size(), 0u);
  clock.advance(10s);
  EXPECT_EQ(woken, 0);
}

TEST(SystemClock, FiresInOrderAndKeepsTheLoopRunningOnlyWhileSomethingIsPending) {
  boost::asio::io_context io;
  SystemClock clock(io.get_executor());
  std::string order;
  auto never = clock.call_in(1h, [&] { order += "never"; });
  const auto second = clock.call_in(2ms, [&] {
    order += "b";
    never.cancel();
  });
  const auto first = clock.call_in(1ms, [&] { order += "a"; });
  io.run();  // returns: the hour was cancelled
  EXPECT_EQ(order, "ab");
}

TEST(SystemClock, SleepsAtLeastAsLongAsAsked) {
  boost::asio::io_context io;
  SystemClock clock(io.get_executor());
  int woken = 0;
  const TimePoint start = clock.now();
  tests::run(io, sleep_then_note(clock, 3ms, woken));
  EXPECT_GE(clock.now() - start, 3ms);
  EXPECT_EQ(woken, 1);
}

TEST(Cancellation, IsToldFromOtherErrors) {
  const boost::system::system_error aborted(boost::asio::error::operation_aborted);
  const boost::system::system_error refused(boost::asio::error::connection_refused);
  EXPECT_TRUE(is_cancellation(aborted));
  EXPECT_FALSE(is_cancellation(refused));
  EXPECT_FALSE(is_cancellation(std::runtime_error("x")));
  EXPECT_TRUE(is_cancellation(std::make_exception_ptr(aborted)));
  EXPECT_FALSE(is_cancellation(std::make_exception_ptr(1)));
  EXPECT_FALSE(is_cancellation(std::exception_ptr()));
}

}  // namespace
}  // namespace tgkit
