// What a webhook is sent, when, and what its answers mean: the pure part.
#include "sandbox/webhook/answer.hpp"
#include "sandbox/webhook/queue_key.hpp"
#include "sandbox/webhook/schedule.hpp"
#include "sandbox/webhook/target.hpp"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

using std::chrono::seconds;
using tgkit::net::Failure;
using tgkit::net::Sent;

constexpr seconds for_ever{86'400};

tgkit::TimePoint at(std::int64_t second) { return tgkit::TimePoint{} + seconds{1000 + second}; }

TEST(QueueKey, kinds_share_queues_as_the_real_server_keeps_them) {
  const struct {
    const char* update;
    const char* queue;
  } cases[] = {
      {R"({"update_id":1,"message":{"chat":{"id":5}}})", "message 5"},
      {R"({"update_id":1,"edited_message":{"chat":{"id":5}}})", "message 5"},
      {R"({"update_id":1,"channel_post":{"chat":{"id":-100}}})", "message -100"},
      {R"({"update_id":1,"callback_query":{"id":"9","from":{"id":5},"message":{"chat":{"id":7}}}})",
       "callback_query 5"},
      {R"({"update_id":1,"shipping_query":{"from":{"id":5}}})", "payment 5"},
      {R"({"update_id":1,"pre_checkout_query":{"from":{"id":5}}})", "payment 5"},
      {R"({"update_id":1,"my_chat_member":{"chat":{"id":5},"from":{"id":6}}})", "my_chat_member 5"},
      {R"({"update_id":1,"chat_member":{"chat":{"id":5},"new_chat_member":{"user":{"id":8}}}})", "membership 8"},
      {R"({"update_id":1,"chat_join_request":{"from":{"id":8}}})", "membership 8"},
      {R"({"update_id":1,"poll":{"id":"77"}})", "poll 77"},
      {R"({"update_id":1,"poll_answer":{"poll_id":"77"}})", "poll 77"},
      {R"({"update_id":1,"kind_of_next_year":{"chat":{"id":5}}})", ""},
      {R"({"update_id":1,"message":{"chat":5}})", ""},
      {R"({"update_id":1)", ""},
  };
  for (const auto& entry : cases) EXPECT_EQ(queue_key(entry.update).queue, entry.queue) << entry.update;
  EXPECT_EQ(queue_key(cases[1].update).kind, "edited_message");
}

class Schedule : public testing::Test {
 protected:
  // Healthy: something was delivered just now.
  void SetUp() override {
    schedule.add(1, "first");
    schedule.next(at(0));
    schedule.delivered(1, at(0));
  }
  std::vector<std::uint64_t> due(tgkit::TimePoint now) {
    std::vector<std::uint64_t> serials;
    while (const auto shipment = schedule.next(now)) serials.push_back(shipment->serial);
    return serials;
  }
  WebhookSchedule schedule{3, 7};
};

TEST_F(Schedule, one_update_of_a_queue_is_in_flight_and_queues_run_side_by_side) {
  schedule.add(2, "a");
  schedule.add(3, "a");
  schedule.add(4, "b");
  EXPECT_EQ(due(at(0)), (std::vector<std::uint64_t>{2, 4}));
  schedule.delivered(2, at(0));
  EXPECT_EQ(due(at(0)), std::vector<std::uint64_t>{3});
  schedule.delivered(3, at(0));
  schedule.delivered(4, at(0));
  EXPECT_EQ(schedule.waiting(), 0u);
  EXPECT_FALSE(schedule.wake_at());
}

TEST_F(Schedule, no_more_are_in_flight_than_connections_are_allowed) {
  for (std::uint64_t serial = 2; serial < 10; ++serial) schedule.add(serial, "queue " + std::to_string(serial));
  EXPECT_EQ(due(at(0)).size(), 3u);
  schedule.delivered(3, at(0));
  EXPECT_EQ(due(at(0)).size(), 1u);
}

TEST_F(Schedule, the_first_retry_follows_at_once_and_then_pauses_double_up_to_a_random_one) {
  schedule.add(2, "a");
  std::vector<std::int64_t> pauses;
  tgkit::TimePoint now = at(0);
  for (int i = 0; i < 12; ++i) {
    const auto shipment = schedule.next(now);
    ASSERT_TRUE(shipment);
    EXPECT_EQ(shipment->attempt, i + 1);
    const auto pause = schedule.failed(2, now, seconds{0}, for_ever);
    ASSERT_TRUE(pause);
    if (pause->count() > 0) {
      EXPECT_FALSE(schedule.next(now + *pause - seconds{1}));
    }
    now += *pause;
    pauses.push_back(pause->count());
  }
  EXPECT_EQ((std::vector<std::int64_t>(pauses.begin(), pauses.begin() + 6)),
            (std::vector<std::int64_t>{0, 2, 4, 8, 16, 32}));
  for (auto pause = pauses.begin() + 7; pause != pauses.end(); ++pause) {
    EXPECT_GE(*pause, 60);
    EXPECT_LE(*pause, 120);
  }
}

TEST_F(Schedule, what_the_answer_asks_for_replaces_the_pause_and_is_at_most_an_hour) {
  schedule.add(2, "a");
  schedule.next(at(0));
  EXPECT_EQ(schedule.failed(2, at(0), seconds{30}, for_ever), seconds{30});
  EXPECT_FALSE(schedule.next(at(29)));
  EXPECT_TRUE(schedule.next(at(30)));
  EXPECT_EQ(schedule.failed(2, at(30), seconds{9999}, for_ever), seconds{3600});
}

TEST_F(Schedule, an_update_that_would_expire_before_its_next_try_is_given_up_and_the_next_begins_anew) {
  schedule.add(2, "a");
  schedule.add(3, "a");
  schedule.next(at(0));
  EXPECT_FALSE(schedule.failed(2, at(0), seconds{30}, seconds{29}));
  const auto next = schedule.next(at(0));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->serial, 3u);
  EXPECT_EQ(next->attempt, 1);
}

