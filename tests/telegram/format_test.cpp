#include "tgkit/telegram/format.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit::telegram::format;
using tgkit::telegram::Text;

constexpr const char* nasty = "a<b>&\"c\"_*[x](y)~`>#+-=|{}.!\\";

TEST(FormatHtml, PlainTextCannotBecomeMarkup) {
  EXPECT_EQ(Text("<b>1 & 2</b> \"q\"").html(), "&lt;b&gt;1 &amp; 2&lt;/b&gt; &quot;q&quot;");
}

TEST(FormatHtml, PiecesAreJoined) {
  const std::string name = "AK-47 | <Redline>";
  const Text text = bold(name) + " costs " + code("$12.50") + "\n" + 7;
  EXPECT_EQ(text.html(), "<b>AK-47 | &lt;Redline&gt;</b> costs <code>$12.50</code>\n7");
}

TEST(FormatHtml, EveryStyleHasItsTag) {
  EXPECT_EQ(italic("x").html(), "<i>x</i>");
  EXPECT_EQ(underline("x").html(), "<u>x</u>");
  EXPECT_EQ(strikethrough("x").html(), "<s>x</s>");
  EXPECT_EQ(spoiler("x").html(), "<tg-spoiler>x</tg-spoiler>");
  EXPECT_EQ(blockquote("x").html(), "<blockquote>x</blockquote>");
  EXPECT_EQ(expandable_blockquote("x").html(), "<blockquote expandable>x</blockquote>");
  EXPECT_EQ(pre("x<y").html(), "<pre>x&lt;y</pre>");
  EXPECT_EQ(pre("x", "c++").html(), "<pre><code class=\"language-c++\">x</code></pre>");
  EXPECT_EQ(text_link("x", "https://e.x/?a=\"1\"&b").html(), "<a href=\"https://e.x/?a=&quot;1&quot;&amp;b\">x</a>");
  EXPECT_EQ(text_mention("x", 42).html(), "<a href=\"tg://user?id=42\">x</a>");
  EXPECT_EQ(custom_emoji("!", "55").html(), "<tg-emoji emoji-id=\"55\">!</tg-emoji>");
  EXPECT_EQ(Text().date_time("noon", 1'790'000'000, "wDT").html(),
            "<tg-time unix=\"1790000000\" format=\"wDT\">noon</tg-time>");
}

TEST(FormatMarkdown, PlainTextCannotBecomeMarkup) {
  EXPECT_EQ(Text("_*[]()~`>#+-=|{}.!\\ a").markdown(), "\\_\\*\\[\\]\\(\\)\\~\\`\\>\\#\\+\\-\\=\\|\\{\\}\\.\\!\\\\ a");
}

TEST(FormatMarkdown, CodeAndAddressesHaveTheirOwnEscapes) {
  EXPECT_EQ(code("a`b\\c_d*").markdown(), "`a\\`b\\\\c_d*`");
  EXPECT_EQ(pre("int x;", "c").markdown(), "```c\nint x;```");
  EXPECT_EQ(pre("int x;").markdown(), "```\nint x;```");
  EXPECT_EQ(text_link("a.b", "https://e.x/(1)\\_").markdown(), "[a\\.b](https://e.x/(1\\)\\\\_)");
  EXPECT_EQ(text_mention("x", 42).markdown(), "[x](tg://user?id=42)");
  EXPECT_EQ(custom_emoji("x", "55").markdown(), "![x](tg://emoji?id=55)");
}

TEST(FormatMarkdown, UnderscoresThatMeetAreKeptApart) {
  EXPECT_EQ((italic("a") + italic("b")).markdown(), "_a_**_b_");
  EXPECT_EQ(underline(italic("a")).markdown(), "__**_a_**__");
  EXPECT_EQ(italic(underline("a")).markdown(), "_**__a__**_");
  EXPECT_EQ((italic("a") + "_").markdown(), "_a_\\_");
}

TEST(FormatMarkdown, AQuoteStandsOnLinesOfItsOwn) {
  EXPECT_EQ(("a" + blockquote("b\nc") + "d").markdown(), "a\n>b\n>c\nd");
  EXPECT_EQ((blockquote("a") + "\nb").markdown(), ">a\nb");
  EXPECT_EQ((blockquote("a") + bold("b")).markdown(), ">a\n*b*");
  EXPECT_EQ(expandable_blockquote("a\nb").markdown(), ">a\n>b||");
  EXPECT_EQ(blockquote(bold("a\nb")).markdown(), ">*a\n>b*");
}

TEST(FormatMarkdown, QuotesThatMeetStaySeparate) {
  EXPECT_EQ((blockquote("a") + blockquote("b")).markdown(), ">a\n**>b");
  EXPECT_EQ((blockquote("a") + "\n" + blockquote("b")).markdown(), ">a\n**>b");
  EXPECT_EQ((blockquote("a") + "\n\n" + blockquote("b")).markdown(), ">a\n\n>b");
  EXPECT_EQ((blockquote("a") + "\nx\n" + blockquote("b")).markdown(), ">a\nx\n>b");
}

TEST(FormatMarkdown, AQuoteInsideOtherFormattingIsLeftOut) { EXPECT_EQ(bold(blockquote("a")).markdown(), "*a*"); }

TEST(Format, FormattingOfNothingIsNothing) {
  const Text nothing = bold("") + italic(bold("")) + text_link("", "https://e.x") + code("");
  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(nothing.html(), "");
  EXPECT_EQ(nothing.markdown(), "");
}

TEST(Format, AStyleInsideItselfCountsOnce) {
  const Text text = bold("a" + italic(bold("b")) + "c");
  EXPECT_EQ(text.html(), "<b>a<i>b</i>c</b>");
  EXPECT_EQ(text.markdown(), "*a_b_c*");
  EXPECT_EQ(text_link("a" + text_link("b", "https://in.x"), "https://out.x").html(),
            "<a href=\"https://out.x\">ab</a>");
  EXPECT_EQ(blockquote("a" + expandable_blockquote("b")).html(), "<blockquote>ab</blockquote>");
}

TEST(Format, TextIsAppendedStepByStep) {
  const Text text = Text().bold("Sold").plain(": ").text_link("item", "https://e.x");
  EXPECT_EQ(text.html(), (bold("Sold") + ": " + text_link("item", "https://e.x")).html());
  Text more = text;
  more += code(5);
  EXPECT_EQ(more.plain(), "Sold: item5");
}

TEST(Format, RawMarkupIsTakenOnlyWhereItBelongs) {
  EXPECT_EQ((bold("a") + raw_html("<u>b</u>")).html(), "<b>a</b><u>b</u>");
  EXPECT_EQ((bold("a") + raw_markdown("__b__")).markdown(), "*a*__b__");
  EXPECT_THROW(raw_html("<b>").markdown(), std::logic_error);
  EXPECT_THROW(raw_markdown("*").html(), std::logic_error);
}

TEST(Format, ALanguageIsOneWord) {
  EXPECT_EQ(pre("x", "c\"><b>").html(), "<pre><code class=\"language-c\">x</code></pre>");
  EXPECT_EQ(pre("x", "c\n```").markdown(), "```c\nx```");
}

TEST(Format, TextsCanBeEscapedAlone) {
  EXPECT_EQ(escape_html("<&>"), "&lt;&amp;&gt;");
  EXPECT_EQ(escape_markdown("a.b"), "a\\.b");
  EXPECT_EQ(Text(nasty).markdown(), escape_markdown(nasty));
  EXPECT_EQ(Text(nasty).plain(), nasty);
}

}  // namespace
