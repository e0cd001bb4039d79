// What the market tells about prices and fees.

#include "sandbox/market/copies.hpp"
#include "sandbox/market/filter.hpp"
#include "sandbox/market/past_sales.hpp"

namespace sandbox::market {
namespace {

constexpr Time year = 365 * 86'400;

Sale shown(const SaleRecord& record) {
  Sale sale;
  sale.price = Money::cents(record.price);
  sale.at = record.at;
  sale.by = record.by;
  sale.copy.float_value = record.float_value;
  sale.copy.paint_seed = record.paint_seed;
  sale.copy.phase = record.phase;
  sale.demand = Demand{record.demand_part, record.demand_phase, record.demand_seed};
  return sale;
}

bool admits(const SalesQuery& query, const Sale& sale) {
  return query.by.admits(sale.by) && query.float_part.admits(sale.copy.float_part()) &&
         query.phase.admits(sale.copy.phase) && query.paint_seed.admits(sale.copy.paint_seed);
}

}  // namespace

AggregatedPrice Exchange::State::aggregated(std::uint32_t title) {
  const Book& orders = market.look(title, now).book;
  AggregatedPrice row;
  row.title = &info(title);
  row.offer_count = static_cast<std::int64_t>(orders.offers().size());
  for (const BookOffer& offer : orders.offers()) {
    if (offer.reserved) continue;
    row.offer_best = Money::cents(offer.price);
    break;
  }
  for (const BookTarget& target : orders.targets()) {
    if (target.uncovered && !rules.aggregated_counts_uncovered) continue;
    if (!row.order_best) row.order_best = Money::cents(target.price);
    row.order_count += target.amount;
  }
  return row;
}

Result<Page<AggregatedPrice>> Exchange::aggregated_prices(Game game, std::span<const std::string> titles, int limit,
                                                          const std::string& cursor) {
  constexpr int largest = 10'000;
  if (const auto why = check(Paging{limit, cursor}, largest)) return std::unexpected(*why);
  State& state = *state_;
  Window<std::uint32_t> window(limit, cursor);
  std::uint32_t place = 0;
  for (const std::string& title : titles) {
    if (const auto found = state.title_of(game, title)) window.add(RowKey{0, 0, place++}, *found);
  }
  if (titles.empty()) {
    for (const std::uint32_t title : state.market.catalogue().of(game)) window.add(RowKey{0, 0, place++}, title);
  }
  return window.page<AggregatedPrice>([&](std::uint32_t title) { return state.aggregated(title); });
}

std::vector<TargetLine> Exchange::targets_by_title(Game game, std::string_view title) {
  std::vector<TargetLine> lines;
  const auto found = state_->title_of(game, title);
  if (!found) return lines;
  for (const BookTarget& target : state_->market.look(*found, state_->now).book.targets()) {
    const Money price = Money::cents(target.price);
    const auto same = [&](const TargetLine& line) { return line.price == price && line.demand == target.demand(); };
    const auto line = std::find_if(lines.begin(), lines.end(), same);
    if (line == lines.end()) {
      lines.push_back(TargetLine{price, target.amount, target.demand(), target.mine});
    } else {
      line->amount += target.amount;
      line->mine = line->mine || target.mine;
    }
  }
  return lines;
}

std::vector<Sale> Exchange::last_sales(const SalesQuery& query) {
  std::vector<Sale> sales;
  const auto title = state_->title_of(query.game, query.title);
  if (!title || query.limit < 1 || query.offset < 0) return sales;
  State& state = *state_;
  const Time oldest = state.now - year;
  int to_skip = query.offset;
  const auto visit = [&](Sale sale) {
    if (!admits(query, sale)) return true;
    if (to_skip-- > 0) return true;
    sale.copy = state.with_index(*title, sale.copy);
    sales.push_back(sale);
    return static_cast<int>(sales.size()) < query.limit;
  };
  const auto& recent = state.market.look(*title, state.now).book.sales();
  for (auto record = recent.rbegin(); record != recent.rend(); ++record) {
    if (record->at < oldest || !visit(shown(*record))) return sales;
  }
  visit_past_sales(state.info(*title), state.market.traits(*title), state.market.start(), oldest, visit);
  return sales;
}

Depth Exchange::depth(Game game, std::string_view title) {
  Depth depth;
  const auto found = state_->title_of(game, title);
  if (!found) return depth;
  const Book& book = state_->market.look(*found, state_->now).book;
  for (const BookOffer& offer : book.offers()) {
    DepthLine line{Money::cents(offer.price), 1, {}, {}};
    line.copy = state_->with_index(*found, copy_of(offer, 0));
    depth.offers.push_back(line);
  }
  for (const TargetLine& line : targets_by_title(game, title)) {
    depth.orders.push_back(DepthLine{line.price, line.amount, {}, line.demand});
  }
  return depth;
}

FeeList Exchange::fees(Game game, int limit, int offset) const {
  FeeList list;
  list.fraction = state_->rules.default_fee;
  list.min_amount = state_->rules.minimum_fee;
  for (const std::uint32_t title : state_->market.catalogue().of(game)) {
    const auto reduced = state_->market.reduced(title, state_->rules, state_->now);
    if (!reduced) continue;
    if (list.total_reduced++ < offset || static_cast<int>(list.reduced.size()) >= limit) continue;
    list.reduced.push_back(*reduced);
  }
  return list;
}

Money Exchange::fee(const TitleInfo& title, Money price) const {
  const std::uint32_t index = state_->market.catalogue().index_of(title);
  return charge(price, state_->market.reduced(index, state_->rules, state_->now), state_->rules, state_->now).fee;
}

Result<Page<BlockedTitle>> Exchange::deposit_blocked(Game game, int limit, const std::string& cursor) const {
  if (const auto why = check(Paging{limit, cursor}, 1'000)) return std::unexpected(*why);
  Window<BlockedTitle> window(limit, cursor);
  for (const std::uint32_t title : state_->market.catalogue().of(game)) {
    const std::string reason = state_->blocked(title);
    const std::uint32_t rank = state_->market.catalogue().rank(title);
    if (!reason.empty()) window.add(RowKey{0, 0, rank}, BlockedTitle{&state_->info(title), reason});
  }
  return window.page<BlockedTitle>([](const BlockedTitle& row) { return row; });
}

const std::vector<TitleInfo>& Exchange::titles() const { return state_->market.catalogue().titles(); }

const TitleInfo* Exchange::find_title(Game game, std::string_view title) const {
  const auto found = state_->title_of(game, title);
  return found ? &state_->info(*found) : nullptr;
}

Money Exchange::worth(const TitleInfo& title) {
  return state_->market.worth(state_->market.catalogue().index_of(title), state_->now);
}

}  // namespace sandbox::market
