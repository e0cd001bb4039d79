#include "app/trader/snapshot.hpp"

#include "app/ledger/closed_trades.hpp"

#include <algorithm>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;

trading::Time time_of(tgkit::WallTime time) { return std::chrono::floor<trading::Seconds>(time); }

std::optional<std::int32_t> seed_of(std::int64_t seed) {
  if (seed <= 0 || seed > INT32_MAX) return std::nullopt;
  return static_cast<std::int32_t>(seed);
}

}  // namespace

trading::Traits traits_of(const dmarket::ItemAttributes& attributes) {
  trading::Traits traits;
  if (attributes.float_part)
    traits.float_part = trading::parse_float_bucket(*attributes.float_part).value_or(trading::FloatBucket::none);
  if (traits.float_part == trading::FloatBucket::none && attributes.float_value)
    traits.float_part = trading::bucket_of_float(*attributes.float_value);
  if (attributes.phase) traits.phase = trading::parse_phase(*attributes.phase).value_or(trading::Phase::none);
  if (attributes.paint_seed) traits.paint_seed = seed_of(*attributes.paint_seed);
  return traits;
}

trading::Traits traits_of(const ledger::Item& item) {
  trading::Traits traits;
  traits.float_part = trading::bucket_of_float(item.float_value);
  traits.phase = trading::parse_phase(item.phase).value_or(trading::Phase::none);
  traits.paint_seed = seed_of(item.paint_seed);
  return traits;
}

trading::Demand demand_of(const dmarket::TargetAttributes& attributes) {
  trading::Demand demand;
  if (attributes.float_part)
    demand.float_part = trading::parse_float_bucket(*attributes.float_part).value_or(trading::FloatBucket::none);
  if (attributes.phase) demand.phase = trading::parse_phase(*attributes.phase).value_or(trading::Phase::none);
  if (attributes.paint_seed) demand.paint_seed = seed_of(*attributes.paint_seed);
  return demand;
}

trading::Demand demand_of(const ledger::Intent& intent) {
  trading::Demand demand;
  demand.float_part = trading::parse_float_bucket(intent.float_part).value_or(trading::FloatBucket::none);
  demand.phase = trading::parse_phase(intent.item.phase).value_or(trading::Phase::none);
  demand.paint_seed = seed_of(intent.item.paint_seed);
  return demand;
}

dmarket::TargetAttributes attributes_of(const trading::Demand& demand) {
  dmarket::TargetAttributes attributes;
  if (demand.float_part != trading::FloatBucket::none) attributes.float_part = trading::to_text(demand.float_part);
  if (demand.phase != trading::Phase::none) attributes.phase = trading::to_text(demand.phase);
  if (demand.paint_seed) attributes.paint_seed = *demand.paint_seed;
  return attributes;
}

// The exchange filters by prefix: "AK-47 | Redline (Field-Tested)" is not all that comes.
std::vector<MarketOffer> offers_of(const std::vector<dmarket::Offer>& page, const std::string& title,
                                   const OwnMarks& own) {
  std::vector<MarketOffer> found;
  for (const dmarket::Offer& offer : page) {
    if (!offer.price || offer.locked.value_or(false) || offer.attributes.title != title) continue;
    MarketOffer& one = found.emplace_back();
    if (offer.offer_id) one.offer_id = offer.offer_id->text();
    if (offer.attributes.id) one.asset_id = offer.attributes.id->text();
    one.item = ledger::item_of(offer.attributes, {});
    one.held_by_exchange = offer.attributes.provider != "ICS";
    one.offer.price = *offer.price;
    one.offer.copy = traits_of(offer.attributes);
    one.offer.own = own.has(one);
    if (offer.created_at) one.offer.since = time_of(*offer.created_at);
  }
  std::sort(found.begin(), found.end(), [](const MarketOffer& a, const MarketOffer& b) {
    return std::tie(a.offer.price, a.offer_id) < std::tie(b.offer.price, b.offer_id);
  });
  return found;
}

std::vector<trading::Order> orders_of(const std::vector<dmarket::TargetOrder>& lines) {
  std::vector<trading::Order> found;
  for (const dmarket::TargetOrder& line : lines) {
    if (!line.price) continue;
    trading::Order& order = found.emplace_back();
    order.price = *line.price;
    order.amount = line.amount.value_or(1);
    order.demand = demand_of(line.attributes);
  }
  return found;
}

std::vector<trading::Sale> sales_of(const std::vector<dmarket::Sale>& page) {
  std::vector<trading::Sale> found;
  for (const dmarket::Sale& sale : page) {
    if (!sale.price || !sale.date) continue;
    trading::Sale& one = found.emplace_back();
    one.price = *sale.price;
    one.at = time_of(*sale.date);
    if (sale.kind == dmarket::SaleKind::offer) one.kind = trading::SoldTo::offer;
    if (sale.kind == dmarket::SaleKind::target) one.kind = trading::SoldTo::target;
    if (sale.float_value) one.copy.float_part = trading::bucket_of_float(*sale.float_value);
    if (sale.phase) one.copy.phase = trading::parse_phase(*sale.phase).value_or(trading::Phase::none);
    if (sale.paint_seed) one.copy.paint_seed = seed_of(*sale.paint_seed);
  }
  return found;
}

std::optional<trading::FeeTable> fee_table_of(const dmarket::CustomizedFees& fees, Time read_at) {
  if (!fees.default_fee.fraction || !fees.default_fee.min_amount) return std::nullopt;
  trading::FeeTable table(*fees.default_fee.fraction, *fees.default_fee.min_amount, read_at);
  for (const dmarket::ReducedFee& reduced : fees.reduced) {
    // For which prices it holds has to be said: 0 is no bound, nothing is an unknown one.
    if (!reduced.fraction || !reduced.min_price || !reduced.max_price) continue;
    trading::FeeWindow window;
    window.rate = *reduced.fraction;
    window.from = *reduced.min_price;
    window.to = *reduced.max_price;
    window.expires =
        reduced.expires_at ? time_of(*reduced.expires_at) : trading::time_of(0);  // without an end: not believed
    table.add(reduced.title, window);
  }
  return table;
}

}  // namespace app::trader
