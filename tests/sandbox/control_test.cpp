#include "tests/sandbox/scene.hpp"

namespace sandbox {
namespace {

class ControlApi : public Scene {
 protected:
  void SetUp() override { begin_chat(); }
  std::string error_of(const std::string& name, const std::string& body) {
    const ServerResponse response = ask(request("POST", "/control/" + name, body, "application/json"));
    EXPECT_GE(response.status, 400);
    return member_text(json::parse(response.body).as_object(), "error");
  }
  std::string drop(const std::string& method) {
    try {
      call(method);
    } catch (const std::exception&) {
      return "dropped";
    }
    return "answered";
  }
};

TEST_F(ControlApi, state_shows_everybody_and_never_a_token) {
  const json::object state = look("state");
  EXPECT_EQ(state.at("bots").at(0).at("username").as_string(), "sandbox_bot");
  EXPECT_EQ(state.at("users").as_array().size(), 2u);
  EXPECT_EQ(state.at("users").at(0).at("chats").at(0).at("bot").as_int64(), 42);
  EXPECT_EQ(json::serialize(state).find("token"), std::string::npos);
}

TEST_F(ControlApi, mistakes_are_told_with_what_to_do) {
  EXPECT_EQ(error_of("send", "[]"), "the body must be a JSON object");
  EXPECT_EQ(error_of("send", R"({"text":"a"})"), "\"user\" is missing: give the id or the user name of a person");
  EXPECT_EQ(error_of("send", R"({"user":"zoe","text":"a"})"),
            "nobody is called \"zoe\"; GET /control/state lists everybody");
  EXPECT_EQ(error_of("press", R"({"user":"anna","data":"x"})"),
            "no message of this chat has such a button; GET /control/transcript shows what there is");
  EXPECT_EQ(error_of("nothing", "{}"), "no such control call with this method; docs/sandbox.md lists them");
}

TEST_F(ControlApi, a_wait_ends_when_the_bot_has_written) {
  const auto waiting = begin(request("POST", "/control/wait", R"({"contains":"price","timeout":10})"));
  result("sendMessage", R"({"chat_id":100000001,"text":"no match"})");
  settle();
  EXPECT_FALSE(waiting->response);
  result("sendMessage", R"({"chat_id":100000001,"text":"the price is 3"})");
  settle();
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(json::parse(waiting->response->body).at("event").at("message").at("text").as_string(), "the price is 3");
}

TEST_F(ControlApi, a_wait_that_finds_nothing_is_408) {
  const auto waiting = begin(request("POST", "/control/wait", R"({"contains":"price","timeout":10})"));
  advance(std::chrono::seconds{10});
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(waiting->response->status, 408);
}

TEST_F(ControlApi, what_people_write_does_not_count_unless_asked_for) {
  EXPECT_EQ(begin(request("POST", "/control/wait", R"({"equals":"/start","timeout":0})"))->response->status, 408);
  EXPECT_EQ(
      begin(request("POST", "/control/wait", R"({"equals":"/start","timeout":0,"outgoing":null})"))->response->status,
      200);
}

TEST_F(ControlApi, waits_for_polling_for_an_empty_queue_and_for_calls) {
  const auto polling = begin(request("POST", "/control/wait", R"({"polling":true})"));
  const auto drained = begin(request("POST", "/control/wait", R"({"drained":true})"));
  const auto called = begin(request("POST", "/control/wait", R"({"call":"sendDice"})"));
  EXPECT_FALSE(polling->response || drained->response || called->response);
  const auto id = updates().back().at("update_id").as_int64();
  begin(request("GET", "/bot42:token/getUpdates?timeout=30&offset=" + std::to_string(id + 1)));
  settle();
  EXPECT_TRUE(polling->response && drained->response);
  result("sendDice", R"({"chat_id":100000001})");
  settle();
  ASSERT_TRUE(called->response);
  EXPECT_EQ(json::parse(called->response->body).at("call").at("status").as_int64(), 200);
}

TEST_F(ControlApi, events_come_in_order_and_a_long_poll_wakes_up) {
  const auto since = look("events").at("next").as_int64();
  const auto waiting = begin(request("GET", "/control/events?timeout=20&since=" + std::to_string(since)));
  EXPECT_FALSE(waiting->response);
  result("sendChatAction", R"({"chat_id":100000001,"action":"typing"})");
  settle();
  ASSERT_TRUE(waiting->response);
  const json::value event = json::parse(waiting->response->body).at("events").at(0);
  EXPECT_EQ(event.at("kind").as_string(), "action");
  EXPECT_EQ(event.at("action").as_string(), "typing");
  EXPECT_EQ(event.at("seq").as_int64(), since + 1);
}

TEST_F(ControlApi, calls_are_recorded_without_the_token) {
  const json::object calls = look("calls?since=0");
  EXPECT_EQ(calls.at("calls").at(0).at("method").as_string(), "getMe");
  EXPECT_EQ(json::serialize(calls).find("token"), std::string::npos);
  result("sendMessage", R"({"chat_id":100000001,"text":"a"})");
  const json::object sent = look("calls?since=0&method=sendMessage");
  ASSERT_EQ(sent.at("calls").as_array().size(), 1u);
  EXPECT_EQ(sent.at("calls").at(0).at("parameters").at("text").as_string(), "a");
}

TEST_F(ControlApi, a_reply_keyboard_is_shown_used_and_removed) {
  result(
      "sendMessage",
      R"({"chat_id":100000001,"text":"choose","reply_markup":{"keyboard":[["Yes","No"]],"one_time_keyboard":true}})");
  EXPECT_EQ(look("state").at("chats").at(0).at("keyboard").at("keyboard").at(0).at(1).at("text").as_string(), "No");
  control("send", R"({"user":"anna","text":"Yes"})");
  EXPECT_TRUE(look("state").at("chats").at(0).at("keyboard").is_null());
  result("sendMessage", R"({"chat_id":100000001,"text":"choose","reply_markup":{"keyboard":[["Yes","No"]]}})");
  result("sendMessage", R"({"chat_id":100000001,"text":"bye","reply_markup":{"remove_keyboard":true}})");
  EXPECT_TRUE(look("state").at("chats").at(0).at("keyboard").is_null());
}

TEST_F(ControlApi, a_person_sends_edits_and_deletes) {
  const json::object sent =
      control("send", R"({"user":"anna","document":"aGVsbG8=","file_name":"a.txt","caption":"read /this"})");
  EXPECT_EQ(sent.at("message").at("document").at("file_name").as_string(), "a.txt");
  EXPECT_EQ(sent.at("message").at("caption_entities").at(0).at("type").as_string(), "bot_command");
  const std::string unique(sent.at("message").at("document").at("file_unique_id").as_string());
  EXPECT_EQ(ask(request("GET", "/control/file?file_unique_id=" + unique)).body, "hello");
  control("edit", R"({"user":"anna","chat":100000001,"message_id":1,"text":"/start again"})");
  EXPECT_TRUE(updates().back().as_object().contains("edited_message"));
  control("delete", R"({"chat":100000001,"message_id":1})");
  const ServerResponse text = ask(request("GET", "/control/transcript?chat=100000001&format=text"));
  EXPECT_EQ(text.body, "2 Anna: <document> read /this\n");
}

TEST_F(ControlApi, an_injected_update_goes_out_as_it_is) {
  control("inject", R"({"update":{"new_kind":{"a":1}}})");
  control("inject", R"({"raw":"{\"update_id\":{id},\"message\":[]}"})");
  const json::array pending = updates();
  EXPECT_TRUE(pending.at(1).as_object().contains("new_kind"));
  EXPECT_TRUE(pending.at(2).at("message").is_array());
  EXPECT_EQ(pending.at(2).at("update_id").as_int64(), pending.at(1).at("update_id").as_int64() + 1);
}

TEST_F(ControlApi, faults_happen_as_often_as_asked) {
  control("faults",
          R"({"method":"getMe","action":"status","status":429,"description":"Too Many Requests: retry after 3",
                        "parameters":{"retry_after":3},"skip":1})");
  EXPECT_TRUE(call("getMe").at("ok").as_bool());
  const ServerResponse limited = ask(request("GET", "/bot42:token/getMe"));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.headers.find("retry-after"), "3");
  EXPECT_TRUE(call("getMe").at("ok").as_bool());
  control("faults", R"({"method":"*","action":"html"})");
  const ServerResponse html = ask(request("GET", "/bot42:token/getMe"));
  EXPECT_EQ(html.status, 502);
  EXPECT_NE(html.body.find("<html>"), std::string::npos);
}

