#include "tgkit/telegram/entities.hpp"

#include "tgkit/telegram/types/user.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit::telegram;
using namespace tgkit::telegram::format;

// A Cyrillic letter is one unit of UTF-16 and two bytes, an emoji two units and four bytes.
constexpr const char* letter = "\xD1\x88";
constexpr const char* emoji = "\xF0\x9F\x98\x80";

MessageEntity entity(std::string type, std::int64_t offset, std::int64_t length) {
  MessageEntity made;
  made.type = std::move(type);
  made.offset = offset;
  made.length = length;
  return made;
}

TEST(TextLength, CountsCodePointsAndUnits) {
  const std::string text = std::string("a") + letter + emoji;
  EXPECT_EQ(code_points(text), 3u);
  EXPECT_EQ(utf16_length(text), 4u);
  EXPECT_EQ(utf16_length(""), 0u);
}

TEST(TextLength, APartIsTakenByUnits) {
  const std::string text = std::string("a") + emoji + letter + "b";
  EXPECT_EQ(utf16_substr(text, 0, 1), "a");
  EXPECT_EQ(utf16_substr(text, 1, 2), emoji);
  EXPECT_EQ(utf16_substr(text, 3, 1), letter);
  EXPECT_EQ(utf16_substr(text, 4, 1), "b");
  EXPECT_EQ(utf16_substr(text, 0, 5), text);
}

TEST(TextLength, ARangeOutsideOfTheTextIsCut) {
  const std::string text = std::string("a") + emoji;
  EXPECT_EQ(utf16_substr(text, 0, 100), text);
  EXPECT_EQ(utf16_substr(text, 3, 1), "");
  EXPECT_EQ(utf16_substr(text, 100, 100), "");
  EXPECT_EQ(utf16_substr(text, -1, 2), "a");
  EXPECT_EQ(utf16_substr(text, -5, 3), "");
  EXPECT_EQ(utf16_substr(text, 0, -1), "");
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(utf16_substr(text, huge, huge), "");
  EXPECT_EQ(utf16_substr(text, 1, huge), emoji);
  EXPECT_EQ(utf16_substr(text, std::numeric_limits<std::int64_t>::min() + 1, huge), "");
  EXPECT_EQ(utf16_substr(text, std::numeric_limits<std::int64_t>::min(), huge), "");
}

TEST(TextLength, ARangeNeverCutsAPair) {
  const std::string text = std::string(emoji) + "b";
  EXPECT_EQ(utf16_substr(text, 0, 1), "");
  EXPECT_EQ(utf16_substr(text, 1, 2), "b");
}

TEST(TextLength, BytesThatAreNoUtf8DoNoHarm) {
  const std::string text =
      "\x80\x80"
      "a\xFF\xF0";
  EXPECT_LE(utf16_to_byte(text, 3), text.size());
  EXPECT_EQ(utf16_substr(text, 0, 1000), text);
  EXPECT_EQ(utf16_substr("\xF0", 0, 2), "\xF0");
}

TEST(Entities, OffsetsCountUtf16Units) {
  const FormattedText text = to_entities(emoji + bold(letter) + code("x"));
  EXPECT_EQ(text.text, std::string(emoji) + letter + "x");
  ASSERT_EQ(text.entities.size(), 2u);
  EXPECT_EQ(text.entities[0].type, "bold");
  EXPECT_EQ(text.entities[0].offset, 2);
  EXPECT_EQ(text.entities[0].length, 1);
  EXPECT_EQ(text.entities[1].offset, 3);
  EXPECT_EQ(entity_text(text.text, text.entities[0]), letter);
}

TEST(Entities, AnOuterEntityComesBeforeThoseInsideIt) {
  const FormattedText text = to_entities("x" + bold("a" + italic("b")));
  ASSERT_EQ(text.entities.size(), 2u);
  EXPECT_EQ(text.entities[0].type, "bold");
  EXPECT_EQ(text.entities[0].length, 2);
  EXPECT_EQ(text.entities[1].type, "italic");
  EXPECT_EQ(text.entities[1].offset, 2);
}

