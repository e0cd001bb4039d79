#pragma once

// The three markup languages of the Bot API. Each parser turns markup into text and entities, sorted, not yet checked
// for nesting (nesting.hpp). The error is the server's sentence, without its "can't parse entities: ".

#include "sandbox/entities/entity.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace sandbox {

using Parsed = std::expected<FormattedText, std::string>;

Parsed parse_markdown(std::string_view markup);  // legacy: flat, no escaping inside entities
Parsed parse_markdown_v2(std::string_view markup);
Parsed parse_html(std::string_view markup);

}  // namespace sandbox
