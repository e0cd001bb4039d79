#include "sandbox/numbered_log.hpp"

#include "tests/sandbox/scene.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

struct Entry {
  std::uint64_t n = 0;
};
using Log = NumberedLog<Entry, &Entry::n>;

TEST(NumberedLog, numbers_begin_at_one_and_the_oldest_are_forgotten) {
  Log log(3);
  EXPECT_EQ(log.oldest(), 1u);
  for (int i = 0; i < 5; ++i) log.append(Entry{});
  EXPECT_EQ(log.last(), 5u);
  EXPECT_EQ(log.oldest(), 3u);
  EXPECT_EQ(log.entries().size(), 3u);
}

TEST(NumberedLog, the_first_above_a_number_is_found_by_counting) {
  Log log(3);
  for (int i = 0; i < 5; ++i) log.append(Entry{});
  const std::pair<std::uint64_t, std::size_t> cases[] = {{0, 0}, {2, 0}, {3, 1}, {4, 2}, {5, 3}, {99, 3}};
  for (const auto& [above, position] : cases) EXPECT_EQ(log.first_above(above), position) << above;
}

class LongRun : public Scene {
 protected:
  LongRun() : Scene(bounded()) {}
  static SandboxSettings bounded() {
    SandboxSettings made = settings();
    made.world.keep_messages = 100;
    made.world.keep_events = 150;
    made.bot_api.keep_calls = 120;
    return made;
  }
  void SetUp() override {
    begin_chat();
    for (int i = 0; i < 200; ++i) {
      result("sendMessage", fmt::format(R"({{"chat_id":100000001,"text":"{}"}})", i));
    }
  }
};

TEST_F(LongRun, no_more_is_kept_than_asked_for_and_what_is_missing_is_told) {
  EXPECT_EQ(look("transcript?chat=100000001").at("messages").as_array().size(), 100u);
  const json::object events = look("events?since=0");
  EXPECT_EQ(events.at("events").as_array().size(), 150u);
  EXPECT_TRUE(events.at("missed").as_bool());
  const json::object calls = look("calls?since=0");
  EXPECT_EQ(calls.at("calls").as_array().size(), 120u);
  EXPECT_TRUE(calls.at("missed").as_bool());
  EXPECT_FALSE(look("calls?since=150").contains("missed"));
}

TEST_F(LongRun, pages_together_give_everything_once_and_in_order) {
  for (const auto& [name, number, all] : {std::tuple("events", "seq", 150u), std::tuple("calls", "n", 120u)}) {
    std::vector<std::int64_t> seen;
    std::int64_t since = 0;
    while (true) {
      const json::object page = look(fmt::format("{}?since={}&limit=40", name, since));
      since = page.at("next").as_int64();
      const json::array& entries = page.at(name).as_array();
      if (entries.empty()) break;
      EXPECT_LE(entries.size(), 40u);
      for (const json::value& entry : entries) seen.push_back(entry.at(number).as_int64());
    }
    EXPECT_EQ(seen.size(), all) << name;
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end())) << name;
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end()) << name;
  }
}

TEST_F(LongRun, a_transcript_is_read_in_pages_from_a_message_on) {
  const json::object first = look("transcript?chat=100000001&limit=30");
  EXPECT_EQ(first.at("messages").as_array().size(), 30u);
  const json::object rest = look(fmt::format("transcript?chat=100000001&from={}", first.at("next").as_int64()));
  EXPECT_EQ(rest.at("messages").as_array().size(), 70u);
  EXPECT_EQ(rest.at("messages").at(0).at("message").at("message_id"), first.at("next"));
}

TEST_F(LongRun, events_of_one_kind_can_be_read_alone) {
  result("sendChatAction", R"({"chat_id":100000001,"action":"typing"})");
  EXPECT_EQ(look("events?since=0&kind=action").at("events").as_array().size(), 1u);
}

}  // namespace
}  // namespace sandbox
