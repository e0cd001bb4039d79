#include "tgkit/bot/filters.hpp"

#include "tests/bot/support/updates.hpp"
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/regex_filter.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit::bot;
using tests::event;
using tests::message_json;
using tests::message_with;
using tests::Place;
using tests::press_json;

const Matching us{.username = "our_bot", .key = {}, .roles = {}};
const Place in_the_group{.user = 7, .chat = -100, .chat_type = "supergroup"};

template <class F>
bool takes(const F& filter, const std::string& json, const Matching& matching = us) {
  return filter.accepts(matching, event(json));
}

TEST(CommandFilter, IsRecognisedByItsEntityAndNotByTheSlash) {
  EXPECT_TRUE(takes(command<"go">, message_json(1, "/go")));
  EXPECT_FALSE(takes(command<"go">, message_with(1, R"("text":"/go")")));
  EXPECT_FALSE(
      takes(command<"go">,
            message_with(1, R"("text":"please /go","entities":[{"type":"bot_command","offset":7,"length":3}])")));
}

TEST(CommandFilter, ALineBreakEndsTheName) {
  const Event e = event(message_json(1, "/go\nthere"));
  ASSERT_TRUE(e.command());
  EXPECT_EQ(e.command()->name, "go");
  EXPECT_EQ(e.command()->arguments, "there");
}

TEST(CommandFilter, AnEntityThatIsLongerThanTheTextIsNoCommand) {
  EXPECT_FALSE(takes(command<"go">,
                     message_with(1, R"("text":"/go","entities":[{"type":"bot_command","offset":0,"length":9}])")));
}

TEST(CommandFilter, AnotherBotsCommandIsNotOurs) {
  EXPECT_TRUE(takes(command<"go">, message_json(1, "/go@our_bot x", in_the_group)));
  EXPECT_TRUE(takes(command<"go">, message_json(1, "/go@Our_Bot", in_the_group)));
  EXPECT_FALSE(takes(command<"go">, message_json(1, "/go@other_bot", in_the_group)));
}

TEST(CommandFilter, NameIsComparedWithoutCaseAndAsAWhole) {
  EXPECT_TRUE(takes(command<"go">, message_json(1, "/GO")));
  EXPECT_FALSE(takes(command<"go">, message_json(1, "/gone")));
  EXPECT_FALSE(takes(command<"gone">, message_json(1, "/go")));
}

TEST(CommandFilter, AnEditedMessageIsNoCommand) {
  std::string json = message_json(1, "/go");
  json.replace(json.find("\"message\""), 9, "\"edited_message\"");
  EXPECT_FALSE(takes(command<"go">, json));
  EXPECT_TRUE(takes(kind<tgkit::telegram::UpdateKind::edited_message>, json));
}

TEST(TextFilters, TextHandsOverTheTextOfANewMessage) {
  const Event e = event(message_json(1, "hello"));
  ASSERT_TRUE(text.accepts(us, e));
  EXPECT_EQ(std::get<0>(*text.extract(us, e)), "hello");
  EXPECT_FALSE(takes(text, message_with(1, R"("photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}])")));
  EXPECT_FALSE(takes(text, press_json(1, "x")));
}

TEST(TextFilters, TextIsComparesTheWholeText) {
  EXPECT_TRUE(takes(text_is("Menu"), message_json(1, "Menu")));
  EXPECT_FALSE(takes(text_is("Menu"), message_json(1, "Menu please")));
}

TEST(TextFilters, RegexHandsOverItsGroups) {
  const auto filter = regex<"^(\\d+) x (\\w+)?">;
  const Event e = event(message_json(1, "12 x apples"));
  ASSERT_TRUE(filter.accepts(us, e));
  const auto captures = std::get<0>(*filter.extract(us, e));
  EXPECT_EQ(captures[1], "12");
  EXPECT_EQ(captures[2], "apples");
  EXPECT_FALSE(takes(filter, message_json(1, "apples")));
}

TEST(TextFilters, ABrokenRegularExpressionIsNamed) {
  try {
    Pattern broken("(");
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("\"(\""), std::string::npos);
  }
}

TEST(ChatFilters, EachTakesItsKindOfChat) {
  const std::string priv = message_json(1, "x");
  const std::string group = message_json(1, "x", {.user = 7, .chat = -5, .chat_type = "group"});
  const std::string super = message_json(1, "x", in_the_group);
  const std::string channel = message_json(1, "x", {.user = 7, .chat = -7, .chat_type = "channel"});
  EXPECT_TRUE(takes(in_private, priv));
  EXPECT_FALSE(takes(in_private, group));
  EXPECT_TRUE(takes(in_group, group));
  EXPECT_TRUE(takes(in_group, super));
  EXPECT_FALSE(takes(in_group, channel));
  EXPECT_TRUE(takes(in_channel, channel));
  EXPECT_FALSE(takes(in_channel, priv));
}

struct MediaCase {
  Media media;
  std::string_view members;
};