TEST_F(Schedule, a_failing_head_holds_back_its_queue_only) {
  schedule.add(2, "a");
  schedule.add(3, "a");
  schedule.next(at(0));
  schedule.failed(2, at(0), seconds{60}, for_ever);
  schedule.add(4, "b");
  EXPECT_EQ(due(at(1)), std::vector<std::uint64_t>{4});
}

TEST_F(Schedule, after_ten_seconds_without_a_success_one_update_at_a_time_finds_out) {
  schedule.add(2, "a");
  schedule.add(3, "b");
  EXPECT_EQ(due(at(11)).size(), 1u);
  schedule.delivered(2, at(11));
  schedule.add(4, "c");
  EXPECT_EQ(due(at(11)), (std::vector<std::uint64_t>{3, 4}));
}

TEST(WebhookTarget, addresses_are_refused_in_the_servers_words_unless_any_is_allowed) {
  const struct {
    const char* url;
    const char* words;
  } cases[] = {
      {"http://example.org", "An HTTPS URL must be provided for webhook"},
      {"https://example.org:8080", "Webhook can be set up only on ports 80, 88, 443 or 8443"},
      {"https://127.0.0.1", "IP address 127.0.0.1 is reserved"},
      {"https://172.16.5.5", "IP address 172.16.5.5 is reserved"},
      {"https://[::1]", "IPv6-only addresses are not allowed"},
  };
  WebhookRules any;
  any.any_address = true;
  for (const auto& entry : cases) {
    try {
      checked_webhook_url(entry.url, WebhookRules{});
      ADD_FAILURE() << entry.url << " was accepted";
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.what(), std::string("Bad Request: bad webhook: ") + entry.words);
    }
    EXPECT_EQ(checked_webhook_url(entry.url, any), entry.url);
  }
  EXPECT_EQ(checked_webhook_url("bot.example/hook", WebhookRules{}), "https://bot.example/hook");
}

