#pragma once
// Tables of cases. Each stands at namespace scope and is counted before main, so that a test can say how many there
// are.
#include "dmarket/money.hpp"
#include "dmarket/trading/fee_table.hpp"
#include "dmarket/trading/time.hpp"

#include <cstddef>

namespace dmarket::trading::tests {

inline std::size_t& counted_cases() {
  static std::size_t count = 0;
  return count;
}

struct Counted {
  explicit Counted(std::size_t cases) { counted_cases() += cases; }
};

constexpr Money cents(std::int64_t amount) { return Money::cents(amount); }
inline constexpr Time now = time_of(1'790'000'000);
inline constexpr Time never = time_of(4'000'000'000);

constexpr FeeRate percent(std::int64_t whole) { return FeeRate::millionths(whole * 10'000); }

constexpr TitleFees fees_of(FeeRate rate, std::int64_t least = 0, std::span<const FeeWindow> windows = {}) {
  return {rate, cents(least), now, windows};
}

}  // namespace dmarket::trading::tests
