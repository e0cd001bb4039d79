#include "tgkit/telegram/text_length.hpp"

#include <algorithm>

namespace tgkit::telegram {
namespace {

bool is_lead(char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }

// Four bytes in UTF-8 are a surrogate pair in UTF-16.
std::int64_t units(char lead) { return static_cast<unsigned char>(lead) >= 0xF0u ? 2 : 1; }

std::size_t next_lead(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && !is_lead(text[at])) ++at;
  return at;
}

std::size_t first_lead(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if(text, is_lead) - text.begin());
}

struct Place {
  std::size_t byte = 0;
  std::int64_t unit = 0;
};

// The first place that is not before `offset`, or the end of the text.
Place seek(std::string_view text, std::int64_t offset) {
  if (offset <= 0) return {};
  Place at{first_lead(text), 0};
  while (at.byte < text.size() && at.unit < offset) {
    at.unit += units(text[at.byte]);
    at.byte = next_lead(text, at.byte);
  }
  return at;
}

}  // namespace

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, is_lead));
}

std::size_t utf16_length(std::string_view text) {
  std::int64_t length = 0;
  for (const char c : text) {
    if (is_lead(c)) length += units(c);
  }
  return static_cast<std::size_t>(length);
}

std::size_t utf16_to_byte(std::string_view text, std::int64_t offset) { return seek(text, offset).byte; }

std::string_view utf16_substr(std::string_view text, std::int64_t offset, std::int64_t length) {
  if (length <= 0) return {};
  if (offset < 0) {
    if (offset + length <= 0) return {};
    length += offset;
    offset = 0;
  }
  const Place begin = seek(text, offset);
  if (begin.unit > offset) --length;  // it begins between the halves of a pair
  std::size_t end = begin.byte;
  for (std::int64_t passed = 0; end < text.size(); end = next_lead(text, end)) {
    passed += units(text[end]);
    if (passed > length) break;
  }
  return text.substr(begin.byte, end - begin.byte);
}

}  // namespace tgkit::telegram
