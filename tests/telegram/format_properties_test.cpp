// Laws of texts: whatever is written as HTML, as MarkdownV2 or as entities, the sandbox's parsers (written without a
// look at these writers) read back as the same message.
#include "sandbox/entities/format.hpp"
#include "tgkit/telegram/entities.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace {

using namespace tgkit::telegram;

using Strings = std::vector<std::string>;

rc::Gen<std::string> some_string(const Strings& alphabet) {
  return rc::gen::map(rc::gen::container<Strings>(rc::gen::elementOf(alphabet)), [](const Strings& parts) {
    std::string joined;
    for (const std::string& part : parts) joined += part;
    return joined;
  });
}

const Strings& markup_alphabet() {
  static const Strings alphabet{
      "_",   "*", "[", "]", "(",  ")", "~", "`",  ">", "#", "+", "-",  "=",        "|",
      "{",   "}", ".", "!", "\\", "<", "&", "\"", "a", "b", " ", "\n", "\xD1\x88", "\xF0\x9F\x98\x80",
      "&lt;"};
  return alphabet;
}

rc::Gen<std::string> nasty_string() { return some_string(markup_alphabet()); }

Text random_text(int depth, bool in_link = false) {
  Text text;
  const int pieces = *rc::gen::inRange(0, 4);
  for (int i = 0; i < pieces; ++i) {
    const int kind = *rc::gen::inRange(0, depth > 0 ? 10 : 3);
    switch (kind) {
      case 3:
        text.bold(random_text(depth - 1, in_link));
        break;
      case 4:
        text.italic(random_text(depth - 1, in_link));
        break;
      case 5:
        text.underline(random_text(depth - 1, in_link));
        break;
      case 6:
        text.strikethrough(random_text(depth - 1, in_link));
        break;
      case 7:
        text.spoiler(random_text(depth - 1, in_link));
        break;
      case 8:
        text.text_link(random_text(depth - 1, true), "https://example.com/a_(b)\\c\"d");
        break;
      case 9:
        text.pre(*nasty_string(), *rc::gen::element<std::string>("", "c++", "x y"));
        break;
      case 2:
        text.code(*nasty_string());
        break;
      default:
        text.plain(*nasty_string());
    }
  }
  return text;
}

std::vector<sandbox::Entity> to_sandbox(const std::vector<MessageEntity>& entities) {
  std::vector<sandbox::Entity> out;
  for (const MessageEntity& entity : entities) {
    sandbox::Entity& made = out.emplace_back();
    made.type = entity.type;
    made.offset = entity.offset;
    made.length = entity.length;
    made.url = entity.url.value_or("");
    made.language = entity.language.value_or("");
  }
  return out;
}

bool line_ends_at(std::string_view text, std::int64_t unit) { return utf16_substr(text, unit, 1) == "\n"; }

std::string show(const std::expected<sandbox::FormattedText, std::string>& text) {
  if (!text) return "error: " + text.error();
  std::string out = text->text;
  for (sandbox::Entity entity : text->entities) {
    // A quote in MarkdownV2 is whole lines, so the line's end may belong to it.
    if (entity.type.ends_with("blockquote") && line_ends_at(text->text, entity.end() - 1)) --entity.length;
    out += "\n  " + entity.type + ' ' + std::to_string(entity.offset) + '+' + std::to_string(entity.length) + ' ' +
           entity.url + entity.language;
  }
  return out;
}

std::string as_html(const Text& text) {
  return show(sandbox::format_text(text.html(), "HTML", {}, sandbox::EmptyText::allowed));
}

std::string as_markdown(const Text& text) {
  return show(sandbox::format_text(text.markdown(), "MarkdownV2", {}, sandbox::EmptyText::allowed));
}

std::string as_entities(const Text& text) {
  const FormattedText made = to_entities(text);
  return show(sandbox::format_text(made.text, "", to_sandbox(made.entities), sandbox::EmptyText::allowed));
}

RC_GTEST_PROP(FormatLaws, HtmlSaysWhatTheEntitiesSay, ()) {
  const Text text = random_text(3);
  RC_LOG() << text.html();
  RC_ASSERT(as_html(text) == as_entities(text));
}