TEST(WebhookTarget, a_user_in_the_address_becomes_credentials) {
  const WebhookTarget target = webhook_target("https://anna:s%20x@bot.example:8443/hook?a=1");
  EXPECT_EQ(target.credentials, "anna:s x");
  EXPECT_EQ(target.origin.host, "bot.example");
  EXPECT_EQ(target.origin.port, 8443);
  EXPECT_EQ(target.target, "/hook?a=1");
  EXPECT_EQ(webhook_target("https://bot.example/a@b").credentials, "");
}

TEST(WebhookTarget, nothing_but_this_machine_is_contacted_unless_any_address_is_allowed) {
  WebhookRules rules;
  rules.hosts["bot.example"] = "127.0.0.5";
  using Addresses = std::vector<std::string>;
  EXPECT_EQ(webhook_addresses("bot.example", "", rules), Addresses{"127.0.0.5"});
  EXPECT_EQ(webhook_addresses("localhost", "", rules), Addresses{"127.0.0.1"});
  EXPECT_EQ(webhook_addresses("api.example", "8.8.8.8", rules), Addresses{});
  rules.any_address = true;
  EXPECT_EQ(webhook_addresses("api.example", "8.8.8.8", rules), Addresses{"8.8.8.8"});
  EXPECT_EQ(webhook_addresses("api.example", "", rules), std::nullopt);
}

TEST(WebhookAnswer, only_2xx_is_a_success) {
  for (const int status : {200, 201, 204, 299}) EXPECT_TRUE(accepted(status)) << status;
  for (const int status : {199, 300, 302, 404, 410, 500, 503}) EXPECT_FALSE(accepted(status)) << status;
  EXPECT_EQ(refusal_words(502), "Wrong response from the webhook: 502 Bad Gateway");
}

TEST(WebhookAnswer, a_broken_exchange_is_told_in_the_servers_words) {
  const struct {
    tgkit::net::Error error;
    const char* words;
  } cases[] = {
      {{Failure::connect, Sent::nothing, "webhook at h: connecting: Connection refused"}, "Connection refused"},
      {{Failure::timeout, Sent::nothing, "webhook at h: connecting: timed out"}, "Connection timed out"},
      {{Failure::timeout, Sent::all, "webhook at h: reading: timed out"}, "Read timeout expired"},
      {{Failure::closed, Sent::all, "webhook at h: reading: closed by the peer"}, "Connection closed"},
      {{Failure::closed, Sent::all, "webhook at h: reading: Connection reset by peer"}, "Connection reset by peer"},
      {{Failure::tls, Sent::nothing, "webhook at h: starting TLS: TLS: certificate verify failed (self-signed)"},
       "SSL error {error:0A000086:SSL routines::certificate verify failed}"},
  };
  for (const auto& entry : cases) EXPECT_EQ(failure_words(entry.error), entry.words);
}

TEST(WebhookAnswer, a_method_in_it_is_taken_in_every_form_but_not_every_method) {
  const auto reply_to = [](const char* type, const char* body) {
    tgkit::net::HttpResponse response;
    response.status = 200;
    response.headers.add("Content-Type", type);
    response.body = body;
    const auto reply = method_reply(std::move(response));
    return reply ? reply->method + " " + reply->arguments.text("text") : std::string();
  };
  EXPECT_EQ(reply_to("application/json", R"({"method":"sendMessage","text":"a"})"), "sendMessage a");
  EXPECT_EQ(reply_to("application/x-www-form-urlencoded", "method=sendMessage&text=a"), "sendMessage a");
  EXPECT_EQ(reply_to("multipart/form-data; boundary=b",
                     "--b\r\nContent-Disposition: form-data; name=\"method\"\r\n\r\nsendMessage\r\n--b--\r\n"),
            "sendMessage ");
  for (const char* method : {"setWebhook", "DELETEWEBHOOK", "close", "logOut", "getMe"}) {
    EXPECT_EQ(reply_to("application/json", ("{\"method\":\"" + std::string(method) + "\"}").c_str()), "") << method;
  }
  EXPECT_EQ(reply_to("text/plain", R"({"method":"sendMessage"})"), "");
}

}  // namespace
}  // namespace sandbox
