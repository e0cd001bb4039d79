// What Telegram deploys before it documents, and what its server writes differently from its documentation.
#include "tgkit/telegram/types.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tgkit::telegram {
namespace {

Message message(const std::string& members, ReadNotes* notes = nullptr) {
  return from_json<Message>(
      "{\"message_id\":7,\"date\":1790000000,\"chat\":{\"id\":-1001234567890,\"type\":\"supergroup\"}," + members + "}",
      notes);
}

TEST(DecodeTolerance, AMissingRequiredFieldKeepsItsDefault) {
  ReadNotes notes;
  const Message read = from_json<Message>("{\"text\":\"only this\"}", &notes);
  EXPECT_EQ(read.text, "only this");
  EXPECT_EQ(read.message_id, 0);
  EXPECT_EQ(read.chat.id, 0);
  EXPECT_EQ(notes.skipped, 0u);
}

TEST(DecodeTolerance, ARequiredObjectThatRefersBackToItsUnionIsThereEvenWhenMissing) {
  const RichTextBold bold = from_json<RichTextBold>("{\"type\":\"bold\"}");
  ASSERT_TRUE(bold.text);
}

TEST(DecodeTolerance, AnUnknownEnumeratedValueIsKeptAsText) {
  EXPECT_EQ(from_json<Chat>("{\"id\":1,\"type\":\"metaverse\"}").type, "metaverse");
}

TEST(DecodeTolerance, AnUnknownMemberOfAUnionKeepsItsRawText) {
  ReadNotes notes;
  const std::string raw = "{ \"type\":\"from_the_future\",\"depth\":[1,{\"a\":null}] }";
  const Message read = message("\"forward_origin\":" + raw + ",\"text\":\"after it\"", &notes);
  ASSERT_TRUE(read.forward_origin);
  const Unknown* unknown = read.forward_origin->get_if<Unknown>();
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->json, raw);
  EXPECT_EQ(read.forward_origin->type(), "from_the_future");
  EXPECT_EQ(read.text, "after it");
  EXPECT_EQ(notes.unknown, 1u);
  EXPECT_EQ(notes.first_unknown, "MessageOrigin");
  EXPECT_NE(to_json(read).find(raw), std::string::npos);
}

TEST(DecodeTolerance, AUnionIsToldByItsDiscriminatorWhereverThatStands) {
  const auto member =
      from_json<ChatMember>("{\"user\":{\"id\":5,\"type\":\"x\"},\"until_date\":9,\"status\":\"kicked\"}");
  ASSERT_TRUE(member.get_if<ChatMemberBanned>());
  EXPECT_EQ(member.get_if<ChatMemberBanned>()->user.id, 5);
  EXPECT_EQ(member.type(), "kicked");
}

TEST(DecodeTolerance, UndocumentedNamesAreCountedAndDoNotHurt) {
  ReadNotes notes;
  const Message read = message("\"new_chat_participant\":{\"id\":1},\"voice_chat_started\":{},\"text\":\"x\"", &notes);
  EXPECT_EQ(read.text, "x");
  EXPECT_EQ(notes.unknown, 2u);
  EXPECT_EQ(notes.first_unknown, "Message.new_chat_participant");
}

TEST(DecodeTolerance, AnUnknownKindOfUpdateIsKeptWithItsName) {
  const std::string json = "{\"update_id\":12,\"custom_event\":{\"a\":[1,2,3]}}";
  const Update update = from_json<Update>(json);
  EXPECT_EQ(update.kind(), UpdateKind::unknown);
  EXPECT_EQ(update.update_id, 12);
  EXPECT_EQ(update.unknown.name, "custom_event");
  EXPECT_EQ(update.unknown.json, "{\"a\":[1,2,3]}");
  EXPECT_EQ(to_json(update), json);
}

TEST(DecodeTolerance, IdsHave64Bits) {
  const Message read = message("\"migrate_to_chat_id\":-4503599627370496,\"migrate_from_chat_id\":9223372036854775807");
  EXPECT_EQ(read.chat.id, -1001234567890);
  EXPECT_EQ(read.migrate_to_chat_id, -4503599627370496);
  EXPECT_EQ(read.migrate_from_chat_id, 9223372036854775807);
}

