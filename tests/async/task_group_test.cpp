#include "tgkit/async/task_group.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/event.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tgkit {
namespace {

using namespace std::chrono_literals;

Task<> note(std::string& order, char name) {
  order += name;
  co_return;
}

Task<> fail() {
  throw std::runtime_error("broken");
  co_return;
}

Task<> wait_for(Event& event) { co_await event.wait(); }

Task<> spawn_another(TaskGroup& tasks, std::string& order) {
  order += '(';
  tasks.spawn(note(order, 'x'));
  order += ')';
  co_return;
}

class TaskGroupTest : public ::testing::Test {
 protected:
  void turn() {
    io.restart();
    io.poll();
  }
  boost::asio::io_context io;
  std::vector<std::exception_ptr> errors;
  TaskGroup tasks{io.get_executor(), [this](std::exception_ptr error) { errors.push_back(std::move(error)); }};
};

TEST_F(TaskGroupTest, StartsATaskAtTheNextTurnAndNotInsideSpawn) {
  std::string order;
  tasks.spawn(spawn_another(tasks, order));
  EXPECT_EQ(order, "");
  turn();
  EXPECT_EQ(order, "()x");
}

TEST_F(TaskGroupTest, JoinWaitsForAllIncludingThoseSpawnedMeanwhile) {
  std::string order;
  Event event;
  tasks.spawn(wait_for(event));
  tasks.spawn(spawn_another(tasks, order));
  event.set();
  tests::run(io, tasks.join());
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_EQ(order, "()x");
}

TEST_F(TaskGroupTest, JoinOfAnEmptyGroupReturnsAtOnce) { tests::run(io, tasks.join()); }

TEST_F(TaskGroupTest, ReportsWhatATaskThrows) {
  tasks.spawn(fail());
  tests::run(io, tasks.join());
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THROW(std::rethrow_exception(errors[0]), std::runtime_error);
}

TEST_F(TaskGroupTest, CancellationReachesEveryTaskAndIsNoError) {
  Event never;
  ManualClock clock;
  tasks.spawn(wait_for(never));
  tasks.spawn(clock.sleep_for(1h));
  turn();
  EXPECT_EQ(tasks.size(), 2u);
  tasks.cancel();
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_TRUE(errors.empty());
}

TEST_F(TaskGroupTest, ATaskCancelledBeforeItsFirstTurnNeverRuns) {
  std::string order;
  tasks.spawn(note(order, 'a'));
  tasks.cancel();
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_EQ(order, "");
}

TEST_F(TaskGroupTest, ATaskMayCancelItsOwnGroupBeforeItsFirstWait) {
  Event event;
  event.set();
  auto suicide = [](TaskGroup& tasks, Event& event, std::string& order) -> Task<> {
    tasks.cancel();
    co_await wait_for(event);
    order += 'x';
  };
  std::string order;
  tasks.spawn(suicide(tasks, event, order));
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_EQ(order, "");
}

TEST_F(TaskGroupTest, TakesNewTasksAfterACancel) {
  std::string order;
  tasks.cancel();
  tasks.spawn(note(order, 'a'));
  turn();
  EXPECT_EQ(order, "a");
}

TEST_F(TaskGroupTest, CountsWhatRuns) {
  Event event;
  tasks.spawn(wait_for(event));
  EXPECT_EQ(tasks.size(), 1u);
  event.set();
  turn();
  EXPECT_EQ(tasks.size(), 0u);
}

}  // namespace
}  // namespace tgkit
