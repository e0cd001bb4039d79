#include "tgkit/json/reader.hpp"

#include "tgkit/json/scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <charconv>
#include <cmath>

namespace tgkit::json {
namespace {

constexpr std::array<std::int8_t, 256> hex_digits = [] {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (int i = 0; i != 10; ++i) digits[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i != 6; ++i) {
    digits[static_cast<std::size_t>('a' + i)] = digits[static_cast<std::size_t>('A' + i)] =
        static_cast<std::int8_t>(10 + i);
  }
  return digits;
}();

int hex_digit(char c) { return hex_digits[static_cast<unsigned char>(c)]; }

// The code unit of four hex digits, or negative.
inline int code_unit(const char* at, const char* end) {
  if (end - at < 4) return -1;
  const int a = hex_digit(at[0]), b = hex_digit(at[1]), c = hex_digit(at[2]), d = hex_digit(at[3]);
  return (a | b | c | d) < 0 ? -1 : a << 12 | b << 8 | c << 4 | d;
}

inline char* put_utf8(char* out, unsigned code) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xc0 | code >> 6);
    *out++ = static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xe0 | code >> 12);
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out++ = static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *out++ = static_cast<char>(0xf0 | code >> 18);
    *out++ = static_cast<char>(0x80 | (code >> 12 & 0x3f));
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out++ = static_cast<char>(0x80 | (code & 0x3f));
  }
  return out;
}

// Decodes the escape whose backslash is at `at`; returns the end of it, or null when it is none.
const char* decode_escape(const char* at, const char* end, char*& out) {
  if (end - at < 2) return nullptr;
  switch (at[1]) {
    case '"':
    case '\\':
    case '/':
      *out++ = at[1];
      return at + 2;
    case 'b':
      *out++ = '\b';
      return at + 2;
    case 'f':
      *out++ = '\f';
      return at + 2;
    case 'n':
      *out++ = '\n';
      return at + 2;
    case 'r':
      *out++ = '\r';
      return at + 2;
    case 't':
      *out++ = '\t';
      return at + 2;
    case 'u':
      break;
    default:
      return nullptr;
  }
  const int unit = code_unit(at + 2, end);
  if (unit < 0) return nullptr;
  at += 6;
  unsigned code = static_cast<unsigned>(unit);
  if (code >= 0xd800 && code < 0xe000) {
    const bool pair = code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u';
    const int low = pair ? code_unit(at + 2, end) : -1;
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (static_cast<unsigned>(low) - 0xdc00);
      at += 6;
    } else {
      code = 0xfffd;
    }
  }
  out = put_utf8(out, code);
  return at;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool to_integer(std::string_view text, std::int64_t& out) {
  const char* const end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), end, out);
  if (whole.ec == std::errc() && whole.ptr == end) return true;
  double value = 0;
  const auto real = std::from_chars(text.data(), end, value);
  if (real.ec != std::errc() || real.ptr != end || std::trunc(value) != value) return false;
  if (!(value >= -9.2e18 && value <= 9.2e18)) return false;
  out = static_cast<std::int64_t>(value);
  return true;
}

bool to_number(std::string_view text, double& out) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && std::isfinite(out);
}

}  // namespace

inline void Reader::blanks() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool Reader::fail() {
  broken_ = true;
  end_ = at_;  // nothing can be read any more
  return false;
}

Reader::Kind Reader::peek() {
  blanks();
  if (at_ == end_) return Kind::none;
  switch (*at_) {
    case '{':
      return Kind::object;
    case '[':
      return Kind::array;
    case '"':
      return Kind::string;
    case 't':
    case 'f':
      return Kind::boolean;
    case 'n':
      return Kind::null;
    default:
      return is_digit(*at_) || *at_ == '-' ? Kind::number : Kind::none;
  }
}

