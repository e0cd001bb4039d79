// Presses and payments do not wait as long as a handler may run.
#include "tests/bot/support/harness.hpp"
#include "tgkit/bot/middleware/access.hpp"
#include "tgkit/telegram/calls/payments.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::press_json;
using namespace std::chrono_literals;

std::string pre_checkout(std::int64_t id) {
  return R"({"update_id":)" + std::to_string(id) +
         R"(,"pre_checkout_query":{"id":"q1","from":{"id":7,"is_bot":false,"first_name":"A","language_code":"en"},)"
         R"("currency":"XTR","total_amount":5,"invoice_payload":"p"}})";
}

class EarlyAnswer : public ::testing::Test {
 protected:
  // A handler that takes as long as `work` and then answers what waits for an answer.
  void start() {
    h.router.on(any, [this](Context& ctx) -> Task<> {
      ++begun;
      co_await ctx.clock().sleep_for(work);
      if (ctx.callback_query()) ctx.answer_callback("bought");
      if (ctx.update().pre_checkout_query) ctx.answer_pre_checkout();
      ctx.reply("done");
      if (fails) throw std::runtime_error("no");
    });
    h.start();
  }
  std::string last(std::string_view method) const {
    for (auto sent = h.sent.rbegin(); sent != h.sent.rend(); ++sent)
      if (sent->method == method) return sent->json;
    return "";
  }

  Harness h;
  Duration work{0};
  bool fails = false;
  int begun = 0;
};

TEST_F(EarlyAnswer, AQuickHandlerAnswersItsPressItself) {
  work = 4s;
  start();
  h.handle(press_json(1, "x"));
  h.advance(4s);
  h.advance(60s);
  EXPECT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_NE(last("answerCallbackQuery").find("bought"), std::string::npos);
  EXPECT_EQ(h.metrics.sum("tgkit_early_answers_total"), 0);
}

TEST_F(EarlyAnswer, APressWhoseHandlerIsLateIsAnsweredOnceWithNothing) {
  work = 20s;
  start();
  h.handle(press_json(1, "x"));
  h.advance(4s);
  EXPECT_EQ(h.count("answerCallbackQuery"), 0U);
  h.advance(1s);
  EXPECT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_EQ(last("answerCallbackQuery").find("text"), std::string::npos);
  h.advance(15s);
  EXPECT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"done"});  // the rest of its work counts
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST_F(EarlyAnswer, AFailureAfterwardsIsToldByAMessage) {
  work = 20s;
  fails = true;
  start();
  h.handle(press_json(1, "x"));
  h.advance(5s);
  h.advance(15s);
  EXPECT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.failed("")});
}

