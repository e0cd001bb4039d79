// Updates on their way to a webhook: the whole sandbox against a server on this machine, on a clock moved by hand.
#include "tests/net/certificates.hpp"
#include "tests/sandbox/scene.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/net/server.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace sandbox {
namespace {

using std::chrono::seconds;
using tgkit::net::HttpServer;
using tgkit::net::ServerSettings;

// A bot's end of the webhook: what it got, and what it is to answer.
struct Receiver {
  tgkit::Task<ServerResponse> handle(ServerRequest request) {
    ++under_way;
    most_under_way = std::max(most_under_way, under_way);
    got.push_back(request.body);
    headers.push_back(request.headers);
    while (held) co_await freed.wait();
    --under_way;
    if (answers.empty()) co_return ServerResponse(200);
    ServerResponse answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }
  void release() {
    held = false;
    freed.set();
  }

  std::vector<std::string> got;
  std::vector<tgkit::net::Headers> headers;
  std::deque<ServerResponse> answers;  // then 200
  tgkit::Event freed;
  bool held = false;
  int under_way = 0;
  int most_under_way = 0;
};

class WebhookDelivery : public Scene {
 protected:
  WebhookDelivery() : Scene(permissive()) {}
  static SandboxSettings permissive() {
    SandboxSettings made = settings();
    made.world.webhook.any_address = true;
    made.world.webhook.hosts["bot.example"] = "127.0.0.1";
    return made;
  }
  static ServerSettings with_certificate(const tests::Certificates& certificates) {
    ServerSettings made;
    made.tls_certificate_file = certificates.certificate();
    made.tls_key_file = certificates.key();
    return made;
  }

  void SetUp() override { result("getMe"); }
  void TearDown() override {
    receiver.release();
    world.stop();
    tests::run(io, world.finished());
    Scene::TearDown();
    if (server) tests::run(io, server->stop(seconds{0}));
  }

  void listen(ServerSettings made = {}) {
    server.emplace(io.get_executor(), clock, std::move(made),
                   [this](ServerRequest incoming) { return receiver.handle(std::move(incoming)); });
    server->listen();
  }
  std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") {
    return fmt::format("{}://{}:{}/hook", scheme, host, server->port());
  }
  void set_webhook(const std::string& more = {}) {
    listen();
    result("setWebhook", fmt::format(R"({{"url":"{}"{}}})", url(), more));
  }
  void write(const std::string& text, const std::string& user = "anna") {
    control("send", fmt::format(R"({{"user":"{}","text":"{}"}})", user, text));
  }
  // Runs the loop until `condition` holds; the connections are real.
  template <class Condition>
  void until(Condition condition) {
    for (int turn = 0; turn < 100'000 && !condition(); ++turn) {
      io.restart();
      if (io.poll() == 0) io.run_one_for(std::chrono::milliseconds{10});
    }
    ASSERT_TRUE(condition());
  }
  json::array deliveries() { return look("deliveries?since=0").at("deliveries").as_array(); }
  void until_recorded(std::size_t count) {
    until([&] { return deliveries().size() >= count; });
  }
  std::string outcome(std::size_t index) { return std::string(deliveries().at(index).at("outcome").as_string()); }
  json::object info() { return result("getWebhookInfo").as_object(); }
  std::string text_of(std::size_t index) {
    return std::string(json::parse(receiver.got.at(index)).at("message").at("text").as_string());
  }

  Receiver receiver;
  std::optional<HttpServer> server;
};

TEST_F(WebhookDelivery, an_update_is_posted_as_it_is_and_then_forgotten) {
  set_webhook(R"(,"secret_token":"s-3_x")");
  write("hello");
  until_recorded(1);
  const json::object update = json::parse(receiver.got.at(0)).as_object();
  EXPECT_EQ(update.at("message").at("text").as_string(), "hello");
  EXPECT_EQ(receiver.headers.at(0).find("X-Telegram-Bot-Api-Secret-Token"), "s-3_x");
  EXPECT_EQ(receiver.headers.at(0).find("Content-Type"), "application/json");
  EXPECT_EQ(info().at("pending_update_count").as_int64(), 0);
  const json::value record = deliveries().at(0);
  EXPECT_EQ(record.at("update_id"), update.at("update_id"));
  EXPECT_EQ(record.at("outcome").as_string(), "delivered");
  EXPECT_EQ(record.at("queue").as_string(), "message 100000001");
  EXPECT_EQ(record.at("status").as_int64(), 200);
}

