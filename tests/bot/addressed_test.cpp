#include "tgkit/bot/addressed.hpp"

#include "tests/bot/support/updates.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit::bot;
using tests::message_json;
using tests::message_with;
using tests::Place;
using tests::press_json;

const Place group{.user = 9, .chat = -100500, .chat_type = "supergroup"};
const Place alone{.user = 9, .chat = 9};

bool addressed(const std::string& json, bool takes_command = false) {
  Matching us;
  us.id = 4242;
  us.username = "our_bot";
  return is_addressed(us, tests::event(json), takes_command);
}

std::string with_name(std::string json, const std::string& kind) {
  return json.replace(json.find("\"message\""), 9, "\"" + kind + "\"");
}

std::string without(std::string json, const std::string& part, const std::string& instead) {
  return json.replace(json.find(part), part.size(), instead);
}

TEST(Addressed, EveryNewMessageInAPrivateChatAndEveryPressIs) {
  EXPECT_TRUE(addressed(message_json(1, "hello", alone)));
  EXPECT_TRUE(
      addressed(message_with(1, R"("photo":[{"file_id":"x","file_unique_id":"y","width":1,"height":1}])", alone)));
  EXPECT_TRUE(addressed(press_json(1, "x", alone)));
  EXPECT_TRUE(addressed(press_json(1, "x", group)));
}

TEST(Addressed, InAGroupOnlyACommandOfOursAndAReplyToUsAre) {
  EXPECT_FALSE(addressed(message_json(1, "hello", group)));
  EXPECT_FALSE(addressed(message_json(1, "hello @our_bot", group)));
  EXPECT_TRUE(addressed(message_json(1, "/start@Our_Bot", group)));
  EXPECT_FALSE(addressed(message_json(1, "/start@other_bot", group), true));
  EXPECT_TRUE(addressed(message_json(1, "/start", group), true));
  EXPECT_FALSE(addressed(message_json(1, "/ban", group), false));
  const auto reply = [](const std::string& to) {
    return message_with(
        1, R"("text":"well","reply_to_message":{"message_id":3,"date":1,"chat":{"id":-100500},)" + to + "}", group);
  };
  EXPECT_TRUE(addressed(reply(R"("from":{"id":4242,"is_bot":true},"text":"x")")));
  EXPECT_FALSE(addressed(reply(R"("from":{"id":4243,"is_bot":true},"text":"x")")));
  EXPECT_FALSE(
      addressed(reply(R"("from":{"id":4242,"is_bot":true},"forum_topic_created":{"name":"n","icon_color":1})")));
}

TEST(Addressed, EditsPostsCustomersServiceMessagesForwardsAndOtherBotsAreNot) {
  const std::string command = message_json(1, "/start@our_bot", group);
  for (const char* kind : {"edited_message", "channel_post", "business_message", "edited_business_message"}) {
    EXPECT_FALSE(addressed(with_name(command, kind), true)) << kind;
    EXPECT_FALSE(addressed(with_name(message_json(1, "hello", alone), kind))) << kind;
  }
  EXPECT_FALSE(addressed(message_with(1, R"("new_chat_members":[{"id":9,"is_bot":false}])", group)));
  EXPECT_FALSE(addressed(message_with(1, R"("pinned_message":{"message_id":1,"date":0,"chat":{"id":9}})", alone)));
  EXPECT_FALSE(addressed(message_with(1, R"("a_service_of_next_year":{})", alone)));
  EXPECT_FALSE(addressed(message_with(1, R"("text":"/start@our_bot","is_automatic_forward":true)", group)));
  EXPECT_FALSE(addressed(without(command, R"("is_bot":false)", R"("is_bot":true)"), true));
}

TEST(Addressed, ANumberIsNamedInAPrivateChatAndOnlyAPersonsOwn) {
  EXPECT_TRUE(may_name_number(tests::event(message_json(1, "hello", alone))));
  EXPECT_FALSE(may_name_number(tests::event(message_json(1, "/start", group))));
  EXPECT_FALSE(may_name_number(tests::event(press_json(1, "x", group))));
  for (const std::int64_t account : {777000L, 1087968824L, 136817688L})
    EXPECT_FALSE(may_name_number(tests::event(message_json(1, "hello", {.user = account, .chat = account}))))
        << account;
  EXPECT_FALSE(may_name_number(
      tests::event(message_with(1, R"("text":"x","sender_chat":{"id":-1007,"type":"channel"})", alone))));
}

TEST(Addressed, WhoSpeaksAsAChatIsRememberedAsThatChat) {
  EXPECT_EQ(speaker_of(tests::event(message_json(1, "x", group))), 9);
  EXPECT_EQ(
      speaker_of(tests::event(message_with(1, R"("text":"x","sender_chat":{"id":-1007,"type":"channel"})", group))),
      -1007);
}

}  // namespace
