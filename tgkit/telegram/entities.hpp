#pragma once
// Formatting as Telegram keeps it: plain text, and entities whose offsets and lengths count UTF-16 code units.
#include "tgkit/telegram/format.hpp"
#include "tgkit/telegram/text_length.hpp"
#include "tgkit/telegram/types/message_entity.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::telegram {

struct FormattedText {
  FormattedText() = default;
  explicit FormattedText(std::string text_, std::vector<MessageEntity> entities_ = {})
      : text(std::move(text_)), entities(std::move(entities_)) {}
  std::string text;
  std::vector<MessageEntity> entities;  // by offset, an outer one before those inside it
};

// Throws std::logic_error when raw markup is inside.
FormattedText to_entities(const Text& text);

// The text of an entity; empty when it lies outside of `text`.
std::string_view entity_text(std::string_view text, const MessageEntity& entity);

// Cuts a text into pieces that one message each can hold. It is cut where it is seen least: at a line's end outside of
// entities, else at a blank outside, else before an entity, else inside one (which then goes on in the next piece), and
// never inside a character. White space at the end of a piece is
// dropped, and a piece of nothing else with it.
std::vector<FormattedText> split(const FormattedText& text, std::size_t limit = message_text_limit);
std::vector<FormattedText> split(const Text& text, std::size_t limit = message_text_limit);

}  // namespace tgkit::telegram