TEST_F(EarlyAnswer, APressThatWaitedTooLongBehindOthersIsNotActedOn) {
  work = 20s;
  start();
  h.handle(message_json(1, "long"));
  h.advance(1s);
  h.handle(press_json(2, "x"));
  h.advance(15s);
  ASSERT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_NE(last("answerCallbackQuery").find(h.texts_spoken.press_again("")), std::string::npos);
  h.advance(10s);
  h.advance(30s);
  EXPECT_EQ(begun, 1);
  EXPECT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST_F(EarlyAnswer, APressThatWaitedInTheInboxWhileTheBotWasAwayIsNotActedOn) {
  start();
  std::vector<storage::InboxUpdate> unfinished(2);
  for (std::int64_t id : {1, 2}) {
    storage::InboxUpdate& update = unfinished[static_cast<std::size_t>(id - 1)];
    update.update_id = id;
    update.body = press_json(id, "x", {.user = id, .chat = id});
    update.at = std::chrono::duration_cast<std::chrono::seconds>(h.clock.wall().time_since_epoch()).count();
    h.store.put_inbox(id, update.body);
  }
  unfinished[0].at -= 16;
  unfinished[1].at -= 10;
  h.spawn(h.dispatcher->resume(unfinished));
  EXPECT_EQ(begun, 1);
  EXPECT_EQ(h.count("answerCallbackQuery"), 2U);
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST_F(EarlyAnswer, APaymentWhoseHandlerIsLateIsRefusedInTimeAndNotAgreedToAfterwards) {
  work = 9s;
  start();
  h.handle(pre_checkout(1));
  h.advance(7s);
  EXPECT_EQ(h.count("answerPreCheckoutQuery"), 0U);
  h.advance(1s);
  ASSERT_EQ(h.count("answerPreCheckoutQuery"), 1U);
  EXPECT_NE(last("answerPreCheckoutQuery").find(R"("ok":false)"), std::string::npos);
  EXPECT_NE(last("answerPreCheckoutQuery").find(h.texts_spoken.payment_late("")), std::string::npos);
  h.advance(60s);
  EXPECT_EQ(h.count("answerPreCheckoutQuery"), 1U);
}

TEST_F(EarlyAnswer, AnAgreedPaymentIsNotRefused) {
  work = 7s;
  start();
  h.handle(pre_checkout(1));
  h.advance(7s);
  h.advance(60s);
  ASSERT_EQ(h.count("answerPreCheckoutQuery"), 1U);
  EXPECT_NE(last("answerPreCheckoutQuery").find(R"("ok":true)"), std::string::npos);
}

TEST_F(EarlyAnswer, APaymentThatWaitsBehindASlowHandlerIsRefusedAndItsHandlerNotRun) {
  work = 20s;
  start();
  h.handle(message_json(1, "long"));
  h.handle(pre_checkout(2));
  h.advance(8s);
  ASSERT_EQ(h.count("answerPreCheckoutQuery"), 1U);
  EXPECT_NE(last("answerPreCheckoutQuery").find(R"("ok":false)"), std::string::npos);
  h.advance(12s);
  h.advance(30s);
  EXPECT_EQ(begun, 1);
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST_F(EarlyAnswer, APaymentWhoseHandlerFailsIsRefusedAtOnce) {
  fails = true;
  start();
  h.handle(pre_checkout(1));
  ASSERT_EQ(h.count("answerPreCheckoutQuery"), 1U);
  EXPECT_NE(last("answerPreCheckoutQuery").find(R"("ok":false)"), std::string::npos);
}

TEST_F(EarlyAnswer, APreCheckoutThatNoRouteTakesIsRefusedAtOnce) {
  h.router.on(text, [](Context&, std::string) -> Task<> { co_return; });
  h.start();
  h.handle(pre_checkout(1));
  ASSERT_EQ(h.count("answerPreCheckoutQuery"), 1U);
  EXPECT_NE(last("answerPreCheckoutQuery").find(h.texts_spoken.payment_refused("")), std::string::npos);
  EXPECT_NE(last("answerPreCheckoutQuery").find("\"ok\":false"), std::string::npos);
}

TEST_F(EarlyAnswer, APreCheckoutOfAStrangerIsRefusedEachTimeAndTellsHimNothing) {
  h.environment.matching.roles = [](std::int64_t) { return Role::none; };
  h.router.wrap(tgkit::bot::access());
  start();
  h.handle(pre_checkout(1));
  h.handle(pre_checkout(2));
  EXPECT_EQ(h.count("answerPreCheckoutQuery"), 2U);
  EXPECT_EQ(last("answerPreCheckoutQuery").find("\"ok\":true"), std::string::npos);
  EXPECT_EQ(begun, 0);
}

TEST_F(EarlyAnswer, APreCheckoutThatItsHandlerAnswersByACallOfItsOwnIsNotRefusedBesides) {
  h.router.on(any, [](Context&) -> Task<> { co_return; });
  h.start();
  h.handle(pre_checkout(1));
  EXPECT_EQ(h.count("answerPreCheckoutQuery"), 0U);
}

}  // namespace
