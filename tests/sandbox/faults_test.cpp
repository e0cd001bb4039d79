#include "sandbox/faults/faults.hpp"

#include "sandbox/faults/spoil.hpp"
#include "tests/sandbox/scene.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/server.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Fault fault(const char* method, Fault::Action action = Fault::Action::status) {
  Fault made;
  made.method = method;
  made.action = action;
  return made;
}

bool taken(Faults& faults, std::string_view method, std::int64_t chat = 0, std::string_view kind = {}) {
  const Occasion occasion{method, 42, chat, kind};
  return faults.take(occasion).has_value();
}

TEST(Faults, each_concerns_its_method_chat_and_kind_only) {
  Faults faults;
  Fault one = fault("sendMessage");
  one.chat = 5;
  faults.add(one);
  EXPECT_FALSE(taken(faults, "sendPhoto", 5));
  EXPECT_FALSE(taken(faults, "sendMessage", 6));
  EXPECT_TRUE(taken(faults, "SENDMESSAGE", 5));
  EXPECT_FALSE(taken(faults, "sendMessage", 5));  // used up

  Fault press = fault("webhook", Fault::Action::delay);
  press.kind = "callback_query";
  faults.add(press);
  EXPECT_FALSE(taken(faults, "webhook", 5, "message"));
  EXPECT_TRUE(taken(faults, "webhook", 5, "callback_query"));
}

TEST(Faults, a_star_means_calls_of_the_bot_api_and_nothing_else) {
  Faults faults;
  faults.add(fault("*"));
  for (const char* other : {"dmarket", "update", "webhook"}) EXPECT_FALSE(taken(faults, other)) << other;
  EXPECT_TRUE(taken(faults, "getMe"));
}

TEST(Faults, some_pass_before_and_then_as_many_as_counted_go_wrong) {
  Faults faults;
  Fault one = fault("getMe");
  one.skip = 2;
  one.count = 2;
  faults.add(one);
  std::string seen;
  for (int i = 0; i < 6; ++i) seen += taken(faults, "getMe") ? 'x' : '.';
  EXPECT_EQ(seen, "..xx..");
  ASSERT_EQ(faults.done().size(), 1u);
  EXPECT_EQ(faults.done().front().hits, 2u);
}

TEST(Faults, a_probability_hits_about_as_often_and_a_seed_repeats_it) {
  const auto run_with = [](std::uint64_t seed) {
    Faults faults;
    Fault one = fault("getMe");
    one.probability = 0.25;
    one.seed = seed;
    one.endless = true;
    faults.add(one);
    std::string seen;
    for (int i = 0; i < 4000; ++i) seen += taken(faults, "getMe") ? 'x' : '.';
    return seen;
  };
  const std::string first = run_with(1);
  EXPECT_EQ(first, run_with(1));
  EXPECT_NE(first, run_with(2));
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'x')), 1000, 150);
}

TEST(Faults, an_action_that_cannot_happen_there_is_refused_with_those_that_can) {
  EXPECT_EQ(misfit(fault("sendMessage", Fault::Action::half)), "");
  EXPECT_EQ(misfit(fault("update", Fault::Action::half)),
            "\"action\" must be one of: extra_keys, bad_utf8, poison, duplicate (with the method \"update\")");
  EXPECT_EQ(
      misfit(fault("webhook", Fault::Action::poison)),
      "\"action\" must be one of: drop_before, drop_after, delay, duplicate, reorder (with the method \"webhook\")");
}

TEST(Spoil, extra_keys_stand_in_every_object_and_leave_the_rest) {
  const json::value spoiled = json::parse(with_extra_keys(R"({"a":[{"b":1}],"c":"d"})"));
  EXPECT_TRUE(spoiled.as_object().contains("key_of_next_year"));
  EXPECT_TRUE(spoiled.at("a").at(0).as_object().contains("unknown_number"));
  EXPECT_EQ(spoiled.at("a").at(0).at("b").as_int64(), 1);
  EXPECT_EQ(with_extra_keys("no json"), "no json");
}

TEST(Spoil, bad_bytes_stand_where_a_person_could_have_written_them) {
  EXPECT_EQ(with_bad_utf8(R"({"x":"y","text":"hi"})"), "{\"x\":\"y\",\"text\":\"\xff\xc3(\xed\xa0\x80hi\"}");
  EXPECT_EQ(with_bad_utf8(R"({"x":"y"})"), "{\"x\":\"\xff\xc3(\xed\xa0\x80y\"}");
  EXPECT_EQ(with_bad_utf8("[1]"), "[1]");
}

