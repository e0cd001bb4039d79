// The legacy mode "Markdown": *bold* _italic_ `code` ```pre``` [text](link), nothing nested.

#include "sandbox/entities/links.hpp"
#include "sandbox/entities/markup.hpp"
#include "sandbox/entities/unicode.hpp"

namespace sandbox {
namespace {

class LegacyMarkdown {
 public:
  explicit LegacyMarkdown(std::string_view markup) : markup_(markup) {}

  Parsed parse() {
    while (at_ < markup_.size()) {
      const char c = peek();
      if (c == '\\' && is_mark(peek(1))) {
        ++at_;
        copy();
      } else if (!is_mark(c)) {
        copy();
      } else if (const std::size_t begin = at_; !entity(c)) {
        return std::unexpected("Can't find end of the entity starting at byte offset " + std::to_string(begin));
      }
    }
    return std::move(result_);
  }

 private:
  static bool is_mark(char c) { return c == '_' || c == '*' || c == '`' || c == '['; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < markup_.size() ? markup_[at_ + ahead] : '\0'; }

  void copy() {
    const auto byte = static_cast<unsigned char>(markup_[at_]);
    if (starts_character(byte)) units_ += utf16_units(byte);
    result_.text += markup_[at_++];
  }

  bool is_fence() const { return peek() == '`' && peek(1) == '`' && peek(2) == '`'; }

  std::string language() {
    std::size_t end = at_;
    while (end < markup_.size() && !is_blank(markup_[end]) && markup_[end] != '`') ++end;
    if (end == markup_.size() || markup_[end] == '`') return {};
    std::string name(markup_.substr(at_, end - at_));
    at_ = end;
    return name;
  }

  void skip_line_break() {
    const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
    if (!is_break(peek())) return;
    at_ += is_break(peek(1)) && peek() != peek(1) ? 2 : 1;
  }

  bool entity(char mark) {
    const bool fenced = mark == '`' && is_fence();
    at_ += fenced ? 3 : 1;
    Entity entity{.type = mark == '_' ? "italic" : mark == '*' ? "bold" : fenced ? "pre" : "code"};
    if (fenced) {
      entity.language = language();
      skip_line_break();
    }
    entity.offset = units_;
    const std::size_t text_begin = at_;
    const char end = mark == '[' ? ']' : mark;
    while (at_ < markup_.size() && (fenced ? !is_fence() : peek() != end)) copy();
    if (at_ == markup_.size()) return false;
    entity.length = units_ - entity.offset;
    const std::string_view inside = markup_.substr(text_begin, at_ - text_begin);
    at_ += fenced ? 3 : 1;
    if (mark == '[') {
      if (entity.length > 0) add_link(std::move(entity), inside);
    } else if (entity.length > 0) {
      result_.entities.push_back(std::move(entity));
    }
    return true;
  }

  void add_link(Entity entity, std::string_view text) {
    std::string_view url = text;
    if (peek() == '(') {
      const std::size_t end = std::min(markup_.find(')', at_), markup_.size());
      url = markup_.substr(at_ + 1, end - at_ - 1);
      at_ = std::min(end + 1, markup_.size());
    }
    if (const auto user = user_of_link(url)) {
      entity.type = "text_mention";
      entity.user_id = *user;
    } else if (auto link = check_link(url)) {
      entity.type = "text_link";
      entity.url = std::move(*link);
    } else {
      return;
    }
    result_.entities.push_back(std::move(entity));
  }

  std::string_view markup_;
  std::size_t at_ = 0;
  std::int64_t units_ = 0;
  FormattedText result_;
};

}  // namespace

Parsed parse_markdown(std::string_view markup) { return LegacyMarkdown(markup).parse(); }

}  // namespace sandbox