inline bool Reader::text_here(std::string_view& out, std::string& decoded) {
  const char* const begin = at_ + 1;
  const char* const close = find_special(begin, end_);
  if (close != end_ && *close == '"') {
    out = std::string_view(begin, static_cast<std::size_t>(close - begin));
    at_ = close + 1;
    return true;
  }
  if (!decode_string(decoded)) return false;
  out = decoded;
  return true;
}

bool Reader::enter_object() {
  if (peek() != Kind::object) return false;
  ++at_;
  return true;
}

bool Reader::enter_array() {
  if (peek() != Kind::array) return false;
  ++at_;
  return true;
}

bool Reader::next_key(bool& first, std::string_view& key) {
  blanks();
  if (at_ == end_) return fail();
  if (*at_ == '}') {
    ++at_;
    return false;
  }
  if (!first) {
    if (*at_ != ',') return fail();
    ++at_;
    blanks();
  }
  first = false;
  if (at_ == end_ || *at_ != '"') return fail();
  const char* const begin = at_ + 1;
  if (!text_here(key, key_)) return false;
  raw_key_ = std::string_view(begin, static_cast<std::size_t>(at_ - 1 - begin));
  blanks();
  if (at_ == end_ || *at_ != ':') return fail();
  ++at_;
  return true;
}

bool Reader::next_item(bool& first) {
  blanks();
  if (at_ == end_) return fail();
  if (*at_ == ']') {
    ++at_;
    return false;
  }
  if (first) {
    first = false;
    return true;
  }
  if (*at_ != ',') return fail();
  ++at_;
  return true;
}

// at_ stands on the opening quote.
bool Reader::decode_string(std::string& out) {
  const char* at = at_ + 1;
  const char* special = find_special(at, end_);
  out.assign(at, static_cast<std::size_t>(special - at));
  if (special != end_ && *special == '"') {
    at_ = special + 1;
    return true;
  }
  at = special;
  std::array<char, 256> decoded;
  char* to = decoded.data();
  char* const full = to + decoded.size() - 8;
  const auto flush = [&] {
    out.append(decoded.data(), static_cast<std::size_t>(to - decoded.data()));
    to = decoded.data();
  };
  while (at != end_ && *at != '"') {
    if (*at == '\\') {
      at = decode_escape(at, end_, to);
      if (!at) return fail();
    } else {
      *to++ = *at++;  // a control character, or plain text between escapes
    }
    if (to >= full) flush();
    // Runs of plain text are copied as a whole; between escapes they are mostly a blank or two.
    if (end_ - at > 2 && !is_special(at[0]) && !is_special(at[1]) && !is_special(at[2])) {
      flush();
      special = find_special(at, end_);
      out.append(at, static_cast<std::size_t>(special - at));
      at = special;
    }
  }
  flush();
  at_ = at;
  if (at == end_) return fail();
  ++at_;
  return true;
}

bool Reader::string(std::string& out) {
  if (peek() != Kind::string) return false;
  return decode_string(out);
}

bool Reader::string(std::string_view& out) { return peek() == Kind::string && text_here(out, string_); }

std::string_view Reader::number_here() const {
  const char* at = at_;
  while (at != end_ && (is_digit(*at) || *at == '-' || *at == '+' || *at == '.' || *at == 'e' || *at == 'E')) ++at;
  return std::string_view(at_, static_cast<std::size_t>(at - at_));
}

// The inside of the string at at_, when it can be a number.
bool Reader::quoted_number(std::string_view& out) const {
  const std::string_view rest(at_ + 1, static_cast<std::size_t>(end_ - at_ - 1));
  const std::size_t size = rest.substr(0, 40).find('"');
  out = rest.substr(0, size);
  return size != rest.npos && size != 0;
}

// The usual case: a sign and at most 18 digits.
bool Reader::short_integer(std::int64_t& out) {
  const bool negative = *at_ == '-';
  const char* const begin = at_ + (negative ? 1 : 0);
  const char* at = begin;
  std::int64_t value = 0;
  while (at != end_ && is_digit(*at) && at - begin < 18) value = value * 10 + (*at++ - '0');
  if (at == begin || (at != end_ && (is_digit(*at) || *at == '.' || *at == 'e' || *at == 'E'))) return false;
  out = negative ? -value : value;
  at_ = at;
  return true;
}

