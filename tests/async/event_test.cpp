#include "tgkit/async/event.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/async/task_group.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace tgkit {
namespace {

Task<> wait_then_note(Event& event, std::string& order, char name) {
  co_await event.wait();
  order += name;
}

class EventTest : public ::testing::Test {
 protected:
  void turn() {
    io.restart();
    io.poll();
  }
  boost::asio::io_context io;
  TaskGroup tasks{io.get_executor(), [](std::exception_ptr) { FAIL(); }};
  std::string order;
};

TEST_F(EventTest, LetsEverybodyThroughOnceSet) {
  Event event;
  tasks.spawn(wait_then_note(event, order, 'a'));
  tasks.spawn(wait_then_note(event, order, 'b'));
  turn();
  EXPECT_EQ(order, "");
  event.set();
  EXPECT_EQ(order, "");  // never inside set()
  turn();
  EXPECT_EQ(order, "ab");
  tasks.spawn(wait_then_note(event, order, 'c'));
  turn();
  EXPECT_EQ(order, "abc");
}

TEST_F(EventTest, HoldsAgainAfterReset) {
  Event event;
  event.set();
  event.reset();
  tasks.spawn(wait_then_note(event, order, 'a'));
  turn();
  EXPECT_EQ(order, "");
  event.set();
  turn();
  EXPECT_EQ(order, "a");
}

TEST_F(EventTest, AutomaticLetsOneThroughForEachSet) {
  Event event(Event::Reset::automatic);
  tasks.spawn(wait_then_note(event, order, 'a'));
  tasks.spawn(wait_then_note(event, order, 'b'));
  turn();
  event.set();
  turn();
  EXPECT_EQ(order, "a");
  EXPECT_FALSE(event.is_set());
  event.set();
  turn();
  EXPECT_EQ(order, "ab");
}

TEST_F(EventTest, AutomaticRemembersASetThatNobodyWaitedFor) {
  Event event(Event::Reset::automatic);
  event.set();
  event.set();  // remembered once
  tasks.spawn(wait_then_note(event, order, 'a'));
  tasks.spawn(wait_then_note(event, order, 'b'));
  turn();
  EXPECT_EQ(order, "a");
  tasks.cancel();
  turn();
}

TEST_F(EventTest, CancellingOneWaiterLeavesTheOthers) {
  Event event;
  TaskGroup other(io.get_executor(), [](std::exception_ptr) { FAIL(); });
  other.spawn(wait_then_note(event, order, 'x'));
  tasks.spawn(wait_then_note(event, order, 'a'));
  turn();
  other.cancel();
  turn();
  EXPECT_EQ(other.size(), 0u);
  event.set();
  turn();
  EXPECT_EQ(order, "a");
}

TEST_F(EventTest, OneWhoWasLetThroughIsNotCancelledAnyMore) {
  Event event(Event::Reset::automatic);
  tasks.spawn(wait_then_note(event, order, 'a'));
  turn();
  event.set();
  tasks.cancel();  // comes after set(): what set() handed over must not be lost
  turn();
  EXPECT_EQ(order, "a");
}

TEST_F(EventTest, DestroyingItCancelsThoseWhoWait) {
  auto event = std::make_unique<Event>();
  tasks.spawn(wait_then_note(*event, order, 'a'));
  turn();
  event.reset();
  turn();
  EXPECT_EQ(tasks.size(), 0u);
  EXPECT_EQ(order, "");
}

}  // namespace
}  // namespace tgkit
