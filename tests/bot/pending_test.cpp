#include "tgkit/bot/pending.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/bot/intake.hpp"
#include "tgkit/bot/poller.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::message_with;
using tests::press_json;
using tests::update;
using namespace std::chrono_literals;

constexpr std::int64_t now = 1'790'000'000;

std::string dated(std::int64_t id, std::int64_t date) {
  return R"({"update_id":)" + std::to_string(id) + R"(,"message":{"message_id":1,"date":)" + std::to_string(date) +
         R"(,"chat":{"id":7,"type":"private","first_name":"A"},"from":{"id":7,"is_bot":false,"first_name":"A"},)"
         R"("text":"x"}})";
}

std::string pre_checkout(std::int64_t id) {
  return R"({"update_id":)" + std::to_string(id) +
         R"(,"pre_checkout_query":{"id":"q1","from":{"id":7,"is_bot":false,"first_name":"A"},"currency":"XTR",)"
         R"("total_amount":5,"invoice_payload":"p"}})";
}

const std::string paid = R"("successful_payment":{"currency":"XTR","total_amount":5,"invoice_payload":"p",)"
                         R"("telegram_payment_charge_id":"c","provider_payment_charge_id":"d"})";

std::string other(const std::string& kind, const std::string& body) {
  return R"({"update_id":9,")" + kind + R"(":)" + body + "}";
}

TEST(Pending, PaymentsAndWhatIsStoredForGoodAreKeptInAnyCase) {
  const std::string person = R"({"id":7,"is_bot":false,"first_name":"A"})";
  const std::string chat = R"({"id":7,"type":"private"})";
  const std::string kept[] = {
      message_with(1, paid),
      message_with(1, R"("refunded_payment":{"currency":"XTR","total_amount":5,"invoice_payload":"p",)"
                      R"("telegram_payment_charge_id":"c"})"),
      message_with(1, R"("migrate_to_chat_id":-1001)"),
      pre_checkout(1),
      other("shipping_query", R"({"id":"1","from":)" + person + R"(,"invoice_payload":"p","shipping_address":{}})"),
      other("my_chat_member", R"({"chat":)" + chat + R"(,"from":)" + person + R"(,"date":1})"),
  };
  for (const std::string& json : kept) {
    EXPECT_EQ(fate_of(Pending::drop, update(json), now), PendingFate::handle) << json;
    EXPECT_EQ(fate_of({Pending::recent, 1s}, update(json), now), PendingFate::handle) << json;
  }
  EXPECT_EQ(fate_of(Pending::drop, update(message_json(1, "x")), now), PendingFate::pass_over);
  EXPECT_EQ(fate_of(Pending::keep, update(message_json(1, "x")), now), PendingFate::handle);
}

TEST(Pending, RecentIsJudgedByTheDateThatTelegramGives) {
  const PendingPolicy policy(Pending::recent, 60s);
  EXPECT_EQ(fate_of(policy, update(dated(1, now - 60)), now), PendingFate::handle);
  EXPECT_EQ(fate_of(policy, update(dated(1, now - 61)), now), PendingFate::pass_over);
  EXPECT_EQ(fate_of(policy, update(other("poll", R"({"id":"1"})")), now), PendingFate::handle);
}

TEST(Pending, AWaitingPressIsTooOldUnderEveryPolicy) {
  for (const PendingPolicy& policy : {PendingPolicy(Pending::keep), PendingPolicy(Pending::drop)})
    EXPECT_EQ(fate_of(policy, update(press_json(1, "x")), now), PendingFate::too_old);
}

TEST(Pending, OnlySoManyAsWereFoundAreJudged) {
  PendingUpdates pending(Pending::drop);
  pending.found(2);
  EXPECT_EQ(pending.judge(update(message_json(1, "x")), now), PendingFate::pass_over);
  EXPECT_FALSE(pending.take_summary());
  EXPECT_EQ(pending.judge(update(message_json(2, "x")), now), PendingFate::pass_over);
  EXPECT_EQ(pending.judge(update(message_json(3, "x")), now), PendingFate::handle);
  EXPECT_EQ(pending.judge(update(press_json(4, "x")), now), PendingFate::handle);
  const auto summary = pending.take_summary();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->dropped, 2);
  EXPECT_FALSE(pending.take_summary());
}

TEST(Pending, AfterAnAbsencePressesAreTooOldUntilCaughtUp) {
  PendingUpdates pending(Pending::keep);
  pending.was_away();
  EXPECT_EQ(pending.judge(update(press_json(1, "x")), now), PendingFate::too_old);
  EXPECT_EQ(pending.judge(update(message_json(1, "x")), now), PendingFate::handle);
  pending.caught_up();
  EXPECT_EQ(pending.judge(update(press_json(1, "x")), now), PendingFate::handle);
}

TEST(Pending, WhatStaysForAWebhookIsHandledButForPresses) {
  PendingUpdates pending(Pending::drop);
  pending.found_staying(2);
  EXPECT_EQ(pending.judge(update(message_json(1, "x")), now), PendingFate::handle);
  EXPECT_EQ(pending.judge(update(press_json(2, "x")), now), PendingFate::too_old);
  EXPECT_EQ(pending.judge(update(press_json(3, "x")), now), PendingFate::handle);
}

