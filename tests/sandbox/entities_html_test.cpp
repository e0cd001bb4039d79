#include "sandbox/entities/markup.hpp"
#include "tests/sandbox/entities_text.hpp"

#include <gtest/gtest.h>

namespace {

using sandbox::parse_html;
using tests::Case;
using tests::shown;

void check(std::initializer_list<Case> cases) {
  for (const auto& [input, expected] : cases) EXPECT_EQ(shown(parse_html(input)), expected) << input;
}

TEST(Html, tags_become_entities) {
  check({{"<b>a</b><strong>b</strong>", "ab | bold 0+1, bold 1+1"},
         {"<i>a</i><em>b</em>", "ab | italic 0+1, italic 1+1"},
         {"<u>a</u><ins>b</ins>", "ab | underline 0+1, underline 1+1"},
         {"<s>a</s><strike>b</strike><del>c</del>", "abc | strikethrough 0+1, strikethrough 1+1, strikethrough 2+1"},
         {"<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "ab | spoiler 0+1, spoiler 1+1"},
         {"<code>a</code>", "a | code 0+1"},
         {"<pre>a</pre>", "a | pre 0+1"},
         {"<blockquote>a</blockquote>", "a | blockquote 0+1"},
         {"<blockquote expandable>a</blockquote>", "a | expandable_blockquote 0+1"},
         {"<BLOCKQUOTE expandable='x'>a</BLOCKQUOTE>", "a | expandable_blockquote 0+1"},
         {"<B>a</b>", "a | bold 0+1"},
         {"<b></b>x", "x"},
         {"<b>a</>", "a | bold 0+1"},
         {"<b >a</b >", "a | bold 0+1"}});
}

TEST(Html, entities_nest_and_are_sorted) {
  check({{"<b>a<i>b</i></b>", "ab | bold 0+2, italic 1+1"},
         {"<i><b>a</b></i>", "a | bold 0+1, italic 0+1"},
         {"😀<b>😀</b>", "😀😀 | bold 2+2"}});
}

TEST(Html, links_name_an_address_or_a_person) {
  check({{"<a href=\"https://a.b/?x=1&amp;y=2\">t</a>", "t | text_link 0+1 https://a.b/?x=1&y=2"},
         {"<a href='a.b'>t</a>", "t | text_link 0+1 http://a.b/"},
         {"<a href=a.b>t</a>", "t | text_link 0+1 http://a.b/"},
         {"<a>a.b</a>", "a.b | text_link 0+3 http://a.b/"},
         {"<a href=\"tg://user?id=9\">t</a>", "t | text_mention 0+1 user 9"},
         {"<a href=\"javascript:alert(1)\">t</a>", "t"},
         {"<a href=\"mailto:a@b.c\">t</a>", "t | text_link 0+1 http://mailto:a@b.c/"},
         {"<a href=\"\">nothing</a>", "nothing"}});
}

TEST(Html, code_in_pre_gives_the_language) {
  check({{"<pre><code class=\"language-cpp\">x</code></pre>", "x | pre 0+1 in cpp"},
         {"<code class=\"language-cpp\"><pre>x</pre></code>", "x | pre 0+1 in cpp"},
         {"<code class=\"language-cpp\">x</code>", "x | code 0+1"},
         {"<pre><code>x</code></pre>", "x | pre 0+1, code 0+1"},
         {"<pre>a<code class=\"language-cpp\">x</code></pre>", "ax | pre 0+2, code 1+1"}});
}

TEST(Html, emoji_and_dates_have_tags) {
  check({{"<tg-emoji emoji-id=\"53\">😀</tg-emoji>", "😀 | custom_emoji 0+2 emoji 53"},
         {"<tg-emoji>😀</tg-emoji>", "! Invalid custom emoji identifier specified"},
         {"<tg-time unix=\"1700000000\" format=\"r\">now</tg-time>", "now | date_time 0+3 at 1700000000 r"},
         {"<tg-time unix=\"0\">now</tg-time>", "now"},
         {"<tg-time unix=\"5\" format=\"zz\">now</tg-time>", "! Invalid date format used"}});
}

TEST(Html, four_names_and_numbers_are_decoded) {
  check({{"&lt;b&gt; &amp; &quot;x&quot;", "<b> & \"x\""},
         {"&#60;&#x3c;&#X3c;", "<<&#X3c;"},
         {"&lt", "<"},
         {"&nbsp;&copy;", "&nbsp;&copy;"},
         {"&#x1F600;<b>x</b>", "😀x | bold 2+1"},
         {"&#0;&#x110000;&#99999999999;", "&#0;&#x110000;&#99999999999;"},
         {"a & b", "a & b"},
         {"&", "&"},
         {"&#", "&#"},
         {"&#xD83D;",
          "! Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code "
          "units"}});
}

TEST(Html, wrong_tags_are_named_with_their_byte) {
  check({{"a<br>", "! Unsupported start tag \"br\" at byte offset 1"},
         {"<b/>", "! Unsupported start tag \"b/\" at byte offset 0"},
         {"1 < 2 >", "! Unsupported start tag \"\" at byte offset 2"},
         {"Я<p>", "! Unsupported start tag \"p\" at byte offset 2"},
         {"<b", "! Unclosed start tag at byte offset 0"},
         {"<b x", "! Unclosed start tag \"b\" at byte offset 0"},
         {"<a href=", "! Unclosed start tag \"a\" at byte offset 0"},
         {"<a href=\"x", "! Unclosed start tag at byte offset 0"},
         {"<b \"x\">", "! Empty attribute name in the tag \"b\" at byte offset 0"},
         {"<a href=x/y>t</a>", "! Unexpected end of name token at byte offset 8"},
         {"<span>x</span>", "! Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"},
         {"x</b>", "! Unexpected end tag at byte offset 1"},
         {"<b>x</b", "! Unclosed end tag at byte offset 4"},
         {"<b>x</i>", "! Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""},
         {"<b>x", "! Can't find end tag corresponding to start tag \"b\""},
         {"<b><i>x</i>", "! Can't find end tag corresponding to start tag \"b\""}});
  EXPECT_EQ(shown(parse_html(std::string_view("a\0b", 3))), "! Text must not contain null bytes");
}

}  // namespace
