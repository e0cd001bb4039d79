#include "dmarket/trading/liquidity.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

// `points` for the whole, in millionths of a point. Requires 0 <= part <= whole.
std::int64_t share(std::int64_t points, std::int64_t part, std::int64_t whole) {
  return points * 1'000'000 * part / whole;
}

}  // namespace

int liquidity(const LiquidityInputs& inputs) {
  constexpr std::int64_t most_seconds = days(30).count();
  const auto sales = std::clamp<std::int64_t>(inputs.sales_of_week, 0, 20);
  const auto seconds = std::clamp<std::int64_t>(inputs.between_sales.count(), 0, most_seconds);
  const auto deviation = std::clamp<std::int64_t>(inputs.deviation, 0, 10'000);
  const auto offers = std::clamp<std::int64_t>(inputs.offers, 0, 100);
  const auto targets = std::clamp<std::int64_t>(inputs.targets, 0, 10);
  const auto sum = share(30, sales, 20) + share(25, most_seconds - seconds, most_seconds) +
                   share(20, 10'000 - deviation, 10'000) + share(15, 100 - offers, 100) + share(10, targets, 10);
  return static_cast<int>(sum / 1'000'000);
}

}  // namespace dmarket::trading
