#pragma once
// Chance by seed: the same numbers on every machine and compiler. Integers only.
#include <cstdint>

namespace sandbox::market {

constexpr std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  return x ^ x >> 31;
}
constexpr std::uint64_t mixed(std::uint64_t a, std::uint64_t b) { return mixed(mixed(a + 0x9e3779b97f4a7c15u) ^ b); }
constexpr std::uint64_t mixed(std::uint64_t a, std::uint64_t b, std::uint64_t c) { return mixed(mixed(a, b), c); }

// A stream (SplitMix64).
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed = 0) : state_(seed) {}

  constexpr std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15u); }
  // 0 ... n-1. Requires 0 < n <= 2^32.
  constexpr std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(((next() >> 32) * static_cast<std::uint64_t>(n)) >> 32);
  }
  // Both ends inclusive; an empty range gives `from`.
  constexpr std::int64_t between(std::int64_t from, std::int64_t to) {
    return to <= from ? from : from + below(to - from + 1);
  }
  constexpr bool chance(std::int64_t millionths) { return below(1'000'000) < millionths; }
  // Bell-shaped about 0, thousandths of a standard deviation, within +-3464.
  constexpr std::int64_t bell() {
    const std::uint64_t bits = next();
    std::int64_t sum = 0;
    for (int i = 0; i < 4; ++i) sum += static_cast<std::int64_t>(bits >> (16 * i) & 0xffff);
    return (sum - 2 * 65'535) * 1'000 / 37'837;  // four uniform numbers: deviation 65,535 / sqrt(3)
  }

 private:
  std::uint64_t state_;
};

// value * millionths / 10^6 without leaving 64 bits for any price there is.
constexpr std::int64_t scaled(std::int64_t value, std::int64_t millionths) {
  return value / 1'000'000 * millionths + value % 1'000'000 * millionths / 1'000'000;
}

}  // namespace sandbox::market
