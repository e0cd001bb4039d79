#include "app/ledger/estimate.hpp"

#include "dmarket/fee_rate.hpp"

namespace app::ledger {
namespace {

constexpr dmarket::FeeRate dearest_fee = dmarket::FeeRate::millionths(100'000);

Money likely_fee(const Sale& sale, Money price) {
  if (sale.fee) return *sale.fee;
  const auto named = dmarket::parse_fee_percent(sale.fee_percent);
  return dmarket::fee_on(price, named ? *named : dearest_fee);
}

}  // namespace

bool is_unsaid(const Sale& sale) { return !sale.price || !sale.fee; }

std::optional<Money> most_price(const Books& books, const Purchase& purchase) {
  if (purchase.price) return purchase.price;
  return books.ordered_at(purchase.target_id);
}

std::optional<Money> least_price(const Books& books, const Sale& sale) {
  if (sale.price) return sale.price;
  return books.ordered_at(sale.offer_id);
}

std::optional<Money> likely_net(const Books& books, const Sale& sale) {
  const std::optional<Money> price = least_price(books, sale);
  if (!price || *price < Money()) return std::nullopt;
  return *price - likely_fee(sale, *price);
}

}  // namespace app::ledger
