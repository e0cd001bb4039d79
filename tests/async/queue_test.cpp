#include "tgkit/async/queue.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/async/task_group.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace tgkit {
namespace {

Task<> push_numbers(Queue<int>& queue, int count, int& pushed) {
  for (int i = 1; i <= count; ++i) {
    const bool taken = co_await queue.push(i);
    if (!taken) co_return;
    ++pushed;
  }
}

Task<> pop_all(Queue<int>& queue, std::vector<int>& popped) {
  while (const auto value = co_await queue.pop()) popped.push_back(*value);
}

class QueueTest : public ::testing::Test {
 protected:
  void turn() {
    io.restart();
    io.poll();
  }
  boost::asio::io_context io;
  TaskGroup tasks{io.get_executor(), [](std::exception_ptr) { FAIL(); }};
};

TEST_F(QueueTest, PushWaitsWhileItIsFull) {
  Queue<int> queue(2);
  int pushed = 0;
  tasks.spawn(push_numbers(queue, 3, pushed));
  turn();
  EXPECT_EQ(pushed, 2);
  EXPECT_EQ(queue.try_pop(), 1);
  turn();
  EXPECT_EQ(pushed, 3);
  EXPECT_EQ(queue.size(), 2u);
}

TEST_F(QueueTest, GivesEverythingInOrderAndEndsWhenClosed) {
  Queue<int> queue(2);
  int pushed = 0;
  std::vector<int> popped;
  tasks.spawn(pop_all(queue, popped));
  tasks.spawn(push_numbers(queue, 100, pushed));
  turn();
  EXPECT_EQ(tasks.size(), 1u);
  queue.close();
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  ASSERT_EQ(popped.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(popped[static_cast<std::size_t>(i)], i + 1);
}

TEST_F(QueueTest, ClosingRefusesThoseWhoWaitToPush) {
  Queue<int> queue(1);
  int pushed = 0;
  tasks.spawn(push_numbers(queue, 2, pushed));
  turn();
  queue.close();
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_EQ(pushed, 1);
  EXPECT_EQ(queue.try_pop(), 1);  // what was inside is still there
  EXPECT_FALSE(queue.try_push(5));
}

TEST_F(QueueTest, CancellingAConsumerLosesNothing) {
  Queue<int> queue(4);
  std::vector<int> popped;
  tasks.spawn(pop_all(queue, popped));
  turn();
  tasks.cancel();
  turn();
  EXPECT_TRUE(queue.try_push(7));
  EXPECT_EQ(queue.try_pop(), 7);
}

TEST_F(QueueTest, HoldsWhatCannotBeCopied) {
  Queue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(3)));
  EXPECT_EQ(**tests::run(io, queue.pop()), 3);
}

}  // namespace
}  // namespace tgkit
