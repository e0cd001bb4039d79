#include "sandbox/entities/links.hpp"
#include "sandbox/entities/unicode.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Unicode, texts_are_counted_in_three_ways) {
  const std::string text = "aЯ😀";
  EXPECT_EQ(text.size(), 7u);
  EXPECT_EQ(sandbox::utf8_length(text), 3u);
  EXPECT_EQ(sandbox::utf16_length(text), 4);
}

TEST(Unicode, a_piece_is_cut_by_units_and_never_inside_a_character) {
  EXPECT_EQ(sandbox::utf16_substr("a😀b", 1, 2), "😀");
  EXPECT_EQ(sandbox::utf16_substr("a😀b", 3, 1), "b");
  EXPECT_EQ(sandbox::utf16_substr("a😀b", 1, 1), "😀");
  EXPECT_EQ(sandbox::utf16_substr("abc", 1, 99), "bc");
  EXPECT_EQ(sandbox::utf16_substr("abc", 9, 1), "");
}

TEST(Unicode, only_well_formed_utf8_is_valid) {
  for (const char* good : {"", "abc", "é", "Я", "€", "😀", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(sandbox::is_valid_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF8\x88\x80\x80\x80", "a\xFFz", "\xE0\x80\x80", "\xF0\x80\x80\x80"}) {
    EXPECT_FALSE(sandbox::is_valid_utf8(bad));
  }
}

TEST(Unicode, characters_are_sorted_by_kind) {
  for (const char32_t letter : {U'a', U'Z', U'é', U'Я', U'ё', U'中', U'ね', U'ʰ'})
    EXPECT_TRUE(sandbox::is_letter(letter));
  for (const char32_t other : {U'1', U'-', U'«', U'×', U'—', U'😀', U'​', U'、'})
    EXPECT_FALSE(sandbox::is_letter(other));
  EXPECT_TRUE(sandbox::is_digit(U'7'));
  EXPECT_TRUE(sandbox::is_digit(U'٣'));
  EXPECT_TRUE(sandbox::is_word(U'²'));
  EXPECT_TRUE(sandbox::is_word(U'_'));
  EXPECT_FALSE(sandbox::is_word(0));
}

TEST(Unicode, stepping_back_finds_the_character_before) {
  EXPECT_EQ(sandbox::character_before("a😀", 5), U'😀');
  EXPECT_EQ(sandbox::character_before("a😀", 1), U'a');
  EXPECT_EQ(sandbox::character_before("a", 0), 0u);
}

TEST(Links, addresses_are_normalised) {
  const auto checked = [](std::string_view link) {
    const auto result = sandbox::check_link(link);
    return result ? *result : "! " + result.error();
  };
  EXPECT_EQ(checked("HTTPS://Example.COM"), "https://example.com/");
  EXPECT_EQ(checked("example.com?x"), "http://example.com/?x");
  EXPECT_EQ(checked("http://u:p@example.com:080/x y"), "http://u:p@example.com:80/x%20y");
  EXPECT_EQ(checked("http://[::1]/"), "http://[::1]/");
  EXPECT_EQ(checked("tg:resolve?domain=a"), "tg://resolve?domain=a");
  EXPECT_EQ(checked("TON://transfer/x"), "ton://transfer/x");
  EXPECT_EQ(checked("localhost"), "! Wrong HTTP URL");
  EXPECT_EQ(checked("http://"), "! URL host is empty");
  EXPECT_EQ(checked("ftp://a.b"), "! Unsupported URL protocol");
  EXPECT_EQ(checked("a.b:99999"), "! Wrong port number specified in the URL");
  EXPECT_EQ(checked("a.b:0"), "! Wrong port number specified in the URL");
  EXPECT_EQ(checked("a b.c"), "! Wrong URL host");
  EXPECT_EQ(checked("a%zz.b"), "! Wrong percent-encoded symbol in URL host");
  EXPECT_EQ(checked("tg://http://x"), "! Wrong tg URL");
  EXPECT_EQ(checked("tg://a.b"), "! Unallowed characters in URL host");
}

TEST(Links, people_emoji_and_dates_have_addresses_of_their_own) {
  EXPECT_EQ(sandbox::user_of_link("tg://user?id=123"), 123);
  EXPECT_EQ(sandbox::user_of_link("TG:user/?x=1&ID=5#f"), 5);
  for (const char* no :
       {"tg://user", "tg://user?id=", "tg://user?id=-1", "tg://user?id=1x", "https://t.me/x", "tg://users?id=1"}) {
    EXPECT_EQ(sandbox::user_of_link(no), std::nullopt) << no;
  }
  EXPECT_EQ(sandbox::emoji_of_link("tg://emoji?id=5"), "5");
  EXPECT_EQ(sandbox::emoji_of_link("tg://emoji?id=x"), std::nullopt);
  const auto date = sandbox::date_of_link("tg://time?unix=10&format=wd");
  ASSERT_TRUE(date);
  EXPECT_EQ(date->unix_time, 10);
  EXPECT_EQ(date->format, "wd");
  EXPECT_EQ(sandbox::normal_date_format("tDW"), "wDt");
  EXPECT_EQ(sandbox::normal_date_format("R"), "r");
  EXPECT_EQ(sandbox::normal_date_format("rt"), std::nullopt);
}

}  // namespace
