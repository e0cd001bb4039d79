#include "app/locale.hpp"

#include "app/locale_files.hpp"

#include <gtest/gtest.h>

namespace app {
namespace {

constexpr std::string_view russian_rule =
    "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2";

TEST(PluralForm, FollowsTheRuleOfEachLanguage) {
  const std::pair<std::uint64_t, std::uint64_t> russian[] = {
      {0, 2}, {1, 0}, {2, 1}, {4, 1}, {5, 2}, {11, 2}, {12, 2}, {21, 0}, {22, 1}, {111, 2}, {101, 0}, {1000000, 2}};
  for (const auto& [n, form] : russian) EXPECT_EQ(plural_form(russian_rule, n), form) << n;
  EXPECT_EQ(plural_form("n != 1", 1), 0u);
  EXPECT_EQ(plural_form("n != 1", 0), 1u);
  EXPECT_EQ(plural_form("0", 7), 0u);
  EXPECT_EQ(plural_form("(n > 1) + 1", 5), 2u);
}

TEST(PluralForm, AMalformedRuleIsTheFirstFormAndNeverACrash) {
  for (const char* rule : {"", "n ==", "(n", "n / 0", "n % 0", "x", "n ? 1", "1 2", "((((", "!"}) {
    EXPECT_EQ(plural_form(rule, 3), 0u) << rule;
  }
}

TEST(Texts, AnswerInTheLanguageAndFallBackToEnglish) {
  EXPECT_EQ(Texts::of("ru").tr("Balance"), "Баланс");
  EXPECT_EQ(Texts::of("ru-RU").tr("Balance"), "Баланс");
  EXPECT_EQ(Texts::of("en").tr("Balance"), "Balance");
  EXPECT_EQ(Texts::of("xx").tr("Balance"), "Balance");
  EXPECT_EQ(Texts::of("ru").tr("no such text"), "no such text");
}

TEST(Texts, NamesOfLanguagesAreInThoseLanguages) {
  EXPECT_EQ(Texts::of("en").name(), "English");
  EXPECT_EQ(Texts::of("ru").name(), "Русский");
}

TEST(Texts, CountsTakeTheirForm) {
  const Texts& t = Texts::of("ru");
  EXPECT_EQ(t.tr_n("{0} second", "{0} seconds", 1), "1 секунда");
  EXPECT_EQ(t.tr_n("{0} second", "{0} seconds", 3), "3 секунды");
  EXPECT_EQ(t.tr_n("{0} second", "{0} seconds", 11), "11 секунд");
  EXPECT_EQ(Texts::of("en").tr_n("{0} second", "{0} seconds", 1), "1 second");
}

TEST(Texts, BracesThatAreNoPlaceholdersStay) {
  EXPECT_EQ(Texts::of("en").tr("{x} {0} {9} {", 5), "{x} 5 {9} {");
  EXPECT_EQ(Texts::of("en").tr("{0}", std::string("{0}{1}")), "{0}{1}");
}

TEST(Catalogue, GarbageIsRefused) {
  EXPECT_THROW(Catalogue(""), std::runtime_error);
  EXPECT_THROW(Catalogue("this is no catalogue at all, whatever it says"), std::runtime_error);
  const auto mo = locale_files()[0].mo;
  for (std::size_t cut = 4; cut < mo.size(); cut += 37) {
    try {
      Catalogue catalogue(mo.substr(0, cut));
    } catch (const std::runtime_error&) {
    }
  }
}

}  // namespace
}  // namespace app
