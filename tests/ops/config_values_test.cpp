#include "tgkit/ops/config_values.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;

TEST(ConfigValues, IntegersAreTakenWholeAndInRangeOnly) {
  EXPECT_EQ(parse_integer("5", 1, 10), 5);
  EXPECT_EQ(parse_integer(" 10 ", 1, 10), 10);
  EXPECT_EQ(parse_integer("-3", -5, 10), -3);
  for (const auto bad : {"", "0", "11", "5x", "5.0", "0x5", "+5", "five", "99999999999999999999"}) {
    const auto answer = parse_integer(bad, 1, 10);
    ASSERT_FALSE(answer) << bad;
    EXPECT_EQ(answer.error(), "must be a whole number from 1 to 10");
  }
}

TEST(ConfigValues, BooleansHaveFourSpellingsInAnyCase) {
  for (const auto yes : {"true", "YES", "On", "1"}) EXPECT_EQ(parse_bool(yes), true) << yes;
  for (const auto no : {"false", "NO", "Off", "0"}) EXPECT_EQ(parse_bool(no), false) << no;
  for (const auto bad : {"", "2", "truee", "y"}) EXPECT_FALSE(parse_bool(bad)) << bad;
}

TEST(ConfigValues, DurationsCarryTheirUnit) {
  const auto read = [](std::string_view text) { return parse_duration(text, 0s, 24h * 365); };
  EXPECT_EQ(read("250ms"), 250ms);
  EXPECT_EQ(read("30s"), 30s);
  EXPECT_EQ(read("30"), 30s);
  EXPECT_EQ(read("5m"), 5min);
  EXPECT_EQ(read("2 h"), 2h);
  EXPECT_EQ(read("7d"), 7 * 24h);
  for (const auto bad : {"", "s", "-5s", "1.5h", "5 minutes", "366d", "9999999999999999d", "9223372036854775807d"}) {
    EXPECT_FALSE(read(bad)) << bad;
  }
  EXPECT_EQ(parse_duration("1h", 1s, 10min).error(),
            "must be a time from 1s to 10m, a whole number with ms, s, m, h or d");
}

TEST(ConfigValues, DurationsAreWrittenInTheLargestExactUnit) {
  EXPECT_EQ(to_text(Duration(0)), "0s");
  EXPECT_EQ(to_text(90s), "90s");
  EXPECT_EQ(to_text(120s), "2m");
  EXPECT_EQ(to_text(48h), "2d");
  EXPECT_EQ(to_text(1500ms), "1500ms");
  EXPECT_EQ(to_text(5ns), "5ns");
}

TEST(ConfigValues, IdsAreSeparatedByCommasOrBlanks) {
  using Ids = std::vector<std::int64_t>;
  EXPECT_EQ(parse_ids(""), Ids());
  EXPECT_EQ(parse_ids("1, 2 3,,-1001234567890"), (Ids{1, 2, 3, -1001234567890}));
  EXPECT_EQ(parse_ids("9223372036854775807"), (Ids{std::numeric_limits<std::int64_t>::max()}));
  for (const auto bad : {"@name", "1;2", "1.5", "9223372036854775808"}) EXPECT_FALSE(parse_ids(bad)) << bad;
}

TEST(ConfigValues, TimeZonesAreThoseOfTheSystem) {
  EXPECT_EQ(parse_time_zone(" Europe/Berlin "), "Europe/Berlin");
  EXPECT_EQ(parse_time_zone("UTC"), "UTC");
  for (const auto bad : {"", "Europe/Nowhere", "GMT+25", "../../etc/passwd"}) EXPECT_FALSE(parse_time_zone(bad)) << bad;
}

TEST(ConfigValues, AnErrorNeverRepeatsTheText) {
  const std::string secret = "123456:verysecret";
  for (const auto& error :
       {parse_integer(secret, 1, 2).error(), parse_bool(secret).error(), parse_duration(secret, 1s, 2s).error(),
        parse_ids(secret).error(), parse_url("http://u:" + secret + "@h/").error(), parse_time_zone(secret).error()}) {
    EXPECT_EQ(error.find("verysecret"), std::string::npos) << error;
  }
}

TEST(ConfigValues, TheNearestNameIsSuggestedAndAFarOneIsNot) {
  const std::vector<std::string> names = {"log_level", "log_format", "data_dir"};
  EXPECT_EQ(nearest("loglevel", names), "log_level");
  EXPECT_EQ(nearest("log_levle", names), "log_level");
  EXPECT_EQ(nearest("datadir", names), "data_dir");
  EXPECT_EQ(nearest("webhook_url", names), "");
}

}  // namespace
}  // namespace tgkit::ops
