#pragma once
// Text with formatting that escapes by construction: what is said is kept apart from how it looks until it is written
// as HTML, as MarkdownV2, or as plain text with entities (entities.hpp). A plain string can never turn into markup.
//
//   using namespace tgkit::telegram::format;
//   const Text offer = bold(item.name) + " costs " + code(price) + "\n" + text_link("market", url);
//   api.send_message(chat, offer.html()).html();
//   Text().bold("Sold").plain(": ").plain(name)             // the same, appended step by step
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::telegram {

// Named like the types of MessageEntity.
enum class Style : std::uint8_t {
  bold,
  italic,
  underline,
  strikethrough,
  spoiler,
  blockquote,
  expandable_blockquote,
  code,
  pre,
  text_link,
  text_mention,
  custom_emoji,
  date_time
};

class Text {
 public:
  Text() = default;
  Text(std::string plain);                                    // NOLINT(google-explicit-constructor)
  Text(std::string_view plain) : Text(std::string(plain)) {}  // NOLINT(google-explicit-constructor)
  Text(const char* plain) : Text(std::string(plain)) {}       // NOLINT(google-explicit-constructor)
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Text(T number)
      : Text(std::to_string(number)) {}  // NOLINT(google-explicit-constructor)

  // Each appends. Formatting of nothing is nothing; formatting inside the same formatting is left out.
  Text& plain(Text text);
  Text& bold(Text text);
  Text& italic(Text text);
  Text& underline(Text text);
  Text& strikethrough(Text text);
  Text& spoiler(Text text);
  // A quote stands on lines of its own; inside other formatting MarkdownV2 cannot say it and leaves the quote out.
  Text& blockquote(Text text);
  Text& expandable_blockquote(Text text);
  Text& code(std::string_view text);                                 // holds no other formatting
  Text& pre(std::string_view text, std::string_view language = {});  // holds no other formatting
  Text& text_link(Text text, std::string_view url);
  Text& text_mention(Text text, std::int64_t user_id);              // of a user without a username, too
  Text& custom_emoji(std::string_view emoji, std::string_view id);  // `emoji` shows where the custom one cannot
  Text& date_time(Text text, std::int64_t unix_time, std::string_view format);
  // Markup taken as it is, for one way of writing only; the others throw std::logic_error.
  Text& raw_html(std::string_view markup);
  Text& raw_markdown(std::string_view markup);

  Text& operator+=(Text text) { return plain(std::move(text)); }
  friend Text operator+(Text a, Text b) { return std::move(a.plain(std::move(b))); }

  bool empty() const { return pieces_.empty(); }

  std::string html() const;      // for parse_mode HTML
  std::string markdown() const;  // for parse_mode MarkdownV2
  std::string plain() const;     // without any formatting

  // Hears the pieces in order; every open has its close, properly nested, never one style inside itself.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void plain(std::string_view text) = 0;
    virtual void open(Style style, std::string_view argument) = 0;  // URL, language, id, "unix_time format"
    virtual void close(Style style, std::string_view argument) = 0;
    virtual void raw(bool is_html, std::string_view markup) = 0;
    // Asked before an open; false leaves it and its close out.
    virtual bool accepts(Style, bool /*something_is_open*/) const { return true; }
  };
  void tell(Listener& listener) const;

 private:
  enum class What : std::uint8_t { plain, open, close, raw_html, raw_markdown };
  struct Piece {
    What what;
    Style style;
    std::string text;
  };
  Text& wrap(Style style, std::string_view argument, Text inner);
  void append(std::vector<Piece> pieces);

  std::vector<Piece> pieces_;
};

namespace format {

inline Text bold(Text text) { return std::move(Text().bold(std::move(text))); }
inline Text italic(Text text) { return std::move(Text().italic(std::move(text))); }
inline Text underline(Text text) { return std::move(Text().underline(std::move(text))); }
inline Text strikethrough(Text text) { return std::move(Text().strikethrough(std::move(text))); }
inline Text spoiler(Text text) { return std::move(Text().spoiler(std::move(text))); }
inline Text blockquote(Text text) { return std::move(Text().blockquote(std::move(text))); }
inline Text expandable_blockquote(Text text) { return std::move(Text().expandable_blockquote(std::move(text))); }
inline Text code(std::string_view text) { return std::move(Text().code(text)); }
template <std::integral T>
Text code(T number) {
  return code(std::to_string(number));
}
inline Text pre(std::string_view text, std::string_view language = {}) { return std::move(Text().pre(text, language)); }
inline Text text_link(Text text, std::string_view url) { return std::move(Text().text_link(std::move(text), url)); }
inline Text text_mention(Text text, std::int64_t user_id) {
  return std::move(Text().text_mention(std::move(text), user_id));
}
inline Text custom_emoji(std::string_view emoji, std::string_view id) {
  return std::move(Text().custom_emoji(emoji, id));
}
inline Text raw_html(std::string_view markup) { return std::move(Text().raw_html(markup)); }
inline Text raw_markdown(std::string_view markup) { return std::move(Text().raw_markdown(markup)); }

// For those who write markup by hand.
std::string escape_html(std::string_view text);
std::string escape_markdown(std::string_view text);

}  // namespace format

}  // namespace tgkit::telegram
