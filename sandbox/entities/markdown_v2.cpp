#include "sandbox/entities/links.hpp"
#include "sandbox/entities/markup.hpp"
#include "sandbox/entities/nesting.hpp"
#include "sandbox/entities/unicode.hpp"

namespace sandbox {
namespace {

enum class Kind { bold, italic, underline, strikethrough, spoiler, code, pre, pre_code, link, emoji, quote };

// The server's names of the kinds, as its errors spell them.
std::string_view spoken(Kind kind) {
  switch (kind) {
    case Kind::bold:
      return "Bold";
    case Kind::italic:
      return "Italic";
    case Kind::underline:
      return "Underline";
    case Kind::strikethrough:
      return "Strikethrough";
    case Kind::spoiler:
      return "Spoiler";
    case Kind::code:
      return "Code";
    case Kind::pre:
      return "Pre";
    case Kind::pre_code:
      return "PreCode";
    case Kind::link:
      return "TextUrl";
    case Kind::emoji:
      return "CustomEmoji";
    case Kind::quote:
      return "BlockQuote";
  }
  return {};
}

std::string wire_type(Kind kind) {
  switch (kind) {
    case Kind::bold:
      return "bold";
    case Kind::italic:
      return "italic";
    case Kind::underline:
      return "underline";
    case Kind::strikethrough:
      return "strikethrough";
    case Kind::spoiler:
      return "spoiler";
    case Kind::code:
      return "code";
    case Kind::pre:
    case Kind::pre_code:
      return "pre";
    case Kind::link:
      return "text_link";
    case Kind::emoji:
      return "custom_emoji";
    case Kind::quote:
      return "blockquote";
  }
  return {};
}

struct Failure {
  std::string text;
};

class MarkdownV2 {
 public:
  explicit MarkdownV2(std::string_view markup) : markup_(markup) {}

  FormattedText parse() {
    while (at_ < markup_.size()) step();
    close_quote_at_end();
    if (!open_.empty()) fail_unclosed();
    sort_entities(result_.entities);
    return std::move(result_);
  }

 private:
  struct Open {
    Kind kind;
    std::string language;
    std::int64_t offset;       // in UTF-16 units of the result
    std::size_t markup_begin;  // bytes, for errors
    std::size_t text_begin;    // bytes of the result
  };

  char peek(std::size_t ahead = 0) const { return at_ + ahead < markup_.size() ? markup_[at_ + ahead] : '\0'; }
  bool is_fence() const { return peek() == '`' && peek(1) == '`' && peek(2) == '`'; }
  bool is_escape() const { return peek() == '\\' && peek(1) > 0 && peek(1) <= 126; }
  bool is_in(Kind kind) const { return !open_.empty() && open_.back().kind == kind; }

  void step() {
    if (is_escape()) {
      ++at_;
      put(peek());
      if (peek() != '\r') line_begins_ = peek() == '\n';
      ++at_;
    } else if (!is_reserved()) {
      const auto byte = static_cast<unsigned char>(peek());
      if (starts_character(byte) && byte != '\r') line_begins_ = false;
      put(peek());
      ++at_;
    } else if (closes()) {
      close();
    } else {
      open();
    }
  }

  void put(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (starts_character(byte)) units_ += utf16_units(byte);
    result_.text += c;
  }

  bool is_reserved() const {
    const bool verbatim = is_in(Kind::code) || is_in(Kind::pre) || is_in(Kind::pre_code);
    const std::string_view reserved = verbatim ? "`" : "_*[]()~`>#+-=|{}.!\n";
    return reserved.find(peek()) != std::string_view::npos;
  }

  bool closes() const {
    if (open_.empty()) return false;
    const char c = peek();
    if (quoted_ && c == '\n' && peek(1) != '>') return true;
    switch (open_.back().kind) {
      case Kind::bold:
        return c == '*';
      case Kind::italic:
        return c == '_' && peek(1) != '_';
      case Kind::underline:
        return c == '_' && peek(1) == '_';
      case Kind::strikethrough:
        return c == '~';
      case Kind::spoiler:
        return c == '|' && peek(1) == '|';
      case Kind::code:
        return c == '`';
      case Kind::pre:
      case Kind::pre_code:
        return is_fence();
      case Kind::link:
      case Kind::emoji:
        return c == ']';
      case Kind::quote:
        return false;
    }
    return false;
  }

  void push(Kind kind, std::size_t mark_size) {
    open_.push_back(Open{kind, {}, units_, at_, result_.text.size()});
    at_ += mark_size;
  }

  void open() {
    switch (peek()) {
      case '_':
        return peek(1) == '_' ? push(Kind::underline, 2) : push(Kind::italic, 1);
      case '*':
        return push(Kind::bold, 1);
      case '~':
        return push(Kind::strikethrough, 1);
      case '[':
        return push(Kind::link, 1);
      case '`':
        return is_fence() ? open_pre() : push(Kind::code, 1);
      case '|':
        if (peek(1) == '|') return push(Kind::spoiler, 2);
        break;
      case '!':
        if (peek(1) == '[') return push(Kind::emoji, 2);
        break;
      case '>':
        if (line_begins_) return open_quote();
        break;
      case '\n':
        put('\n');
        line_begins_ = true;
        ++at_;
        return;
      default:
        break;
    }
    fail("Character '" + std::string(1, peek()) + "' is reserved and must be escaped with the preceding '\\'");
  }

