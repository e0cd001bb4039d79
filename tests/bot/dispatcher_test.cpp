#include "tgkit/bot/dispatcher.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::press_json;
using namespace std::chrono_literals;

// A handler that says what it was told after as many seconds.
Task<> slow_echo(Context& ctx, std::string text) {
  co_await ctx.clock().sleep_for(std::chrono::seconds(text.size()));
  ctx.reply(text);
}

TEST(Dispatcher, UpdatesOfOneChatAreHandledOneAfterTheOther) {
  Harness h;
  h.router.on(text, slow_echo);
  h.start();
  h.handle(message_json(1, "three"));
  h.handle(message_json(2, "x"));
  h.advance(1s);
  EXPECT_TRUE(h.texts().empty());  // the second would be ready, but it waits for the first
  h.advance(4s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"three"});
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"three", "x"}));
}

TEST(Dispatcher, ChatsAreHandledSideBySide) {
  Harness h;
  h.router.on(text, slow_echo);
  h.start();
  h.handle(message_json(1, "three", {.user = 1, .chat = 1}));
  h.handle(message_json(2, "x", {.user = 2, .chat = 2}));
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"x"});
}

TEST(Dispatcher, ARouteMayChooseTheUserOrNoOrder) {
  Harness h;
  const tests::Place ann{.user = 1, .chat = -9, .chat_type = "group"}, bob{.user = 2, .chat = -9, .chat_type = "group"};
  h.router.on(command<"user", std::string>, slow_echo).order(OrderBy::user);
  h.router.on(command<"free", std::string>, slow_echo).order(OrderBy::none);
  h.start();
  h.handle(message_json(1, "/user aaa", ann));
  h.handle(message_json(2, "/user b", bob));
  h.handle(message_json(3, "/user c", ann));
  h.handle(message_json(4, "/free dd", ann));
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"b"});
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"b", "dd"}));
  h.advance(1s);
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"b", "dd", "aaa", "c"}));
}

TEST(Dispatcher, HandlersSideBySideAreBounded) {
  DispatcherSettings settings;
  settings.most_handlers = 2;
  Harness h(settings);
  int running = 0, most = 0;
  h.router.on(text, [&](Context& ctx, std::string) -> Task<> {
    most = std::max(most, ++running);
    co_await ctx.clock().sleep_for(1s);
    --running;
  });
  h.start();
  for (int i = 1; i <= 6; ++i) h.handle(message_json(i, "x", {.user = i, .chat = i}));
  for (int i = 0; i < 3; ++i) h.advance(1s);
  EXPECT_EQ(most, 2);
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST(Dispatcher, PressesOvertakeTheMessagesOfOtherChats) {
  DispatcherSettings settings;
  settings.most_handlers = 1;
  Harness h(settings);
  std::vector<std::int64_t> order;
  h.router.on(any, [&order](Context& ctx) -> Task<> {
    order.push_back(ctx.update().update_id);
    co_await ctx.clock().sleep_for(1s);
  });
  h.start();
  h.handle(message_json(1, "x", {.user = 1, .chat = 1}));
  h.handle(message_json(2, "x", {.user = 2, .chat = 2}));
  h.handle(press_json(3, "x", {.user = 3, .chat = 3}));
  for (int i = 0; i < 3; ++i) h.advance(1s);
  EXPECT_EQ(order, (std::vector<std::int64_t>{1, 3, 2}));
}

TEST(Dispatcher, StateDoneAndMessagesAreOneCommit) {
  Harness h;
  h.router.on(text, [](Context& ctx, std::string) -> Task<> {
    ctx.write({{"note", "u7"}, storage::StateRecord{"{}", 1, 0}});
    ctx.reply("kept");
    EXPECT_TRUE(ctx.event().update_id() == 1);
    co_return;
  });
  h.start();
  h.handle(message_json(1, "x"));
  ASSERT_FALSE(h.store.commits.empty());
  const storage::Commit& commit = h.store.commits.front();
  EXPECT_EQ(commit.done, std::vector<std::int64_t>{1});
  EXPECT_EQ(commit.writes.size(), 1U);
  ASSERT_EQ(commit.messages.size(), 1U);
  EXPECT_EQ(commit.messages[0].method, "sendMessage");
  EXPECT_EQ(commit.messages[0].chat_id, 7);
}

TEST(Dispatcher, NothingIsSentBeforeTheCommit) {
  Harness h;
  h.store.failing_commits = 1;
  h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.reply(text);
    co_return;
  });
  h.start();
  h.handle(message_json(1, "x"));
  EXPECT_TRUE(h.sent.empty());
  EXPECT_EQ(h.store.inbox.size(), 1U);
  h.advance(2s);  // the commit is tried again, the handler is not
  EXPECT_EQ(h.texts(), std::vector<std::string>{"x"});
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST(Dispatcher, AnExceptionAnswersOnceDropsTheRestAndIsDone) {
  Harness h;
  int runs = 0;
  h.router.on(text, [&runs](Context& ctx, std::string text) -> Task<> {
    ++runs;
    ctx.reply("half");
    ctx.write({{"note", "u7"}, storage::StateRecord{"{}", 1, 0}});
    throw std::runtime_error("secret: " + text);
    co_return;
  });
  h.start();
  h.handle(message_json(1, "private words"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.failed("")});
  EXPECT_TRUE(h.store.inbox.empty());
  EXPECT_TRUE(h.store.states.empty());
  EXPECT_NE(h.log_text().find("std::runtime_error"), std::string::npos);
  EXPECT_EQ(h.log_text().find("private words"), std::string::npos);
}

