#include "tgkit/ops/log_line.hpp"

#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"
#include "tgkit/ops/utf8.hpp"

#include <limits>
#include <type_traits>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

// Secrets have no way into a log line: none of these compiles.
static_assert(!std::is_constructible_v<Field, std::string_view, net::Secret>);
static_assert(!std::is_constructible_v<Field, std::string_view, const net::Secret&>);
static_assert(!std::is_constructible_v<Field, std::string_view, net::Url>);
static_assert(!std::is_convertible_v<net::Secret, std::string_view>);
static_assert(!std::is_convertible_v<net::Secret, std::string>);
static_assert(std::is_constructible_v<Field, std::string_view, std::string>);

const WallTime time = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(10) +
                               std::chrono::microseconds(123'999));

std::string text_line(std::string_view event, const std::vector<Field>& fields = {}) {
  std::string line;
  append_text_line(line, time, Level::info, event, fields);
  return line;
}

std::string json_line(std::string_view event, const std::vector<Field>& fields = {}) {
  std::string line;
  append_json_line(line, time, Level::warn, event, fields);
  return line;
}

TEST(LogLine, TextHasTimeLevelEventAndFields) {
  EXPECT_EQ(text_line("update handled",
                      {Field("chat", -100123), Field("ms", 1.5), Field("ok", true), Field("route", "balance")}),
            "2026-11-23T10:00:00.123Z INFO  update handled chat=-100123 ms=1.5 ok=true route=balance\n");
}

struct TextCase {
  std::string_view value, shown;
};

TEST(LogLine, TextValuesAreQuotedWhereTheyCouldBeMisread) {
  const TextCase table[] = {
      {"plain", "plain"},
      {"Привет", "Привет"},
      {"", "\"\""},
      {"two words", "\"two words\""},
      {"a=b", "\"a=b\""},
      {"say \"hi\"", "\"say \\\"hi\\\"\""},
      {"back\\slash", "\"back\\\\slash\""},
      {"line\nbreak\r\t", "\"line\\nbreak\\r\\t\""},
      {std::string_view("\x1b[2Jx\0y", 7), "\"\\x1b[2Jx\\x00y\""},
      {"\xff", "\"\xef\xbf\xbd\""},
  };
  for (const auto& row : table) {
    const auto line = text_line("e", {Field("v", row.value)});
    EXPECT_EQ(line, "2026-11-23T10:00:00.123Z INFO  e v=" + std::string(row.shown) + "\n");
  }
}

TEST(LogLine, AnEventCannotBreakTheLine) { EXPECT_EQ(text_line("a\nb"), "2026-11-23T10:00:00.123Z INFO  a\\nb\n"); }

TEST(LogLine, JsonIsOneObjectWithTypedValues) {
  EXPECT_EQ(json_line("update handled", {Field("chat", std::int64_t{9007199254740993}), Field("ms", 1.5),
                                         Field("ok", false), Field("route", "a\"b")}),
            "{\"time\":\"2026-11-23T10:00:00.123Z\",\"level\":\"warn\",\"event\":\"update handled\","
            "\"chat\":9007199254740993,\"ms\":1.5,\"ok\":false,\"route\":\"a\\\"b\"}\n");
}

TEST(LogLine, JsonIsValidWhateverTheBytesAre) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (const std::string& text :
       {every_byte, std::string("\xc0\x80"), std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80"),
        std::string("\xf0\x9f\x98"), std::string("\xf0\x9f\x98\x80"), std::string("\xe2\x82")}) {
    const auto line = json_line(text, {Field("v", text), Field(text, 1)});
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    boost::system::error_code error;
    const auto value = boost::json::parse(line, error);
    ASSERT_FALSE(error) << error.message() << line;
  }
}

TEST(LogLine, InvalidBytesAreReplacedAndTheirNeighboursKept) {
  const auto line = json_line("e", {Field("v", std::string_view("a\xff\xe2\x82z\xf0\x9f\x98\x80"))});
  const auto value = boost::json::parse(line);
  EXPECT_EQ(value.at("v").as_string(), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xf0\x9f\x98\x80");
}

TEST(LogLine, NumbersThatJsonDoesNotHaveBecomeNull) {
  const auto line = json_line(
      "e", {Field("a", std::numeric_limits<double>::infinity()), Field("b", std::numeric_limits<double>::quiet_NaN())});
  const auto value = boost::json::parse(line);
  EXPECT_TRUE(value.at("a").is_null());
  EXPECT_TRUE(value.at("b").is_null());
}

TEST(Utf8, OnlyWellFormedCharactersHaveALength) {
  const std::pair<std::string_view, std::size_t> table[] = {
      {"a", 1},
      {"", 0},
      {"\x80", 0},
      {"\xc1\xbf", 0},
      {"\xc2\xa9", 2},
      {"\xc2", 0},
      {"\xe0\x9f\x80", 0},
      {"\xe0\xa0\x80", 3},
      {"\xed\x9f\xbf", 3},
      {"\xed\xa0\x80", 0},
      {"\xef\xbf\xbf", 3},
      {"\xf0\x8f\x80\x80", 0},
      {"\xf0\x90\x80\x80", 4},
      {"\xf4\x8f\xbf\xbf", 4},
      {"\xf4\x90\x80\x80", 0},
      {"\xf5\x80\x80\x80", 0},
      {"\xff", 0},
  };
  for (const auto& [text, length] : table) EXPECT_EQ(utf8_character(text), length) << testing::PrintToString(text);
}

}  // namespace
}  // namespace tgkit::ops
