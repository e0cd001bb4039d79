#include "tgkit/telegram/format.hpp"

#include <stdexcept>

namespace tgkit::telegram {
namespace {

constexpr std::string_view reserved = "_*[]()~`>#+-=|{}.!\\";
constexpr std::string_view reserved_in_code = "`\\";
constexpr std::string_view reserved_in_address = ")\\";

void append_escaped(std::string& out, std::string_view text, std::string_view what) {
  for (const char c : text) {
    if (what.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

// Quotes are lines that begin with '>'. '_' beside '_' is read as underline first, so an empty bold entity separates
// them; inside bold the same two characters end it and begin it again, which looks the same.
class MarkdownWriter final : public Text::Listener {
 public:
  std::string out;

  bool accepts(Style style, bool something_is_open) const override {
    const bool quote = style == Style::blockquote || style == Style::expandable_blockquote;
    return !(quote && something_is_open);
  }

  void plain(std::string_view text) override {
    if (line_is_quote_ && !text.starts_with('\n')) out += '\n';
    if (!text.empty()) follow_quote(text);
    // In code a line break is taken as it is, and so would be a '>' after it.
    if (verbatim_) return append_escaped(out, text, reserved_in_code);
    if (!in_quote_) return append_escaped(out, text, reserved);
    while (true) {
      const std::size_t end = text.find('\n');
      append_escaped(out, text.substr(0, end), reserved);
      if (end == std::string_view::npos) return;
      out += "\n>";
      text.remove_prefix(end + 1);
    }
  }

  void open(Style style, std::string_view argument) override {
    if (style == Style::blockquote || style == Style::expandable_blockquote) return open_quote();
    if (line_is_quote_) {
      out += '\n';
      line_is_quote_ = quote_is_above_ = false;
    }
    if (!in_quote_) quote_is_above_ = false;
    mark(opening(style));
    if (style == Style::pre) {
      out += argument;
      // The line break is dropped by Telegram; without it the first word would be the language.
      out += '\n';
    }
    verbatim_ = style == Style::code || style == Style::pre;
  }

  void close(Style style, std::string_view argument) override {
    verbatim_ = false;
    switch (style) {
      case Style::expandable_blockquote:
        out += "||";
        [[fallthrough]];
      case Style::blockquote:
        in_quote_ = false;
        line_is_quote_ = quote_is_above_ = true;
        return;
      case Style::text_link:
        return address("", argument);
      case Style::text_mention:
        return address("tg://user?id=", argument);
      case Style::custom_emoji:
        return address("tg://emoji?id=", argument);
      case Style::date_time: {
        const std::size_t blank = argument.find(' ');
        return address("tg://time?unix=",
                       std::string(argument.substr(0, blank)) + "&format=" + std::string(argument.substr(blank + 1)));
      }
      default:
        mark(opening(style));
    }
  }

  void raw(bool is_html, std::string_view markup) override {
    if (is_html) throw std::logic_error("raw HTML cannot be written as MarkdownV2");
    if (line_is_quote_ && !markup.starts_with('\n')) out += '\n';
    line_is_quote_ = quote_is_above_ = false;
    out += markup;
  }

 private:
  static std::string_view opening(Style style) {
    switch (style) {
      case Style::bold:
        return "*";
      case Style::italic:
        return "_";
      case Style::underline:
        return "__";
      case Style::strikethrough:
        return "~";
      case Style::spoiler:
        return "||";
      case Style::code:
        return "`";
      case Style::pre:
        return "```";
      case Style::text_link:
      case Style::text_mention:
        return "[";
      case Style::custom_emoji:
      case Style::date_time:
        return "![";
      case Style::blockquote:
      case Style::expandable_blockquote:
        break;
    }
    return {};
  }

  void mark(std::string_view sign) {
    if (sign.starts_with('_') && out.ends_with('_')) out += "**";
    out += sign;
  }

  void address(std::string_view prefix, std::string_view rest) {
    out += "](";
    append_escaped(out, prefix, reserved_in_address);
    append_escaped(out, rest, reserved_in_address);
    out += ')';
  }

  void open_quote() {
    if (!out.empty() && !out.ends_with('\n')) out += '\n';
    if (quote_is_above_) out += "**";  // keeps it apart from the quote on the line above
    out += '>';
    in_quote_ = true;
    line_is_quote_ = quote_is_above_ = false;
  }

  // After a quote: a single line break still leaves it on the line above.
  void follow_quote(std::string_view text) {
    if (in_quote_) return;
    quote_is_above_ = line_is_quote_ && text == "\n";
    line_is_quote_ = false;
  }

  bool verbatim_ = false;  // inside code or pre
  bool in_quote_ = false;
  bool line_is_quote_ = false;   // the last line written is a finished quote
  bool quote_is_above_ = false;  // it, or the line before the empty one that follows, is
};

}  // namespace

std::string Text::markdown() const {
  MarkdownWriter writer;
  tell(writer);
  return std::move(writer.out);
}

std::string format::escape_markdown(std::string_view text) {
  std::string out;
  append_escaped(out, text, reserved);
  return out;
}

}  // namespace tgkit::telegram
