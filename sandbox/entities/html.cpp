#include "sandbox/entities/links.hpp"
#include "sandbox/entities/markup.hpp"
#include "sandbox/entities/nesting.hpp"
#include "sandbox/entities/unicode.hpp"

#include <charconv>
#include <optional>

namespace sandbox {
namespace {

struct Failure {
  std::string text;
};

[[noreturn]] void fail(std::string text) { throw Failure{std::move(text)}; }

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string wire_type(std::string_view tag) {
  if (tag == "b" || tag == "strong") return "bold";
  if (tag == "i" || tag == "em") return "italic";
  if (tag == "u" || tag == "ins") return "underline";
  if (tag == "s" || tag == "strike" || tag == "del") return "strikethrough";
  if (tag == "span" || tag == "tg-spoiler") return "spoiler";
  if (tag == "a") return "text_link";
  if (tag == "tg-emoji") return "custom_emoji";
  if (tag == "tg-time") return "date_time";
  if (tag == "code" || tag == "pre" || tag == "blockquote") return std::string(tag);
  return {};
}

struct Reference {
  char32_t code;
  std::size_t size;  // bytes of markup
};

std::optional<Reference> numeric_reference(std::string_view rest) {
  const bool hex = rest.size() > 2 && rest[2] == 'x';
  const std::size_t begin = hex ? 3 : 2;
  std::uint32_t code = 0;
  const std::string_view digits = rest.substr(std::min(begin, rest.size()));
  const auto [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  const std::size_t size = begin + static_cast<std::size_t>(stopped - digits.data());
  if (error != std::errc{} || code == 0 || code >= 0x10FFFF || size >= 10) return std::nullopt;
  return Reference{code, size};
}

std::optional<Reference> named_reference(std::string_view rest) {
  std::size_t end = 1;
  while (end < rest.size() && is_ascii_letter(static_cast<unsigned char>(rest[end]))) ++end;
  const std::string_view name = rest.substr(1, end - 1);
  const char c = name == "lt" ? '<' : name == "gt" ? '>' : name == "amp" ? '&' : name == "quot" ? '"' : '\0';
  if (c == '\0') return std::nullopt;
  return Reference{static_cast<char32_t>(c), end};
}

// "&lt;", "&#60;", "&#x3c;" at the beginning of `rest`; the semicolon may be missing.
std::optional<Reference> read_reference(std::string_view rest) {
  auto found = rest.size() > 1 && rest[1] == '#' ? numeric_reference(rest) : named_reference(rest);
  if (found && found->size < rest.size() && rest[found->size] == ';') ++found->size;
  return found;
}

class Html {
 public:
  explicit Html(std::string_view markup) : markup_(markup) {}

  FormattedText parse() {
    if (markup_.find('\0') != std::string_view::npos) fail("Text must not contain null bytes");
    while (at_ < markup_.size()) {
      if (peek() != '<') {
        character();
      } else if (peek(1) == '/') {
        end_tag();
      } else {
        start_tag();
      }
    }
    if (!open_.empty()) fail("Can't find end tag corresponding to start tag " + quoted(open_.back().tag));
    if (has_surrogates_) {
      fail(
          "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
          "surrogate code units");
    }
    forget_languages_of_code();
    sort_entities(result_.entities);
    return std::move(result_);
  }

 private:
  struct Open {
    std::string tag;
    std::string argument;  // address, language, emoji id, date format; "1" for an expandable quote
    std::int64_t unix_time = 0;
    std::int64_t offset = 0;
    std::size_t text_begin = 0;
  };

  char peek(std::size_t ahead = 0) const { return at_ + ahead < markup_.size() ? markup_[at_ + ahead] : '\0'; }
  void skip_blanks() {
    while (at_ < markup_.size() && is_blank(peek())) ++at_;
  }
  static std::string at_byte(std::size_t offset) { return " at byte offset " + std::to_string(offset); }

  void character() {
    if (peek() == '&') {
      if (const auto reference = read_reference(markup_.substr(at_))) {
        at_ += reference->size;
        units_ += reference->code > 0xFFFF ? 2 : 1;
        has_surrogates_ |= reference->code >= 0xD800 && reference->code <= 0xDFFF;
        append_character(result_.text, reference->code);
        return;
      }
    }
    const auto byte = static_cast<unsigned char>(peek());
    if (starts_character(byte)) units_ += utf16_units(byte);
    result_.text += markup_[at_++];
  }

  std::string tag_name() {
    const std::size_t begin = at_;
    while (!is_blank(peek()) && peek() != '>') ++at_;
    return ascii_lower(markup_.substr(begin, at_ - begin));
  }

  void start_tag() {
    const std::size_t begin = at_++;
    Open opened{.tag = tag_name()};
    if (at_ == markup_.size()) fail("Unclosed start tag" + at_byte(begin));
    if (wire_type(opened.tag).empty()) fail("Unsupported start tag " + quoted(opened.tag) + at_byte(begin));
    while (peek() != '>') {
      skip_blanks();
      if (peek() != '>') attribute(opened, begin);
    }
    ++at_;
    if (opened.tag == "span" && opened.argument != "spoiler") {
      fail("Tag \"span\" must have class \"tg-spoiler\"" + at_byte(begin));
    }
    opened.offset = units_;
    opened.text_begin = result_.text.size();
    open_.push_back(std::move(opened));
  }

  void attribute(Open& opened, std::size_t tag_begin) {
    const std::string in_tag = quoted(opened.tag) + at_byte(tag_begin);
    const std::size_t begin = at_;
    while (!is_blank(peek()) && std::string_view("=>/\"'").find(peek()) == std::string_view::npos) ++at_;
    const std::string name(markup_.substr(begin, at_ - begin));
    if (name.empty()) fail("Empty attribute name in the tag " + in_tag);
    skip_blanks();
    std::string value;
    if (peek() == '=') {
      ++at_;
      skip_blanks();
      if (at_ == markup_.size()) fail("Unclosed start tag " + in_tag);
      value = peek() == '"' || peek() == '\'' ? string_value() : token_value();
      if (at_ == markup_.size()) fail("Unclosed start tag" + at_byte(tag_begin));
    } else if (at_ == markup_.size()) {
      fail("Unclosed start tag " + in_tag);
    } else if (opened.tag != "blockquote") {
      return;  // a bare word says something in quotes only
    }
    take_attribute(opened, name, std::move(value));
  }

  std::string token_value() {
    const std::size_t begin = at_;
    const auto is_token = [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return is_ascii_letter(byte) || is_ascii_digit(byte) || c == '.' || c == '-';
    };
    while (is_token(peek())) ++at_;
    if (!is_blank(peek()) && peek() != '>') fail("Unexpected end of name token" + at_byte(begin));
    return ascii_lower(markup_.substr(begin, at_ - begin));
  }

  std::string string_value() {
    const char end = markup_[at_++];
    std::string value;
    while (at_ < markup_.size() && peek() != end) {
      const auto reference = peek() == '&' ? read_reference(markup_.substr(at_)) : std::nullopt;
      if (reference) {
        append_character(value, reference->code);
        at_ += reference->size;
      } else {
        value += markup_[at_++];
      }
    }
    if (at_ < markup_.size()) ++at_;
    return value;
  }

  static void take_attribute(Open& opened, std::string_view name, std::string value) {
    const std::string_view tag = opened.tag;
    if ((tag == "a" && name == "href") || (tag == "tg-emoji" && name == "emoji-id") ||
        (tag == "tg-time" && name == "format")) {
      opened.argument = std::move(value);
    } else if (tag == "code" && name == "class" && value.starts_with("language-")) {
      opened.argument = value.substr(9);
    } else if (tag == "span" && name == "class" && value.starts_with("tg-")) {
      opened.argument = value.substr(3);
    } else if (tag == "blockquote" && name == "expandable") {
      opened.argument = "1";
    } else if (tag == "tg-time" && name == "unix") {
      std::int32_t seconds = 0;
      std::from_chars(value.data(), value.data() + value.size(), seconds);
      opened.unix_time = seconds;
    }
  }

  void end_tag() {
    const std::size_t begin = at_;
    if (open_.empty()) fail("Unexpected end tag" + at_byte(begin));
    at_ += 2;
    const std::string name = tag_name();
    skip_blanks();
    if (peek() != '>') fail("Unclosed end tag" + at_byte(begin));
    const std::string& expected = open_.back().tag;
    if (!name.empty() && name != expected) {
      fail("Unmatched end tag" + at_byte(begin) + ", expected \"</" + expected + ">\", found \"</" + name + ">\"");
    }
    ++at_;
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (units_ > closed.offset) add(std::move(closed));
  }

  void add(Open closed) {
    Entity entity{.type = wire_type(closed.tag), .offset = closed.offset, .length = units_ - closed.offset};
    if (closed.tag == "a") return add_link(std::move(entity), closed);
    if (closed.tag == "pre") return add_pre(std::move(entity));
    if (closed.tag == "code") return add_code(std::move(entity), std::move(closed.argument));
    if (closed.tag == "tg-emoji") {
      if (!is_emoji_id(closed.argument)) fail("Invalid custom emoji identifier specified");
      entity.custom_emoji_id = std::move(closed.argument);
    } else if (closed.tag == "tg-time") {
      auto format = normal_date_format(closed.argument);
      if (!format) fail("Invalid date format used");
      if (closed.unix_time <= 0) return;
      entity.unix_time = closed.unix_time;
      entity.date_time_format = std::move(*format);
    } else if (closed.tag == "blockquote" && !closed.argument.empty()) {
      entity.type = "expandable_blockquote";
    }
    result_.entities.push_back(std::move(entity));
  }

  void add_link(Entity entity, const Open& closed) {
    const std::string url = closed.argument.empty() ? result_.text.substr(closed.text_begin) : closed.argument;
    if (const auto user = user_of_link(url)) {
      entity.type = "text_mention";
      entity.user_id = *user;
    } else if (auto link = check_link(url)) {
      entity.url = std::move(*link);
    } else {
      return;
    }
    result_.entities.push_back(std::move(entity));
  }

  // <pre><code class="language-x"> and the same tags the other way round are one "pre" with a language.
  Entity* twin_of(const Entity& entity, std::string_view type) {
    if (result_.entities.empty()) return nullptr;
    Entity& last = result_.entities.back();
    return last.type == type && last.offset == entity.offset && last.length == entity.length ? &last : nullptr;
  }

  void add_pre(Entity entity) {
    if (Entity* const code = twin_of(entity, "code"); code != nullptr && !code->language.empty()) {
      code->type = "pre";
    } else {
      result_.entities.push_back(std::move(entity));
    }
  }

  void add_code(Entity entity, std::string language) {
    if (Entity* const pre = twin_of(entity, "pre"); pre != nullptr && pre->language.empty() && !language.empty()) {
      pre->language = std::move(language);
      return;
    }
    entity.language = std::move(language);
    result_.entities.push_back(std::move(entity));
  }

  void forget_languages_of_code() {
    for (Entity& entity : result_.entities) {
      if (entity.type == "code") entity.language.clear();
    }
  }

  std::string_view markup_;
  std::size_t at_ = 0;
  std::int64_t units_ = 0;
  bool has_surrogates_ = false;
  std::vector<Open> open_;
  FormattedText result_;
};

}  // namespace

Parsed parse_html(std::string_view markup) {
  try {
    return Html(markup).parse();
  } catch (const Failure& failure) {
    return std::unexpected(failure.text);
  }
}

}  // namespace sandbox
