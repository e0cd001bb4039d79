#include "tgkit/json/reader.hpp"

#include <gtest/gtest.h>

namespace tgkit::json {
namespace {

std::string decoded(std::string_view json) {
  Reader reader(json);
  std::string_view text;
  return reader.string(text) && reader.at_end() ? std::string(text) : "(none)";
}

TEST(JsonReader, DecodesEveryEscape) {
  EXPECT_EQ(decoded(R"("plain")"), "plain");
  EXPECT_EQ(decoded(R"("a\"b\\c\/d\b\f\n\r\t")"), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(decoded(R"("\u2605 \u00e9 \u0041 \ud83d\ude00")"), "★ é A 😀");
  EXPECT_EQ(decoded(R"("\ud83d")"), "\xef\xbf\xbd");  // half a pair
  EXPECT_EQ(decoded("\"\xff\x01\""), "\xff\x01");     // neither UTF-8 nor allowed: kept
  for (const char* broken : {R"(")", R"("a)", R"("\)", R"("\x")", R"("\u12g4")", R"("\u12)", R"("\")"}) {
    EXPECT_EQ(decoded(broken), "(none)") << broken;
  }
}

TEST(JsonReader, HandsNumbersOutAsTheyAreWritten) {
  Reader reader("[15.99,-0.5,1e5,12345678901234567890]");
  std::vector<std::string> numbers;
  for (bool first = reader.enter_array(); reader.next_item(first);) {
    std::string_view text;
    ASSERT_TRUE(reader.number(text));
    numbers.emplace_back(text);
  }
  EXPECT_EQ(numbers, (std::vector<std::string>{"15.99", "-0.5", "1e5", "12345678901234567890"}));
}

TEST(JsonReader, ConsumesNothingWhenTheKindIsAnother) {
  Reader reader("\"text\"");
  std::string_view text;
  bool flag = false;
  EXPECT_FALSE(reader.number(text));
  EXPECT_FALSE(reader.boolean(flag));
  EXPECT_FALSE(reader.null());
  EXPECT_FALSE(reader.enter_object());
  EXPECT_TRUE(reader.string(text));
  EXPECT_TRUE(reader.at_end());
}

TEST(JsonReader, StaysBrokenOnceItIs) {
  Reader reader("{\"a\" 1, \"b\": 2}");
  std::string_view key;
  bool first = reader.enter_object();
  EXPECT_FALSE(reader.next_key(first, key));
  EXPECT_TRUE(reader.broken());
  EXPECT_FALSE(reader.skip());
  EXPECT_FALSE(reader.at_end());
}

TEST(JsonReader, KeepsAValueWithTheNameItCameUnder) {
  Reader reader(R"({ "a\nb" : {"x":[1,"]}"]} , "c" : 2 })");
  std::string_view key, raw;
  bool first = reader.enter_object();
  ASSERT_TRUE(reader.next_key(first, key));
  EXPECT_EQ(key, "a\nb");
  EXPECT_EQ(reader.raw_key(), "a\\nb");
  ASSERT_TRUE(reader.raw(raw));
  EXPECT_EQ(raw, R"({"x":[1,"]}"]})");
  ASSERT_TRUE(reader.next_key(first, key));
  EXPECT_EQ(key, "c");
}

}  // namespace
// It looks at 64 bytes at a time: so everything that matters stands once at every place of a block, and across two.
TEST(JsonReader, PassesOverAValueWhereverItsBracketsAndEscapesFall) {
  const std::string_view tails[] = {R"("a":1})",    R"("a":"}]"})",    R"("a":["\"]"]})",
                                    R"("a":"\\"})", R"("a":"\\\"}"})", R"("a":{"b":[[],{}]},"c":"[{"})"};
  for (const std::string_view tail : tails) {
    for (std::size_t shift = 0; shift != 140; ++shift) {
      const std::string value = "{\"p\":\"" + std::string(shift, 'x') + "\"," + std::string(tail);
      const std::string text = "[" + value + ",7]";
      Reader reader(text);
      bool first = true;
      std::string_view raw;
      std::int64_t next = 0;
      ASSERT_TRUE(reader.enter_array() && reader.next_item(first) && reader.raw(raw)) << text;
      ASSERT_EQ(raw, value);
      ASSERT_TRUE(reader.next_item(first) && reader.integer(next) && next == 7) << text;
    }
  }
}

TEST(JsonReader, PassesOverEscapesThatStandTogether) {
  for (std::size_t count = 0; count != 140; ++count) {
    const std::string value = "[\"" + std::string(2 * count, '\\') + "\",\"]\"]";
    const std::string text = value + "]";
    Reader reader(text);
    std::string_view raw;
    ASSERT_TRUE(reader.raw(raw)) << count;
    ASSERT_EQ(raw, value);
  }
}

TEST(JsonReader, DoesNotPassOverWhatNeverEnds) {
  const std::string long_text(100, 'x');
  for (const std::string& text :
       {"{\"a\":\"" + long_text, "[\"" + long_text + "\\\"]", "[" + long_text, "{\"a\":[" + long_text + "}"}) {
    Reader reader(text);
    std::string_view raw;
    EXPECT_FALSE(reader.raw(raw)) << text;
    EXPECT_FALSE(reader.at_end());
  }
}

}  // namespace tgkit::json
