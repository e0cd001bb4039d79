#include "sandbox/entities/format.hpp"
#include "sandbox/entities/nesting.hpp"
#include "tests/sandbox/entities_text.hpp"

#include <gtest/gtest.h>

namespace {

using sandbox::EmptyText;
using sandbox::Entity;
using sandbox::format_text;
using tests::shown;

Entity over(std::string type, std::int64_t offset, std::int64_t length) {
  Entity entity;
  entity.type = std::move(type);
  entity.offset = offset;
  entity.length = length;
  return entity;
}

std::string explicitly(std::string_view text, std::vector<Entity> entities) {
  return shown(format_text(text, "", std::move(entities)));
}

TEST(FormatText, parse_mode_is_any_case_and_unknown_ones_are_refused) {
  for (const char* mode : {"HTML", "html", "Html"}) EXPECT_EQ(shown(format_text("<b>a</b>", mode)), "a | bold 0+1");
  EXPECT_EQ(shown(format_text("*a*", "markdownV2")), "a | bold 0+1");
  EXPECT_EQ(shown(format_text("*a*", "Markdown")), "a | bold 0+1");
  EXPECT_EQ(shown(format_text("*a*", "markdown2")), "! unsupported parse_mode");
}

TEST(FormatText, markup_errors_carry_the_prefix) {
  EXPECT_EQ(shown(format_text("a.b", "MarkdownV2")),
            "! can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'");
  EXPECT_EQ(shown(format_text("<x>", "HTML")), "! can't parse entities: Unsupported start tag \"x\" at byte offset 0");
}

TEST(FormatText, parse_mode_makes_explicit_entities_void) {
  EXPECT_EQ(shown(format_text("<i>ab</i>", "HTML", {over("bold", 0, 2)})), "ab | italic 0+2");
}

TEST(FormatText, blanks_around_go_and_offsets_follow) {
  EXPECT_EQ(explicitly("  \n hi there \n", {over("bold", 4, 2)}), "hi there | bold 0+2");
  EXPECT_EQ(explicitly("  x", {over("bold", 1, 2)}), " x | bold 0+2");
  EXPECT_EQ(explicitly("ab  ", {over("bold", 0, 4)}), "ab | bold 0+2");
  EXPECT_EQ(explicitly("ab  ", {over("bold", 2, 2)}), "ab");
  EXPECT_EQ(shown(format_text("<b>a</b>\n<i>\n</i>", "HTML")), "a | bold 0+1");
}

TEST(FormatText, control_characters_go_and_offsets_follow) {
  EXPECT_EQ(explicitly("a\r\nb", {over("bold", 3, 1)}), "a\nb | bold 2+1");
  EXPECT_EQ(explicitly("a\tb", {over("bold", 2, 1)}), "a b | bold 2+1");
  EXPECT_EQ(explicitly("a\u202Eb\u2028c", {over("bold", 4, 1)}), "abc | bold 2+1");
  EXPECT_EQ(explicitly("a\rb", {over("bold", 1, 1)}), "ab");
}

TEST(FormatText, nothing_but_blanks_is_refused_for_messages_only) {
  EXPECT_EQ(shown(format_text(" \n ")), "! text must be non-empty");
  EXPECT_EQ(shown(format_text("<b></b>", "HTML")), "! text must be non-empty");
  EXPECT_EQ(shown(format_text(" \n ", "", {}, EmptyText::allowed)), "");
}

TEST(FormatText, broken_utf8_is_refused) {
  EXPECT_EQ(shown(format_text("a\xFF")), "! text must be encoded in UTF-8");
  EXPECT_EQ(shown(format_text("\xED\xA0\x80")), "! text must be encoded in UTF-8");
  EXPECT_EQ(shown(format_text("\xC0\x80")), "! text must be encoded in UTF-8");
}

TEST(FormatText, explicit_entities_of_found_or_unknown_kinds_are_dropped) {
  EXPECT_EQ(explicitly("hello you", {over("mention", 0, 5), over("sparkle", 0, 5), over("bold", 6, 3)}),
            "hello you | bold 6+3");
  EXPECT_EQ(explicitly("x", {over("custom_emoji", 0, 1), over("text_mention", 0, 1), over("date_time", 0, 1)}), "x");
  EXPECT_EQ(explicitly("x", {over("bold", 0, 0)}), "x");
}

TEST(FormatText, explicit_entities_out_of_the_text_are_refused) {
  EXPECT_EQ(explicitly("abc", {over("bold", -1, 2)}), "! receive an entity with incorrect offset -1");
  EXPECT_EQ(explicitly("abc", {over("bold", 0, -2)}), "! receive an entity with incorrect length -2");
  EXPECT_EQ(explicitly("abc", {over("bold", 1, 5)}),
            "! entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 6");
  EXPECT_EQ(explicitly("abc", {over("bold", 9, 1)}), "! entity begins after the end of the text at UTF-16 offset 9");
  EXPECT_EQ(explicitly("😀a", {over("bold", 1, 1)}), "! entity begins in a middle of a UTF-16 symbol at byte offset 4");
  EXPECT_EQ(explicitly("a😀", {over("bold", 0, 2)}),
            "! entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5");
}

TEST(FormatText, explicit_links_are_checked) {
  Entity link = over("text_link", 0, 1);
  link.url = "dmarket.com";
  EXPECT_EQ(explicitly("x", {link}), "x | text_link 0+1 http://dmarket.com/");
  link.url = "tg://user?id=8";
  EXPECT_EQ(explicitly("x", {link}), "x | text_mention 0+1 user 8");
  link.url = "nonsense";
  EXPECT_EQ(explicitly("x", {link}), "! entity URL 'nonsense' is invalid: Wrong HTTP URL");
}

TEST(FormatText, found_entities_stay_out_of_code_and_links) {
  EXPECT_EQ(shown(format_text("<code>/a @durov</code> /b", "HTML")), "/a @durov /b | code 0+9, bot_command 10+2");
  EXPECT_EQ(shown(format_text("<pre>a.com</pre> b.com", "HTML")), "a.com b.com | pre 0+5, url 6+5");
  EXPECT_EQ(shown(format_text("<a href=\"x.org\">@durov</a>", "HTML")), "@durov | text_link 0+6 http://x.org/");
  EXPECT_EQ(shown(format_text("<b>see /help</b>", "HTML")), "see /help | bold 0+4, bot_command 4+5, bold 4+5");
  EXPECT_EQ(shown(format_text("<blockquote>@durov</blockquote>", "HTML")), "@durov | blockquote 0+6, mention 0+6");
}

TEST(FormatText, styles_are_cut_where_they_cross_and_merged_where_they_touch) {
  EXPECT_EQ(explicitly("abcdef", {over("bold", 0, 4), over("italic", 2, 4)}),
            "abcdef | bold 0+2, italic 2+4, bold 2+2");
  EXPECT_EQ(explicitly("abcdef", {over("bold", 0, 3), over("bold", 3, 3)}), "abcdef | bold 0+6");
  EXPECT_EQ(explicitly("abcdef", {over("bold", 0, 4), over("bold", 2, 4)}), "abcdef | bold 0+6");
  EXPECT_EQ(explicitly("abcdef", {over("bold", 0, 6), over("code", 2, 2)}), "abcdef | bold 0+2, code 2+2, bold 4+2");
}

TEST(FormatText, code_and_pre_hold_nothing_and_lie_only_in_quotes) {
  EXPECT_EQ(shown(format_text("<b><code>x</code></b>", "HTML")), "x | code 0+1");
  EXPECT_EQ(shown(format_text("<a href=\"x.org\"><code>x</code></a>", "HTML")), "x | code 0+1");
  EXPECT_EQ(shown(format_text("<blockquote>q<code>x</code></blockquote>", "HTML")), "qx | blockquote 0+2, code 1+1");
  EXPECT_EQ(shown(format_text("<blockquote>q<blockquote>x</blockquote></blockquote>", "HTML")), "qx | blockquote 0+2");
}

TEST(FormatText, what_crosses_the_edge_of_a_quote_is_dropped) {
  EXPECT_EQ(explicitly("abcdef", {over("blockquote", 0, 3), over("code", 2, 3)}), "abcdef | blockquote 0+3");
}

TEST(FormatText, entities_beyond_a_hundred_are_forgotten) {
  std::string markup;
  for (int i = 0; i < 150; ++i) markup += "<b>x</b> ";
  const auto formatted = format_text(markup, "HTML");
  ASSERT_TRUE(formatted);
  EXPECT_EQ(formatted->entities.size(), 100u);
  EXPECT_EQ(formatted->entities.back().offset, 198);
}

}  // namespace