TEST(DecodeTolerance, AWholeNumberServesAsFloatAndAFloatWithoutFractionAsInteger) {
  const auto location =
      from_json<Location>("{\"latitude\":55,\"longitude\":-37.25,\"live_period\":6.0e1,\"heading\":90.0}");
  EXPECT_EQ(location.latitude, 55.0);
  EXPECT_EQ(location.longitude, -37.25);
  EXPECT_EQ(location.live_period, 60);
  EXPECT_EQ(location.heading, 90);
}

TEST(DecodeTolerance, AFractionWhereAnIntegerIsDueIsSkippedAndCounted) {
  ReadNotes notes;
  EXPECT_EQ(from_json<Location>("{\"latitude\":1,\"longitude\":2,\"heading\":90.5}", &notes).heading, std::nullopt);
  EXPECT_EQ(notes.skipped, 1u);
  EXPECT_EQ(notes.first_skipped, "Location.heading");
}

TEST(DecodeTolerance, ANumberWrittenAsAStringIsANumber) {
  const auto chat = from_json<Chat>("{\"id\":\"-1001234567890\",\"type\":\"group\"}");
  EXPECT_EQ(chat.id, -1001234567890);
  EXPECT_EQ(from_json<Location>("{\"latitude\":\"55.5\"}").latitude, 55.5);
}

TEST(DecodeTolerance, AStringWrittenAsANumberIsAString) {
  const auto query = from_json<CallbackQuery>("{\"id\":438212345678901234567890,\"data\":17}");
  EXPECT_EQ(query.id, "438212345678901234567890");
  EXPECT_EQ(query.data, "17");
}

TEST(DecodeTolerance, ANumberBeyond64BitsIsSkippedAndCounted) {
  ReadNotes notes;
  EXPECT_EQ(from_json<Chat>("{\"id\":99999999999999999999,\"type\":\"group\"}", &notes).type, "group");
  EXPECT_EQ(notes.first_skipped, "Chat.id");
}

TEST(DecodeTolerance, AnInaccessibleMessageIsToldByItsDateZero) {
  const auto gone = from_json<MaybeInaccessibleMessage>("{\"chat\":{\"id\":5},\"message_id\":3,\"date\":0}");
  ASSERT_TRUE(gone.get_if<InaccessibleMessage>());
  EXPECT_EQ(gone.get_if<InaccessibleMessage>()->chat.id, 5);
  const auto there = from_json<MaybeInaccessibleMessage>("{\"chat\":{\"id\":5},\"message_id\":3,\"date\":1790000000}");
  EXPECT_TRUE(there.get_if<Message>());
  const auto undated = from_json<MaybeInaccessibleMessage>("{\"chat\":{\"id\":5},\"message_id\":3}");
  EXPECT_TRUE(undated.get_if<Message>());
}

TEST(DecodeTolerance, BytesThatAreNoUtf8AreKept) {
  const std::string bytes = "buy:\xff\xc0\x80\xd0";
  const auto query =
      from_json<CallbackQuery>("{\"id\":\"1\",\"from\":{\"id\":2},\"data\":\"" + bytes + "\",\"chat_instance\":\"9\"}");
  EXPECT_EQ(query.data, bytes);
  EXPECT_EQ(query.chat_instance, "9");
  EXPECT_EQ(from_json<CallbackQuery>(to_json(query)).data, bytes);
}

TEST(DecodeTolerance, NullMeansAbsent) {
  ReadNotes notes;
  const Message read = message(
      "\"from\":null,\"text\":null,\"entities\":null,\"edit_date\":null,\"sticker\":null,\"poll\":null", &notes);
  EXPECT_FALSE(read.from);
  EXPECT_FALSE(read.text);
  EXPECT_TRUE(read.entities.empty());
  EXPECT_EQ(notes.skipped, 0u);
}

TEST(DecodeTolerance, AWrongTypeCostsItsFieldAndNothingElse) {
  ReadNotes notes;
  const Message read = message(
      "\"from\":[1],\"entities\":{\"type\":\"bold\"},\"edit_date\":\"soon\",\"photo\":[1,{\"file_id\":\"p\"},\"x\"],"
      "\"has_protected_content\":\"yes\",\"text\":{\"a\":1},\"caption\":\"kept\"",
      &notes);
  EXPECT_FALSE(read.from);
  EXPECT_FALSE(read.text);
  ASSERT_EQ(read.photo.size(), 1u);
  EXPECT_EQ(read.photo[0].file_id, "p");
  EXPECT_EQ(read.caption, "kept");
  EXPECT_EQ(notes.skipped, 7u);
  EXPECT_EQ(notes.first_skipped, "Message.from");
}

