#pragma once

// Just enough Unicode for message texts: three ways to count, decoding by step, and a coarse sort of characters.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox {

bool is_valid_utf8(std::string_view text);         // strict: no overlong forms, no surrogates
std::size_t utf8_length(std::string_view text);    // code points: what Telegram's size limits count
std::int64_t utf16_length(std::string_view text);  // code units: what entity offsets count

// The part of `text` that an entity covers; clipped to the text. Offsets inside a surrogate pair go to its end.
std::string_view utf16_substr(std::string_view text, std::int64_t offset, std::int64_t length);

// First byte of a character (every byte that is no continuation byte).
constexpr bool starts_character(unsigned char byte) { return (byte & 0xC0) != 0x80; }
// UTF-16 units of the character that begins with this byte.
constexpr int utf16_units(unsigned char first_byte) { return first_byte >= 0xF0 ? 2 : 1; }

// The code point at `position`, which moves behind it. Broken input gives U+FFFD and moves one byte.
char32_t next_character(std::string_view text, std::size_t& position);
// The code point that ends before `position`; 0 at the beginning of the text.
char32_t character_before(std::string_view text, std::size_t position);
// The code point that begins at `position`; 0 at the end of the text.
char32_t character_at(std::string_view text, std::size_t position);
void append_character(std::string& text, char32_t code);

// Blocks instead of the full tables of the standard: right for the scripts that people chat in.
bool is_letter(char32_t code);
bool is_separator(char32_t code);  // kinds of blanks
bool is_digit(char32_t code);      // decimal digits of the common scripts
bool is_word(char32_t code);       // letter, number or underscore

constexpr bool is_ascii_digit(char32_t c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_ascii_word(char32_t c) { return is_ascii_letter(c) || is_ascii_digit(c) || c == '_'; }
// Blanks of markup; the end of the text (0) counts as one.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\0'; }
std::string ascii_lower(std::string_view text);

}  // namespace sandbox
