// The player's deals, closed: sales, and purchases by target.

#include "sandbox/market/filter.hpp"

namespace sandbox::market {
namespace {

constexpr int largest_page = 1'000;

bool within(Time at, const std::optional<Time>& from, const std::optional<Time>& to) {
  return (!from || at >= *from) && (!to || at <= *to);
}

bool admits(const ClosedQuery& query, const Trade& trade) {
  return query.status.admits(trade.state) && within(trade.offer_created_at, query.created_from, query.created_to) &&
         within(trade.closed_at, query.closed_from, query.closed_to) &&
         within(trade.finalization_at, query.finalized_from, query.finalized_to);
}

template <class Belongs>
Result<Page<Trade>> listed(const std::vector<Trade>& trades, const ClosedQuery& query, Belongs belongs) {
  if (const auto why = check(Paging{query.limit, query.cursor}, largest_page)) return std::unexpected(*why);
  const Ordering ordering{OrderBy::created_at, !query.ascending};
  Window<const Trade*> window(query.limit, query.cursor);
  for (const Trade& trade : trades) {
    if (!belongs(trade) || !admits(query, trade)) continue;
    const auto number = static_cast<std::uint32_t>(trade.number);
    const std::uint64_t value = ordering.value(0, trade.closed_at, 0, 0, 0);
    window.add(RowKey{value, 0, query.ascending ? number : ~number}, &trade);
  }
  return window.page<Trade>([](const Trade* trade) { return *trade; });
}

}  // namespace

Result<Page<Trade>> Exchange::closed_offers(const ClosedQuery& query) const {
  return listed(state_->books.trades(), query, [](const Trade& trade) { return trade.side == TradeSide::sale; });
}

Result<Page<Trade>> Exchange::closed_targets(const ClosedQuery& query) const {
  return listed(state_->books.trades(), query,
                [](const Trade& trade) { return trade.side == TradeSide::purchase && trade.by == SaleBy::target; });
}

}  // namespace sandbox::market