TEST_F(ControlApi, a_connection_can_break_before_or_after_the_call_is_carried_out) {
  control("faults", R"({"method":"logOut","action":"drop_before"})");
  EXPECT_EQ(drop("logOut"), "dropped");
  EXPECT_EQ(drop("getMe"), "answered");
  EXPECT_TRUE(call("getMe").at("ok").as_bool());
  control("faults", R"({"method":"logOut","action":"drop_after"})");
  EXPECT_EQ(drop("logOut"), "dropped");
  EXPECT_FALSE(call("getMe").at("ok").as_bool());
}

TEST_F(ControlApi, a_delayed_call_is_carried_out_later) {
  control("faults", R"({"method":"getMe","action":"delay","delay_ms":500})");
  const auto slow = begin(request("GET", "/bot42:token/getMe"));
  EXPECT_FALSE(slow->response);
  advance(std::chrono::milliseconds{500});
  EXPECT_TRUE(slow->response);
}

TEST_F(ControlApi, two_bots_have_separate_private_chats_with_one_person) {
  call("getMe", "{}", "43:other");
  control("send", R"({"user":"anna","bot":43,"text":"hello 43"})");
  EXPECT_EQ(error_of("send", R"({"user":"anna","text":"whom?"})").substr(0, 16), "\"bot\" is missing");
  EXPECT_EQ(look("transcript?chat=100000001&bot=43").at("messages").as_array().size(), 1u);
  EXPECT_EQ(updates().size(), 1u);
}

}  // namespace
}  // namespace sandbox