TEST(Entities, ArgumentsAreCarried) {
  const FormattedText text = to_entities(Text()
                                             .text_link("l", "https://e.x")
                                             .text_mention("m", 42)
                                             .custom_emoji("!", "55")
                                             .pre("p", "c")
                                             .date_time("d", 1'790'000'000, "wDT")
                                             .expandable_blockquote("q"));
  ASSERT_EQ(text.entities.size(), 6u);
  EXPECT_EQ(text.entities[0].url, "https://e.x");
  EXPECT_EQ(text.entities[1].user->id, 42);
  EXPECT_EQ(text.entities[2].custom_emoji_id, "55");
  EXPECT_EQ(text.entities[3].language, "c");
  EXPECT_EQ(text.entities[4].unix_time, 1'790'000'000);
  EXPECT_EQ(text.entities[4].date_time_format, "wDT");
  EXPECT_EQ(text.entities[5].type, "expandable_blockquote");
}

TEST(Entities, RawMarkupCannotBeSaidByEntities) { EXPECT_THROW(to_entities(raw_html("<b>x</b>")), std::logic_error); }

std::vector<std::string> texts(const std::vector<FormattedText>& pieces) {
  std::vector<std::string> out;
  for (const FormattedText& piece : pieces) out.push_back(piece.text);
  return out;
}

using Strings = std::vector<std::string>;

TEST(Split, AShortTextStaysWhole) {
  EXPECT_EQ(texts(split(Text("a\nb"), 3)), Strings{"a\nb"});
  EXPECT_TRUE(split(Text(), 3).empty());
}

TEST(Split, CutsAtTheLastLineEndThatFits) {
  EXPECT_EQ(texts(split(Text("aa\nbb\ncc dd"), 6)), (Strings{"aa\nbb", "cc dd"}));
  EXPECT_EQ(texts(split(Text("aaaaaa\nbb"), 6)), (Strings{"aaaaaa", "bb"}));
}

TEST(Split, ALineEndFarBackGivesWayToABlank) {
  EXPECT_EQ(texts(split(Text("a\nbbbb cccc dddd"), 12)), (Strings{"a\nbbbb cccc", "dddd"}));
  EXPECT_EQ(texts(split(Text("a\nbbbbbbbbbbbbbbbb"), 12)), (Strings{"a", "bbbbbbbbbbbb", "bbbb"}));
}

TEST(Split, CountsCodePointsAndCutsNoCharacter) {
  std::string many;
  for (int i = 0; i < 5; ++i) many += emoji;
  EXPECT_EQ(texts(split(Text(many), 2)), (Strings{many.substr(0, 8), many.substr(0, 8), emoji}));
}

TEST(Split, CutsOutsideOfEntitiesWhereItCan) {
  const auto pieces = split("aaa bbb" + bold("ccc ddd\neee"), 14);
  EXPECT_EQ(texts(pieces), (Strings{"aaa", "bbbccc ddd\neee"}));
  ASSERT_EQ(pieces[1].entities.size(), 1u);
  EXPECT_EQ(pieces[1].entities[0].offset, 3);
  EXPECT_EQ(pieces[1].entities[0].length, 11);
}

TEST(Split, CutsBeforeAnEntityRatherThanInsideIt) {
  EXPECT_EQ(texts(split("aaa" + code("b b b b b"), 10)), (Strings{"aaa", "b b b b b"}));
}

TEST(Split, AnEntityThatIsTooLongGoesOnInTheNextPiece) {
  const auto pieces = split(pre("line one\nline two\nline three", "c"), 12);
  EXPECT_EQ(texts(pieces), (Strings{"line one", "line two", "line three"}));
  for (const FormattedText& piece : pieces) {
    ASSERT_EQ(piece.entities.size(), 1u);
    EXPECT_EQ(piece.entities[0].language, "c");
    EXPECT_EQ(entity_text(piece.text, piece.entities[0]), piece.text);
  }
}

TEST(Split, DropsPiecesOfNothingButWhiteSpace) {
  EXPECT_EQ(texts(split(Text("aa\n\n\n\n\n\n\n\nbb"), 3)), (Strings{"aa", "bb"}));
}

TEST(Split, EntitiesOutsideOfTheTextDoNoHarm) {
  FormattedText text(std::string("aaaa bbbb"));
  text.entities.push_back(entity("bold", -3, 5));
  text.entities.push_back(entity("bold", 100, 5));
  text.entities.push_back(entity("italic", 2, 1000));
  for (const FormattedText& piece : split(text, 5)) {
    for (const MessageEntity& kept : piece.entities) {
      EXPECT_GE(kept.offset, 0);
      EXPECT_LE(kept.offset + kept.length, static_cast<std::int64_t>(utf16_length(piece.text)));
    }
  }
}

}  // namespace
