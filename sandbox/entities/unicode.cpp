#include "sandbox/entities/unicode.hpp"

#include <algorithm>
#include <array>

namespace sandbox {
namespace {

constexpr char32_t kBroken = 0xFFFD;

struct Block {
  char32_t first;
  char32_t last;
};

template <std::size_t size>
bool within(const std::array<Block, size>& blocks, char32_t code) {
  const auto after = std::upper_bound(blocks.begin(), blocks.end(), code,
                                      [](char32_t value, const Block& block) { return value < block.first; });
  return after != blocks.begin() && code <= std::prev(after)->last;
}

constexpr std::array kLetters = {
    Block{'A', 'Z'},         Block{'a', 'z'},         Block{0xAA, 0xAA},       Block{0xB5, 0xB5},
    Block{0xBA, 0xBA},       Block{0xC0, 0xD6},       Block{0xD8, 0xF6},       Block{0xF8, 0x2C1},
    Block{0x2C6, 0x2D1},     Block{0x2E0, 0x2E4},     Block{0x370, 0x374},     Block{0x376, 0x37D},
    Block{0x37F, 0x37F},     Block{0x386, 0x386},     Block{0x388, 0x3F5},     Block{0x3F7, 0x481},
    Block{0x48A, 0x559},     Block{0x560, 0x588},     Block{0x5D0, 0x5F2},     Block{0x620, 0x64A},
    Block{0x66E, 0x6D3},     Block{0x6E5, 0x6E6},     Block{0x6EE, 0x6EF},     Block{0x6FA, 0x6FC},
    Block{0x710, 0x72F},     Block{0x74D, 0x7A5},     Block{0x7CA, 0x7EA},     Block{0x800, 0x815},
    Block{0x840, 0x858},     Block{0x8A0, 0x8C9},     Block{0x904, 0x939},     Block{0x958, 0x961},
    Block{0x971, 0x980},     Block{0x985, 0x9B9},     Block{0x9DC, 0x9E1},     Block{0xA05, 0xA39},
    Block{0xA59, 0xA5E},     Block{0xA85, 0xAB9},     Block{0xB05, 0xB39},     Block{0xB83, 0xBB9},
    Block{0xC05, 0xC39},     Block{0xC85, 0xCB9},     Block{0xD05, 0xD3A},     Block{0xD85, 0xDC6},
    Block{0xE01, 0xE30},     Block{0xE40, 0xE46},     Block{0xE81, 0xEB0},     Block{0xEC0, 0xEC6},
    Block{0xF40, 0xF6C},     Block{0x1000, 0x102A},   Block{0x10A0, 0x10FA},   Block{0x10FC, 0x135A},
    Block{0x1380, 0x138F},   Block{0x13A0, 0x166C},   Block{0x166F, 0x167F},   Block{0x1681, 0x169A},
    Block{0x16A0, 0x16EA},   Block{0x1780, 0x17B3},   Block{0x1820, 0x1878},   Block{0x1D00, 0x1DBF},
    Block{0x1E00, 0x1FBC},   Block{0x1FC2, 0x1FCC},   Block{0x1FD0, 0x1FDB},   Block{0x1FE0, 0x1FEC},
    Block{0x1FF2, 0x1FFC},   Block{0x2071, 0x2071},   Block{0x207F, 0x207F},   Block{0x2102, 0x2102},
    Block{0x210A, 0x2113},   Block{0x2115, 0x2115},   Block{0x2119, 0x211D},   Block{0x2124, 0x2124},
    Block{0x2126, 0x2126},   Block{0x212A, 0x212D},   Block{0x212F, 0x2139},   Block{0x2C00, 0x2CE4},
    Block{0x2D00, 0x2D6F},   Block{0x2D80, 0x2DDE},   Block{0x3005, 0x3006},   Block{0x3031, 0x3035},
    Block{0x3041, 0x3096},   Block{0x309D, 0x309F},   Block{0x30A1, 0x30FA},   Block{0x30FC, 0x318E},
    Block{0x31A0, 0x31BF},   Block{0x31F0, 0x31FF},   Block{0x3400, 0x4DBF},   Block{0x4E00, 0xA48C},
    Block{0xA4D0, 0xA60C},   Block{0xA610, 0xA61F},   Block{0xA62A, 0xA66E},   Block{0xA680, 0xA69D},
    Block{0xA722, 0xA7FF},   Block{0xAC00, 0xD7A3},   Block{0xF900, 0xFAFF},   Block{0xFB00, 0xFB28},
    Block{0xFB2A, 0xFBB1},   Block{0xFBD3, 0xFD3D},   Block{0xFD50, 0xFDFB},   Block{0xFE70, 0xFEFC},
    Block{0xFF21, 0xFF3A},   Block{0xFF41, 0xFF5A},   Block{0xFF66, 0xFFDC},   Block{0x10000, 0x100FA},
    Block{0x10280, 0x1031F}, Block{0x10330, 0x1049D}, Block{0x104B0, 0x1085F}, Block{0x10A00, 0x10FFF},
    Block{0x12000, 0x1254F}, Block{0x13000, 0x1342F}, Block{0x16800, 0x16F4F}, Block{0x17000, 0x18CFF},
    Block{0x1B000, 0x1B2FF}, Block{0x1D400, 0x1D7CB}, Block{0x1E900, 0x1E943}, Block{0x20000, 0x3FFFD}};

// The first digit of each block of ten.
constexpr std::array<char32_t, 24> kZeros = {'0',    0x660,  0x6F0,  0x7C0,  0x966,  0x9E6,  0xA66,  0xAE6,
                                             0xB66,  0xBE6,  0xC66,  0xCE6,  0xD66,  0xE50,  0xED0,  0xF20,
                                             0x1040, 0x17E0, 0x1810, 0x1946, 0xA620, 0xA8D0, 0xAA50, 0xFF10};

constexpr std::array kOtherNumbers = {
    Block{0xB2, 0xB3},     Block{0xB9, 0xB9},     Block{0xBC, 0xBE},     Block{0x9F4, 0x9F9},
    Block{0x2070, 0x2070}, Block{0x2074, 0x2079}, Block{0x2080, 0x2089}, Block{0x2150, 0x2189},
    Block{0x2460, 0x249B}, Block{0x24EA, 0x24FF}, Block{0x2776, 0x2793}, Block{0x3007, 0x3007},
    Block{0x3021, 0x3029}, Block{0x3192, 0x3195}, Block{0x3220, 0x3229}, Block{0x3280, 0x3289}};

bool continues(std::string_view text, std::size_t position) {
  return position < text.size() && !starts_character(static_cast<unsigned char>(text[position]));
}

// Bytes of the character that begins with `byte`; 0 when none may.
int character_size(unsigned char byte) {
  if (byte < 0x80) return 1;
  if (byte < 0xC2) return 0;
  if (byte < 0xE0) return 2;
  if (byte < 0xF0) return 3;
  return byte < 0xF5 ? 4 : 0;
}

bool is_allowed(char32_t code, int size) {
  if (size == 3) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
  return size != 4 || (code >= 0x10000 && code <= 0x10FFFF);
}

}  // namespace

char32_t next_character(std::string_view text, std::size_t& position) {
  const auto first = static_cast<unsigned char>(text[position++]);
  const int size = character_size(first);
  if (size == 1) return first;
  if (size == 0) return kBroken;
  char32_t code = first & (0x7F >> size);
  for (int i = 1; i < size; ++i) {
    if (!continues(text, position - 1 + static_cast<std::size_t>(i))) return kBroken;
    code = code << 6 | (static_cast<unsigned char>(text[position - 1 + static_cast<std::size_t>(i)]) & 0x3F);
  }
  if (!is_allowed(code, size)) return kBroken;
  position += static_cast<std::size_t>(size - 1);
  return code;
}

char32_t character_before(std::string_view text, std::size_t position) {
  if (position == 0) return 0;
  std::size_t start = position - 1;
  while (start > 0 && continues(text, start)) --start;
  return next_character(text, start);
}

char32_t character_at(std::string_view text, std::size_t position) {
  return position < text.size() ? next_character(text, position) : 0;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    // A real U+FFFD is three bytes long; broken input moves by one.
    if (next_character(text, i) == kBroken && i - start == 1) return false;
  }
  return true;
}

