#include "sandbox/market/past_sales.hpp"

#include "sandbox/market/book.hpp"
#include "sandbox/market/copies.hpp"

#include <algorithm>
#include <vector>

namespace sandbox::market {
namespace {

constexpr Time day_length = 86'400;

Sale made_sale(const TitleInfo& info, const Traits& traits, std::int64_t worth, Time at, Random& random) {
  Sale sale;
  sale.at = at;
  sale.copy = random_copy(info, random, 0);
  sale.copy.unlock_at = 0;
  sale.copy.paint_index = paint_index(info, sale.copy.phase);
  sale.by = random.chance(780'000) ? SaleBy::offer : SaleBy::target;
  const std::int64_t below = random.between(traits.spread / 2, traits.spread * 3 / 2);
  const std::int64_t factor = sale.by == SaleBy::offer ? random.between(985'000, 1'030'000) : 1'000'000 - below;
  const std::int64_t full = scaled(worth, sale.by == SaleBy::offer ? premium(info, sale.copy) : 1'000'000);
  sale.price = Money::cents(std::clamp(scaled(full, factor) / 1'000, least_price, most_price));
  return sale;
}

std::vector<Sale> sales_of_day(const TitleInfo& info, const Traits& traits, const PastWorth& worth, int day,
                               Time world_start) {
  Random random(mixed(traits.seed, 0x5a1e, static_cast<std::uint64_t>(day)));
  const std::int64_t lively = random.between(400'000, 1'600'000) * (worth.pumped_on(day) ? 2 : 1);
  const std::int64_t expected = scaled(traits.sales_per_year * 1'000'000 / 365, lively);
  const std::int64_t count = expected / 1'000'000 + (random.chance(expected % 1'000'000) ? 1 : 0);
  std::vector<Time> times;
  for (std::int64_t i = 0; i < count; ++i) times.push_back(world_start - day * day_length + random.below(day_length));
  std::sort(times.begin(), times.end(), std::greater<>());
  std::vector<Sale> sales;
  for (const Time at : times) sales.push_back(made_sale(info, traits, worth.on(day), at, random));
  return sales;
}

}  // namespace

void visit_past_sales(const TitleInfo& info, const Traits& traits, Time world_start, Time oldest,
                      const std::function<bool(const Sale&)>& visit) {
  const PastWorth worth(traits);
  for (int day = 1; day <= 365 && world_start - (day - 1) * day_length > oldest; ++day) {
    for (const Sale& sale : sales_of_day(info, traits, worth, day, world_start)) {
      if (sale.at < oldest || !visit(sale)) return;
    }
  }
}

}  // namespace sandbox::market
