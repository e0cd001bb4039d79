#include "sandbox/bot_api/flood_limits.hpp"

#include "tests/sandbox/scene.hpp"

namespace sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t group = -5;

tgkit::TimePoint at(tgkit::Duration when) { return tgkit::TimePoint{} + seconds{1000} + when; }

// How many of `count` messages go at this moment.
int sent(FloodLimits& limits, std::int64_t chat, int count, tgkit::TimePoint now) {
  int passed = 0;
  for (int i = 0; i < count; ++i) passed += limits.refused(chat, chat < 0, 1, now) ? 0 : 1;
  return passed;
}

TEST(FloodLimits, a_private_chat_takes_a_burst_and_then_one_a_second) {
  FloodLimits limits{FloodSettings{}};
  EXPECT_EQ(sent(limits, 7, 20, at(seconds{0})), 5);
  EXPECT_EQ(limits.refused(7, false, 1, at(seconds{0})), 1);
  EXPECT_EQ(sent(limits, 7, 20, at(seconds{1})), 1);
  EXPECT_EQ(sent(limits, 7, 20, at(seconds{61})), 5);
}

TEST(FloodLimits, a_group_takes_twenty_a_minute) {
  FloodLimits limits{FloodSettings{}};
  EXPECT_EQ(sent(limits, group, 30, at(seconds{0})), 20);
  EXPECT_EQ(limits.refused(group, true, 1, at(seconds{0})), 3);
  EXPECT_EQ(sent(limits, group, 30, at(seconds{30})), 10);
}

TEST(FloodLimits, all_chats_together_take_thirty_a_second) {
  FloodLimits limits{FloodSettings{}};
  int passed = 0;
  for (std::int64_t chat = 1; chat <= 100; ++chat) passed += sent(limits, chat, 1, at(seconds{0}));
  EXPECT_EQ(passed, 30);
  for (std::int64_t chat = 1001; chat <= 1100; ++chat) passed += sent(limits, chat, 1, at(milliseconds{500}));
  EXPECT_EQ(passed, 45);
}

TEST(FloodLimits, what_is_refused_is_not_counted) {
  FloodLimits limits{FloodSettings{}};
  sent(limits, 7, 1000, at(seconds{0}));
  EXPECT_EQ(sent(limits, 8, 5, at(seconds{0})), 5);
}

TEST(FloodLimits, an_album_counts_by_its_items) {
  FloodLimits limits{FloodSettings{}};
  EXPECT_FALSE(limits.refused(group, true, 10, at(seconds{0})));
  EXPECT_EQ(sent(limits, group, 30, at(seconds{0})), 10);
}

TEST(FloodLimits, sends_copies_forwards_and_edits_in_groups_count) {
  EXPECT_EQ(flood_weight("sendMessage", false, 1), 1);
  EXPECT_EQ(flood_weight("sendMediaGroup", false, 4), 4);
  EXPECT_EQ(flood_weight("copyMessages", true, 7), 7);
  EXPECT_EQ(flood_weight("forwardMessage", true, 1), 1);
  EXPECT_EQ(flood_weight("editMessageText", true, 1), 1);
  EXPECT_EQ(flood_weight("editMessageText", false, 1), 0);
  EXPECT_EQ(flood_weight("sendChatAction", true, 1), 0);
  EXPECT_EQ(flood_weight("answerCallbackQuery", true, 1), 0);
  EXPECT_EQ(flood_weight("getUpdates", false, 1), 0);
}

TEST_F(Scene, flood_limits_are_switched_on_and_refuse_in_the_servers_form) {
  begin_chat();
  for (int i = 0; i < 20; ++i) result("sendMessage", R"({"chat_id":100000001,"text":"off"})");
  control("flood-limits", R"({"enabled":true,"private_burst":2})");
  result("sendMessage", R"({"chat_id":100000001,"text":"1"})");
  result("sendMessage", R"({"chat_id":100000001,"text":"2"})");
  const json::object refused = call("sendMessage", R"({"chat_id":100000001,"text":"3"})");
  EXPECT_EQ(refused.at("error_code").as_int64(), 429);
  EXPECT_EQ(refused.at("description").as_string(), "Too Many Requests: retry after 1");
  EXPECT_EQ(refused.at("parameters").at("retry_after").as_int64(), 1);
  EXPECT_EQ(look("flood-limits").at("refusals").as_int64(), 1);
  advance(seconds{1});
  result("sendMessage", R"({"chat_id":100000001,"text":"3"})");
}

}  // namespace
}  // namespace sandbox
