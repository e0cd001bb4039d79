// Which cost belongs to which sale. Purchases, costs entered by hand and sales of one copy are put in order of time;
// each purchase pays for the next sale.
#include "app/ledger/books.hpp"
#include "app/ledger/estimate.hpp"

#include <algorithm>

namespace app::ledger {

class Timeline {
 public:
  explicit Timeline(const Books& books) : books_(books) {
    for (const auto& [key, purchase] : books.purchases_) {
      if (purchase.state != TradeState::reverted) add(purchase.asset_id, Event(purchase));
    }
    for (const Books::HandCost& cost : books.costs_) add(cost.cost.asset_id, Event(cost));
    for (const auto& [key, sale] : books.sales_) {
      if (sale.state == TradeState::reverted)
        trades_.push_back(trade_of(sale));
      else
        add(sale.asset_id, Event(sale));
    }
    for (auto& [copy, events] : events_) run(copy, events);
    std::sort(trades_.begin(), trades_.end(), [](const Trade& a, const Trade& b) {
      return std::tie(a.sale.at, a.sale.offer_id, a.sale.asset_id) <
             std::tie(b.sale.at, b.sale.offer_id, b.sale.asset_id);
    });
    name_positions();
  }

  std::vector<Trade> take_trades() { return std::move(trades_); }
  std::vector<Position> take_positions() {
    std::vector<Position> all;
    for (auto& [copy, position] : positions_) all.push_back(std::move(position));
    return all;
  }
  const Position* of(const std::string& asset_id) const {
    const auto found = positions_.find(books_.copy_of(asset_id));
    return found == positions_.end() ? nullptr : &found->second;
  }

 private:
  enum class Kind { purchase, cost, sale };  // of the same moment: in this order
  struct Event {
    explicit Event(const Purchase& p) : at(p.at), kind(Kind::purchase), purchase(&p) {}
    explicit Event(const Books::HandCost& c) : at(c.at), kind(Kind::cost), cost(&c.cost) {}
    explicit Event(const Sale& s) : at(s.at), kind(Kind::sale), sale(&s) {}
    std::int64_t at;
    Kind kind;
    std::size_t place = 0;  // as it was added
    const Purchase* purchase = nullptr;
    const Cost* cost = nullptr;
    const Sale* sale = nullptr;
  };

  void add(const std::string& asset_id, Event event) {
    std::vector<Event>& events = events_[books_.copy_of(asset_id)];
    event.place = events.size();
    events.push_back(event);
  }

  Trade trade_of(const Sale& sale) const {
    Trade trade;
    trade.sale = sale;
    if (const Item* item = books_.item(sale.asset_id)) trade.sale.item = *item;
    trade.by_bot = books_.made_offer(sale.offer_id);
    trade.unsaid = is_unsaid(sale);
    return trade;
  }

  // What the copy has cost belongs to its sale.
  void settle(Trade& trade, const Position& held) const {
    trade.has_purchase = true;
    trade.cost = held.cost;
    trade.unsaid = trade.unsaid || !held.cost;
    const std::optional<Money> net = likely_net(books_, trade.sale);
    const std::optional<Money> cost = held.cost ? held.cost : held.most_cost;
    if (net && cost) (trade.unsaid ? trade.estimate : trade.profit) = *net - *cost;
  }

  void run(const std::string& copy, std::vector<Event>& events) {
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return std::tie(a.at, a.kind, a.place) < std::tie(b.at, b.kind, b.place);
    });
    std::optional<Position> held;
    std::optional<std::size_t> unpaid;  // the last sale, when nobody knows its cost
    for (const Event& event : events) {
      if (event.kind == Kind::sale) {
        trades_.push_back(trade_of(*event.sale));
        unpaid = held ? std::nullopt : std::optional(trades_.size() - 1);
        if (held) settle(trades_.back(), *held);
        held.reset();
      } else if (event.kind == Kind::cost && unpaid) {
        settle(trades_[*unpaid], entered(*event.cost, event.at, std::nullopt));
        unpaid.reset();
      } else {
        held = event.kind == Kind::cost ? entered(*event.cost, event.at, held) : bought(*event.purchase);
        unpaid.reset();
      }
    }
    if (held) positions_.emplace(copy, std::move(*held));
  }

  Position bought(const Purchase& purchase) const {
    Position position;
    position.asset_id = purchase.asset_id;
    position.cost = purchase.price;
    if (!purchase.price) position.most_cost = most_price(books_, purchase);
    position.source = purchase.source;
    position.state = purchase.state;
    position.at = purchase.at;
    return position;
  }

  static Position entered(const Cost& cost, std::int64_t at, const std::optional<Position>& before) {
    Position position = before.value_or(Position());
    position.asset_id = cost.asset_id;
    position.cost = cost.price;
    position.most_cost.reset();
    position.source = CostSource::by_hand;
    position.at = at;
    return position;
  }

  // The asset under which each copy was last seen.
  void name_positions() {
    std::map<std::string, std::int64_t> latest;
    for (const auto& [asset_id, known] : books_.items_) {
      const auto position = positions_.find(books_.copy_of(asset_id));
      if (position == positions_.end()) continue;
      std::int64_t& number = latest[position->first];
      if (known.number < number) continue;
      number = known.number;
      position->second.asset_id = asset_id;
      position->second.item = known.item;
    }
  }

  const Books& books_;
  std::map<std::string, std::vector<Event>> events_;  // by copy
  std::vector<Trade> trades_;
  std::map<std::string, Position> positions_;  // by copy
};

std::vector<Trade> Books::trades() const { return Timeline(*this).take_trades(); }
std::vector<Position> Books::positions() const { return Timeline(*this).take_positions(); }

std::optional<Position> Books::position(const std::string& asset_id) const {
  const Timeline timeline(*this);
  const Position* found = timeline.of(asset_id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

namespace {

void add(Totals& totals, const Purchase& purchase) {
  if (purchase.state == TradeState::reverted) {
    ++totals.purchases_reverted;
    return;
  }
  ++totals.bought;
  if (purchase.price)
    totals.spent += *purchase.price;
  else
    ++totals.purchases_unsaid;
}

void add(Totals& totals, const Trade& trade) {
  const Sale& sale = trade.sale;
  if (sale.state == TradeState::reverted) {
    ++totals.sales_reverted;
    return;
  }
  const bool is_final = sale.state == TradeState::final;
  ++(is_final ? totals.sales_final : totals.sales_pending);
  if (sale.price) (is_final ? totals.gross_final : totals.gross_pending) += *sale.price;
  if (sale.fee) (is_final ? totals.fees_final : totals.fees_pending) += *sale.fee;
  if (trade.profit) (is_final ? totals.profit_final : totals.profit_pending) += *trade.profit;
  if (trade.estimate) totals.profit_estimated += *trade.estimate;
  if (trade.unsaid) ++totals.sales_unsaid;
  if (!trade.has_purchase) ++totals.sales_without_cost;
}

}  // namespace

Totals Books::totals(std::int64_t from, std::int64_t to) const {
  Totals totals;
  const auto within = [from, to](std::int64_t at) { return at >= from && at < to; };
  for (const auto& [key, purchase] : purchases_) {
    if (within(purchase.at)) add(totals, purchase);
  }
  for (const Trade& trade : trades()) {
    if (within(trade.sale.at)) add(totals, trade);
  }
  return totals;
}

}  // namespace app::ledger
