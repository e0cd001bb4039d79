#pragma once
// How easily a title sells, 0..100: 30 for sales per week (full at 20), 25 for the days to a sale (none at 30), 20 for
// a stable price (1 - coefficient of variation), 15 for few competing offers (none at 100), 10 for depth, a point for
// each waiting target up to ten. Whole numbers only; the sum rounds down.
#include "dmarket/trading/time.hpp"

#include <cstdint>

namespace dmarket::trading {

struct LiquidityInputs {
  std::int64_t sales_of_week = 0;
  Seconds between_sales{0};
  std::int64_t deviation = 0;  // basis points
  std::int64_t offers = 0;
  std::int64_t targets = 0;
};

// Inputs beyond the ends count as the ends.
int liquidity(const LiquidityInputs& inputs);

}  // namespace dmarket::trading
