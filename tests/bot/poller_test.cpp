#include "tgkit/bot/poller.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::api_error;
using tests::batch;
using tests::Harness;
using tests::message_json;
using namespace std::chrono_literals;

// Telegram's side of the long poll: what is queued is given out; an empty queue holds the poll open.
class Polling : public ::testing::Test {
 protected:
  void SetUp() override {
    h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
      if (text == "slow") co_await ctx.clock().sleep_for(10s);
      ctx.reply(text);
    });
    h.start();
    make_poller();
  }

  void make_poller() {
    PollerSettings settings;
    settings.allowed_updates = {"message"};
    settings.token.ask = [this] { return ask_name(); };
    intake = std::make_unique<Intake>(h.clock, *h.log, h.metrics, h.store, *h.dispatcher);
    poller = std::make_unique<Poller>(
        h.io.get_executor(), h.clock, *h.log, h.metrics, h.store, *h.dispatcher, *h.outbox, *intake,
        [this](telegram::PollRequest poll) { return answer(std::move(poll)); },
        Poller::Beside{[this] { return look(); }, [this] { return remove_webhook(); }}, settings);
    poller->supervise([this](std::exception_ptr error) { failure = error; });
  }

  void TearDown() override {
    if (!stopped) stop();
  }

  void start() {
    h.spawn(poller->start());
    h.pump();
  }

  std::size_t stop() {
    stopped = true;
    const std::size_t stopping = h.spawn(poller->stop());
    for (int i = 0; i < 10 && !h.done(stopping); ++i) h.advance(1s);
    return stopping;
  }

  Task<> ask_name() {
    if (names.empty()) co_return;
    const std::optional<telegram::Error> error = names.front();
    names.pop_front();
    if (error) throw *error;
  }

  void pass(int seconds) {  // step by step: what waits for a while begins to wait anew
    for (int i = 0; i < seconds; ++i) h.advance(1s);
  }

  Task<AtTelegram> look() {
    ++looks;
    co_return at_telegram;
  }
  Task<> remove_webhook() {
    at_telegram.webhook = false;
    co_return;
  }

  Task<std::string> answer(telegram::PollRequest poll) {
    polls.push_back(poll);
    if (answer_after > 0s) co_await h.clock.sleep_for(answer_after);
    if (bodies.empty() && errors.empty()) {
      if (poll.hold > 0s) co_await h.clock.sleep_for(poll.hold);
      if (bodies.empty() && errors.empty()) co_return batch({});
    }
    if (!errors.empty()) {
      const telegram::Error error = errors.front();
      errors.pop_front();
      throw error;
    }
    std::string body = bodies.front();
    bodies.pop_front();
    co_return body;
  }

  Harness h;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<Poller> poller;
  std::deque<std::string> bodies;
  std::deque<telegram::Error> errors;
  std::deque<std::optional<telegram::Error>> names;  // what getMe meets; nothing: it answers
  std::vector<telegram::PollRequest> polls;
  AtTelegram at_telegram;
  int looks = 0;
  std::exception_ptr failure;
  Duration answer_after{0};
  bool stopped = false;
};

TEST_F(Polling, ABatchIsWrittenDownBeforeItIsConfirmed) {
  bodies = {batch({message_json(10, "slow"), message_json(11, "b")})};
  start();
  ASSERT_EQ(polls.size(), 2U);
  EXPECT_EQ(polls[0].offset, 0);
  EXPECT_EQ(polls[1].offset, 12);
  EXPECT_TRUE(h.store.inbox.contains(10));  // being handled, and kept until it is done
}

TEST_F(Polling, WhatCannotBeWrittenDownIsNotConfirmedUntilItIs) {
  h.store.failing_durables = 1;
  bodies = {batch({message_json(10, "a")})};
  start();
  EXPECT_EQ(polls.size(), 1U);
  EXPECT_FALSE(poller->view().ready);
  h.advance(2s);
  ASSERT_EQ(polls.size(), 2U);
  EXPECT_EQ(polls[1].offset, 11);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"a"});
}

TEST_F(Polling, AStopDoesNotConfirmWhatWasNotWrittenDown) {
  h.store.failing_durables = 1000;
  bodies = {batch({message_json(10, "a")})};
  start();
  stop();
  EXPECT_TRUE(h.done(h.spawn(poller->confirm())));
  EXPECT_EQ(polls.size(), 1U);
}

TEST_F(Polling, ABatchIsHandledWhileItIsWrittenDown) {
  h.store.before_durable = [this] { return h.clock.sleep_for(1s); };
  bodies = {batch({message_json(10, "a")})};
  start();
  EXPECT_EQ(h.texts(), std::vector<std::string>{"a"});
  EXPECT_EQ(polls.size(), 1U);
  h.advance(1s);
  EXPECT_EQ(polls.size(), 2U);
}

