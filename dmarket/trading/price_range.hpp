#pragma once
// What can be a price: between a cent and ten million dollars. Everything else comes from a bug or a hostile answer and
// is refused before it is reckoned with; within the range no sum, product or square of the decisions overflows.
#include "dmarket/money.hpp"

namespace dmarket::trading {

inline constexpr Money least_price = Money::cents(1);
inline constexpr Money most_price = Money::cents(1'000'000'000);

constexpr bool is_price(Money amount) { return amount >= least_price && amount <= most_price; }
// What can be an amount to own, owe or spend: nothing, up to a million such prices.
constexpr bool is_sum(Money amount) {
  return amount >= Money() && amount.in_cents() <= most_price.in_cents() * 1'000'000;
}

}  // namespace dmarket::trading
