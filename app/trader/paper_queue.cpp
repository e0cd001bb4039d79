#include "app/trader/paper_queue.hpp"

#include <algorithm>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;
using trading::Sale;
using trading::SoldTo;

// Whoever wants copies that ours wants, too: more than those who compete in truth, never fewer.
std::int64_t ahead_of(const Demanded& target, const TitleMarket& market) {
  std::int64_t copies = 0;
  for (const trading::Order& order : market.targets) {
    if (!order.own && order.price >= target.price) copies += order.amount;
  }
  return copies;
}

std::int64_t ahead_of(const Asked& offer, const TitleMarket& market) {
  return std::ranges::count_if(market.offers, [&offer](const MarketOffer& other) {
    return !other.offer.own && other.offer.price <= offer.price;
  });
}

// What serves somebody in the queue before or at ours.
bool moves_queue(const Demanded& target, const Sale& sale) {
  return sale.price <= target.price || sale.kind == SoldTo::target;
}
bool moves_queue(const Asked& offer, const Sale& sale) {
  return sale.price >= offer.price || sale.kind == SoldTo::offer;
}

bool serves(const Demanded& target, const Sale& sale) {
  return sale.price <= target.price && trading::buys(target.demand, sale.copy);
}
bool serves(const Asked& offer, const Sale& sale) {
  return sale.price >= offer.price && trading::competes(offer.copy, sale.copy, trading::Likeness());
}

std::vector<const Sale*> since(const TitleMarket& market, Time since) {
  std::vector<const Sale*> trades;
  for (const Sale& sale : market.sales) {
    if (sale.at > since) trades.push_back(&sale);
  }
  std::ranges::sort(trades, {}, [](const Sale* sale) { return sale->at; });
  return trades;
}

template <class Order>
std::vector<const Sale*> own_trades(const Order& order, std::int64_t left, std::int64_t& ahead,
                                    const std::vector<const Sale*>& trades) {
  std::vector<const Sale*> own;
  for (const Sale* sale : trades) {
    if (!moves_queue(order, *sale)) continue;
    if (ahead > 0)
      --ahead;
    else if (static_cast<std::int64_t>(own.size()) < left && serves(order, *sale))
      own.push_back(sale);
  }
  return own;
}

}  // namespace

// Who stood before it and went away is before it no more. Who came later at a better price trades at that price, which
// serves nobody but himself.
template <class Order>
std::vector<const Sale*> PaperQueue::serve(const std::string& name, const Order& order, std::int64_t left,
                                           const TitleMarket& market, Time now) {
  begin(now);
  const std::int64_t ahead = ahead_of(order, market);
  const auto [found, is_new] = places_.try_emplace(name, Place{ahead, std::max(order.placed, *begun_)});
  Place& place = found->second;
  const std::vector<const Sale*> trades = since(market, place.since);
  if (!trades.empty()) place.since = trades.back()->at;
  std::vector<const Sale*> own = own_trades(order, left, place.ahead, trades);
  place.ahead = std::min(place.ahead, ahead);
  return own;
}

std::vector<const Sale*> PaperQueue::served(const std::string& order, const Demanded& target, std::int64_t left,
                                            const TitleMarket& market, Time now) {
  if (!market.targets_at || !market.sales_at) return {};
  return serve(order, target, left, market, now);
}

std::vector<const Sale*> PaperQueue::served(const std::string& order, const Asked& offer, const TitleMarket& market,
                                            Time now) {
  if (!market.offers_at || !market.sales_at) return {};
  return serve(order, offer, 1, market, now);
}

}  // namespace app::trader
