// The webhook over loopback HTTP: the clock stands still unless it is moved.
#include "tgkit/bot/webhook.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/telegram/json.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::Place;
using namespace std::chrono_literals;

DispatcherSettings small() {
  DispatcherSettings settings;
  settings.most_updates = 2;
  return settings;
}

class Webhooks : public ::testing::Test {
 protected:
  Webhooks() {
    h.router
        .on(text,
            [](Context& ctx, std::string text) -> Task<> {
              if (text == "slow") co_await ctx.clock().sleep_for(5s);
              if (text == "endless") co_await ctx.clock().sleep_for(1h);
              ctx.reply(text);
            })
        .timeout(std::chrono::hours(2));
    h.start();
    intake = std::make_unique<Intake>(h.clock, *h.log, h.metrics, h.store, *h.dispatcher);
    settings.wish.url = "https://bot.example/hook";
    settings.secret = net::Secret("s3cret");
    settings.path = "/hook";
    settings.port = 0;
    settings.max_body = 4096;
  }
  ~Webhooks() override {
    if (webhook && !stopped) stop();
    http.close();
    webhook.reset();
    for (int i = 0; i < 20; ++i) h.pump();
  }

  void start() {
    webhook = std::make_unique<Webhook>(
        h.io.get_executor(), h.clock, *h.log, h.metrics, h.store, *h.dispatcher, *h.outbox, *intake,
        [this](telegram::Request request, telegram::CallOptions) { return telegram(std::move(request)); },
        net::Secret("1:token"), nullptr, settings);
    const std::size_t started = h.spawn(webhook->start());
    ASSERT_TRUE(h.done(started));
    ASSERT_FALSE(h.error(started));
  }
  std::size_t begin_stop() {
    stopped = true;
    return h.spawn(webhook->stop());
  }
  void stop() {
    const std::size_t stopping = begin_stop();
    for (int i = 0; i < 60 && !h.done(stopping); ++i) h.advance(1s);
    EXPECT_TRUE(h.done(stopping));
  }

  Task<std::string> telegram(telegram::Request request) {
    calls.push_back(request.method);
    if (request.method != "getWebhookInfo") {
      registered = request.method == "setWebhook";
      const std::string key = "\"url\":\"";
      const std::size_t at = request.json.find(key);
      if (registered)
        url = request.json.substr(at + key.size(), request.json.find('"', at + key.size()) - at - key.size());
      co_return "true";
    }
    telegram::WebhookInfo info;
    if (registered) info.url = url;
    co_return telegram::to_json(info);
  }

  net::HttpRequest post(const std::string& body, const std::string& path = "/hook",
                        const std::string& secret = "s3cret") {
    net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = webhook->port();
    net::HttpRequest request("POST", origin, path);
    request.body = body;
    request.timeout = 10min;
    if (!secret.empty()) request.headers.add("X-Telegram-Bot-Api-Secret-Token", secret);
    return request;
  }
  // The index of a request under way.
  std::size_t send(net::HttpRequest request) {
    answers.push_back(std::make_shared<net::HttpResponse>());
    const std::size_t index = h.spawn(exchange(http, std::move(request), answers.back()));
    of_answer[answers.size() - 1] = index;
    for (int i = 0; i < 20; ++i) h.pump();
    return answers.size() - 1;
  }
  static Task<> exchange(net::HttpClient& http, net::HttpRequest request, std::shared_ptr<net::HttpResponse> into) {
    *into = co_await http.send(std::move(request));
  }
  bool answered(std::size_t i) { return h.done(of_answer[i]); }
  int status(std::size_t i) {
    for (int turn = 0; turn < 200 && !answered(i); ++turn) h.pump();
    if (!answered(i)) return 0;
    return h.error(of_answer[i]) ? -1 : answers[i]->status;
  }
  int status(net::HttpRequest request) { return status(send(std::move(request))); }
  double requests(const std::string& outcome) {
    return h.metrics.counter("tgkit_webhook_requests_total", ops::Labels("outcome", outcome)).value();
  }

  Harness h{small()};
  std::unique_ptr<Intake> intake;
  net::HttpClient http{h.io.get_executor(), h.clock, {}};
  WebhookSettings settings;
  std::unique_ptr<Webhook> webhook;
  std::vector<std::string> calls;
  bool registered = false;
  std::string url;  // with the instance
  std::vector<std::shared_ptr<net::HttpResponse>> answers;
  std::map<std::size_t, std::size_t> of_answer;
  bool stopped = false;
};