TEST(DecodeTolerance, OfTwoEqualNamesTheLastCounts) {
  const Message read =
      message("\"text\":\"first\",\"entities\":[{\"type\":\"bold\"}],\"text\":\"second\",\"entities\":[]");
  EXPECT_EQ(read.text, "second");
  EXPECT_TRUE(read.entities.empty());
}

TEST(DecodeTolerance, NamesMayBeEscaped) {
  EXPECT_EQ(from_json<User>("{\"first\\u005fname\":\"A\",\"\\u0069d\":4}").id, 4);
}

TEST(DecodeTolerance, NestingIsLimitedAndWhatIsDeeperIsSkipped) {
  std::string text = "\"deep\"";
  for (int i = 0; i != 5000; ++i) text = "{\"type\":\"bold\",\"text\":" + text + "}";
  ReadNotes notes;
  const auto rich = from_json<RichText>(text, &notes);
  EXPECT_TRUE(rich.get_if<RichTextBold>());
  EXPECT_EQ(notes.skipped, 1u);

  std::string list = "\"deep\"";
  for (int i = 0; i != 5000; ++i) list = "[" + list + "]";
  EXPECT_TRUE(from_json<RichText>(list, &notes).get_if<std::vector<RichText>>());

  std::string unknown(100000, '[');
  unknown += std::string(100000, ']');
  EXPECT_EQ(message("\"of_tomorrow\":" + unknown + ",\"text\":\"x\"").text, "x");
}

TEST(DecodeTolerance, ALoneSurrogateBecomesTheReplacementCharacter) {
  EXPECT_EQ(message("\"text\":\"a\\ud83db\\ude00c\\ud83d\\ud83d\\ude00\"").text,
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd"
            "c\xef\xbf\xbd\xf0\x9f\x98\x80");
}

TEST(DecodeTolerance, EscapesOfEveryKindAreDecoded) {
  EXPECT_EQ(message("\"text\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0426\\u20ac\\ud83d\\ude00\\u0000|\"").text,
            std::string("\"\\/\b\f\n\r\t\xd0\xa6\xe2\x82\xac\xf0\x9f\x98\x80\0|", 19));
}

TEST(DecodeTolerance, WhatIsNoObjectIsRefused) {
  for (const char* text : {"", " ", "[]", "null", "7", "\"text\"", "true", "{", "{\"message_id\":1", "{\"message_id\"}",
                           "{\"message_id\":}", "{message_id:1}", "{\"message_id\":1,}", "{}x", "{\"text\":\"\\x\"}",
                           "{\"text\":\"\\u12\"}", "{\"photo\":[1 2]}", "{\"chat\":{\"id\":1]}", "<html>"}) {
    EXPECT_THROW(from_json<Message>(text), ParseError) << text;
  }
}

TEST(DecodeTolerance, WhatIsReadIsCopiedOutOfTheText) {
  std::string text = "{\"message_id\":1,\"text\":\"a text longer than what a string holds inside itself\"}";
  const Message read = from_json<Message>(text);
  std::fill(text.begin(), text.end(), '#');
  EXPECT_EQ(read.text, "a text longer than what a string holds inside itself");
}

TEST(DecodeTolerance, ResultsThatAreNoObjectsAreRead) {
  EXPECT_TRUE(boolean_from_json(" true "));
  EXPECT_EQ(integer_from_json("-42"), -42);
  EXPECT_EQ(string_from_json("\"https://t.me/+x\""), "https://t.me/+x");
  EXPECT_THROW(boolean_from_json("{}"), ParseError);
  EXPECT_THROW(integer_from_json("true"), ParseError);
  ReadNotes notes;
  EXPECT_EQ(array_from_json<Message>("[{\"message_id\":1},7,{\"message_id\":2}]", &notes).size(), 2u);
  EXPECT_EQ(notes.skipped, 1u);
}

}  // namespace
}  // namespace tgkit::telegram
