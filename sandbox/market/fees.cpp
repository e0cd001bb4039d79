#include "sandbox/market/fees.hpp"

#include "sandbox/market/random.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr Time day_length = 86'400;

std::int64_t rounded(std::int64_t cents, std::int64_t millionths, FeeRounding rounding) {
  const std::int64_t whole = cents / 1'000'000 * millionths, rest = cents % 1'000'000 * millionths;
  const std::int64_t up = rounding == FeeRounding::ceil ? 999'999 : rounding == FeeRounding::half_up ? 500'000 : 0;
  return whole + (rest + up) / 1'000'000;
}

bool applies(const ReducedFee& reduced, Money price, Time at) {
  return reduced.min_price <= price && (reduced.max_price == Money() || price <= reduced.max_price) &&
         at < reduced.expires_at;
}

}  // namespace

std::optional<ReducedFee> reduced_fee(std::uint64_t title_seed, std::int64_t first_worth, const MarketRules& rules,
                                      const TitleInfo& info, Time at) {
  Random fixed(mixed(title_seed, 0xfee));
  const Time length = fixed.between(5, 21) * day_length;
  const Time offset = fixed.below(static_cast<std::int64_t>(length));
  const Time period = (at + offset) / length;
  Random random(mixed(title_seed, 0xfee, static_cast<std::uint64_t>(period)));
  if (!random.chance(rules.reduced_fee_share)) return std::nullopt;
  constexpr std::int64_t fractions[] = {20'000, 20'000, 20'000, 15'000, 30'000, 50'000};
  ReducedFee reduced;
  reduced.title = &info;
  reduced.fraction.millionths = fractions[random.below(6)];
  const std::int64_t cents = std::max<std::int64_t>(first_worth / 1'000, 1);
  reduced.min_price = Money::cents(std::max<std::int64_t>(1, scaled(cents, random.between(100'000, 700'000))));
  const bool open_ended = random.chance(250'000);
  const std::int64_t top = scaled(cents, random.between(1'300'000, 4'000'000));
  if (!open_ended) reduced.max_price = Money::cents(std::max(top, reduced.min_price.in_cents()));
  reduced.expires_at = (period + 1) * length - offset;
  return reduced;
}

Charge charge(Money price, const std::optional<ReducedFee>& reduced, const MarketRules& rules, Time at) {
  const bool low = reduced && applies(*reduced, price, at);
  const Fraction fraction = low ? reduced->fraction : rules.default_fee;
  std::int64_t fee = rounded(price.in_cents(), fraction.millionths, rules.fee_rounding);
  if (!low || rules.minimum_binds_reduced_fees) fee = std::max(fee, rules.minimum_fee.in_cents());
  return {Money::cents(std::min(fee, price.in_cents())), fraction};
}

}  // namespace sandbox::market
