#include "app/shared_names.hpp"

#include <gtest/gtest.h>

namespace app {
namespace {

using tgkit::ops::Level;

TEST(SharedNames, TheFirstLanguageOfGettextsListThatWeSpeakCounts) {
  EXPECT_EQ(language_in("en"), "en");
  EXPECT_EQ(language_in("en_US:en"), "en");
  EXPECT_EQ(language_in("de_DE.UTF-8:ru_RU.UTF-8:en"), "ru");
  EXPECT_EQ(language_in("sr@latin::RU"), "ru");
  for (const char* none : {"", ":", "de_DE:de", "C", "POSIX", "english", "rus"})
    EXPECT_EQ(language_in(none), std::nullopt) << none;
}

TEST(SharedNames, LevelsAreKnownInAnyCaseAndByTheirOtherNames) {
  EXPECT_EQ(level_in("INFO"), Level::info);
  EXPECT_EQ(level_in("Warning"), Level::warn);
  EXPECT_EQ(level_in("critical"), Level::error);
  EXPECT_FALSE(level_in("loud"));
  EXPECT_FALSE(level_in(""));
  EXPECT_EQ(word_of(Level::warn), "warn");
}

TEST(SharedNames, AProxyWithoutASchemeIsAnHttpProxy) {
  EXPECT_EQ(proxy_address_in("proxy:3128"), "http://proxy:3128");
  EXPECT_EQ(proxy_address_in("socks5://proxy"), "socks5://proxy");
}

}  // namespace
}  // namespace app
