#include "tgkit/bot/pacing.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;

const TimePoint start{1h};
constexpr SendCost one{1, 1};

PacingSettings only_overall(SendRate rate) {
  PacingSettings settings;
  settings.overall = rate;
  settings.private_chat = settings.group = SendRate();
  return settings;
}

TEST(SendCost, TableOfWhatCounts) {
  struct Case {
    std::string_view method, json;
    std::int64_t chat;
    int overall, own;
  };
  const std::vector<Case> cases = {
      {"sendMessage", "{}", 7, 1, 1},
      {"sendPhoto", "{}", -7, 1, 1},
      {"sendInvoice", "{}", 7, 1, 1},
      {"forwardMessage", "{}", 7, 1, 1},
      {"copyMessage", "{}", 7, 1, 1},
      {"sendMediaGroup", R"({"chat_id":7,"media":[{"type":"photo"},{"a":[1,2]},{}]})", 7, 3, 3},
      {"copyMessages", R"({"message_ids":[1,2]})", -7, 2, 2},
      {"forwardMessages", R"({"message_ids":[]})", -7, 1, 1},
      {"sendMediaGroup", "no JSON", 7, 1, 1},
      {"editMessageText", "{}", -7, 1, 1},
      {"editMessageReplyMarkup", "{}", 7, 1, 0},
      {"sendChatAction", "{}", 7, 0, 0},
      {"answerCallbackQuery", "{}", 7, 0, 0},
      {"answerPreCheckoutQuery", "{}", 7, 0, 0},
      {"deleteMessage", "{}", -7, 0, 0},
      {"setMyCommands", "{}", 0, 0, 0},
  };
  for (const Case& c : cases) {
    const SendCost cost = send_cost(c.method, c.json, c.chat);
    EXPECT_EQ(cost.overall, c.overall) << c.method;
    EXPECT_EQ(cost.chat, c.own) << c.method;
  }
}

TEST(Pacing, NothingWaitsWithoutIt) {
  Pacer pacer(std::nullopt);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(pacer.wait_for_chat(7, one, start), 0s);
    EXPECT_EQ(pacer.wait_for_all(one, start), 0s);
    pacer.take(7, one, start);
  }
  EXPECT_EQ(pacer.chats(), 0U);
}

TEST(Pacing, APrivateChatGetsAShortBurstAndThenOneASecond) {
  Pacer pacer(PacingSettings{});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pacer.wait_for_chat(7, one, start), 0s) << i;
    pacer.take(7, one, start);
  }
  EXPECT_EQ(pacer.wait_for_chat(7, one, start), 1s);
  EXPECT_EQ(pacer.wait_for_chat(8, one, start), 0s) << "another chat";
}

TEST(Pacing, AGroupGetsTwentyAMinute) {
  Pacer pacer(PacingSettings{});
  TimePoint now = start;
  int sent = 0;
  while (now < start + 10min) {
    now += pacer.wait_for_chat(-7, one, now);
    pacer.take(-7, one, now);
    ++sent;
  }
  EXPECT_LE(sent, 10 * 20 + 3);
  EXPECT_GE(sent, 10 * 20 - 1);
}

TEST(Pacing, AllChatsTogetherGetThirtyASecond) {
  Pacer pacer(PacingSettings{});
  TimePoint now = start;
  std::int64_t chat = 1;
  while (now < start + 10s) {
    now += pacer.wait_for_all(one, now);
    pacer.take(chat++, one, now);
  }
  EXPECT_LE(chat - 1, 10 * 30 + 6);
  EXPECT_GE(chat - 1, 10 * 30 - 1);
}

TEST(Pacing, AnAlbumCountsForEachOfItsItems) {
  Pacer pacer(PacingSettings{});
  pacer.take(7, SendCost{10, 10}, start);
  EXPECT_EQ(pacer.wait_for_chat(7, one, start), 8s);  // ten are due, three are let through in advance
}

TEST(Pacing, WhatCostsNothingNeverWaits) {
  Pacer pacer(PacingSettings{});
  for (int i = 0; i < 100; ++i) pacer.take(7, one, start);
  EXPECT_EQ(pacer.wait_for_chat(7, SendCost{}, start), 0s);
  EXPECT_EQ(pacer.wait_for_all(SendCost{}, start), 0s);
}

TEST(Pacing, ARateOfZeroIsNoLimit) {
  Pacer pacer(only_overall(SendRate()));
  for (int i = 0; i < 1000; ++i) pacer.take(7, one, start);
  EXPECT_EQ(pacer.wait_for_chat(7, one, start), 0s);
  EXPECT_EQ(pacer.wait_for_all(one, start), 0s);
  EXPECT_EQ(pacer.chats(), 0U);
}

TEST(Pacing, AfterAFloodLimitMessagesOfTheChatLeaveOneByOne) {
  Pacer pacer(PacingSettings{});
  pacer.flooded(7, start + 10s);
  EXPECT_EQ(pacer.wait_for_chat(7, one, start), 10s);
  pacer.take(7, one, start + 10s);
  EXPECT_EQ(pacer.wait_for_chat(7, one, start + 10s), 1s);
}

TEST(Pacing, ChatsThatOweNothingAreForgotten) {
  Pacer pacer(only_overall(SendRate()));
  PacingSettings settings;
  settings.overall = SendRate();
  Pacer both(settings);
  TimePoint now = start;
  for (std::int64_t chat = 1; chat <= 100'000; ++chat) {
    both.take(chat, one, now);
    now += 100ms;
    ASSERT_LE(both.chats(), 2048U);
  }
}

RC_GTEST_PROP(Pacing, NoWindowHoldsMoreThanTheRateAndOneBurst, ()) {
  const auto messages = *rc::gen::inRange<std::uint32_t>(1, 40);
  const auto burst = *rc::gen::inRange<std::uint32_t>(1, 10);
  const auto gaps = *rc::gen::container<std::vector<int>>(200, rc::gen::inRange(0, 200));
  Pacer pacer(only_overall({messages, 1s, burst}));
  std::vector<TimePoint> left;
  TimePoint now = start;
  for (const int gap : gaps) {
    now += std::chrono::milliseconds(gap);
    now += pacer.wait_for_all(one, now);
    pacer.take(7, one, now);
    left.push_back(now);
  }
  for (std::size_t begin = 0, end = 0; end < left.size(); ++end) {
    while (left[end] - left[begin] >= 1s) ++begin;
    RC_ASSERT(end - begin + 1 <= messages + burst);
  }
}

}  // namespace
