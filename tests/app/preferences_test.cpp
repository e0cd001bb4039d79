#include "app/preferences.hpp"

#include <gtest/gtest.h>

namespace app {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

TEST(Language, TheChosenOneCountsThenTelegramsThenTheDefault) {
  EXPECT_EQ(choose_language("ru", "en", "en"), "ru");
  EXPECT_EQ(choose_language("", "ru-RU", "en"), "ru");
  EXPECT_EQ(choose_language("", "de", "ru"), "ru");
  EXPECT_EQ(choose_language("", "", "en"), "en");
  EXPECT_EQ(choose_language("klingon", "en", "ru"), "en");
  EXPECT_EQ(choose_language("", "", "klingon"), "en");
}

TEST(LocalTime, FollowsTheZoneAndItsSummerTime) {
  const system_clock::time_point summer{seconds{1'784'000'000}};  // 2026-07-14 03:33:20 UTC
  const system_clock::time_point winter{seconds{1'796'000'000}};  // 2026-11-30 00:53:20 UTC
  EXPECT_EQ(local_time(summer, "UTC"), "2026-07-14 03:33 (UTC)");
  EXPECT_EQ(local_time(summer, "Europe/Berlin"), "2026-07-14 05:33 (UTC+2)");
  EXPECT_EQ(local_time(winter, "Europe/Berlin"), "2026-11-30 01:53 (UTC+1)");
  EXPECT_EQ(local_time(winter, "America/New_York"), "2026-11-29 19:53 (UTC-5)");
  EXPECT_EQ(local_time(winter, "Asia/Kolkata"), "2026-11-30 06:23 (UTC+5:30)");
}

TEST(TimeZone, UnknownNamesAreKnownToBeUnknown) {
  EXPECT_TRUE(time_zone_exists("Europe/Moscow"));
  EXPECT_FALSE(time_zone_exists("Mars/Base"));
  EXPECT_FALSE(time_zone_exists(""));
}

}  // namespace
}  // namespace app