TEST_F(WebhookDelivery, what_waited_before_the_webhook_was_set_comes_too) {
  write("early");
  set_webhook();
  until_recorded(1);
  EXPECT_EQ(text_of(0), "early");
}

TEST_F(WebhookDelivery, updates_of_one_chat_come_one_after_the_other_and_chats_side_by_side) {
  set_webhook();
  write("wake");
  until_recorded(1);  // the address works: now all connections may be used
  receiver.held = true;
  write("one");
  write("two");
  write("other", "boris");
  until([&] { return receiver.under_way == 2; });
  receiver.release();
  until_recorded(4);
  EXPECT_EQ(receiver.most_under_way, 2);
  std::vector<std::string> of_anna;
  for (std::size_t i = 1; i < 4; ++i) {
    if (text_of(i) != "other") of_anna.push_back(text_of(i));
  }
  EXPECT_EQ(of_anna, (std::vector<std::string>{"one", "two"}));
}

TEST_F(WebhookDelivery, a_press_may_overtake_the_message_before_it) {
  begin_chat();
  set_webhook();
  until_recorded(1);
  receiver.held = true;
  write("held up");
  until([&] { return receiver.under_way == 1; });
  result("sendMessage",
         R"({"chat_id":100000001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}})");
  control("press", R"({"user":"anna","data":"b"})");
  until([&] { return receiver.under_way == 2; });
  EXPECT_TRUE(json::parse(receiver.got.back()).as_object().contains("callback_query"));
}

TEST_F(WebhookDelivery, a_failure_is_told_and_tried_again_at_once_and_then_after_pauses) {
  set_webhook();
  for (int i = 0; i < 3; ++i) receiver.answers.emplace_back(503);
  write("again");
  until_recorded(2);
  EXPECT_EQ(receiver.got.size(), 2u);
  json::object told = info();
  EXPECT_EQ(told.at("last_error_message").as_string(), "Wrong response from the webhook: 503 Service Unavailable");
  EXPECT_EQ(told.at("pending_update_count").as_int64(), 1);
  advance(seconds{1});
  EXPECT_EQ(deliveries().size(), 2u);
  advance(seconds{1});
  until_recorded(3);
  advance(seconds{4});
  until_recorded(4);
  EXPECT_EQ(outcome(3), "delivered");
  EXPECT_EQ(deliveries().at(3).at("attempt").as_int64(), 4);
  EXPECT_EQ(info().at("pending_update_count").as_int64(), 0);
  EXPECT_TRUE(info().contains("last_error_date"));  // it stays
}

TEST_F(WebhookDelivery, retry_after_is_honoured) {
  set_webhook();
  ServerResponse busy(429);
  busy.headers.add("Retry-After", "90");
  receiver.answers.push_back(std::move(busy));
  write("later");
  until_recorded(1);
  advance(seconds{89});
  EXPECT_EQ(deliveries().size(), 1u);
  advance(seconds{1});
  until_recorded(2);
  EXPECT_EQ(outcome(1), "delivered");
}

TEST_F(WebhookDelivery, a_press_is_given_up_when_it_would_expire_before_the_next_try) {
  begin_chat();
  result("getUpdates", R"({"offset":-1})");
  set_webhook(R"(,"drop_pending_updates":true)");
  result("sendMessage",
         R"({"chat_id":100000001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}})");
  ServerResponse busy(503);
  busy.headers.add("Retry-After", "151");
  receiver.answers.push_back(std::move(busy));
  control("press", R"({"user":"anna","data":"b"})");
  until_recorded(1);
  EXPECT_EQ(outcome(0), "dropped");
  EXPECT_EQ(info().at("pending_update_count").as_int64(), 0);
}

