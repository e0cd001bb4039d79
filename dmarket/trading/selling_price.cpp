#include "dmarket/trading/selling_price.hpp"

#include "dmarket/trading/price_range.hpp"

#include <algorithm>
#include <stdexcept>

namespace dmarket::trading {
namespace {

constexpr Money cent = Money::cents(1);

bool holds(const FeeWindow& window, Time sold) { return sold < window.expires; }

// The last price from `price` on, but not beyond `to`, that pays the same rate.
Money stretch_end(const TitleFees& fees, Money price, Time sold, Money to) {
  Money end = to;
  for (const auto& window : fees.windows) {
    if (!holds(window, sold)) continue;
    if (window.from > price) end = std::min(end, window.from - cent);
    if (window.to != Money() && window.to >= price) end = std::min(end, window.to);
  }
  return end;
}

// The first price up to `price`, but not below `from`, that pays the same rate.
Money stretch_begin(const TitleFees& fees, Money price, Time sold, Money from) {
  Money begin = from;
  for (const auto& window : fees.windows) {
    if (!holds(window, sold)) continue;
    if (window.from <= price) begin = std::max(begin, window.from);
    if (window.to != Money() && window.to < price) begin = std::max(begin, window.to + cent);
  }
  return begin;
}

// Within a stretch a cent more brings a cent more or the same. The last price of the stretch must bring `wanted`.
Money halve(const TitleFees& fees, Money wanted, Time sold, Money low, Money high) {
  while (low < high) {
    const auto middle = Money::cents(low.in_cents() + (high.in_cents() - low.in_cents()) / 2);
    if (net_at(fees, middle, sold) >= wanted) {
      high = middle;
    } else {
      low = middle + cent;
    }
  }
  return low;
}

std::optional<Money> sum_in_range(std::int64_t a, __int128 b) {
  const auto sum = static_cast<__int128>(a) + b;
  if (sum < 0 || sum > most_price.in_cents()) return std::nullopt;
  return Money::cents(static_cast<std::int64_t>(sum));
}

}  // namespace

std::optional<Money> least_price_for_net(const TitleFees& fees, Money wanted, Time sold, Money from) {
  if (wanted > most_price) return std::nullopt;
  // No sale brings more than its price.
  Money begin = std::max({least_price, from, wanted});
  while (begin <= most_price) {
    const Money end = stretch_end(fees, begin, sold, most_price);
    if (net_at(fees, end, sold) >= wanted) return halve(fees, wanted, sold, begin, end);
    begin = end + cent;
  }
  return std::nullopt;
}

std::optional<Money> greatest_price_for_net(const TitleFees& fees, Money wanted, Time sold, Money to) {
  Money end = std::min(to, most_price);
  while (end >= least_price && end >= wanted) {
    if (net_at(fees, end, sold) >= wanted) return end;
    end = stretch_begin(fees, end, sold, least_price) - cent;
  }
  return std::nullopt;
}

Money best_price_up_to(const TitleFees& fees, Money to, Time sold, Money from) {
  if (to < least_price) throw std::invalid_argument("a price must be at least a cent");
  from = std::max(from, least_price);
  Money best = to;
  Money most = net_at(fees, to, sold);
  for (const auto& window : fees.windows) {
    // A stretch ends where a window ends, and where the next one begins.
    for (const Money border : {window.to, window.from - (window.from > Money() ? cent : Money())}) {
      if (!holds(window, sold) || border < from || border >= to) continue;
      const Money net = net_at(fees, border, sold);
      if (net < most || (net == most && border <= best)) continue;
      best = border;
      most = net;
    }
  }
  return best;
}

std::optional<Money> net_for_profit(Money cost, Money profit) {
  return sum_in_range(cost.in_cents(), profit.in_cents());
}

std::optional<Money> net_for_percent(Money cost, BasisPoints least) {
  const auto product = static_cast<__int128>(cost.in_cents()) * least.value();
  // Rounds up: division of a negative product cuts towards zero, which is up.
  const auto profit = product > 0 ? (product + 9'999) / 10'000 : product / 10'000;
  return sum_in_range(cost.in_cents(), profit);
}

std::optional<Money> least_price_for_profit(const TitleFees& fees, Money cost, Money profit, Time sold) {
  const auto wanted = net_for_profit(cost, profit);
  return wanted ? least_price_for_net(fees, *wanted, sold) : std::nullopt;
}

std::optional<Money> least_price_for_percent(const TitleFees& fees, Money cost, BasisPoints least, Time sold) {
  const auto wanted = net_for_percent(cost, least);
  return wanted ? least_price_for_net(fees, *wanted, sold) : std::nullopt;
}

std::optional<Money> break_even(const TitleFees& fees, Money cost, Time sold) {
  return least_price_for_profit(fees, cost, Money(), sold);
}

BasisPoints percent_of(Money profit, Money cost) {
  if (cost < least_price) throw std::invalid_argument("a percentage needs a cost of at least a cent");
  if (profit >= Money() && profit <= most_price) return BasisPoints(profit.in_cents() * 10'000 / cost.in_cents());
  const auto product = static_cast<__int128>(profit.in_cents()) * 10'000;
  auto quotient = product / cost.in_cents();
  if (product % cost.in_cents() < 0) --quotient;
  const auto clamped = std::clamp<__int128>(quotient, INT64_MIN, INT64_MAX);
  return BasisPoints(static_cast<std::int64_t>(clamped));
}

Money greatest_cost(Money net, BasisPoints least) {
  if (net <= Money() || least.value() <= -10'000) return Money();
  const auto cost = static_cast<__int128>(net.in_cents()) * 10'000 / (static_cast<__int128>(10'000) + least.value());
  return Money::cents(static_cast<std::int64_t>(std::min<__int128>(cost, INT64_MAX)));
}

}  // namespace dmarket::trading