// Telegram's queue, as getUpdates sees it: an offset forgets everything before it.
class PendingAtTelegram : public ::testing::Test {
 protected:
  void begin(const PendingPolicy& policy, std::int64_t found) {
    h.router.on(any, [this](Context& ctx) -> Task<> {
      handled.push_back(ctx.update().update_id);
      co_return;
    });
    h.start();
    intake = std::make_unique<Intake>(h.clock, *h.log, h.metrics, h.store, *h.dispatcher, policy);
    intake->pending().found(found);
    poller = std::make_unique<Poller>(
        h.io.get_executor(), h.clock, *h.log, h.metrics, h.store, *h.dispatcher, *h.outbox, *intake,
        [this](telegram::PollRequest poll) { return answer(std::move(poll)); }, Poller::Beside(), PollerSettings());
  }
  Task<std::string> answer(telegram::PollRequest poll) {
    if (held_up > 0s) {
      co_await h.clock.sleep_for(held_up);
      throw tests::network_error(telegram::Outcome::unknown);
    }
    if (poll.limit == 1 && failing_confirmations-- > 0) throw tests::network_error(telegram::Outcome::not_sent);
    while (!queue.empty() && poll.offset > queue.front().first) queue.pop_front();
    if (queue.empty() && poll.hold > 0s) co_await h.clock.sleep_for(poll.hold);
    std::vector<std::string> given;
    for (const auto& [id, json] : queue) {
      if (given.size() == static_cast<std::size_t>(poll.limit)) break;
      given.push_back(json);
    }
    co_return tests::batch(given);
  }
  void queue_messages(std::int64_t first, std::int64_t last) {
    for (std::int64_t id = first; id <= last; ++id) queue.emplace_back(id, message_json(id, "x"));
  }
  void stop() {
    const std::size_t stopping = h.spawn(poller->stop());
    for (int i = 0; i < 10 && !h.done(stopping); ++i) h.advance(10s);
  }

  Harness h;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<Poller> poller;
  std::deque<std::pair<std::int64_t, std::string>> queue;
  std::vector<std::int64_t> handled;
  Duration held_up{0};
  int failing_confirmations = 0;
};

TEST_F(PendingAtTelegram, ManyPagesAreDroppedButForPaymentsAndCounted) {
  queue_messages(1, 120);
  queue.emplace_back(121, message_with(121, paid));
  queue_messages(122, 252);  // the last one is new
  begin(Pending::drop, 251);
  h.spawn(poller->start());
  h.pump();
  EXPECT_EQ(handled, (std::vector<std::int64_t>{121, 252}));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(h.metrics.sum("tgkit_updates_dropped_total"), 250);
  EXPECT_NE(h.log_text().find("updates=250 found=251"), std::string::npos) << h.log_text();
  stop();
}

TEST_F(PendingAtTelegram, FewerThanWereFoundEndWithAnEmptyAnswer) {
  queue_messages(1, 3);
  begin(Pending::drop, 10);
  h.spawn(poller->start());
  h.pump();
  h.advance(30s);
  queue_messages(4, 4);
  h.advance(30s);
  EXPECT_EQ(handled, std::vector<std::int64_t>{4});
  EXPECT_NE(h.log_text().find("updates=3 found=10"), std::string::npos) << h.log_text();
  stop();
}

TEST_F(PendingAtTelegram, APressThatWaitedIsNotActedOnButAnswered) {
  queue.emplace_back(1, press_json(1, "buy"));
  begin(Pending::keep, 1);
  h.spawn(poller->start());
  h.pump();
  EXPECT_TRUE(handled.empty());
  ASSERT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_NE(h.sent.back().json.find(h.texts_spoken.press_again("")), std::string::npos);
  EXPECT_TRUE(h.store.inbox.empty());
  stop();
}

TEST_F(PendingAtTelegram, APressThatComesAfterALongSilenceOfOursIsNotActedOnAndTheNextOneIs) {
  begin(Pending::keep, 0);
  h.spawn(poller->start());
  h.pump();
  h.advance(30s);
  held_up = 60s;  // Telegram is not reached for a while
  h.advance(30s);
  queue.emplace_back(1, press_json(1, "old"));
  held_up = 0s;
  h.advance(60s);
  h.advance(5s);
  EXPECT_TRUE(handled.empty());
  EXPECT_EQ(h.count("answerCallbackQuery"), 1U);
  h.advance(30s);
  queue.emplace_back(2, press_json(2, "new"));
  h.advance(30s);
  EXPECT_EQ(handled, std::vector<std::int64_t>{2});
  stop();
}

TEST_F(PendingAtTelegram, WhatWasTakenBeforeIsNotCalledDropped) {
  queue_messages(1, 2);
  h.store.put_inbox(1, message_json(1, "x"));
  begin(Pending::drop, 2);
  h.spawn(poller->start());
  h.pump();
  EXPECT_EQ(h.metrics.sum("tgkit_updates_dropped_total"), 1);
  EXPECT_EQ(h.store.inbox.size(), 1U);
  stop();
}

TEST_F(PendingAtTelegram, CanBeTakenWithoutStayingToPoll) {
  queue_messages(1, 150);
  queue.emplace_back(151, message_with(151, paid));
  queue.emplace_back(152, message_json(152, "for the webhook"));
  begin(Pending::drop, 151);
  const std::size_t taken = h.spawn(poller->take_pending());
  EXPECT_TRUE(h.done(taken));
  EXPECT_EQ(handled.front(), 151);
  EXPECT_LE(handled.size(), 2U);
  EXPECT_TRUE(queue.empty() || queue.front().first == 152);
}

TEST_F(PendingAtTelegram, WhatWasPassedOverIsConfirmedBeforeSomebodyElseTakesOver) {
  queue_messages(1, 50);
  begin(Pending::drop, 50);
  failing_confirmations = 2;
  const std::size_t taken = h.spawn(poller->take_pending());
  EXPECT_FALSE(h.done(taken));
  for (int i = 0; i < 10 && !h.done(taken); ++i) h.advance(10s);
  EXPECT_TRUE(h.done(taken));
  EXPECT_TRUE(queue.empty()) << "it would come again as new";
}

}  // namespace