TEST_F(Polling, ADuplicateIsHandledOnce) {
  bodies = {batch({message_json(10, "a")}), batch({message_json(10, "a"), message_json(11, "b")})};
  start();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(h.metrics.sum("tgkit_updates_duplicate_total"), 1);
}

TEST_F(Polling, OneBadUpdateIsSetAsideAndItsNeighboursAreHandled) {
  bodies = {batch({message_json(10, "a"), R"("no object")", message_json(12, "c")})};
  start();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"a", "c"}));
  ASSERT_EQ(h.store.quarantined.size(), 1U);
  EXPECT_NE(h.store.quarantined[0].body.find("no object"), std::string::npos);
  EXPECT_FALSE(h.store.quarantined[0].reason.empty());
  EXPECT_EQ(polls.back().offset, 13);
}

TEST_F(Polling, AnUnreadableUpdateAtTheEndOfABatchIsLookedAtOnceMoreAndPassedOver) {
  const std::string bad = R"("no object")";
  bodies = {batch({message_json(10, "a"), bad}), batch({bad}), batch({bad}), batch({message_json(12, "c")})};
  start();
  ASSERT_EQ(polls.size(), 2U);  // and then a pause: it may have been damaged on its way only
  EXPECT_EQ(polls[1].offset, 11);
  EXPECT_TRUE(h.store.quarantined.empty());
  h.advance(1s);
  ASSERT_GE(polls.size(), 4U);
  EXPECT_EQ(polls[2].offset, 11);
  EXPECT_EQ(polls[3].offset, 12);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"a", "c"}));
  ASSERT_EQ(h.store.quarantined.size(), 1U);
  EXPECT_EQ(h.store.quarantined[0].body, bad);
}

TEST_F(Polling, ABatchWithoutAReadableUpdateIsPassedOverWhenItComesTwice) {
  const std::string bad = R"({"update_id":20,"message":{"text":"never ends)";
  bodies = {batch({bad}), batch({bad}), batch({message_json(21, "next")})};
  start();
  EXPECT_EQ(polls.size(), 1U);
  EXPECT_TRUE(h.store.quarantined.empty());
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"next"});
  ASSERT_EQ(h.store.quarantined.size(), 1U);
  EXPECT_EQ(h.store.quarantined[0].update_id, 20);
  ASSERT_GE(polls.size(), 3U);
  EXPECT_EQ(polls[1].offset, 0);
  EXPECT_EQ(polls[2].offset, 21);
}

TEST_F(Polling, AnUpdateThatWasDamagedOnItsWayOnlyIsHandledWhenItComesWhole) {
  bodies = {batch({R"({"update_id":20,"message":{"text":"never ends)"}), batch({message_json(20, "whole")})};
  start();
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"whole"});
  EXPECT_TRUE(h.store.quarantined.empty());
}

TEST_F(Polling, ABodyThatIsNoAnswerConfirmsNothingAndIsNotAskedForInAHotLoop) {
  bodies = {"<html>busy</html>"};
  start();
  EXPECT_EQ(polls.size(), 1U);
  h.advance(1s);
  ASSERT_GE(polls.size(), 2U);
  EXPECT_EQ(polls[1].offset, 0);
}

TEST_F(Polling, AConflictStepsDownWarnsOnceAndTakesOverAgain) {
  for (int i = 0; i < 3; ++i) errors.push_back(api_error(409, "Conflict: terminated by other getUpdates request"));
  start();
  EXPECT_FALSE(poller->view().ready);
  EXPECT_EQ(polls.size(), 1U);
  for (int i = 0; i < 100 && polls.size() < 4; ++i) h.advance(1s);
  h.advance(31s);
  EXPECT_TRUE(poller->view().ready);
  const std::string log = h.log_text();
  const std::size_t first = log.find("stepping down");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("stepping down", first + 1), std::string::npos);
}

TEST_F(Polling, WhoWasEndedTwiceLooksOnlyBesideUntilUpdatesWaitThatNobodyTakes) {
  start();
  for (int i = 0; i < 2; ++i) {
    pass(20);  // a round is completed
    errors.push_back(api_error(409, "Conflict: terminated by other getUpdates request"));
    for (int wait = 0; wait < 60 && !errors.empty(); ++wait) h.advance(1s);
  }
  EXPECT_TRUE(poller->ownership().stepped_down());
  const std::size_t before = polls.size();
  pass(600);
  EXPECT_EQ(polls.size(), before);
  EXPECT_GT(looks, 100);
  at_telegram.waiting = true;
  pass(16);
  EXPECT_GT(polls.size(), before);
  pass(6);
  EXPECT_TRUE(poller->view().ready);
  EXPECT_FALSE(poller->ownership().stepped_down());
}