TEST(Dispatcher, AFailingHandlerDoesNotStopItsChat) {
  Harness h;
  h.router.on(command<"bad">, [](Context&) -> Task<> {
    throw 42;
    co_return;
  });
  h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.reply(text);
    co_return;
  });
  h.start();
  h.take(message_json(1, "/bad"));
  h.handle(message_json(2, "next"));
  ASSERT_EQ(h.texts().size(), 2U);
  EXPECT_EQ(h.texts()[1], "next");
}

TEST(Dispatcher, AHandlerThatHangsMeetsItsRoutesLimit) {
  Harness h;
  bool ended = false;
  h.router
      .on(command<"hang">,
          [&ended](Context& ctx) -> Task<> {
            struct AtEnd {
              bool& flag;
              ~AtEnd() { flag = true; }
            } at_end{ended};
            ctx.reply("never");
            co_await ctx.clock().sleep_for(24h);
          })
      .timeout(5s);
  h.router.on(text, slow_echo);
  h.start();
  h.handle(message_json(1, "/hang"));
  h.handle(message_json(2, "x"));
  h.advance(4s);
  EXPECT_FALSE(ended);
  h.advance(1s);
  EXPECT_TRUE(ended);
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.timed_out("")});
  h.advance(1s);  // the chat goes on, on the same coroutine
  ASSERT_EQ(h.texts().size(), 2U);
  EXPECT_EQ(h.texts()[1], "x");
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST(Dispatcher, EveryHandlerHasItsOwnDeadline) {
  DispatcherSettings settings;
  settings.timeout = 10s;
  Harness h(settings);
  h.router.on(command<"quick">, [](Context& ctx) -> Task<> { co_await ctx.clock().sleep_for(24h); }).timeout(2s);
  h.router
      .on(command<"long">,
          [](Context& ctx) -> Task<> {
            co_await ctx.clock().sleep_for(60s);
            ctx.reply("done");
          })
      .long_running();
  h.router.on(command<"usual">, [](Context& ctx) -> Task<> { co_await ctx.clock().sleep_for(24h); });
  h.start();
  h.handle(message_json(1, "/usual", {.user = 1, .chat = 1}));
  h.handle(message_json(2, "/long", {.user = 2, .chat = 2}));
  h.advance(1s);
  h.handle(message_json(3, "/quick", {.user = 3, .chat = 3}));
  h.advance(2s);
  EXPECT_FALSE(h.store.inbox.contains(3));
  EXPECT_TRUE(h.store.inbox.contains(1));
  h.advance(7s);
  EXPECT_FALSE(h.store.inbox.contains(1));
  EXPECT_TRUE(h.store.inbox.contains(2));
  h.advance(50s);
  EXPECT_TRUE(h.store.inbox.empty());
  EXPECT_EQ(h.texts().back(), "done");
}

TEST(Dispatcher, RoomWaitsWhileTooManyAreInFlight) {
  DispatcherSettings settings;
  settings.most_updates = 2;
  Harness h(settings);
  h.router.on(text, slow_echo);
  h.start();
  EXPECT_TRUE(h.done(h.spawn(h.dispatcher->room())));
  h.handle(message_json(1, "a", {.user = 1, .chat = 1}));
  h.handle(message_json(2, "bbb", {.user = 2, .chat = 2}));
  const std::size_t waiting = h.spawn(h.dispatcher->room());
  EXPECT_FALSE(h.done(waiting));
  h.advance(1s);
  EXPECT_TRUE(h.done(waiting));
}

TEST(Dispatcher, RoomWaitsWhileTooManyBytesAreInFlight) {
  DispatcherSettings settings;
  settings.most_bytes = 1000;
  Harness h(settings);
  h.router.on(text, [](Context& ctx, std::string) -> Task<> { co_await ctx.clock().sleep_for(1s); });
  h.start();
  h.handle(message_json(1, std::string(2000, 'x')));
  const std::size_t waiting = h.spawn(h.dispatcher->room());
  EXPECT_FALSE(h.done(waiting));
  h.advance(1s);
  EXPECT_TRUE(h.done(waiting));
}