TEST_F(Webhooks, AnUpdateIsAnswered200WhenItIsWrittenDownAndNotBefore) {
  tgkit::Event written;
  h.store.before_durable = [&written] { return written.wait(); };
  start();
  const std::size_t request = send(post(message_json(10, "hello")));
  EXPECT_FALSE(answered(request));
  written.set();
  EXPECT_EQ(status(request), 200);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"hello"});
  EXPECT_EQ(requests("taken"), 1);
  EXPECT_EQ(intake->view().updates, 1U);
  EXPECT_TRUE(webhook->view().last_request.has_value());
}

TEST_F(Webhooks, TheAnswerDoesNotWaitForTheHandler) {
  start();
  EXPECT_EQ(status(post(message_json(10, "slow"))), 200);
  EXPECT_TRUE(h.texts().empty());
  EXPECT_TRUE(h.store.inbox.contains(10));
}

TEST_F(Webhooks, ADuplicateIsAnswered200AndHandledOnce) {
  start();
  EXPECT_EQ(status(post(message_json(10, "a"))), 200);
  EXPECT_EQ(status(post(message_json(10, "a"))), 200);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"a"});
  EXPECT_EQ(requests("duplicate"), 1);
}

TEST_F(Webhooks, ADuplicateOfWhatIsNotYetWrittenDownWaitsToo) {
  tgkit::Event written;
  h.store.before_durable = [&written] { return written.wait(); };
  start();
  const std::size_t first = send(post(message_json(10, "a"))), second = send(post(message_json(10, "a")));
  EXPECT_FALSE(answered(second));
  written.set();
  EXPECT_EQ(status(first), 200);
  EXPECT_EQ(status(second), 200);
}

TEST_F(Webhooks, WhatTheStoreCannotKeepIsNotAcknowledged) {
  h.store.failing_durables = 1;
  start();
  const std::size_t request = send(post(message_json(10, "a")));
  EXPECT_EQ(status(request), 503);
  EXPECT_EQ(answers[request]->headers.find("Retry-After"), "5");
  EXPECT_EQ(status(post(message_json(10, "a"))), 200);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"a"});
}

TEST_F(Webhooks, StrangersAreRefusedAndNothingOfTheirsIsKept) {
  start();
  net::HttpRequest get = post("");
  get.method = "GET";
  EXPECT_EQ(status(post(message_json(10, "a"), "/other")), 404);
  EXPECT_EQ(status(post(message_json(10, "a"), "/hook", "wrong")), 401);
  EXPECT_EQ(status(post(message_json(10, "a"), "/hook", "")), 401);
  const std::size_t wrong_method = send(std::move(get));
  EXPECT_EQ(status(wrong_method), 405);
  EXPECT_EQ(answers[wrong_method]->headers.find("Allow"), "POST");
  EXPECT_EQ(status(post(std::string(5000, 'x'))), 413);
  EXPECT_TRUE(h.store.inbox.empty());
  EXPECT_TRUE(h.texts().empty());
  EXPECT_EQ(requests("unauthorized"), 2);
  EXPECT_EQ(h.log_text().find("s3cret"), std::string::npos);
}

TEST_F(Webhooks, OnlyListedAddressesMayComeInAndAProxyIsBelievedOnlyWhenTrusted) {
  settings.allowed = {net::Network::parse("149.154.160.0/20")};
  start();
  net::HttpRequest forwarded = post(message_json(10, "a"));
  forwarded.headers.add("X-Forwarded-For", "149.154.160.9");
  EXPECT_EQ(status(forwarded), 403);
  stop();
  stopped = false;
  settings.trusted_proxies = {net::Network::parse("127.0.0.0/8")};
  start();
  net::HttpRequest trusted = post(message_json(10, "a"));
  trusted.headers.add("X-Forwarded-For", "149.154.160.9");
  EXPECT_EQ(status(trusted), 200);
  EXPECT_EQ(status(post(message_json(11, "b"))), 403);
  EXPECT_NE(h.log_text().find("sends no X-Forwarded-For"), std::string::npos);
}