TEST_F(Polling, AWebhookWhoseUpdatesNobodyTakesIsRemoved) {
  errors.push_back(api_error(409, "Conflict: can't use getUpdates method while webhook is active"));
  at_telegram.webhook = true;
  start();
  const std::size_t before = polls.size();
  pass(600);
  EXPECT_EQ(polls.size(), before);
  at_telegram.waiting = true;
  pass(16);
  EXPECT_FALSE(at_telegram.webhook);
  EXPECT_GT(polls.size(), before);
}

TEST_F(Polling, ARefusedTokenEndsThePollingAndTheServiceWhenGetMeIsRefusedTwice) {
  errors.push_back(tests::unauthorized());
  names.assign({tests::unauthorized(), tests::unauthorized()});
  start();
  EXPECT_FALSE(failure);
  h.advance(3s);
  EXPECT_FALSE(failure);
  h.advance(3s);
  ASSERT_TRUE(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const ops::StartError& error) {
    EXPECT_EQ(error.exit_code(), ops::exit_code::token_refused);
  }
  EXPECT_FALSE(poller->view().ready);
  h.advance(5min);
  EXPECT_EQ(polls.size(), 1U);
}

TEST_F(Polling, ARefusalThatGetMeDoesNotConfirmIsTroubleThatPasses) {
  for (std::deque<std::optional<telegram::Error>> answers :
       {std::deque<std::optional<telegram::Error>>{std::nullopt},
        std::deque<std::optional<telegram::Error>>{tests::unauthorized(), std::nullopt},
        std::deque<std::optional<telegram::Error>>{tests::unauthorized(),
                                                   tests::network_error(telegram::Outcome::unknown)}}) {
    errors.push_back(tests::unauthorized());
    names = std::move(answers);
    const std::size_t before = polls.size();
    if (before == 0) start();
    h.advance(31s);
    for (int i = 0; i < 40; ++i) h.advance(1s);
    EXPECT_FALSE(failure);
    EXPECT_TRUE(names.empty());
    EXPECT_GT(polls.size(), before + 1);
    EXPECT_TRUE(poller->view().ready);
  }
}

TEST_F(Polling, AFloodLimitIsWaitedOut) {
  errors.push_back(api_error(429, "Too Many Requests", 9));
  start();
  h.advance(8s);
  EXPECT_EQ(polls.size(), 1U);
  h.advance(1s);
  EXPECT_EQ(polls.size(), 2U);
}

TEST_F(Polling, AConnectionThatBreaksInTimeIsNoDeadOne) {
  errors.push_back(tests::network_error(telegram::Outcome::unknown));
  start();
  EXPECT_EQ(poller->view().deaf, 0U);
  EXPECT_EQ(poller->view().last_outcome, PollOutcome::network);
}

TEST_F(Polling, ADeadConnectionIsCountedAndDialledAnew) {
  answer_after = 40s;  // beyond the hold: this is when the client gives the exchange up
  errors.push_back(tests::network_error(telegram::Outcome::unknown));
  start();
  h.advance(40s);
  EXPECT_EQ(poller->view().deaf, 1U);
  EXPECT_FALSE(poller->view().ready);
  answer_after = 0s;
  h.advance(2s);
  EXPECT_GE(polls.size(), 2U);
  EXPECT_TRUE(poller->view().ready);
}

TEST_F(Polling, AllowedUpdatesAreSentOnceAndAgainAfterAConflict) {
  bodies = {batch({message_json(10, "a")})};
  start();
  ASSERT_EQ(polls.size(), 2U);
  EXPECT_EQ(polls[0].allowed_updates, std::vector<std::string>{"message"});
  EXPECT_FALSE(polls[1].allowed_updates);
  errors.push_back(api_error(409, "Conflict"));
  h.advance(30s);
  for (int i = 0; i < 20 && polls.size() < 3; ++i) h.advance(1s);
  ASSERT_GE(polls.size(), 3U);
  EXPECT_TRUE(polls[2].allowed_updates);
}

TEST_F(Polling, TheOffsetFollowsTheQueueAlsoWhenNumbersBeginAnew) {
  bodies = {batch({message_json(900, "old")}), batch({message_json(5, "new")})};
  start();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"old", "new"}));
  EXPECT_EQ(polls.back().offset, 6);
}

TEST_F(Polling, TheFirstPollDoesNotWaitSoThatReadinessIsKnownAtOnce) {
  EXPECT_FALSE(poller->view().ready);
  start();
  ASSERT_EQ(polls.size(), 2U);
  EXPECT_EQ(polls[0].hold, 0s);
  EXPECT_EQ(polls[1].hold, 30s);
  EXPECT_TRUE(poller->view().ready);
}