RC_GTEST_PROP(FormatLaws, MarkdownSaysWhatTheEntitiesSay, ()) {
  const Text text = random_text(3);
  RC_LOG() << text.markdown();
  RC_ASSERT(as_markdown(text) == as_entities(text));
}

RC_GTEST_PROP(FormatLaws, QuotesOnLinesOfTheirOwnAreTheSameInAllThree, ()) {
  Text text;
  const int lines = *rc::gen::inRange(1, 5);
  for (int i = 0; i < lines; ++i) {
    if (i > 0) text.plain("\n");
    Text line = random_text(1);
    if (line.plain().find_first_not_of(" \n") == std::string::npos) line = Text("x");
    const std::string plain = line.plain();
    if (plain.ends_with('\n') || plain.starts_with('\n')) line = Text("y");
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        text.blockquote(std::move(line));
        break;
      case 1:
        text.expandable_blockquote(std::move(line));
        break;
      default:
        text.plain(std::move(line));
    }
  }
  RC_LOG() << text.markdown();
  RC_ASSERT(as_html(text) == as_entities(text));
  RC_ASSERT(as_markdown(text) == as_entities(text));
}

RC_GTEST_PROP(FormatLaws, APlainStringNeverBecomesMarkup, ()) {
  const std::string plain = *nasty_string();
  const auto said = sandbox::format_text(plain, "", {}, sandbox::EmptyText::allowed);
  RC_ASSERT(show(said) == as_html(Text(plain)));
  RC_ASSERT(show(said) == as_markdown(Text(plain)));
}

// UTF-16 the slow way: every code point as its units, a pair marked by its second half.
std::vector<std::string> units_of(std::string_view text) {
  std::vector<std::string> units;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    units.emplace_back(text.substr(at, size));
    if (size == 4) units.emplace_back();
    at += size;
  }
  return units;
}

RC_GTEST_PROP(EntityLaws, APartIsWhatTheUnitsSay, ()) {
  const std::string text = *some_string({"a", "\xD1\x88", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"});
  const auto units = units_of(text);
  const auto offset = *rc::gen::inRange<std::int64_t>(-3, 12);
  const auto length = *rc::gen::inRange<std::int64_t>(-3, 12);
  std::string expected;
  for (std::int64_t at = std::max<std::int64_t>(offset, 0); at < std::min<std::int64_t>(offset + length, units.size());
       ++at) {
    const auto index = static_cast<std::size_t>(at);
    const bool pair = index + 1 < units.size() && units[index + 1].empty();
    if (!pair || at + 1 < offset + length) expected += units[index];
  }
  RC_ASSERT(utf16_substr(text, offset, length) == expected);
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n') out += c;
  }
  return out;
}

RC_GTEST_PROP(SplitLaws, NothingIsLostAndNothingIsTooLong, ()) {
  const FormattedText whole = to_entities(random_text(3));
  const auto limit = *rc::gen::inRange<std::size_t>(1, 12);
  std::string joined;
  for (const FormattedText& piece : split(whole, limit)) {
    RC_ASSERT(code_points(piece.text) <= limit);
    RC_ASSERT(!without_blanks(piece.text).empty());
    joined += piece.text;
  }
  RC_ASSERT(without_blanks(joined) == without_blanks(whole.text));
}

RC_GTEST_PROP(SplitLaws, EveryCharacterKeepsItsFormatting, ()) {
  const FormattedText whole = to_entities(random_text(3));
  const auto limit = *rc::gen::inRange<std::size_t>(1, 12);
  const auto marked = [](const FormattedText& text) {  // each visible character with the types over it
    Strings out;
    const auto units = units_of(text.text);
    for (std::size_t at = 0; at < units.size(); ++at) {
      if (without_blanks(units[at]).empty()) continue;
      std::string mark = units[at];
      for (const MessageEntity& entity : text.entities) {
        const auto place = static_cast<std::int64_t>(at);
        if (entity.offset <= place && place < entity.offset + entity.length) mark += ',' + entity.type;
      }
      out.push_back(mark);
    }
    return out;
  };
  Strings joined;
  for (const FormattedText& piece : split(whole, limit)) {
    const Strings part = marked(piece);
    joined.insert(joined.end(), part.begin(), part.end());
  }
  RC_ASSERT(joined == marked(whole));
}

}  // namespace
