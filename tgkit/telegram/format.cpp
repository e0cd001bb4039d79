#include "tgkit/telegram/format.hpp"

#include <algorithm>
#include <iterator>

namespace tgkit::telegram {
namespace {

bool is_quote(Style style) { return style == Style::blockquote || style == Style::expandable_blockquote; }

bool is_link(Style style) { return style >= Style::text_link; }

// Telegram allows neither a link in a link nor a quote in a quote, and no style inside itself.
bool clash(Style a, Style b) { return a == b || (is_quote(a) && is_quote(b)) || (is_link(a) && is_link(b)); }

struct PlainWriter final : Text::Listener {
  std::string out;
  void plain(std::string_view text) override { out += text; }
  void open(Style, std::string_view) override {}
  void close(Style, std::string_view) override {}
  void raw(bool, std::string_view markup) override { out += markup; }
};

}  // namespace

Text::Text(std::string plain) {
  if (!plain.empty()) pieces_.push_back(Piece{What::plain, Style::bold, std::move(plain)});
}

void Text::append(std::vector<Piece> pieces) {
  if (pieces_.empty()) {
    pieces_ = std::move(pieces);
    return;
  }
  pieces_.insert(pieces_.end(), std::move_iterator(pieces.begin()), std::move_iterator(pieces.end()));
}

Text& Text::wrap(Style style, std::string_view argument, Text inner) {
  if (inner.empty()) return *this;
  pieces_.push_back(Piece{What::open, style, std::string(argument)});
  append(std::move(inner.pieces_));
  pieces_.push_back(Piece{What::close, style, std::string(argument)});
  return *this;
}

Text& Text::plain(Text text) {
  append(std::move(text.pieces_));
  return *this;
}

Text& Text::bold(Text text) { return wrap(Style::bold, {}, std::move(text)); }
Text& Text::italic(Text text) { return wrap(Style::italic, {}, std::move(text)); }
Text& Text::underline(Text text) { return wrap(Style::underline, {}, std::move(text)); }
Text& Text::strikethrough(Text text) { return wrap(Style::strikethrough, {}, std::move(text)); }
Text& Text::spoiler(Text text) { return wrap(Style::spoiler, {}, std::move(text)); }
Text& Text::blockquote(Text text) { return wrap(Style::blockquote, {}, std::move(text)); }
Text& Text::expandable_blockquote(Text text) { return wrap(Style::expandable_blockquote, {}, std::move(text)); }
Text& Text::code(std::string_view text) { return wrap(Style::code, {}, Text(text)); }
Text& Text::text_link(Text text, std::string_view url) { return wrap(Style::text_link, url, std::move(text)); }
Text& Text::custom_emoji(std::string_view emoji, std::string_view id) {
  return wrap(Style::custom_emoji, id, Text(emoji));
}
Text& Text::text_mention(Text text, std::int64_t user_id) {
  return wrap(Style::text_mention, std::to_string(user_id), std::move(text));
}
Text& Text::date_time(Text text, std::int64_t unix_time, std::string_view format) {
  return wrap(Style::date_time, std::to_string(unix_time) + ' ' + std::string(format), std::move(text));
}

Text& Text::pre(std::string_view text, std::string_view language) {
  // A language is one word in both notations.
  const std::size_t end = language.find_first_of(" \t\r\n`\"<>&\\");
  return wrap(Style::pre, language.substr(0, end), Text(text));
}

Text& Text::raw_html(std::string_view markup) {
  if (!markup.empty()) pieces_.push_back(Piece{What::raw_html, Style::bold, std::string(markup)});
  return *this;
}

Text& Text::raw_markdown(std::string_view markup) {
  if (!markup.empty()) pieces_.push_back(Piece{What::raw_markdown, Style::bold, std::string(markup)});
  return *this;
}

void Text::tell(Listener& listener) const {
  struct Opened {
    Style style;
    bool told;
  };
  std::vector<Opened> stack;
  const auto fits = [&](Style style) {
    const bool clashes = std::ranges::any_of(stack, [&](Opened o) { return o.told && clash(o.style, style); });
    const bool something_is_open = std::ranges::any_of(stack, &Opened::told);
    return !clashes && listener.accepts(style, something_is_open);
  };
  for (const Piece& piece : pieces_) {
    switch (piece.what) {
      case What::plain:
        listener.plain(piece.text);
        break;
      case What::open:
        stack.push_back(Opened{piece.style, fits(piece.style)});
        if (stack.back().told) listener.open(piece.style, piece.text);
        break;
      case What::close:
        if (stack.back().told) listener.close(piece.style, piece.text);
        stack.pop_back();
        break;
      case What::raw_html:
      case What::raw_markdown:
        listener.raw(piece.what == What::raw_html, piece.text);
        break;
    }
  }
}

std::string Text::plain() const {
  PlainWriter writer;
  tell(writer);
  return std::move(writer.out);
}

}  // namespace tgkit::telegram
