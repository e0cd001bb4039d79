#include "tests/sandbox/scene.hpp"

namespace sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class GetUpdates : public Scene {
 protected:
  void SetUp() override { result("getMe"); }
  void write(const std::string& text) { control("send", R"({"user":"anna","text":")" + text + "\"}"); }
  std::shared_ptr<Pending> poll(const std::string& query) {
    return begin(request("GET", "/bot42:token/getUpdates?" + query));
  }
  static std::size_t count(const Pending& pending) {
    return json::parse(pending.response->body).at("result").as_array().size();
  }
};

TEST_F(GetUpdates, a_message_comes_again_until_it_is_confirmed) {
  write("hello");
  const json::array first = updates();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(updates(), first);
  const auto id = first.front().at("update_id").as_int64();
  const auto waiting = poll("timeout=0&offset=" + std::to_string(id + 1));
  EXPECT_EQ(count(*waiting), 0u);
  advance(seconds{4});
  EXPECT_EQ(count(*poll("offset=0")), 0u);
}

TEST_F(GetUpdates, a_poll_waits_at_most_fifty_seconds) {
  const auto waiting = poll("timeout=60");
  advance(milliseconds{49'990});
  EXPECT_FALSE(waiting->response);
  advance(milliseconds{20});
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(count(*waiting), 0u);
}

TEST_F(GetUpdates, a_waiting_poll_gathers_what_comes_within_a_moment) {
  const auto waiting = poll("timeout=30");
  write("one");
  write("two");
  EXPECT_FALSE(waiting->response);
  advance(milliseconds{2});
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(count(*waiting), 2u);
}

TEST_F(GetUpdates, a_loop_that_does_not_advance_is_slowed_down) {
  EXPECT_TRUE(poll("timeout=0&offset=7")->response);
  const auto again = poll("timeout=0&offset=7");
  EXPECT_FALSE(again->response);
  advance(seconds{3});
  EXPECT_TRUE(again->response);
}

TEST_F(GetUpdates, the_same_offset_within_half_a_second_gets_one_update_only) {
  write("one");
  write("two");
  EXPECT_EQ(count(*poll("offset=0")), 2u);
  EXPECT_EQ(count(*poll("offset=0")), 1u);
  advance(seconds{1});
  EXPECT_EQ(count(*poll("offset=0")), 2u);
}

TEST_F(GetUpdates, the_older_of_two_waiting_polls_ends_with_409) {
  const auto older = poll("timeout=30");
  const auto newer = poll("timeout=30");
  ASSERT_TRUE(older->response);
  EXPECT_EQ(older->response->status, 409);
  EXPECT_EQ(description(*older->response),
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
  EXPECT_FALSE(newer->response);
}

TEST_F(GetUpdates, the_second_409_comes_three_seconds_later) {
  const auto first = poll("timeout=30");
  const auto second = poll("timeout=30");
  const auto third = poll("timeout=30");
  EXPECT_TRUE(first->response);
  EXPECT_FALSE(second->response);
  advance(seconds{3});
  ASSERT_TRUE(second->response);
  EXPECT_EQ(second->response->status, 409);
  EXPECT_FALSE(third->response);
}

TEST_F(GetUpdates, a_poll_that_finds_updates_ends_nobody_elses_updates) {
  write("one");
  EXPECT_EQ(count(*poll("timeout=30")), 1u);
  EXPECT_EQ(count(*poll("timeout=30&offset=0")), 1u);
}

TEST_F(GetUpdates, a_set_webhook_refuses_polls) {
  const auto waiting = poll("timeout=30");
  result("setWebhook", R"({"url":"https://example.org/hook"})");
  settle();
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(description(*waiting->response), "Conflict: terminated by setWebhook request");
  advance(seconds{4});
  EXPECT_EQ(
      refusal("getUpdates"),
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
}

TEST_F(GetUpdates, allowed_updates_are_remembered_and_apply_when_an_update_is_made) {
  updates(R"({"allowed_updates":["callback_query","nonsense"]})");
  write("not wanted");
  advance(seconds{4});
  EXPECT_TRUE(updates().empty());  // absent: the setting stays
  write("still not wanted");
  advance(seconds{4});
  EXPECT_TRUE(updates(R"({"allowed_updates":["message",3]})").empty());  // not all texts: ignored
  advance(seconds{4});
  EXPECT_TRUE(updates(R"({"allowed_updates":[]})").empty());
  write("wanted");
  advance(seconds{4});
  EXPECT_EQ(updates().size(), 1u);
}

TEST_F(GetUpdates, an_old_button_press_is_gone_after_150_seconds) {
  begin_chat();
  result("sendMessage",
         R"({"chat_id":100000001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}})");
  control("press", R"({"user":"anna","data":"b"})");
  EXPECT_EQ(updates().back().as_object().contains("callback_query"), true);
  advance(seconds{151});
  EXPECT_FALSE(updates().back().as_object().contains("callback_query"));
}

TEST_F(GetUpdates, a_message_dated_more_than_a_day_ago_is_never_delivered) {
  control("send", R"({"user":"anna","text":"old","date":1789000000})");
  EXPECT_TRUE(updates().empty());
}

TEST_F(GetUpdates, a_stop_of_the_world_ends_waiting_polls) {
  const auto waiting = poll("timeout=50");
  world.stop();
  settle();
  EXPECT_TRUE(waiting->response);
}

}  // namespace
}  // namespace sandbox