TEST(Dispatcher, UnfinishedUpdatesAreHandledAfterAStart) {
  Harness h;
  h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.reply(text);
    co_return;
  });
  h.start();
  h.store.put_inbox(5, message_json(5, "left over"), 1);
  const storage::InboxUpdate left = h.store.inbox[5];
  EXPECT_TRUE(h.done(h.spawn(h.dispatcher->resume({left}))));
  EXPECT_EQ(h.texts(), std::vector<std::string>{"left over"});
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST(Dispatcher, AnUpdateThatKeepsKillingTheProcessIsSetAside) {
  Harness h;
  int runs = 0;
  h.router.on(text, [&runs](Context&, std::string) -> Task<> {
    ++runs;
    co_return;
  });
  h.start();
  h.store.put_inbox(5, message_json(5, "poison"), 3);
  const storage::InboxUpdate left = h.store.inbox[5];
  EXPECT_TRUE(h.done(h.spawn(h.dispatcher->resume({left}))));
  EXPECT_EQ(runs, 0);
  EXPECT_TRUE(h.store.inbox.empty());
  ASSERT_EQ(h.store.quarantined.size(), 1U);
  EXPECT_EQ(h.store.quarantined[0].update_id, 5);
  EXPECT_EQ(h.store.quarantined[0].body, left.body);
}

TEST(Dispatcher, WhatWasBegunAtADeathRunsOneAfterTheOther) {
  Harness h;
  h.router.on(text, [](Context& ctx, std::string) { return ctx.clock().sleep_for(1s); });
  h.start();
  std::vector<storage::InboxUpdate> left;
  for (const int id : {5, 6, 7}) {
    h.store.put_inbox(id, message_json(id, "x", {.user = id, .chat = id}), id == 7 ? 0 : 1);
    left.push_back(h.store.inbox[id]);
  }
  h.spawn(h.dispatcher->resume(left));
  EXPECT_EQ(h.store.begun[5], 2U);
  EXPECT_EQ(h.store.begun[6], 1U) << "a death now is not counted against it";
  EXPECT_EQ(h.store.begun[7], 1U) << "what is not suspected runs beside them";
  h.advance(1s);
  EXPECT_EQ(h.store.begun[6], 2U);
  h.advance(1s);
  EXPECT_TRUE(h.store.inbox.empty());
}

// Fails over one update.
struct Fragile : PlainFilter {
  bool accepts(const Matching&, const bot::Event& event) const {
    if (event.update_id() == 5) throw std::out_of_range("private words");
    return false;
  }
  void describe(FilterInfo& info) const { require(info, "fragile"); }
};

TEST(Dispatcher, AnUpdateAtWhichAFilterThrowsIsSetAsideAndTheNextOnesAreHandled) {
  Harness h;
  h.router.on(Fragile{}, [](Context&) -> Task<> { co_return; });
  h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.reply(text);
    co_return;
  });
  h.start();
  h.handle(message_json(5, "broken"));
  h.handle(message_json(6, "next"));
  EXPECT_EQ(h.texts(), std::vector<std::string>{"next"});
  EXPECT_TRUE(h.store.inbox.empty());
  ASSERT_EQ(h.store.quarantined.size(), 1U);
  EXPECT_EQ(h.store.quarantined[0].update_id, 5);
  EXPECT_EQ(h.store.quarantined[0].body, message_json(5, "broken"));
  EXPECT_NE(h.store.quarantined[0].reason.find("std::out_of_range"), std::string::npos);
  EXPECT_EQ(h.metrics.sum("tgkit_updates_quarantined_total"), 1);
  EXPECT_EQ(h.log_text().find("private words"), std::string::npos);
}

TEST(Dispatcher, AnUnfinishedUpdateAtWhichAFilterThrowsDoesNotStopTheStart) {
  Harness h;
  h.router.on(Fragile{}, [](Context&) -> Task<> { co_return; });
  h.router.on(text, slow_echo);
  h.start();
  h.store.put_inbox(5, message_json(5, "broken"), 1);
  const storage::InboxUpdate left = h.store.inbox[5];
  const std::size_t resumed = h.spawn(h.dispatcher->resume({left}));
  EXPECT_TRUE(h.done(resumed));
  EXPECT_FALSE(h.error(resumed));
  EXPECT_TRUE(h.store.inbox.empty());
  EXPECT_EQ(h.store.quarantined.size(), 1U);
}