TEST_F(WebhookDelivery, silence_of_a_minute_is_a_failure) {
  set_webhook();
  receiver.held = true;
  write("slow");
  until([&] { return receiver.under_way == 1; });
  advance(seconds{60});
  until_recorded(1);
  EXPECT_EQ(deliveries().at(0).at("error").as_string(), "Read timeout expired");
  EXPECT_EQ(outcome(0), "retry");
}

TEST_F(WebhookDelivery, nobody_at_the_address_is_told_as_the_server_tells_it) {
  set_webhook();
  tests::run(io, server->stop(seconds{0}));
  write("anybody?");
  until_recorded(1);
  EXPECT_EQ(info().at("last_error_message").as_string(), "Connection refused");
}

TEST_F(WebhookDelivery, an_answer_may_be_a_call) {
  set_webhook();
  receiver.answers.emplace_back(200, R"({"method":"sendMessage","chat_id":100000001,"text":"by reply"})",
                                "application/json");
  receiver.answers.emplace_back(200, R"({"method":"getMe"})", "application/json");
  write("one");
  until([&] { return !look("calls?since=0&method=sendMessage").at("calls").as_array().empty(); });
  const json::value call = look("calls?since=0&method=sendMessage").at("calls").at(0);
  EXPECT_EQ(call.at("http_method").as_string(), "WEBHOOK");
  EXPECT_EQ(call.at("status").as_int64(), 200);
  EXPECT_EQ(deliveries().at(0).at("reply").as_string(), "sendMessage");
  write("two");
  until_recorded(2);
  EXPECT_EQ(deliveries().at(1).at("reply").as_string(), "");
}

TEST_F(WebhookDelivery, gone_for_23_hours_closes_the_webhook_and_keeps_the_updates) {
  set_webhook();
  for (int i = 0; i < 5000; ++i) receiver.answers.emplace_back(410);
  write("anybody?");
  until_recorded(2);
  std::size_t recorded = 2;
  for (int hour = 0; hour < 23; ++hour) {  // a try after every hour
    advance(seconds{3600});
    until_recorded(++recorded);
  }
  EXPECT_EQ(info().at("url").as_string(), url());
  advance(seconds{200});
  until_recorded(++recorded);
  EXPECT_EQ(info().at("url").as_string(), "");
  EXPECT_EQ(info().at("pending_update_count").as_int64(), 1);
}

TEST_F(WebhookDelivery, back_to_polling_keeps_what_was_not_delivered) {
  set_webhook();
  receiver.answers.emplace_back(500);
  receiver.answers.emplace_back(500);
  write("kept");
  until_recorded(2);
  advance(seconds{1});
  result("deleteWebhook");
  EXPECT_EQ(updates().size(), 1u);
  advance(seconds{60});
  EXPECT_EQ(deliveries().size(), 2u);
}

TEST_F(WebhookDelivery, allowed_updates_hold_for_webhooks_too) {
  set_webhook(R"(,"allowed_updates":["callback_query"])");
  write("not wanted");
  advance(seconds{5});
  EXPECT_TRUE(deliveries().empty());
  EXPECT_EQ(info().at("allowed_updates").at(0).as_string(), "callback_query");
}

TEST_F(WebhookDelivery, tls_is_verified_and_an_uploaded_certificate_believed) {
  const tests::Certificates certificates("bot.example");
  listen(with_certificate(certificates));
  result("setWebhook", fmt::format(R"({{"url":"{}"}})", url("https", "bot.example")));
  write("secret");
  until_recorded(1);
  EXPECT_EQ(info().at("last_error_message").as_string(),
            "SSL error {error:0A000086:SSL routines::certificate verify failed}");

  advance(seconds{1});
  std::ifstream file(certificates.authority());
  std::ostringstream pem;
  pem << file.rdbuf();
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\n" + url("https", "bot.example") +
      "\r\n--b\r\nContent-Disposition: form-data; name=\"certificate\"; filename=\"a.pem\"\r\n\r\n" + pem.str() +
      "\r\n--b--\r\n";
  const ServerResponse set = ask(request("POST", "/bot42:token/setWebhook", form, "multipart/form-data; boundary=b"));
  EXPECT_EQ(description(set), "Webhook was set");
  until([&] { return !receiver.got.empty(); });
  EXPECT_TRUE(info().at("has_custom_certificate").as_bool());
}