TEST(MediaFilters, EachTakesItsMedium) {
  const std::string file = R"("file_id":"a","file_unique_id":"b")";
  const std::vector<std::pair<Media, std::string>> cases = {
      {Media::photo, R"("photo":[{)" + file + R"(,"width":1,"height":1}])"},
      {Media::video, R"("video":{)" + file + R"(,"width":1,"height":1,"duration":1})"},
      {Media::document, R"("document":{)" + file + "}"},
      {Media::audio, R"("audio":{)" + file + R"(,"duration":1})"},
      {Media::voice, R"("voice":{)" + file + R"(,"duration":1})"},
      {Media::animation,
       R"("animation":{)" + file + R"(,"width":1,"height":1,"duration":1},"document":{)" + file + "}"},
      {Media::sticker, R"("sticker":{)" + file + R"(,"type":"regular","width":1,"height":1})"},
      {Media::video_note, R"("video_note":{)" + file + R"(,"length":1,"duration":1})"},
  };
  for (const auto& [medium, members] : cases) {
    for (const auto& [other, ignored] : cases)
      EXPECT_EQ(takes(Has(other), message_with(1, members)), other == medium) << members;
    EXPECT_TRUE(takes(has_media, message_with(1, members)));
  }
  EXPECT_TRUE(takes(has_location, message_with(1, R"("location":{"latitude":1,"longitude":2})")));
  EXPECT_TRUE(takes(has_contact, message_with(1, R"("contact":{"phone_number":"1","first_name":"A"})")));
  EXPECT_FALSE(takes(has_media, message_json(1, "x")));
}

TEST(FromUser, AsksForTheLeastRole) {
  Matching roles = us;
  roles.roles = [](std::int64_t user) { return user == 7 ? Role::admin : user == 8 ? Role::viewer : Role::none; };
  EXPECT_TRUE(takes(from_user(Role::admin), message_json(1, "x", {.user = 7, .chat = 7}), roles));
  EXPECT_FALSE(takes(from_user(Role::admin), message_json(1, "x", {.user = 8, .chat = 8}), roles));
  EXPECT_TRUE(takes(from_user(Role::viewer), message_json(1, "x", {.user = 8, .chat = 8}), roles));
  EXPECT_FALSE(takes(from_user(Role::viewer), message_json(1, "x", {.user = 9, .chat = 9}), roles));
}

TEST(Combinators, AndHandsOverTheValuesOfBothInOrder) {
  const auto filter = command<"go", int> && in_private && text;
  using Values = decltype(filter)::Values;
  static_assert(std::same_as<Values, std::tuple<int, std::string>>);
  const Event e = event(message_json(1, "/go 5"));
  ASSERT_TRUE(filter.accepts(us, e));
  EXPECT_EQ(*filter.extract(us, e), Values(5, "/go 5"));
}

TEST(Combinators, OrTakesTheSideThatAccepts) {
  const auto filter = command<"go", int> || command<"walk", int>;
  const Event e = event(message_json(1, "/walk 5"));
  ASSERT_TRUE(filter.accepts(us, e));
  EXPECT_EQ(std::get<0>(*filter.extract(us, e)), 5);
  EXPECT_FALSE(takes(filter, message_json(1, "/run 5")));
}

TEST(Combinators, NotTurnsAround) {
  EXPECT_TRUE(takes(!in_private, message_json(1, "x", in_the_group)));
  EXPECT_FALSE(takes(!in_private, message_json(1, "x")));
}

TEST(EventLookUp, APressBelongsToWhoPressesAndWhereTheButtonIs) {
  const Event e = event(press_json(9, "d", {.user = 3, .chat = -100, .chat_type = "supergroup"}));
  EXPECT_EQ(e.user_id(), 3);
  EXPECT_EQ(e.chat_id(), -100);
  EXPECT_EQ(e.pressed_message_id(), 50);
  EXPECT_EQ(e.message(), nullptr);
}

TEST(EventLookUp, AnInaccessibleMessageStillTellsChatAndNumber) {
  const Event e = event(
      R"({"update_id":1,"callback_query":{"id":"q","from":{"id":3,"is_bot":false,"first_name":"A"},"chat_instance":"c",)"
      R"("data":"x","message":{"message_id":44,"date":0,"chat":{"id":-5,"type":"group"}}}})");
  EXPECT_EQ(e.pressed_message(), nullptr);
  EXPECT_EQ(e.pressed_message_id(), 44);
  EXPECT_EQ(e.chat_id(), -5);
}

TEST(EventLookUp, OtherKindsTellUserAndChatWhereTheyHaveThem) {
  const Event inline_query = event(
      R"({"update_id":1,"inline_query":{"id":"1","from":{"id":3,"is_bot":false,"first_name":"A"},"query":"q","offset":""}})");
  EXPECT_EQ(inline_query.user_id(), 3);
  EXPECT_EQ(inline_query.chat_id(), 0);
  const Event member = event(
      R"({"update_id":1,"my_chat_member":{"chat":{"id":-5,"type":"group"},"from":{"id":3,"is_bot":false,"first_name":"A"},"date":1}})");
  EXPECT_EQ(member.user_id(), 3);
  EXPECT_EQ(member.chat_id(), -5);
  const Event unknown = event(R"({"update_id":1,"from_the_future":{"x":1}})");
  EXPECT_EQ(unknown.kind(), tgkit::telegram::UpdateKind::unknown);
  EXPECT_EQ(unknown.user_id(), 0);
}

TEST(EventLookUp, PointersStayValidWhenTheEventIsMoved) {
  Event first = event(message_json(1, "/go a rather long argument that is on the heap"));
  const Event second = std::move(first);
  EXPECT_EQ(second.command()->arguments, "a rather long argument that is on the heap");
  EXPECT_EQ(second.message()->message_id, 1);
}

}  // namespace
