#include "tgkit/telegram/format.hpp"

#include <stdexcept>

namespace tgkit::telegram {
namespace {

// Telegram knows the four entities lt, gt, amp, quot only.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

class HtmlWriter final : public Text::Listener {
 public:
  std::string out;

  void plain(std::string_view text) override { append_escaped(out, text); }

  void open(Style style, std::string_view argument) override {
    switch (style) {
      case Style::pre:
        out += "<pre>";
        if (!argument.empty()) attribute("code", "class", "language-", argument);
        return;
      case Style::blockquote:
        out += "<blockquote>";
        return;
      case Style::expandable_blockquote:
        out += "<blockquote expandable>";
        return;
      case Style::text_link:
        return attribute("a", "href", "", argument);
      case Style::text_mention:
        return attribute("a", "href", "tg://user?id=", argument);
      case Style::custom_emoji:
        return attribute("tg-emoji", "emoji-id", "", argument);
      case Style::date_time:
        return open_date_time(argument);
      default:
        out += '<';
        out += tag(style);
        out += '>';
    }
  }

  void close(Style style, std::string_view argument) override {
    if (style == Style::pre && !argument.empty()) out += "</code>";
    out += "</";
    out += tag(style);
    out += '>';
  }

  void raw(bool is_html, std::string_view markup) override {
    if (!is_html) throw std::logic_error("raw MarkdownV2 cannot be written as HTML");
    out += markup;
  }

 private:
  static std::string_view tag(Style style) {
    switch (style) {
      case Style::bold:
        return "b";
      case Style::italic:
        return "i";
      case Style::underline:
        return "u";
      case Style::strikethrough:
        return "s";
      case Style::spoiler:
        return "tg-spoiler";
      case Style::blockquote:
      case Style::expandable_blockquote:
        return "blockquote";
      case Style::code:
        return "code";
      case Style::pre:
        return "pre";
      case Style::text_link:
      case Style::text_mention:
        return "a";
      case Style::custom_emoji:
        return "tg-emoji";
      case Style::date_time:
        return "tg-time";
    }
    return {};
  }

  void attribute(std::string_view tag, std::string_view name, std::string_view prefix, std::string_view value) {
    out += '<';
    out += tag;
    out += ' ';
    out += name;
    out += "=\"";
    out += prefix;
    append_escaped(out, value);
    out += "\">";
  }

  void open_date_time(std::string_view argument) {
    const std::size_t blank = argument.find(' ');
    out += "<tg-time unix=\"";
    append_escaped(out, argument.substr(0, blank));
    out += "\" format=\"";
    append_escaped(out, argument.substr(blank + 1));
    out += "\">";
  }
};

}  // namespace

std::string Text::html() const {
  HtmlWriter writer;
  tell(writer);
  return std::move(writer.out);
}

std::string format::escape_html(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

}  // namespace tgkit::telegram
