// What holds for every text, whatever is in it.

#include "sandbox/entities/format.hpp"
#include "sandbox/entities/markup.hpp"
#include "sandbox/entities/nesting.hpp"
#include "sandbox/entities/unicode.hpp"
#include "tests/sandbox/entities_text.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

namespace {

using sandbox::Entity;
using sandbox::FormattedText;

// Texts made of the pieces that matter, from a fixed seed.
class Texts {
 public:
  std::string next() {
    static constexpr std::array kPieces = {"*",
                                           "_",
                                           "__",
                                           "~",
                                           "||",
                                           "`",
                                           "```",
                                           "[",
                                           "](",
                                           ")",
                                           "\\",
                                           ">",
                                           "\n",
                                           "a",
                                           "b ",
                                           " ",
                                           "\r",
                                           "1.",
                                           "!",
                                           "![",
                                           "😀",
                                           "Я",
                                           "é",
                                           "<b>",
                                           "</b>",
                                           "<i>",
                                           "</i>",
                                           "<pre>",
                                           "</pre>",
                                           "<code>",
                                           "</code>",
                                           "<a href=\"x.org\">",
                                           "</a>",
                                           "<blockquote>",
                                           "</blockquote>",
                                           "&lt;",
                                           "&#128512;",
                                           "@durov",
                                           "/help",
                                           "#tag",
                                           "a.com",
                                           "http://",
                                           "me@x.com",
                                           "\t",
                                           "\u202E",
                                           "tg://user?id=1",
                                           "https://a.b/",
                                           "$USD"};
    std::string text;
    const std::size_t count = random_() % 12;
    for (std::size_t i = 0; i < count; ++i) text += kPieces[random_() % kPieces.size()];
    return text;
  }

  std::vector<Entity> entities_for(const std::string& text) {
    static constexpr std::array kTypes = {"bold", "italic", "underline",  "strikethrough",         "spoiler",
                                          "code", "pre",    "blockquote", "expandable_blockquote", "mention",
                                          "what"};
    std::vector<Entity> entities;
    const auto units = static_cast<std::uint32_t>(sandbox::utf16_length(text));
    for (std::size_t i = random_() % 6; i > 0; --i) {
      Entity entity;
      entity.type = kTypes[random_() % kTypes.size()];
      entity.offset = random_() % (units + 1);
      entity.length = random_() % (units - static_cast<std::uint32_t>(entity.offset) + 1);
      entities.push_back(std::move(entity));
    }
    return entities;
  }

 private:
  std::mt19937 random_{20260101};
};

void expect_lawful(const FormattedText& formatted, const std::string& from) {
  const std::int64_t units = sandbox::utf16_length(formatted.text);
  ASSERT_TRUE(sandbox::is_valid_utf8(formatted.text)) << from;
  ASSERT_TRUE(std::is_sorted(formatted.entities.begin(), formatted.entities.end(), sandbox::entity_order)) << from;
  for (std::size_t i = 0; i < formatted.entities.size(); ++i) {
    const Entity& outer = formatted.entities[i];
    ASSERT_GT(outer.length, 0) << from;
    ASSERT_GE(outer.offset, 0) << from;
    ASSERT_LE(outer.end(), units) << from;
    const auto covered = sandbox::utf16_substr(formatted.text, outer.offset, outer.length);
    ASSERT_EQ(sandbox::utf16_length(covered), outer.length) << "cuts a character: " << from;
    for (std::size_t j = i + 1; j < formatted.entities.size(); ++j) {
      const Entity& inner = formatted.entities[j];
      if (inner.offset >= outer.end()) continue;
      ASSERT_LE(inner.end(), outer.end()) << "crossing: " << from << " -> " << tests::shown(formatted);
      ASSERT_NE(inner.type, outer.type) << from;
      ASSERT_TRUE(outer.type != "code" && outer.type != "pre") << from << " -> " << tests::shown(formatted);
      const bool verbatim = inner.type == "code" || inner.type == "pre";
      ASSERT_TRUE(!verbatim || sandbox::is_quote(outer.type)) << from << " -> " << tests::shown(formatted);
    }
  }
}

TEST(FormatTextProperty, entities_are_sorted_inside_the_text_and_nest_in_every_mode) {
  Texts texts;
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = texts.next();
    for (const char* mode : {"", "HTML", "Markdown", "MarkdownV2"}) {
      const auto formatted = sandbox::format_text(text, mode, {}, sandbox::EmptyText::allowed);
      if (!formatted) continue;
      ++accepted;
      expect_lawful(*formatted, std::string(mode) + ": " + text);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(accepted, 20000);
}

TEST(FormatTextProperty, any_explicit_entities_are_made_lawful) {
  Texts texts;
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = texts.next();
    const auto formatted = sandbox::format_text(text, "", texts.entities_for(text), sandbox::EmptyText::allowed);
    if (!formatted) continue;
    ++accepted;
    expect_lawful(*formatted, text);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(accepted, 10000);
}

TEST(FormatTextProperty, formatting_a_formatted_text_again_changes_nothing) {
  Texts texts;
  for (int i = 0; i < 10000; ++i) {
    const std::string text = texts.next();
    const auto once = sandbox::format_text(text, "", texts.entities_for(text), sandbox::EmptyText::allowed);
    if (!once) continue;
    const auto twice = sandbox::format_text(once->text, "", once->entities, sandbox::EmptyText::allowed);
    ASSERT_EQ(tests::shown(twice), tests::shown(once)) << text;
  }
}

TEST(FormatTextProperty, escaped_text_comes_back_as_it_was) {
  Texts texts;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = texts.next();
    std::string markdown;
    std::string html;
    for (const char c : text) {
      if (c > 0 && c < 127) markdown += '\\';
      markdown += c;
      html += c == '<' ? std::string("&lt;") : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    }
    const auto from_markdown = sandbox::parse_markdown_v2(markdown);
    const auto from_html = sandbox::parse_html(html);
    ASSERT_TRUE(from_markdown && from_html) << text;
    ASSERT_EQ(from_markdown->text, text);
    ASSERT_EQ(from_html->text, text);
    ASSERT_TRUE(from_markdown->entities.empty() && from_html->entities.empty());
  }
}

}  // namespace
