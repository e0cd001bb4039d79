#include "tgkit/telegram/entities.hpp"

#include "tgkit/telegram/types/user.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace tgkit::telegram {
namespace {

std::string_view type_of(Style style) {
  switch (style) {
    case Style::bold:
      return "bold";
    case Style::italic:
      return "italic";
    case Style::underline:
      return "underline";
    case Style::strikethrough:
      return "strikethrough";
    case Style::spoiler:
      return "spoiler";
    case Style::blockquote:
      return "blockquote";
    case Style::expandable_blockquote:
      return "expandable_blockquote";
    case Style::code:
      return "code";
    case Style::pre:
      return "pre";
    case Style::text_link:
      return "text_link";
    case Style::text_mention:
      return "text_mention";
    case Style::custom_emoji:
      return "custom_emoji";
    case Style::date_time:
      return "date_time";
  }
  return {};
}

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class EntityWriter final : public Text::Listener {
 public:
  FormattedText out;

  void plain(std::string_view text) override {
    out.text += text;
    length_ += static_cast<std::int64_t>(utf16_length(text));
  }

  void open(Style style, std::string_view argument) override {
    open_.push_back(out.entities.size());
    MessageEntity& entity = out.entities.emplace_back();
    entity.type = type_of(style);
    entity.offset = length_;
    describe(entity, style, argument);
  }

  void close(Style, std::string_view) override {
    MessageEntity& entity = out.entities[open_.back()];
    open_.pop_back();
    entity.length = length_ - entity.offset;
  }

  void raw(bool, std::string_view) override { throw std::logic_error("raw markup cannot be written as entities"); }

 private:
  static void describe(MessageEntity& entity, Style style, std::string_view argument) {
    switch (style) {
      case Style::text_link:
        entity.url = argument;
        return;
      case Style::text_mention: {
        User user;
        user.id = to_integer(argument);
        entity.user = std::move(user);
        return;
      }
      case Style::custom_emoji:
        entity.custom_emoji_id = argument;
        return;
      case Style::pre:
        if (!argument.empty()) entity.language = argument;
        return;
      case Style::date_time:
        entity.unix_time = to_integer(argument);
        entity.date_time_format = argument.substr(argument.find(' ') + 1);
        return;
      default:
        return;
    }
  }

  std::int64_t length_ = 0;
  std::vector<std::size_t> open_;  // indices into out.entities
};

}  // namespace

FormattedText to_entities(const Text& text) {
  EntityWriter writer;
  text.tell(writer);
  return std::move(writer.out);
}

std::string_view entity_text(std::string_view text, const MessageEntity& entity) {
  return utf16_substr(text, entity.offset, entity.length);
}

}  // namespace tgkit::telegram