TEST_F(Webhooks, WhatCannotBeReadIsSetAsideAndAnswered200) {
  start();
  EXPECT_EQ(status(post("no json")), 200);
  EXPECT_EQ(status(post(R"({"update_id":20,"message":{"text":"never ends)")), 200);
  ASSERT_EQ(h.store.quarantined.size(), 2U);
  EXPECT_EQ(h.store.quarantined[0].body, "no json");
  EXPECT_EQ(h.store.quarantined[1].update_id, 20);
  EXPECT_EQ(requests("unreadable"), 2);
  EXPECT_NE(h.log_text().find("update set aside"), std::string::npos);
}

TEST_F(Webhooks, ABodyThatAProxyHasLostIsNotAcknowledged) {
  start();
  EXPECT_EQ(status(post("")), 400);
  EXPECT_TRUE(h.store.quarantined.empty());
}

TEST_F(Webhooks, WhenTheBotIsFullTheAnswerComesLate) {
  start();
  EXPECT_EQ(status(post(message_json(10, "slow"))), 200);
  EXPECT_EQ(status(post(message_json(11, "slow"))), 200);
  const std::size_t third = send(post(message_json(12, "c")));
  EXPECT_FALSE(answered(third));
  EXPECT_FALSE(h.store.inbox.contains(12));
  for (int i = 0; i < 5; ++i) h.advance(1s);
  EXPECT_EQ(status(third), 200);
}

TEST_F(Webhooks, WhenTheBotStaysFullTelegramIsAskedToComeAgain) {
  start();
  EXPECT_EQ(status(post(message_json(10, "endless", Place{.user = 1, .chat = 1}))), 200);
  EXPECT_EQ(status(post(message_json(11, "endless", Place{.user = 2, .chat = 2}))), 200);
  const std::size_t third = send(post(message_json(12, "c")));
  for (int i = 0; i < 19; ++i) h.advance(1s);
  EXPECT_FALSE(answered(third));
  h.advance(1s);
  EXPECT_EQ(status(third), 503);
  EXPECT_EQ(answers[third]->headers.find("Retry-After"), "5");
  EXPECT_FALSE(h.store.seen.contains(12));  // it was not even looked at: nothing of it is in memory
  EXPECT_EQ(requests("busy"), 1);
}

TEST_F(Webhooks, AStopAnswersWhatHasComeAndTakesNothingMore) {
  tgkit::Event written;
  h.store.before_durable = [&written] { return written.wait(); };
  start();
  const std::size_t under_way = send(post(message_json(10, "a")));
  const std::size_t stopping = begin_stop();
  EXPECT_FALSE(h.done(stopping));
  EXPECT_EQ(status(post(message_json(11, "b"))), -1);
  written.set();
  EXPECT_EQ(status(under_way), 200);
  for (int i = 0; i < 20; ++i) h.pump();
  EXPECT_TRUE(h.done(stopping));
  EXPECT_TRUE(h.store.seen.contains(10));
  EXPECT_FALSE(h.store.seen.contains(11));
  EXPECT_TRUE(registered);
  EXPECT_FALSE(webhook->view().listening);
}

TEST_F(Webhooks, AStopDoesNotWaitForRoom) {
  start();
  EXPECT_EQ(status(post(message_json(10, "endless", Place{.user = 1, .chat = 1}))), 200);
  EXPECT_EQ(status(post(message_json(11, "endless", Place{.user = 2, .chat = 2}))), 200);
  const std::size_t third = send(post(message_json(12, "c")));
  const std::size_t stopping = begin_stop();
  h.advance(1s);
  EXPECT_EQ(status(third), 503);
  for (int i = 0; i < 20; ++i) h.pump();
  EXPECT_TRUE(h.done(stopping));
}

TEST_F(Webhooks, AStopRemovesTheRegistrationOnlyWhenAsked) {
  settings.remove_at_stop = true;
  start();
  EXPECT_TRUE(registered);
  stop();
  EXPECT_FALSE(registered);
}

TEST_F(Webhooks, ItListensBeforeItIsRegistered) {
  start();
  const std::string log = h.log_text();
  EXPECT_LT(log.find("webhook listens"), log.find("webhook registered")) << log;
  EXPECT_EQ(calls, (std::vector<std::string>{"getWebhookInfo", "setWebhook"}));
}

}  // namespace
