#include "tgkit/async/timeout.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/async/task_group.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tgkit {
namespace {

using namespace std::chrono_literals;

Task<std::string> give(std::string text) { co_return text; }

Task<int> break_down() {
  throw std::logic_error("broken");
  co_return 0;
}

struct Trace {
  bool cancelled = false, ended = false, timed_out = false, aborted = false;
};

Task<> wait_for(Event& event, Trace& trace) {
  try {
    co_await event.wait();
  } catch (...) {
    trace.cancelled = true;
    throw;
  }
  trace.ended = true;
}

// Sees that it is cancelled and finishes all the same.
Task<int> finish_anyway(Event& event) {
  try {
    co_await event.wait();
  } catch (const std::exception&) {
  }
  co_return 42;
}

Task<> limited(Clock& clock, Event& event, Trace& trace) {
  try {
    co_await with_timeout(clock, 5s, wait_for(event, trace));
  } catch (const TimedOut&) {
    trace.timed_out = true;
  } catch (...) {
    trace.aborted = true;
    throw;
  }
}

class TimeoutTest : public ::testing::Test {
 protected:
  void turn() {
    io.restart();
    io.poll();
  }
  boost::asio::io_context io;
  ManualClock clock;
  TaskGroup tasks{io.get_executor(), [](std::exception_ptr) { FAIL(); }};
  Event event;
  Trace trace;
};

TEST_F(TimeoutTest, GivesTheResultOfATaskThatIsInTime) {
  EXPECT_EQ(tests::run(io, with_timeout(clock, 1s, give("done"))), "done");
}

TEST_F(TimeoutTest, LetsATasksOwnErrorThrough) {
  EXPECT_THROW(tests::run(io, with_timeout(clock, 1s, break_down())), std::logic_error);
}

TEST_F(TimeoutTest, CancelsATaskThatIsLateAndThrowsTimedOut) {
  tasks.spawn(limited(clock, event, trace));
  turn();
  clock.advance(5s - 1ns);
  turn();
  EXPECT_FALSE(trace.cancelled);
  clock.advance(1ns);
  turn();
  EXPECT_TRUE(trace.cancelled);
  EXPECT_TRUE(trace.timed_out);
  EXPECT_EQ(tasks.size(), 0u);
}

TEST_F(TimeoutTest, DoesNothingAfterATaskThatWasInTime) {
  tasks.spawn(limited(clock, event, trace));
  turn();
  event.set();
  turn();
  clock.advance(10s);
  turn();
  EXPECT_TRUE(trace.ended);
  EXPECT_FALSE(trace.timed_out);
}

TEST_F(TimeoutTest, CancellingTheCallerCancelsTheTaskAndIsNoTimeout) {
  tasks.spawn(limited(clock, event, trace));
  turn();
  tasks.cancel();
  turn();
  EXPECT_TRUE(trace.cancelled);
  EXPECT_TRUE(trace.aborted);
  EXPECT_FALSE(trace.timed_out);
  EXPECT_EQ(tasks.size(), 0u);
}

TEST_F(TimeoutTest, ATaskThatFinishesAfterAllCountsAsFinished) {
  int result = 0;
  auto run = [](Clock& clock, Event& event, int& result) -> Task<> {
    result = co_await with_timeout(clock, 1s, finish_anyway(event));
  };
  tasks.spawn(run(clock, event, result));
  turn();
  clock.advance(1s);
  turn();
  EXPECT_EQ(result, 42);
}

TEST_F(TimeoutTest, ATaskThatCancelsItsOwnGroupIsCancelledAtItsNextWait) {
  auto suicide = [](TaskGroup& tasks, Event& event, Trace& trace) -> Task<> {
    tasks.cancel();
    co_await wait_for(event, trace);
    trace.ended = true;
  };
  auto outer = [&suicide](TaskGroup& tasks, Clock& clock, Event& event, Trace& trace) -> Task<> {
    co_await with_timeout(clock, 1s, suicide(tasks, event, trace));
    trace.ended = true;
  };
  tasks.spawn(outer(tasks, clock, event, trace));
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_FALSE(trace.ended);
}

TEST_F(TimeoutTest, NestsTheInnerLimitFirst) {
  auto nested = [](Clock& clock, Event& event, Trace& trace) -> Task<> {
    co_await with_timeout(clock, 10s, limited(clock, event, trace));
  };
  tasks.spawn(nested(clock, event, trace));
  turn();
  clock.advance(5s);
  turn();
  EXPECT_TRUE(trace.timed_out);
  EXPECT_EQ(tasks.size(), 0u);
}

}  // namespace
}  // namespace tgkit