TEST_F(WebhookDelivery, the_name_in_the_certificate_must_be_the_hosts) {
  const tests::Certificates certificates("other.example");
  listen(with_certificate(certificates));
  result("setWebhook", fmt::format(R"({{"url":"{}"}})", url("https", "bot.example")));
  write("secret");
  until_recorded(1);
  EXPECT_TRUE(receiver.got.empty());
}

TEST_F(WebhookDelivery, an_advance_passes_every_retry_at_its_own_time) {
  set_webhook();
  control("time", R"({"running":false})");
  for (int i = 0; i < 7; ++i) receiver.answers.emplace_back(500);
  write("at last");
  until_recorded(2);
  control("time", R"({"advance":130})");
  const json::array tried = deliveries();
  ASSERT_EQ(tried.size(), 8u);
  std::vector<std::int64_t> after;
  for (const json::value& attempt : tried) {
    after.push_back(std::llround(attempt.at("started").as_double() - tried.at(0).at("started").as_double()));
  }
  EXPECT_EQ(after, (std::vector<std::int64_t>{0, 0, 2, 6, 14, 30, 62, 126}));
  EXPECT_EQ(outcome(7), "delivered");
}

TEST_F(WebhookDelivery, faults_repeat_lose_and_delay_deliveries) {
  set_webhook();
  control("faults", R"({"method":"webhook","action":"duplicate"})");
  write("twice");
  until_recorded(2);
  EXPECT_EQ(receiver.got.at(0), receiver.got.at(1));
  control("faults", R"({"method":"webhook","action":"drop_after"})");
  write("answer lost");
  until_recorded(4);
  EXPECT_EQ(deliveries().at(2).at("error").as_string(), "Connection closed");
  EXPECT_EQ(receiver.got.at(2), receiver.got.at(3));
  control("faults", R"({"method":"webhook","action":"drop_before"})");
  write("nobody there");
  until_recorded(6);
  EXPECT_EQ(deliveries().at(4).at("error").as_string(), "Connection timed out");
  EXPECT_EQ(receiver.got.size(), 5u);
  control("faults", R"({"method":"webhook","action":"delay","delay_ms":5000})");
  write("later");
  settle();
  EXPECT_EQ(receiver.got.size(), 5u);
  advance(seconds{5});
  until_recorded(7);
}

TEST_F(WebhookDelivery, a_fault_lets_the_next_update_of_a_chat_overtake) {
  set_webhook();
  control("faults", R"({"method":"webhook","action":"reorder","delay_ms":1000})");
  write("one");
  write("two");
  until_recorded(1);
  advance(seconds{1});
  until_recorded(2);
  EXPECT_EQ(text_of(0), "two");
  EXPECT_EQ(text_of(1), "one");
}

TEST_F(WebhookDelivery, a_test_waits_for_a_delivery_or_for_all_of_them) {
  set_webhook();
  const auto delivered = begin(request("POST", "/control/wait", R"({"delivery":"delivered","timeout":60})"));
  const auto retried = begin(request("POST", "/control/wait", R"({"delivery":"retry","timeout":60})"));
  write("one");
  const auto drained = begin(request("POST", "/control/wait", R"({"drained":true,"timeout":60})"));
  until([&] { return delivered->response && drained->response; });
  EXPECT_EQ(json::parse(delivered->response->body).at("delivery").at("attempt").as_int64(), 1);
  EXPECT_FALSE(retried->response);
}

TEST_F(Scene, nothing_outside_this_machine_is_contacted) {
  begin_chat();
  result("setWebhook", R"({"url":"https://bot.example.org/hook"})");
  settle();
  EXPECT_EQ(result("getWebhookInfo").at("last_error_message").as_string(),
            "Failed to resolve host: Name or service not known");
  EXPECT_EQ(result("getWebhookInfo").at("pending_update_count").as_int64(), 1);
}

}  // namespace
}  // namespace sandbox
