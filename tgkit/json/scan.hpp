#pragma once
// The inner loops of reading and writing strings, and of passing over values.
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tgkit::json {

inline bool is_special(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// The first quote, backslash or control character in [at, end), or end.
inline const char* find_special(const char* at, const char* end) {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
    const int found = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control));
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
    at += 16;
  }
#endif
  while (at != end && !is_special(*at)) ++at;
  return at;
}

// What stands where in 64 bytes, a bit for each.
struct Marks {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t opening = 0;  // brackets, square or curly
  std::uint64_t closing = 0;
};

constexpr std::ptrdiff_t marked = 64;

inline Marks marks_of(const char* at) {
  Marks marks;
#if defined(__SSE2__)
  for (int part = 0; part != 4; ++part) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * part));
    // '[' and '{' differ in this bit, as do ']' and '}'
    const __m128i curly = _mm_or_si128(block, _mm_set1_epi8(0x20));
    const auto positions = [part](__m128i found) {
      return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << (16 * part);
    };
    marks.quotes |= positions(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
    marks.backslashes |= positions(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    marks.opening |= positions(_mm_cmpeq_epi8(curly, _mm_set1_epi8('{')));
    marks.closing |= positions(_mm_cmpeq_epi8(curly, _mm_set1_epi8('}')));
  }
#else
  for (int i = 0; i != marked; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (at[i] == '"') marks.quotes |= bit;
    if (at[i] == '\\') marks.backslashes |= bit;
    if ((at[i] | 0x20) == '{') marks.opening |= bit;
    if ((at[i] | 0x20) == '}') marks.closing |= bit;
  }
#endif
  return marks;
}

// Finds the brackets that stand outside of strings, 64 bytes after 64 bytes.
class BracketScan {
 public:
  // Those of `marks`, a bit for each.
  std::uint64_t brackets(const Marks& marks) {
    std::uint64_t inside = marks.quotes & ~escaped(marks.backslashes);
    for (int shift = 1; shift != 64; shift *= 2) inside ^= inside << shift;  // from a quote up to the next
    inside ^= in_string_;
    in_string_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    return (marks.opening | marks.closing) & ~inside;
  }

 private:
  std::uint64_t escaped(std::uint64_t backslashes) {
    std::uint64_t found = escapes_next_;
    backslashes &= ~found;
    escapes_next_ = 0;
    while (backslashes != 0) {
      const std::uint64_t first = backslashes & (0 - backslashes);
      if (first >> 63 != 0) escapes_next_ = 1;
      found |= first << 1;
      backslashes &= ~(first | first << 1);
    }
    return found;
  }

  std::uint64_t in_string_ = 0;     // all bits: the last 64 bytes ended within a string
  std::uint64_t escapes_next_ = 0;  // 1: they ended with a backslash that counts
};

}  // namespace tgkit::json