  void open_quote() {
    if (quoted_) {
      ++at_;  // a further line of the same quote
      return;
    }
    quoted_ = true;
    push(Kind::quote, 1);
  }

  void open_pre() {
    push(Kind::pre, 3);
    std::size_t end = at_;
    while (end < markup_.size() && !is_blank(markup_[end]) && markup_[end] != '`') ++end;
    if (end != at_ && end < markup_.size() && markup_[end] != '`') {
      open_.back().kind = Kind::pre_code;
      open_.back().language = markup_.substr(at_, end - at_);
      at_ = end;
    }
    const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
    if (is_break(peek())) at_ += is_break(peek(1)) && peek() != peek(1) ? 2 : 1;
  }

  void close() {
    if (quoted_ && peek() == '\n' && peek(1) != '>') return close_quote();
    Open done = std::move(open_.back());
    open_.pop_back();
    Entity entity{.type = wire_type(done.kind), .offset = done.offset, .length = units_ - done.offset};
    bool kept = entity.length > 0;
    switch (done.kind) {
      case Kind::underline:
      case Kind::spoiler:
        at_ += 2;
        break;
      case Kind::pre:
      case Kind::pre_code:
        at_ += 3;
        entity.language = std::move(done.language);
        break;
      case Kind::link:
        kept = close_link(entity, done) && kept;
        break;
      case Kind::emoji:
        close_emoji(entity);
        break;
      default:
        ++at_;
    }
    if (kept) result_.entities.push_back(std::move(entity));
  }

  // A line break after a quote's last line; an unfinished "||" right before it makes the quote expandable.
  void close_quote() {
    const bool expandable = is_in(Kind::spoiler) && is_empty_mark_before_break();
    if (expandable) open_.pop_back();
    if (!is_in(Kind::quote)) fail_unclosed();
    put('\n');
    ++at_;
    line_begins_ = true;
    add_quote(expandable);
  }

  bool is_empty_mark_before_break() const {
    const std::size_t begin = open_.back().markup_begin;
    return begin + 2 == at_ || (begin + 3 == at_ && !result_.text.empty() && result_.text.back() == '\r');
  }

  void close_quote_at_end() {
    if (!quoted_) return;
    const bool expandable = is_in(Kind::spoiler) && open_.back().markup_begin + 2 == markup_.size();
    if (expandable) open_.pop_back();
    if (is_in(Kind::quote)) add_quote(expandable);
  }

  void add_quote(bool expandable) {
    const std::int64_t offset = open_.back().offset;
    open_.pop_back();
    quoted_ = false;
    if (units_ == offset) return;
    result_.entities.push_back(Entity{
        .type = expandable ? "expandable_blockquote" : "blockquote", .offset = offset, .length = units_ - offset});
  }

  // Reads "(address)" behind the "]" on which we stand.
  std::string address() {
    at_ += 2;
    const std::size_t begin = at_;
    std::string url;
    while (at_ < markup_.size() && peek() != ')') {
      if (is_escape()) ++at_;
      url += markup_[at_++];
    }
    if (peek() != ')') fail("Can't find end of a URL at byte offset " + std::to_string(begin));
    ++at_;
    return url;
  }

  // False when the address is none: the text stays, without a link.
  bool close_link(Entity& entity, const Open& opened) {
    std::string url;
    if (peek(1) == '(') {
      url = address();
    } else {
      url = result_.text.substr(opened.text_begin);
      ++at_;
    }
    if (const auto user = user_of_link(url)) {
      entity.type = "text_mention";
      entity.user_id = *user;
      return true;
    }
    auto link = check_link(url);
    if (link) entity.url = std::move(*link);
    return link.has_value();
  }

  void close_emoji(Entity& entity) {
    if (peek(1) != '(') fail("The entity must contain a tg://emoji or tg://time URL");
    const std::string url = address();
    if (auto emoji = emoji_of_link(url)) {
      entity.custom_emoji_id = std::move(*emoji);
      return;
    }
    const auto date = date_of_link(url);
    if (!date) fail("Invalid tg://emoji or tg://time URL specified");
    auto format = normal_date_format(date->format);
    if (!format) fail("Invalid date format used");
    entity.type = "date_time";
    entity.unix_time = date->unix_time;
    entity.date_time_format = std::move(*format);
  }

  [[noreturn]] static void fail(std::string text) { throw Failure{std::move(text)}; }

  [[noreturn]] void fail_unclosed() const {
    fail("Can't find end of " + std::string(spoken(open_.back().kind)) + " entity at byte offset " +
         std::to_string(open_.back().markup_begin));
  }

  std::string_view markup_;
  std::size_t at_ = 0;
  std::int64_t units_ = 0;
  bool quoted_ = false;
  bool line_begins_ = true;  // a quote may begin here
  std::vector<Open> open_;
  FormattedText result_;
};

}  // namespace

Parsed parse_markdown_v2(std::string_view markup) {
  try {
    return MarkdownV2(markup).parse();
  } catch (const Failure& failure) {
    return std::unexpected(failure.text);
  }
}

}  // namespace sandbox
