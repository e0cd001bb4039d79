#include "dmarket/json_reader.hpp"

#include <array>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace dmarket {
namespace {

bool is_special(char c) { return c == '"' || c == '\\'; }

// The first quote or backslash in [at, end), or end.
const char* find_special(const char* at, const char* end) {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const int found = _mm_movemask_epi8(_mm_or_si128(quote, slash));
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
    at += 16;
  }
#endif
  while (at != end && !is_special(*at)) ++at;
  return at;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The number of "\uXXXX" at `at`, or negative.
int code_unit(const char* at, const char* end) {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  int unit = 0;
  for (int i = 2; i != 6; ++i) {
    const int digit = hex_value(at[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// "\uXXXX", with its second half where it is one of a pair. Returns the end, or null.
const char* decode_unicode(const char* at, const char* end, std::string& out) {
  const int unit = code_unit(at, end);
  if (unit < 0) return nullptr;
  at += 6;
  auto code = static_cast<unsigned>(unit);
  if (code >= 0xd800 && code < 0xe000) {
    const int low = code < 0xdc00 ? code_unit(at, end) : -1;
    const bool pair = low >= 0xdc00 && low < 0xe000;
    code = pair ? 0x10000 + ((code - 0xd800) << 10) + (static_cast<unsigned>(low) - 0xdc00) : 0xfffd;
    if (pair) at += 6;
  }
  append_utf8(out, code);
  return at;
}

// The escape whose backslash is at `at`. Returns the end of it, or null when it is none.
const char* decode_escape(const char* at, const char* end, std::string& out) {
  if (end - at < 2) return nullptr;
  constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  const auto known = names.find(at[1]);
  if (known != names.npos) {
    out += values[known];
    return at + 2;
  }
  return at[1] == 'u' ? decode_unicode(at, end, out) : nullptr;
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number_part(char c) { return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

}  // namespace

void JsonReader::blanks() {
  while (at_ != end_ && is_blank(*at_)) ++at_;
}

bool JsonReader::fail() {
  broken_ = true;
  end_ = at_;  // nothing can be read any more
  return false;
}

JsonReader::Kind JsonReader::peek() {
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

bool JsonReader::enter_object() {
  if (peek() != Kind::object) return false;
  ++at_;
  return true;
}

bool JsonReader::enter_array() {
  if (peek() != Kind::array) return false;
  ++at_;
  return true;
}

bool JsonReader::next_key(bool& first, std::string_view& key) {
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
  const char* const special = find_special(begin, end_);
  if (special == end_) return fail();
  if (*special == '"') {
    at_ = special + 1;
    key = std::string_view(begin, static_cast<std::size_t>(special - begin));
  } else {
    if (!decode(begin, special, key_)) return false;
    key = key_;
  }
  raw_key_ = std::string_view(begin, static_cast<std::size_t>(at_ - 1 - begin));
  blanks();
  if (at_ == end_ || *at_ != ':') return fail();
  ++at_;
  return true;
}

bool JsonReader::next_item(bool& first) {
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

// [begin, special) is plain; the escape at `special` is the first.
bool JsonReader::decode(const char* begin, const char* special, std::string& out) {
  out.assign(begin, special);
  const char* at = special;
  while (at != end_ && *at != '"') {
    at = decode_escape(at, end_, out);
    if (at == nullptr) return fail();
    const char* const next = find_special(at, end_);
    out.append(at, next);
    at = next;
  }
  if (at == end_) return fail();
  at_ = at + 1;
  return true;
}

bool JsonReader::string(std::string_view& out) {
  if (peek() != Kind::string) return false;
  const char* const begin = at_ + 1;
  const char* const special = find_special(begin, end_);
  if (special == end_) return fail();
  if (*special == '"') {
    out = std::string_view(begin, static_cast<std::size_t>(special - begin));
    at_ = special + 1;
    return true;
  }
  if (!decode(begin, special, string_)) return false;
  out = string_;
  return true;
}

bool JsonReader::number(std::string_view& out) {
  if (peek() != Kind::number) return false;
  const char* at = at_;
  while (at != end_ && is_number_part(*at)) ++at;
  out = std::string_view(at_, static_cast<std::size_t>(at - at_));
  at_ = at;
  return true;
}

bool JsonReader::literal(std::string_view word) {
  if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word) return fail();
  at_ += word.size();
  return true;
}

bool JsonReader::boolean(bool& out) {
  if (peek() != Kind::boolean) return false;
  out = *at_ == 't';
  return literal(out ? "true" : "false");
}

bool JsonReader::null() { return peek() == Kind::null && literal("null"); }

bool JsonReader::skip_string() {
  const char* at = at_ + 1;
  while ((at = find_special(at, end_)) != end_ && *at != '"') {
    if (end_ - at < 2) break;
    at += 2;
  }
  if (at == end_ || *at != '"') return fail();
  at_ = at + 1;
  return true;
}

// No recursion: the depth of what is skipped is not limited. Inside, only strings and brackets are looked at.
bool JsonReader::skip_nested() {
  std::size_t depth = 0;
  while (at_ != end_) {
    const char c = *at_;
    if (c == '"') {
      if (!skip_string()) return false;
      continue;
    }
    ++at_;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return true;
  }
  return fail();
}

bool JsonReader::skip() {
  std::string_view ignored_text;
  bool ignored = false;
  switch (peek()) {
    case Kind::none:
      return fail();
    case Kind::string:
      return skip_string();
    case Kind::number:
      return number(ignored_text);
    case Kind::boolean:
      return boolean(ignored);
    case Kind::null:
      return null();
    case Kind::object:
    case Kind::array:
      return skip_nested();
  }
  return fail();
}

bool JsonReader::raw(std::string_view& out) {
  peek();
  const char* const begin = at_;
  if (!skip()) return false;
  out = std::string_view(begin, static_cast<std::size_t>(at_ - begin));
  return true;
}

bool JsonReader::at_end() {
  blanks();
  return !broken_ && at_ == end_;
}

}  // namespace dmarket