TEST(Dispatcher, StopWaitsForHandlersAndSpawnedTasks) {
  Harness h;
  bool task_ended = false;
  h.router.on(text, [&task_ended](Context& ctx, std::string text) -> Task<> {
    struct Later {
      static Task<> run(Clock& clock, bool& flag) {
        co_await clock.sleep_for(3s);
        flag = true;
      }
    };
    ctx.spawn(Later::run(ctx.clock(), task_ended));
    co_await ctx.clock().sleep_for(1s);
    ctx.reply(text);
  });
  h.start();
  h.handle(message_json(1, "x"));
  const std::size_t stop = h.spawn(h.dispatcher->stop());
  EXPECT_FALSE(h.done(stop));
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"x"});
  EXPECT_FALSE(h.done(stop));
  h.advance(2s);
  EXPECT_TRUE(h.done(stop));
  EXPECT_FALSE(h.error(stop));
  EXPECT_TRUE(task_ended);
}

TEST(Dispatcher, WhatWasSentIsReportedAlsoWhenTheCommitItRodeWithIsBrokenOff) {
  DispatcherSettings settings;
  settings.drain = 2s;
  Harness h(settings);
  h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.reply(text);
    co_return;
  });
  h.start();
  h.handle(message_json(1, "sent"));
  ASSERT_EQ(h.store.outbox.size(), 1U);  // not reported yet
  h.store.failing_commits = 1000;
  h.handle(message_json(2, "unfinished"));
  const std::size_t stop = h.spawn(h.dispatcher->stop());
  h.advance(2s);
  ASSERT_TRUE(h.done(stop));
  EXPECT_TRUE(h.error(stop));
  h.store.failing_commits = 0;
  EXPECT_TRUE(h.done(h.spawn(h.outbox->stop())));
  EXPECT_TRUE(h.store.outbox.empty());
  EXPECT_EQ(h.texts(), std::vector<std::string>{"sent"});
  h.dispatcher.reset();
}

TEST(Dispatcher, AStopThatTakesTooLongLeavesTheWorkInTheInboxAndSaysSo) {
  DispatcherSettings settings;
  settings.drain = 2s;
  Harness h(settings);
  h.router.on(text, [](Context& ctx, std::string) -> Task<> {
    co_await ctx.clock().sleep_for(20s);
    ctx.reply("late");
  });
  h.start();
  h.handle(message_json(1, "x"));
  h.handle(message_json(2, "y"));  // behind it
  const std::size_t stop = h.spawn(h.dispatcher->stop());
  h.advance(2s);
  EXPECT_TRUE(h.done(stop));
  EXPECT_TRUE(h.error(stop));
  EXPECT_EQ(h.store.inbox.size(), 2U);
  EXPECT_TRUE(h.sent.empty());
  h.dispatcher.reset();
}

TEST(Dispatcher, WhatAHandlerMakesOfBeingBrokenOffByAStopIsNeitherSentNorDone) {
  DispatcherSettings settings;
  settings.drain = 2s;
  Harness h(settings);
  h.router.on(command<"fails">, [](Context& ctx) -> Task<> {
    bool broken = false;
    try {
      co_await ctx.clock().sleep_for(20s);
    } catch (const std::exception&) {
      broken = true;
    }
    if (broken) throw std::runtime_error("the exchange does not answer");
  });
  h.router.on(text, [](Context& ctx, std::string) -> Task<> {
    try {
      co_await ctx.clock().sleep_for(20s);
    } catch (const std::exception&) {
      ctx.reply("the exchange does not answer");
    }
  });
  h.start();
  h.handle(message_json(1, "/fails", {.user = 1, .chat = 1}));
  h.handle(message_json(2, "x", {.user = 2, .chat = 2}));
  const std::size_t stop = h.spawn(h.dispatcher->stop());
  h.advance(2s);
  EXPECT_TRUE(h.done(stop));
  EXPECT_TRUE(h.error(stop));
  EXPECT_EQ(h.store.inbox.size(), 2U);
  EXPECT_TRUE(h.sent.empty());
  EXPECT_EQ(h.log_text().find("handler failed"), std::string::npos);
  h.dispatcher.reset();
}

TEST(Dispatcher, AStopOfLessTimeWaitsForLess) {
  Harness h;
  h.router.on(text, [](Context& ctx, std::string) -> Task<> { co_await ctx.clock().sleep_for(20s); });
  h.start();
  h.handle(message_json(1, "x"));
  h.dispatcher->limit_stop(1s);
  const std::size_t stop = h.spawn(h.dispatcher->stop());
  h.advance(799ms);
  EXPECT_FALSE(h.done(stop));
  h.advance(1ms);
  EXPECT_TRUE(h.done(stop));
  EXPECT_EQ(h.store.inbox.size(), 1U);
  h.dispatcher.reset();
}

}  // namespace
