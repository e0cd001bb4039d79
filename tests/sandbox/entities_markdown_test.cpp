#include "sandbox/entities/markup.hpp"
#include "tests/sandbox/entities_text.hpp"

#include <gtest/gtest.h>

namespace {

using sandbox::parse_markdown;
using sandbox::parse_markdown_v2;
using tests::Case;
using tests::shown;

void check_v2(std::initializer_list<Case> cases) {
  for (const auto& [input, expected] : cases) EXPECT_EQ(shown(parse_markdown_v2(input)), expected) << input;
}

void check_legacy(std::initializer_list<Case> cases) {
  for (const auto& [input, expected] : cases) EXPECT_EQ(shown(parse_markdown(input)), expected) << input;
}

TEST(MarkdownV2, marks_become_entities) {
  check_v2({{"plain", "plain"},
            {"", ""},
            {"*bold*", "bold | bold 0+4"},
            {"_it_", "it | italic 0+2"},
            {"__under__", "under | underline 0+5"},
            {"~gone~", "gone | strikethrough 0+4"},
            {"||hid||", "hid | spoiler 0+3"},
            {"`x = 1`", "x = 1 | code 0+5"},
            {"a *b* c _d_", "a b c d | bold 2+1, italic 6+1"},
            {"**", ""},
            {"__ __", "  | underline 0+1"}});
}

TEST(MarkdownV2, entities_nest) {
  check_v2({{"*a _b ~c~ d_ e*", "a b c d e | bold 0+9, italic 2+5, strikethrough 4+1"},
            {"*a __b__*", "a b | bold 0+3, underline 2+1"},
            {"[*b*](https://a.b/)", "b | text_link 0+1 https://a.b/, bold 0+1"},
            {"___both_**__", "both | italic 0+4, underline 0+4"}});
}

TEST(MarkdownV2, three_underscores_begin_an_underline) {
  check_v2({{"___x___", "! Can't find end of Italic entity at byte offset 6"},
            {"___x_**__", "x | italic 0+1, underline 0+1"}});
}

TEST(MarkdownV2, offsets_count_utf16_units) {
  check_v2({{"Привет *мир*", "Привет мир | bold 7+3"},
            {"😀*b*😀", "😀b😀 | bold 2+1"},
            {"*😀*", "😀 | bold 0+2"},
            {"é*é*", "éé | bold 1+1"}});
}

TEST(MarkdownV2, every_ascii_character_can_be_escaped) {
  check_v2({{R"(\*a\*)", "*a*"}, {R"(1\.5 \- \!)", "1.5 - !"}, {R"(\a\b)", "ab"}, {R"(\\)", "\\"}, {"\\", "\\"}});
  for (char c = 1; c < 127; ++c) {
    const std::string markup{'\\', c};
    const auto parsed = parse_markdown_v2(markup);
    ASSERT_TRUE(parsed) << int{c};
    EXPECT_EQ(parsed->text, std::string(1, c));
  }
}

TEST(MarkdownV2, reserved_characters_must_be_escaped) {
  for (const char c : std::string("]()>#+-=|{}.!")) {
    const std::string expected =
        std::string("! Character '") + c + "' is reserved and must be escaped with the preceding '\\'";
    EXPECT_EQ(shown(parse_markdown_v2(std::string("a") + c + "b")), expected);
  }
}

TEST(MarkdownV2, code_takes_everything_but_backquotes) {
  check_v2({{"`a.b!*c*`", "a.b!*c* | code 0+7"},
            {R"(`a\`b`)", "a`b | code 0+3"},
            {R"(`a\\b`)", "a\\b | code 0+3"},
            {"```\nx.y\n```", "x.y\n | pre 0+4"},
            {"```cpp\nint x;\n```", "int x;\n | pre 0+7 in cpp"},
            {"```cpp```", "cpp | pre 0+3"},
            {"```a b```", " b | pre 0+2 in a"},
            {"```\r\nx```", "x | pre 0+1"},
            {"``````", ""}});
}

TEST(MarkdownV2, links_name_an_address_or_a_person) {
  check_v2({{"[t](https://a.b)", "t | text_link 0+1 https://a.b/"},
            {"[t](a.b/c)", "t | text_link 0+1 http://a.b/c"},
            {"[t](HTTP://A.B/C?d#e)", "t | text_link 0+1 http://a.b/C?d#e"},
            {R"([t](https://a.b/\)x))", "t | text_link 0+1 https://a.b/)x"},
            {"[t](tg://user?id=17)", "t | text_mention 0+1 user 17"},
            {"[t](tg://resolve?domain=x)", "t | text_link 0+1 tg://resolve?domain=x"},
            {"[t](nonsense)", "t"},
            {"[t]()", "t"},
            {R"([a\.b])", "a.b | text_link 0+3 http://a.b/"},
            {"[](https://a.b)", ""},
            {"[t](https://a.b", "! Can't find end of a URL at byte offset 4"}});
}

TEST(MarkdownV2, emoji_and_dates_stand_behind_an_exclamation_mark) {
  check_v2({{"![😀](tg://emoji?id=5368324170671202286)", "😀 | custom_emoji 0+2 emoji 5368324170671202286"},
            {"![now](tg://time?unix=1700000000&format=Dtw)", "now | date_time 0+3 at 1700000000 wDt"},
            {"![now](tg://time?unix=1700000000)", "now | date_time 0+3 at 1700000000 "},
            {"![now](tg://time?unix=1700000000&format=q)", "! Invalid date format used"},
            {"![x](https://a.b)", "! Invalid tg://emoji or tg://time URL specified"},
            {"![x]", "! The entity must contain a tg://emoji or tg://time URL"},
            {"![x](tg://emoji?id=0)", "! Invalid tg://emoji or tg://time URL specified"}});
}

TEST(MarkdownV2, lines_with_an_angle_are_quotes) {
  check_v2({{">q", "q | blockquote 0+1"},
            {">a\n>b\nc", "a\nb\nc | blockquote 0+4"},
            {">a\n**>b", "a\nb | blockquote 0+2, blockquote 2+1"},
            {">a\n>b||", "a\nb | expandable_blockquote 0+3"},
            {">a||\nb", "a\nb | expandable_blockquote 0+2"},
            {">||s||\nb", "s\nb | blockquote 0+2, spoiler 0+1"},
            {">*b*\n>c", "b\nc | blockquote 0+3, bold 0+1"},
            {"a\n>b", "a\nb | blockquote 2+1"},
            {">*b\nc*", "! Can't find end of Bold entity at byte offset 1"},
            {"a >b", "! Character '>' is reserved and must be escaped with the preceding '\\'"},
            {">", ""}});
}

TEST(MarkdownV2, an_open_entity_is_named_with_its_byte) {
  check_v2({{"*a", "! Can't find end of Bold entity at byte offset 0"},
            {"Привет _a", "! Can't find end of Italic entity at byte offset 13"},
            {"__a", "! Can't find end of Underline entity at byte offset 0"},
            {"~a", "! Can't find end of Strikethrough entity at byte offset 0"},
            {"||a", "! Can't find end of Spoiler entity at byte offset 0"},
            {"`a", "! Can't find end of Code entity at byte offset 0"},
            {"```a", "! Can't find end of Pre entity at byte offset 0"},
            {"```a b", "! Can't find end of PreCode entity at byte offset 0"},
            {"[a", "! Can't find end of TextUrl entity at byte offset 0"},
            {"![a", "! Can't find end of CustomEmoji entity at byte offset 0"},
            {"*a _b*", "! Can't find end of Bold entity at byte offset 5"}});
}

TEST(LegacyMarkdown, marks_become_entities) {
  check_legacy({{"a *b* _c_ `d`", "a b c d | bold 2+1, italic 4+1, code 6+1"},
                {"```\nx\n```", "x\n | pre 0+2"},
                {"```py\nx```", "x | pre 0+1 in py"},
                {"[t](https://a.b)", "t | text_link 0+1 https://a.b/"},
                {"[t](tg://user?id=5)", "t | text_mention 0+1 user 5"},
                {"[t](bad)!", "t!"},
                {"[a.b]", "a.b | text_link 0+3 http://a.b/"},
                {"😀 *b*", "😀 b | bold 3+1"},
                {"1.5 - (x) #!", "1.5 - (x) #!"}});
}

TEST(LegacyMarkdown, nothing_nests) {
  check_legacy({{"*a _b_ c*", "a _b_ c | bold 0+7"}, {"**", ""}, {"`*x*`", "*x* | code 0+3"}});
}

TEST(LegacyMarkdown, only_its_four_marks_can_be_escaped) {
  check_legacy({{R"(\*a\_b\`c\[)", "*a_b`c["}, {R"(\.\\)", R"(\.\\)"}, {"*a\\*", "a\\ | bold 0+2"}});
}

TEST(LegacyMarkdown, an_open_entity_is_named_with_its_byte) {
  check_legacy({{"ab *c", "! Can't find end of the entity starting at byte offset 3"},
                {"snake_case", "! Can't find end of the entity starting at byte offset 5"},
                {"```x``", "! Can't find end of the entity starting at byte offset 0"},
                {"[x", "! Can't find end of the entity starting at byte offset 0"}});
}

}  // namespace
