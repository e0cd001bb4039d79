#include "dmarket/money.hpp"

#include <charconv>
#include <cstdlib>

namespace dmarket {
namespace {

struct Decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

// At least one digit before the point, and one after it when there is a point: JSON's grammar without exponents.
std::expected<Decimal, std::string> split_decimal(std::string_view text) {
  if (text.empty()) return std::unexpected("an amount is empty");
  Decimal parts;
  if (text.front() == '-') {
    parts.negative = true;
    text.remove_prefix(1);
  }
  const auto point = text.find('.');
  parts.whole = text.substr(0, point);
  if (point != std::string_view::npos) parts.fraction = text.substr(point + 1);
  const bool good = !parts.whole.empty() && all_digits(parts.whole) && all_digits(parts.fraction) &&
                    (point == std::string_view::npos || !parts.fraction.empty());
  if (!good) return std::unexpected("an amount must be a plain decimal number such as 15.99");
  return parts;
}

MoneyResult to_money(bool negative, std::string_view whole, int tenths, int hundredths, bool round_up) {
  std::uint64_t dollars = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), dollars);
  constexpr std::uint64_t most_dollars = INT64_MAX / 100 - 1;
  if (error != std::errc{} || end != whole.data() + whole.size() || dollars > most_dollars) {
    return std::unexpected("an amount is out of range");
  }
  const auto cents = static_cast<std::int64_t>(dollars * 100) + tenths * 10 + hundredths + static_cast<int>(round_up);
  return Money::cents(negative ? -cents : cents);
}

int digit(std::string_view digits, std::size_t position) {
  return position < digits.size() ? digits[position] - '0' : 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The two halves of an amount without its sign. Works for INT64_MIN, whose absolute value has no int64.
std::string unsigned_dollars(Money amount) {
  const auto magnitude = amount.in_cents() < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(amount.in_cents())
                                               : static_cast<std::uint64_t>(amount.in_cents());
  const auto cents = magnitude % 100;
  return std::to_string(magnitude / 100) + (cents < 10 ? ".0" : ".") + std::to_string(cents);
}

}  // namespace

Money fee_on(Money amount, BasisPoints rate) {
  if (amount < Money() || rate < BasisPoints())
    throw std::invalid_argument("a fee needs an amount and a rate of zero or more");
  const auto product = static_cast<__int128>(amount.in_cents()) * rate.value();
  const auto fee = (product + 9'999) / 10'000;
  if (fee > INT64_MAX) throw MoneyOverflow();
  return Money::cents(static_cast<std::int64_t>(fee));
}

MoneyResult parse_cents(std::string_view text) {
  std::int64_t cents = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cents);
  if (error == std::errc::result_out_of_range) return std::unexpected("an amount is out of range");
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::unexpected("an amount in cents must be a whole number such as 1599");
  }
  return Money::cents(cents);
}

MoneyResult parse_dollars(std::string_view text) {
  const auto parts = split_decimal(text);
  if (!parts) return std::unexpected(parts.error());
  const bool round_up = digit(parts->fraction, 2) >= 5;
  return to_money(parts->negative, parts->whole, digit(parts->fraction, 0), digit(parts->fraction, 1), round_up);
}

MoneyResult parse_typed_dollars(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('$')) text = trimmed(text.substr(1));
  if (text.ends_with('$')) text = trimmed(text.substr(0, text.size() - 1));
  std::string plain(text);
  for (char& c : plain) {
    if (c == ',') c = '.';
  }
  const auto parts = split_decimal(plain);
  if (!parts) return std::unexpected(parts.error());
  if (parts->fraction.size() > 2) return std::unexpected("an amount has at most two decimals, as in 15.99");
  return to_money(parts->negative, parts->whole, digit(parts->fraction, 0), digit(parts->fraction, 1), false);
}

std::string to_text(Money amount) { return (amount < Money() ? "-$" : "$") + unsigned_dollars(amount); }

std::string to_decimal_dollars(Money amount) { return (amount < Money() ? "-" : "") + unsigned_dollars(amount); }

std::string to_cents_text(Money amount) { return std::to_string(amount.in_cents()); }

std::string to_text(BasisPoints rate) {
  const auto whole = rate.value() / 100;
  const auto rest = std::abs(rate.value() % 100);
  std::string text = rate.value() < 0 && whole == 0 ? "-0" : std::to_string(whole);
  if (rest != 0) {
    text += rest < 10 ? ".0" : ".";
    text += std::to_string(rest % 10 == 0 ? rest / 10 : rest);
  }
  return text + "%";
}

}  // namespace dmarket
