#pragma once
// The part of a price that the exchange keeps, as it spells it: a fraction such as "0.015", in whole millionths, so
// that no floating point comes near a fee. Basis points would lose its last digits.
#include "dmarket/money.hpp"

#include <compare>
#include <cstdint>
#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>

namespace dmarket {

// From 0 to 1, both inclusive.
class FeeRate {
 public:
  static constexpr std::int64_t whole = 1'000'000;

  constexpr FeeRate() = default;
  // Throws std::invalid_argument for anything but 0..1'000'000.
  static constexpr FeeRate millionths(std::int64_t amount) {
    if (amount < 0 || amount > whole) throw std::invalid_argument("a fee rate must be between 0 and 1");
    return FeeRate(amount);
  }
  constexpr std::int64_t in_millionths() const { return millionths_; }

  friend constexpr auto operator<=>(FeeRate, FeeRate) = default;

 private:
  explicit constexpr FeeRate(std::int64_t amount) : millionths_(amount) {}
  std::int64_t millionths_ = 0;
};

// The part of `amount` that `rate` takes, rounded up to whole cents: never more than `amount` itself, and never less
// for a larger amount. Throws std::invalid_argument when `amount` is negative.
constexpr Money fee_on(Money amount, FeeRate rate) {
  if (amount < Money()) throw std::invalid_argument("a fee needs an amount of zero or more");
  // Prices fit into 64 bits, where dividing is several times as fast.
  if (amount.in_cents() < INT64_MAX / FeeRate::whole - 1) {
    return Money::cents((amount.in_cents() * rate.in_millionths() + FeeRate::whole - 1) / FeeRate::whole);
  }
  const auto product = static_cast<__int128>(amount.in_cents()) * rate.in_millionths();
  return Money::cents(static_cast<std::int64_t>((product + FeeRate::whole - 1) / FeeRate::whole));
}

// The text says why it is no rate.
using FeeRateResult = std::expected<FeeRate, std::string>;

// "0.015", "0.10", "1", "0": a fraction, as text or as the text of a JSON number. No sign, no exponent, no blanks.
// What stands beyond the sixth decimal rounds up: a fee is never read too small.
FeeRateResult parse_fee_rate(std::string_view text);
// The same rate written as a percentage, as closed offers do: "1.5" is 0.015. Rounds up beyond the fourth decimal.
FeeRateResult parse_fee_percent(std::string_view text);

std::string to_text(FeeRate rate);           // "1.5%", "10%", "0.0001%"
std::string to_fraction_text(FeeRate rate);  // "0.015", "0.1", "0", as the exchange writes it

}  // namespace dmarket