bool Reader::integer(std::int64_t& out) {
  const Kind kind = peek();
  if (kind == Kind::number) {
    if (short_integer(out)) return true;
    const std::string_view text = number_here();
    if (!to_integer(text, out)) return false;
    at_ += text.size();
    return true;
  }
  if (kind != Kind::string) return false;
  std::string_view text;
  if (!quoted_number(text) || !to_integer(text, out)) return false;
  at_ += text.size() + 2;
  return true;
}

bool Reader::number(double& out) {
  const Kind kind = peek();
  if (kind == Kind::number) {
    const std::string_view text = number_here();
    if (!to_number(text, out)) return false;
    at_ += text.size();
    return true;
  }
  if (kind != Kind::string) return false;
  std::string_view text;
  if (!quoted_number(text) || !to_number(text, out)) return false;
  at_ += text.size() + 2;
  return true;
}

bool Reader::number(std::string_view& out) {
  if (peek() != Kind::number) return false;
  out = number_here();
  at_ += out.size();
  return true;
}

bool Reader::boolean(bool& out) {
  if (peek() != Kind::boolean) return false;
  out = *at_ == 't';
  return skip_literal(out ? "true" : "false");
}

bool Reader::null() { return peek() == Kind::null && skip_literal("null"); }

bool Reader::skip_literal(std::string_view word) {
  if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word) return fail();
  at_ += word.size();
  return true;
}

bool Reader::skip_string() {
  const char* at = at_ + 1;
  while (true) {
    at = find_special(at, end_);
    if (at == end_) {
      at_ = end_;
      return fail();
    }
    if (*at == '"') break;
    at += *at == '\\' && end_ - at > 1 ? 2 : 1;
  }
  at_ = at + 1;
  return true;
}

// No recursion: the depth of what is skipped is not limited. Only strings and brackets are looked at, so that passing
// over a value costs little; what stands between them is not checked.
bool Reader::skip_brackets() {
  BracketScan scan;
  std::size_t depth = 0;
  std::bitset<512> is_object;  // by depth; deeper brackets are only counted
  for (const char* block = at_; block != end_;) {
    const std::ptrdiff_t size = std::min(end_ - block, marked);
    std::array<char, marked> rest;
    const char* whole = block;
    if (size < marked) {
      rest.fill(' ');
      std::copy_n(block, size, rest.data());
      whole = rest.data();
    }
    for (std::uint64_t found = scan.brackets(marks_of(whole)); found != 0; found &= found - 1) {
      const char* const at = block + std::countr_zero(found);
      if (*at == '{' || *at == '[') {
        if (depth < is_object.size()) is_object[depth] = *at == '{';
        ++depth;
        continue;
      }
      --depth;
      if (depth < is_object.size() && is_object[depth] != (*at == '}')) {
        at_ = at;
        return fail();
      }
      if (depth == 0) {
        at_ = at + 1;
        return true;
      }
    }
    block += size;
  }
  at_ = end_;
  return fail();
}

bool Reader::skip() {
  switch (peek()) {
    case Kind::none:
      return fail();
    case Kind::string:
      return skip_string();
    case Kind::boolean:
      return skip_literal(*at_ == 't' ? "true" : "false");
    case Kind::null:
      return skip_literal("null");
    case Kind::number: {
      at_ += number_here().size();
      return true;
    }
    case Kind::object:
    case Kind::array:
      return skip_brackets();
  }
  return fail();
}

bool Reader::raw(std::string_view& out) {
  peek();
  const char* const begin = at_;
  if (!skip()) return false;
  out = std::string_view(begin, static_cast<std::size_t>(at_ - begin));
  return true;
}

bool Reader::at_end() {
  blanks();
  return !broken_ && at_ == end_;
}

}  // namespace tgkit::json
