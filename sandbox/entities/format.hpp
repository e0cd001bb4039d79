#pragma once

// From the parameters of a call to the text of a message: the one door to this folder.

#include "sandbox/entities/entity.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

enum class EmptyText { refused, allowed };  // messages, captions

// What the server makes of `text` with `parse_mode` (any case; empty: none) or, without one, with explicit `entities`:
// markup parsed, unknown kinds of entities dropped, nesting settled, control characters and outer blanks removed with
// offsets shifted, mentions, commands, tags and links found.
// The error is the description that follows "Bad Request: ", for example
// "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\'".
std::expected<FormattedText, std::string> format_text(std::string_view text, std::string_view parse_mode = {},
                                                      std::vector<Entity> entities = {},
                                                      EmptyText empty = EmptyText::refused);

}  // namespace sandbox
