#include "dmarket/json_reader.hpp"

#include "dmarket/json_writer.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

std::string decoded(std::string_view json) {
  JsonReader reader(json);
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
  JsonReader reader("[15.99,-0.5,1e5,12345678901234567890]");
  std::vector<std::string> numbers;
  for (bool first = reader.enter_array(); reader.next_item(first);) {
    std::string_view text;
    ASSERT_TRUE(reader.number(text));
    numbers.emplace_back(text);
  }
  EXPECT_EQ(numbers, (std::vector<std::string>{"15.99", "-0.5", "1e5", "12345678901234567890"}));
}

TEST(JsonReader, ConsumesNothingWhenTheKindIsAnother) {
  JsonReader reader("\"text\"");
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
  JsonReader reader("{\"a\" 1, \"b\": 2}");
  std::string_view key;
  bool first = reader.enter_object();
  EXPECT_FALSE(reader.next_key(first, key));
  EXPECT_TRUE(reader.broken());
  EXPECT_FALSE(reader.skip());
  EXPECT_FALSE(reader.at_end());
}

TEST(JsonReader, KeepsAValueWithTheNameItCameUnder) {
  JsonReader reader(R"({ "a\nb" : {"x":[1,"]}"]} , "c" : 2 })");
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

TEST(JsonWriter, WritesWhatTheReaderReads) {
  const std::string odd = "★ \"quoted\" \\ \n\x01 end";
  JsonWriter json;
  json.open('{')
      .name("a")
      .text(odd)
      .name("b")
      .open('[')
      .number(-5)
      .open('{')
      .close('}')
      .literal("1.50")
      .close(']')
      .close('}');
  const std::string text = json.take();
  EXPECT_EQ(text, "{\"a\":\"★ \\\"quoted\\\" \\\\ \\u000a\\u0001 end\",\"b\":[-5,{},1.50]}");
  JsonReader reader(text);
  std::string_view key, value;
  bool first = reader.enter_object();
  ASSERT_TRUE(reader.next_key(first, key));
  ASSERT_TRUE(reader.string(value));
  EXPECT_EQ(value, odd);
}

}  // namespace
}  // namespace dmarket