TEST_F(Polling, StopBreaksTheOpenPollOff) {
  start();
  ASSERT_EQ(polls.back().hold, 30s);
  const std::size_t stopping = h.spawn(poller->stop());
  stopped = true;
  EXPECT_TRUE(h.done(stopping));
  EXPECT_FALSE(failure);
}

TEST_F(Polling, AStopWhileABatchCannotBeWrittenDownDoesNotWaitBeforeANextLook) {
  h.store.before_durable = [this] { return h.clock.sleep_for(1s); };
  h.store.failing_durables = 1;
  bodies = {batch({message_json(10, "a")})};
  start();
  const std::size_t stopping = h.spawn(poller->stop());
  stopped = true;
  EXPECT_FALSE(h.done(stopping));  // what has arrived is still written down
  h.advance(1s);
  EXPECT_TRUE(h.done(stopping));
  EXPECT_EQ(polls.size(), 1U);
  EXPECT_FALSE(failure);
}

TEST_F(Polling, ABatchThatWasStillAcceptedWhileStoppingIsConfirmedByOneShortCall) {
  h.store.before_durable = [this] { return h.clock.sleep_for(1s); };
  bodies = {batch({message_json(10, "a")})};
  start();
  stop();
  EXPECT_EQ(h.texts(), std::vector<std::string>{"a"});
  const std::size_t before = polls.size();
  EXPECT_TRUE(h.done(h.spawn(poller->confirm())));
  ASSERT_EQ(polls.size(), before + 1);
  EXPECT_EQ(polls.back().offset, 11);
  EXPECT_EQ(polls.back().limit, 1);
  EXPECT_EQ(polls.back().hold, 0s);
}

TEST_F(Polling, WhatTheOpenPollConfirmsIsNotConfirmedAgain) {
  bodies = {batch({message_json(10, "a")})};
  start();
  ASSERT_EQ(polls.back().offset, 11);
  stop();
  const std::size_t before = polls.size();
  EXPECT_TRUE(h.done(h.spawn(poller->confirm())));
  EXPECT_EQ(polls.size(), before);
}

TEST_F(Polling, WhatAFailedPollShouldHaveConfirmedIsConfirmedAtTheEnd) {
  bodies = {batch({message_json(10, "a")})};
  start();
  errors.push_back(tests::network_error(telegram::Outcome::not_sent));
  h.advance(30s);
  stop();
  const std::size_t before = polls.size();
  EXPECT_TRUE(h.done(h.spawn(poller->confirm())));
  ASSERT_EQ(polls.size(), before + 1);
  EXPECT_EQ(polls.back().offset, 11);
}

TEST_F(Polling, NothingIsConfirmedDuringAConflict) {
  h.store.before_durable = [this] { return h.clock.sleep_for(1s); };
  bodies = {batch({message_json(10, "a")})};
  start();
  errors.push_back(api_error(409, "Conflict: terminated by other getUpdates request"));
  h.advance(1s);
  ASSERT_EQ(poller->view().last_outcome, PollOutcome::conflict);
  stop();
  const std::size_t before = polls.size();
  EXPECT_TRUE(h.done(h.spawn(poller->confirm())));
  EXPECT_EQ(polls.size(), before);
}

TEST_F(Polling, NothingIsConfirmedWhenNothingWasTaken) {
  start();
  stop();
  const std::size_t before = polls.size();
  EXPECT_TRUE(h.done(h.spawn(poller->confirm())));
  EXPECT_EQ(polls.size(), before);
}

TEST(PollingUnderLoad, WaitsWhileTheDispatcherIsFull) {
  DispatcherSettings settings;
  settings.most_updates = 2;
  Harness h(settings);
  h.router.on(text, [](Context& ctx, std::string) -> Task<> { co_await ctx.clock().sleep_for(10s); });
  h.start();
  int polls = 0;
  Intake intake(h.clock, *h.log, h.metrics, h.store, *h.dispatcher);
  Poller poller(h.io.get_executor(), h.clock, *h.log, h.metrics, h.store, *h.dispatcher, *h.outbox, intake,
                [&](telegram::PollRequest) -> Task<std::string> {
                  const int id = ++polls * 10;
                  co_return batch({message_json(id, "a", {.user = id, .chat = id}),
                                   message_json(id + 1, "b", {.user = id + 1, .chat = id + 1})});
                },
                Poller::Beside(), {});
  h.spawn(poller.start());
  EXPECT_EQ(polls, 1);
  h.advance(9s);
  EXPECT_EQ(polls, 1);
  h.advance(1s);
  EXPECT_EQ(polls, 2);
  EXPECT_TRUE(h.done(h.spawn(poller.stop())));
}

}  // namespace