class FaultyWorld : public Scene {
 protected:
  void SetUp() override { begin_chat(); }
  std::string error_of(const std::string& body) {
    const ServerResponse response = ask(request("POST", "/control/faults", body, "application/json"));
    EXPECT_EQ(response.status, 400);
    return member_text(json::parse(response.body).as_object(), "error");
  }
  std::int64_t messages() {
    return static_cast<std::int64_t>(look("transcript?chat=100000001").at("messages").as_array().size());
  }
};

TEST_F(FaultyWorld, faults_are_listed_counted_and_removed) {
  control("faults", R"({"method":"getMe","action":"status","count":2,"chat":0})");
  const json::object listed = control("faults", R"({"method":"sendMessage","action":"slow","probability":0.5})");
  EXPECT_EQ(listed.at("faults").at(1).at("id").as_int64(), 2);
  EXPECT_EQ(listed.at("faults").at(1).at("count").as_int64(), 0);  // endless
  EXPECT_FALSE(call("getMe").at("ok").as_bool());
  EXPECT_EQ(look("faults").at("faults").at(0).at("hits").as_int64(), 1);
  control("faults", R"({"remove":2})");
  EXPECT_EQ(look("faults").at("faults").as_array().size(), 1u);
  EXPECT_FALSE(call("getMe").at("ok").as_bool());
  EXPECT_EQ(look("faults").at("done").at(0).at("hits").as_int64(), 2);
  EXPECT_EQ(error_of(R"({"remove":2})"), "there is no fault 2; GET /control/faults lists what is left");
}

TEST_F(FaultyWorld, nonsense_is_refused) {
  EXPECT_EQ(error_of(R"({"action":"explode"})"), "no action \"explode\"; docs/sandbox.md lists what can go wrong");
  EXPECT_EQ(error_of(R"({"action":"status","status":99})"), "\"status\" must be 100..599");
  EXPECT_EQ(error_of(R"({"action":"status","probability":1.5})"), "\"probability\" must be above 0, at most 1");
  EXPECT_EQ(error_of(R"({"action":"status","skip":-1})"),
            "\"count\", \"skip\", \"lag\", \"delay_ms\" and \"retry_after\" must not be negative");
}

TEST_F(FaultyWorld, a_flood_wait_concerns_the_chat_it_was_made_for) {
  control("faults", R"({"method":"sendMessage","chat":"anna","action":"flood","retry_after":7})");
  control("send", R"({"user":"boris","text":"/start"})");
  result("sendMessage", R"({"chat_id":100000002,"text":"to Boris"})");
  const ServerResponse limited =
      ask(request("POST", "/bot42:token/sendMessage", R"({"chat_id":100000001,"text":"a"})", "application/json"));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.headers.find("retry-after"), "7");
  EXPECT_EQ(json::parse(limited.body).at("parameters").at("retry_after").as_int64(), 7);
  EXPECT_EQ(description(limited), "Too Many Requests: retry after 7");
  result("sendMessage", R"({"chat_id":100000001,"text":"a"})");
}

TEST_F(FaultyWorld, an_empty_body_is_no_answer_to_read) {
  control("faults", R"({"method":"sendMessage","action":"empty"})");
  const ServerResponse empty =
      ask(request("POST", "/bot42:token/sendMessage", R"({"chat_id":100000001,"text":"a"})", "application/json"));
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.body, "");
  EXPECT_EQ(messages(), 1);  // not carried out
}

TEST_F(FaultyWorld, a_second_poller_ends_the_waiting_poll_and_those_that_follow) {
  const auto id = updates().back().at("update_id").as_int64();
  const auto waiting = begin(request("GET", fmt::format("/bot42:token/getUpdates?timeout=30&offset={}", id + 1)));
  control("faults", R"({"method":"getUpdates","action":"conflict","count":2})");
  settle();
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(waiting->response->status, 409);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(refusal("getUpdates"),
              "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
  }
  advance(seconds{4});
  EXPECT_TRUE(call("getUpdates").at("ok").as_bool());
}

TEST_F(FaultyWorld, answers_may_hold_keys_and_bytes_that_nobody_documents) {
  control("faults", R"({"method":"getMe","action":"extra_keys"})");
  EXPECT_TRUE(result("getMe").as_object().contains("key_of_next_year"));
  control("faults", R"({"method":"getMe","action":"bad_utf8"})");
  EXPECT_NE(ask(request("GET", "/bot42:token/getMe")).body.find('\xff'), std::string::npos);
}

