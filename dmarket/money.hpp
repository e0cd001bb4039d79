#pragma once
// Money is whole US cents in a type that mixes with nothing; rates are basis points. No floating point anywhere: the
// exchange's four notations are read from the decimal text of the token.
#include <compare>
#include <cstdint>
#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>

namespace dmarket {

// A sum left the range of 64-bit cents: a bug or a hostile answer, never a price.
class MoneyOverflow : public std::overflow_error {
 public:
  MoneyOverflow() : std::overflow_error("an amount of money is out of range") {}
};

class Money {
 public:
  constexpr Money() = default;
  static constexpr Money cents(std::int64_t amount) { return Money(amount); }
  constexpr std::int64_t in_cents() const { return cents_; }

  friend constexpr auto operator<=>(Money, Money) = default;
  // Throw MoneyOverflow.
  friend constexpr Money operator+(Money a, Money b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.cents_, b.cents_, &sum)) throw MoneyOverflow();
    return Money(sum);
  }
  friend constexpr Money operator-(Money a, Money b) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a.cents_, b.cents_, &difference)) throw MoneyOverflow();
    return Money(difference);
  }
  friend constexpr Money operator*(Money a, std::int64_t count) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a.cents_, count, &product)) throw MoneyOverflow();
    return Money(product);
  }
  constexpr Money& operator+=(Money other) { return *this = *this + other; }
  constexpr Money& operator-=(Money other) { return *this = *this - other; }

 private:
  explicit constexpr Money(std::int64_t amount) : cents_(amount) {}
  std::int64_t cents_ = 0;
};

// Hundredths of a percent: 250 is 2.5 %.
class BasisPoints {
 public:
  constexpr BasisPoints() = default;
  explicit constexpr BasisPoints(std::int64_t value) : value_(value) {}
  constexpr std::int64_t value() const { return value_; }
  friend constexpr auto operator<=>(BasisPoints, BasisPoints) = default;

 private:
  std::int64_t value_ = 0;
};

// The part of `amount` that `rate` takes, rounded up: what we pay is never promised too small. Requires both >= 0;
// throws std::invalid_argument otherwise, MoneyOverflow when the product leaves the range.
Money fee_on(Money amount, BasisPoints rate);

// Why a text is no amount of money; a sentence for a log or a user.
using MoneyResult = std::expected<Money, std::string>;

// "1599" -> $15.99: whole cents, as text or as the text of a JSON number. Sign allowed; nothing else is.
MoneyResult parse_cents(std::string_view text);

// "15.99", "15.9", "15", "-0.5": dollars, as text or as the text of a JSON number. Exponents, blanks and group signs
// are refused. More than two decimals (the exchange writes dollars as floats) are rounded half away from zero.
MoneyResult parse_dollars(std::string_view text);

// What a person types: "15.99", "15,99", "$15.99", blanks around. More than two decimals are refused.
MoneyResult parse_typed_dollars(std::string_view text);

std::string to_text(Money amount);             // "$15.99", "-$0.05"
std::string to_decimal_dollars(Money amount);  // "15.99", as the exchange reads dollars
std::string to_cents_text(Money amount);       // "1599"
std::string to_text(BasisPoints rate);         // "2.5%", "10%"

}  // namespace dmarket
