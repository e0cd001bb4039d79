#pragma once
// Lengths as Telegram counts them: limits in Unicode code points, entities in UTF-16 code units. Text is UTF-8; bytes
// that are none are counted like a server that only looks at lead bytes does, and never make anything fail.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tgkit::telegram {

constexpr std::size_t message_text_limit = 4096;     // code points after entity parsing
constexpr std::size_t message_caption_limit = 1024;  // the same

std::size_t code_points(std::string_view text);
std::size_t utf16_length(std::string_view text);

// The byte at which the code point with UTF-16 offset `offset` begins; text.size() beyond the end. An offset between
// the halves of a pair counts as the code point after it.
std::size_t utf16_to_byte(std::string_view text, std::int64_t offset);

// The part of `text` that [offset, offset + length) names in UTF-16 code units, as far as it lies inside the text. A
// range that ends between the halves of a pair does not include the pair.
std::string_view utf16_substr(std::string_view text, std::int64_t offset, std::int64_t length);

}  // namespace tgkit::telegram
