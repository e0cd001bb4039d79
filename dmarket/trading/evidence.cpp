#include "dmarket/trading/evidence.hpp"

#include "dmarket/trading/price_range.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace dmarket::trading {
namespace {

constexpr std::size_t most_sales = 1'000;  // enough for any market; bounds the sums
constexpr Seconds most_ahead = days(1);    // clocks differ; a sale dated later than that is not believed
constexpr Seconds week = days(7);
constexpr std::size_t recent_sales = 3;

struct Past {
  Seconds age;
  std::int64_t cents;
};

// A price and whether it is one of the newest, in one number that sorts by price: sorting is most of the work.
class Marked {
 public:
  Marked() = default;
  Marked(std::int64_t cents, bool recent) : number_(cents * 2 + (recent ? 1 : 0)) {}
  std::int64_t cents() const { return number_ / 2; }
  bool recent() const { return number_ % 2 != 0; }
  friend auto operator<=>(const Marked&, const Marked&) = default;

 private:
  std::int64_t number_ = 0;
};

// The root of `value`, rounded down in its first 31 binary digits.
unsigned __int128 root(unsigned __int128 value) {
  int shift = 0;
  while ((value >> 64) != 0) {
    value >>= 2;
    ++shift;
  }
  auto rest = static_cast<std::uint64_t>(value);
  std::uint64_t result = 0;
  for (std::uint64_t bit = rest == 0 ? 0 : std::uint64_t{1} << ((std::bit_width(rest) - 1) & ~1); bit != 0; bit >>= 2) {
    if (rest >= result + bit) {
      rest -= result + bit;
      result = (result >> 1) + bit;
    } else {
      result >>= 1;
    }
  }
  return static_cast<unsigned __int128>(result) << shift;
}

// Coefficient of variation in basis points: root(n * sum of squares - square of sum) / sum.
std::int64_t deviation_of(std::span<const Marked> sales) {
  unsigned __int128 squares = 0;
  std::uint64_t sum = 0;
  for (const auto& sale : sales) {
    const auto value = static_cast<std::uint64_t>(sale.cents());
    sum += value;
    squares += value * value;
  }
  const auto variance = squares * sales.size() - static_cast<unsigned __int128>(sum) * sum;
  return static_cast<std::int64_t>(root(variance * 100'000'000) / sum);
}

// Of two middles the lower.
std::int64_t middle(std::span<const Marked> sorted) { return sorted[(sorted.size() - 1) / 2].cents(); }

// Those within half and one and a half times the plain median; `sorted` has at least one.
std::span<const Marked> without_outliers(std::span<const Marked> sorted) {
  const auto plain = middle(sorted);
  const auto low = std::ranges::partition_point(sorted, [plain](Marked p) { return 2 * p.cents() < plain; });
  const auto high = std::ranges::partition_point(sorted, [plain](Marked p) { return 2 * p.cents() <= 3 * plain; });
  return {low, high};
}

std::optional<Refused> collect(const TitleView& view, const EvidenceRules& rules, Time now, std::vector<Past>& past) {
  past.reserve(std::min(view.sales.size(), most_sales));
  for (const auto& sale : view.sales) {
    const auto age = since(now, sale.at);
    if (age > rules.window || age < -most_ahead || !speaks_for(view.copy, sale.copy, rules.like)) continue;
    if (!is_price(sale.price)) {
      return Refused{Refusal::amount_out_of_range, Figures().add(Figure::price, sale.price)};
    }
    past.push_back({std::max(age, Seconds(0)), sale.price.in_cents()});
  }
  // The exchange gives the newest first.
  const auto newer = [](const Past& a, const Past& b) { return a.age != b.age ? a.age < b.age : a.cents < b.cents; };
  if (!std::ranges::is_sorted(past, newer)) std::ranges::sort(past, newer);
  if (past.size() > most_sales) past.resize(most_sales);
  return std::nullopt;
}

void add_week(SalesEvidence& evidence, std::span<const Past> past) {
  std::int64_t sum = 0;
  for (const auto& sale : past) {
    if (sale.age > week) break;
    sum += sale.cents;
    ++evidence.sales_of_week;
  }
  if (evidence.sales_of_week > 0) evidence.average_of_week = Money::cents(sum / evidence.sales_of_week);
}

// The middles of the newest and of those before them, in one walk. `sorted`: by price.
void add_trend(SalesEvidence& evidence, std::span<const Marked> sorted) {
  if (sorted.size() < 2 * recent_sales) return;
  std::size_t to_recent = (recent_sales - 1) / 2, to_earlier = (sorted.size() - recent_sales - 1) / 2;
  for (const auto& sale : sorted) {
    auto& left = sale.recent() ? to_recent : to_earlier;
    if (left-- == 0) (sale.recent() ? evidence.recent_median : evidence.earlier_median) = Money::cents(sale.cents());
  }
}

bool above(Money price, Money base, BasisPoints limit) {
  return static_cast<__int128>(price.in_cents()) * 10'000 > static_cast<__int128>(base.in_cents()) * limit.value();
}

}  // namespace

std::expected<SalesEvidence, Refused> sales_evidence(const TitleView& view, const EvidenceRules& rules, Time now) {
  if (!view.sales_at || view.sales.empty()) return std::unexpected(Refused{Refusal::no_sales, {}});
  std::vector<Past> past;
  if (auto refused = collect(view, rules, now, past)) return std::unexpected(*refused);
  if (past.empty()) return std::unexpected(Refused{Refusal::no_sales, {}});

  SalesEvidence evidence;
  evidence.sales = static_cast<std::int64_t>(past.size());
  const auto counted = Figures().add_count(Figure::sales, evidence.sales);
  if (evidence.sales < rules.least_sales) {
    auto figures = counted;
    figures.add_count(Figure::least_sales, rules.least_sales);
    return std::unexpected(Refused{Refusal::too_few_sales, figures});
  }
  add_week(evidence, past);
  if (view.average_of_week) evidence.average_of_week = *view.average_of_week;
  if (evidence.average_of_week == Money()) return std::unexpected(Refused{Refusal::no_average_of_week, counted});
  if (!is_price(evidence.average_of_week)) {
    auto figures = Figures().add(Figure::average_of_week, evidence.average_of_week);
    return std::unexpected(Refused{Refusal::amount_out_of_range, figures});
  }

  evidence.newest = later(now, -past.front().age);
  evidence.oldest = later(now, -past.back().age);
  evidence.between_sales = past.back().age / evidence.sales;
  std::vector<Marked> prices(past.size());
  for (std::size_t i = 0; i < past.size(); ++i) prices[i] = Marked(past[i].cents, i < recent_sales);
  std::ranges::sort(prices);
  add_trend(evidence, prices);
  const auto kept = without_outliers(prices);
  evidence.median = Money::cents(middle(kept));
  evidence.deviation = deviation_of(prices);
  return evidence;
}

std::optional<Refused> pumped(Money price, const SalesEvidence& sales, const EvidenceRules& rules) {
  if (above(price, sales.average_of_week, rules.most_above_average)) {
    auto figures = Figures().add(Figure::price, price).add(Figure::average_of_week, sales.average_of_week);
    return Refused{Refusal::pumped, figures};
  }
  if (sales.earlier_median > Money() && above(sales.recent_median, sales.earlier_median, rules.most_above_average)) {
    auto figures =
        Figures().add(Figure::recent_median, sales.recent_median).add(Figure::earlier_median, sales.earlier_median);
    return Refused{Refusal::pumped, figures};
  }
  return std::nullopt;
}

}  // namespace dmarket::trading