std::size_t utf8_length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return starts_character(static_cast<unsigned char>(c)); }));
}

std::int64_t utf16_length(std::string_view text) {
  std::int64_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (starts_character(byte)) units += utf16_units(byte);
  }
  return units;
}

namespace {

std::size_t byte_offset(std::string_view text, std::int64_t units) {
  std::size_t i = 0;
  while (i < text.size() && units > 0) {
    units -= utf16_units(static_cast<unsigned char>(text[i]));
    ++i;
    while (continues(text, i)) ++i;
  }
  return i;
}

}  // namespace

std::string_view utf16_substr(std::string_view text, std::int64_t offset, std::int64_t length) {
  const std::size_t begin = byte_offset(text, offset);
  const std::size_t end = byte_offset(text, offset + std::max<std::int64_t>(length, 0));
  return text.substr(begin, end - begin);
}

void append_character(std::string& text, char32_t code) {
  const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

bool is_letter(char32_t code) { return within(kLetters, code); }

bool is_digit(char32_t code) {
  return std::any_of(kZeros.begin(), kZeros.end(), [code](char32_t zero) { return code >= zero && code < zero + 10; });
}

bool is_separator(char32_t code) {
  return code == ' ' || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_word(char32_t code) { return code == '_' || is_letter(code) || is_digit(code) || within(kOtherNumbers, code); }

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace sandbox
