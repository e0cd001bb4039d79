#pragma once
// The inner loops of reading and writing strings, and of passing over values.
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

inline bool is_structural(char c) { return c == '"' || (c | 0x20) == '{' || (c | 0x20) == '}'; }

// The first quote or bracket, square or curly, in [at, end), or end.
inline const char* find_structural(const char* at, const char* end) {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i curly =
        _mm_or_si128(block, _mm_set1_epi8(0x20));  // '[' and '{' differ in this bit, as do ']' and '}'
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i open = _mm_cmpeq_epi8(curly, _mm_set1_epi8('{'));
    const __m128i close = _mm_cmpeq_epi8(curly, _mm_set1_epi8('}'));
    const int found = _mm_movemask_epi8(_mm_or_si128(quote, _mm_or_si128(open, close)));
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
    at += 16;
  }
#endif
  while (at != end && !is_structural(*at)) ++at;
  return at;
}

}  // namespace tgkit::json