TEST_F(FaultyWorld, updates_are_poisoned_repeated_and_spoiled_as_they_are_made) {
  updates(R"({"offset":-1})");
  control("faults", R"({"method":"update","action":"poison","kind":"message"})");
  control("send", R"({"user":"anna","text":"after the poison"})");
  control("faults", R"({"method":"update","action":"extra_keys"})");
  control("send", R"({"user":"anna","text":"with keys"})");
  control("faults", R"({"method":"update","action":"duplicate"})");
  control("send", R"({"user":"anna","text":"twice"})");
  const json::array got = updates();
  ASSERT_EQ(got.size(), 6u);
  EXPECT_TRUE(got.at(1).at("message").at("chat").is_array());
  EXPECT_EQ(got.at(2).at("message").at("text").as_string(), "after the poison");
  EXPECT_TRUE(got.at(3).at("message").at("from").as_object().contains("key_of_next_year"));
  EXPECT_EQ(got.at(4), got.at(5));
  advance(seconds{4});
  const auto last = got.back().at("update_id").as_int64();
  EXPECT_TRUE(updates(fmt::format(R"({{"offset":{}}})", last + 1)).empty());

  control("faults", R"({"method":"update","action":"bad_utf8"})");
  control("send", R"({"user":"anna","text":"bytes"})");
  EXPECT_NE(ask(request("GET", "/bot42:token/getUpdates")).body.find("\xff\xc3"), std::string::npos);
}

// The sandbox behind a real socket, for what happens to the bytes.
class FaultyWire : public FaultyWorld {
 protected:
  void SetUp() override {
    FaultyWorld::SetUp();
    server.listen();
  }
  void TearDown() override {
    Scene::TearDown();
    tests::run(io, server.stop(seconds{0}));
  }
  tgkit::net::HttpRequest send_message() {
    tgkit::net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = server.port();
    tgkit::net::HttpRequest made("POST", origin, "/bot42:token/sendMessage");
    made.headers.add("Content-Type", "application/json");
    made.body = R"({"chat_id":100000001,"text":"a"})";
    return made;
  }
  // What a call ends with: the body, or why there is none.
  std::string outcome() {
    try {
      return tests::run(io, client.send(send_message())).body;
    } catch (const tgkit::net::Error& error) {
      const std::string text = error.what();
      return text.substr(text.rfind(": ") + 2);
    }
  }

  tgkit::net::HttpServer server{
      io.get_executor(), clock, {}, [this](ServerRequest made) { return world.handle(std::move(made)); }};
  tgkit::net::HttpClient client{io.get_executor(), clock, {}};
};

TEST_F(FaultyWire, half_a_body_breaks_off_after_the_call_was_carried_out) {
  control("faults", R"({"method":"sendMessage","action":"half"})");
  EXPECT_EQ(outcome(), "closed by the peer");
  EXPECT_EQ(messages(), 2);
  const json::value recorded = look("calls?since=0&method=sendMessage").at("calls").at(0);
  EXPECT_EQ(recorded.at("fault").as_string(), "half");
  EXPECT_EQ(recorded.at("status").as_int64(), 200);
}

TEST_F(FaultyWire, a_dropped_connection_ends_or_is_reset_before_or_after_the_call) {
  const struct {
    const char* fault;
    const char* error;
    std::int64_t messages;
  } cases[] = {
      {R"({"method":"sendMessage","action":"drop_before"})", "closed by the peer", 1},
      {R"({"method":"sendMessage","action":"drop_before","reset":true})", "Connection reset by peer", 1},
      {R"({"method":"sendMessage","action":"drop_after"})", "closed by the peer", 2},
      {R"({"method":"sendMessage","action":"drop_after","reset":true})", "Connection reset by peer", 3},
  };
  for (const auto& entry : cases) {
    control("faults", entry.fault);
    EXPECT_EQ(outcome(), entry.error) << entry.fault;
    EXPECT_EQ(messages(), entry.messages) << entry.fault;
  }
}

TEST_F(FaultyWire, slow_bytes_come_one_after_the_other) {
  control("faults", R"({"method":"sendMessage","action":"slow","bytes":100,"delay_ms":1000})");
  std::string body;
  boost::asio::co_spawn(io.get_executor(), client.send(send_message()),
                        [&body](std::exception_ptr, tgkit::net::HttpResponse response) { body = response.body; });
  int steps = 0;
  for (; body.empty() && steps < 29; ++steps) {
    for (int turn = 0; turn < 20; ++turn) io.run_one_for(milliseconds{1}), io.restart();
    clock.advance(seconds{1});
  }
  EXPECT_GE(steps, 3);
  EXPECT_NE(body.find("\"ok\":true"), std::string::npos);
}

}  // namespace
}  // namespace sandbox
