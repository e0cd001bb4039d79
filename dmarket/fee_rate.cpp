#include "dmarket/fee_rate.hpp"

namespace dmarket {
namespace {

constexpr int rate_decimals = 6;

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

// `shift`: how many places the point moves to the left, 2 for a percentage.
FeeRateResult parse_shifted(std::string_view text, int shift, const char* example) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const bool good = !whole.empty() && all_digits(whole) && all_digits(fraction) &&
                    (point == std::string_view::npos || !fraction.empty());
  if (!good) return std::unexpected(std::string("a fee must be a plain decimal number such as ") + example);
  std::int64_t value = 0;
  const auto take = [&value](int next) {
    if (value <= FeeRate::whole) value = value * 10 + next;  // beyond the end it stays there
  };
  for (const char c : whole) take(c - '0');
  const int decimals = rate_decimals - shift;
  for (int place = 0; place < decimals; ++place) {
    take(static_cast<std::size_t>(place) < fraction.size() ? fraction[static_cast<std::size_t>(place)] - '0' : 0);
  }
  const bool more = fraction.size() > static_cast<std::size_t>(decimals) &&
                    fraction.find_first_not_of('0', static_cast<std::size_t>(decimals)) != std::string_view::npos;
  value += more ? 1 : 0;
  if (value > FeeRate::whole) return std::unexpected("a fee cannot be more than the whole price");
  return FeeRate::millionths(value);
}

// `value` in units of 10^-decimals, without zeros at the end.
std::string decimal_text(std::int64_t value, int decimals) {
  std::string digits = std::to_string(value);
  const auto least = static_cast<std::size_t>(decimals) + 1;
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(decimals), ".");
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

FeeRateResult parse_fee_rate(std::string_view text) { return parse_shifted(text, 0, "0.015"); }

FeeRateResult parse_fee_percent(std::string_view text) { return parse_shifted(text, 2, "1.5"); }

std::string to_text(FeeRate rate) { return decimal_text(rate.in_millionths(), rate_decimals - 2) + "%"; }

std::string to_fraction_text(FeeRate rate) { return decimal_text(rate.in_millionths(), rate_decimals); }

}  // namespace dmarket
