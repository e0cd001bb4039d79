#include "app/trader/simulate.hpp"

#include "app/trader/instant.hpp"
#include "dmarket/trading/selling_price.hpp"

namespace app::trader {
namespace {

namespace trading = dmarket::trading;
using ledger::Books;
using ledger::Entry;

// A copy that a simulated order has bought, by the event that sold it.
std::string copy_named(const std::string& title, const std::string& event) {
  return "simulated " + title + " " + event;
}
std::string copy_of_offer(const std::string& title, const std::string& offer_id) {
  return copy_named(title, "offer " + offer_id);
}

// The same trade always ends in the same way.
bool is_reverted(const std::string& trade, const PaperRules& rules) {
  std::uint32_t dice = 2166136261U;  // FNV-1a
  for (const char c : trade) dice = (dice ^ static_cast<unsigned char>(c)) * 16777619U;
  return dice % 10'000 < static_cast<std::uint64_t>(rules.reverted.value());
}

class Simulation {
 public:
  Simulation(const Books& books, const Snapshot& market, const PaperRules& rules, PaperQueue& queue)
      : books_(books), market_(market), rules_(rules), queue_(queue), now_(trading::unix_seconds(market.now)) {}

  std::vector<Entry> run() {
    queue_.begin(market_.now);
    queue_.keep_only([this](const std::string& order) {
      return books_.targets().contains(order) || books_.offers().contains(order);
    });
    end_protection();
    for (const auto& [id, target] : books_.targets()) fill(id, target);
    for (const auto& [id, offer] : books_.offers()) sell(id, offer);
    return std::move(entries_);
  }

 private:
  // A copy that was sold on is reverted by nobody: its buyer has it.
  void end_protection() {
    std::set<std::string> sold;
    for (const auto& [key, sale] : books_.sales()) {
      if (sale.state != ledger::TradeState::reverted) sold.insert(sale.asset_id);
      end(sale, is_reverted("sale " + sale.asset_id, rules_));
    }
    for (const auto& [key, purchase] : books_.purchases()) {
      const bool back = !sold.contains(purchase.asset_id) && is_reverted("purchase " + purchase.asset_id, rules_);
      if (end(purchase, back) && back) take_down(purchase.asset_id);
    }
  }

  // Who takes a copy back takes it from its offer, too.
  void take_down(const std::string& asset) {
    for (const auto& [id, offer] : books_.offers()) {
      if (offer.asset_id != asset) continue;
      ledger::OrderGone gone;
      gone.offer_id = id;
      gone.why = "its copy was taken back";
      add(std::move(gone));
      gone_.insert(id);
    }
  }

  template <class Trade>
  bool end(const Trade& trade, bool reverted) {
    if (trade.state != ledger::TradeState::pending || now_ < protected_until(trade.at)) return false;
    Trade ended = trade;
    ended.state = reverted ? ledger::TradeState::reverted : ledger::TradeState::final;
    ended.finalized_at = now_;
    add(std::move(ended));
    return true;
  }

  const TitleMarket* market_of(const ledger::Item& item) const {
    const auto game = dmarket::game_of_id(item.game);
    const auto found = game ? market_.titles.find(TitleKey(*game, item.title)) : market_.titles.end();
    return found == market_.titles.end() ? nullptr : &found->second;
  }

  void fill(const std::string& id, const ledger::OwnTarget& target) {
    const TitleMarket* market = market_of(target.made_by.item);
    if (market == nullptr) return;
    const Demanded demanded{demand_of(target.made_by), target.made_by.price, trading::time_of(target.at)};
    for (const trading::Sale* sale : queue_.served(id, demanded, target.left(), *market, market_.now))
      buy(id, target, name_of(*market, *sale), sale->copy);
  }

  // Of equal sales the exchange names no difference: they are counted.
  static std::string name_of(const TitleMarket& market, const trading::Sale& sale) {
    const auto at = static_cast<std::size_t>(&sale - market.sales.data());
    std::size_t same = 0;
    for (std::size_t i = at + 1; i < market.sales.size(); ++i)
      same += market.sales[i].at == sale.at && market.sales[i].price == sale.price ? 1 : 0;
    return "sale " + std::to_string(trading::unix_seconds(sale.at)) + " " + std::to_string(sale.price.in_cents()) +
           " " + std::to_string(same);
  }

  void buy(const std::string& target_id, const ledger::OwnTarget& target, const std::string& event,
           const trading::Traits& copy) {
    const std::string asset = copy_named(target.made_by.item.title, event);
    if (books_.item(asset) != nullptr || !used_.insert(asset).second) return;
    ledger::Purchase purchase;
    purchase.target_id = target_id;
    purchase.asset_id = asset;
    purchase.item.game = target.made_by.item.game;
    purchase.item.title = target.made_by.item.title;
    purchase.item.phase = trading::to_text(copy.phase);
    purchase.price = target.made_by.price;
    purchase.at = now_;
    add(std::move(purchase));
  }

  void sell(const std::string& id, const ledger::OwnOffer& offer) {
    const TitleMarket* market = market_of(offer.item);
    const auto game = dmarket::game_of_id(offer.item.game);
    const auto fees = game ? market_.fees.find(*game) : market_.fees.end();
    if (market == nullptr || fees == market_.fees.end() || gone_.contains(id)) return;
    const Asked asked{traits_of(offer.item), offer.price, trading::time_of(offer.at)};
    for (const trading::Sale* trade : queue_.served(id, asked, *market, market_.now)) {
      const std::string event = "simulated " + offer.item.title + " " + name_of(*market, *trade);
      if (books_.sold_to(event) || !used_.insert("sold " + event).second) continue;
      ledger::Sale sale;
      sale.offer_id = id;
      sale.asset_id = offer.asset_id;
      sale.target_id = event;
      sale.item = offer.item;
      sale.price = offer.price;
      sale.fee = trading::fee_at(fees->second.of(offer.item.title), offer.price, market_.now);
      sale.at = now_;
      add(std::move(sale));
    }
  }

  template <class T>
  void add(T body) {
    entries_.emplace_back(now_, true, std::move(body));
  }

  const Books& books_;
  const Snapshot& market_;
  const PaperRules& rules_;
  PaperQueue& queue_;
  std::int64_t now_;
  std::set<std::string> used_;
  std::set<std::string> gone_;  // offers
  std::vector<Entry> entries_;
};

}  // namespace

std::vector<Entry> simulated_trades(const Books& simulated, const Snapshot& market, const PaperRules& rules,
                                    PaperQueue& queue) {
  return Simulation(simulated, market, rules, queue).run();
}

std::int64_t protected_until(std::int64_t traded_at) {
  constexpr std::int64_t protection = 7 * ledger::day_seconds, release = 8 * 3600;
  const std::int64_t over = traded_at + protection;
  const std::int64_t released = ledger::day_of(over) * ledger::day_seconds + release;
  return released >= over ? released : released + ledger::day_seconds;
}

ledger::Purchase simulated_purchase(const ledger::Intent& intent, std::int64_t now) {
  ledger::Purchase purchase = purchase_of(intent, copy_of_offer(intent.item.title, intent.offer_id), now);
  purchase.item.float_value.clear();  // really it is sold to somebody else, and may be bought again
  purchase.item.paint_seed = 0;
  return purchase;
}

void forget_taken(const Books& simulated, Snapshot& market) {
  for (auto& [key, title] : market.titles) {
    const std::string& name = key.second;
    std::erase_if(title.offers, [&](const MarketOffer& offer) {
      return simulated.item(copy_of_offer(name, offer.offer_id)) != nullptr;
    });
  }
}

void stand_among(const Books& simulated, Snapshot& market) {
  for (const auto& [id, target] : simulated.targets()) {
    const auto game = dmarket::game_of_id(target.made_by.item.game);
    const auto title = game ? market.titles.find(TitleKey(*game, target.made_by.item.title)) : market.titles.end();
    if (title == market.titles.end()) continue;
    trading::Order& order = title->second.targets.emplace_back();
    order.price = target.made_by.price;
    order.amount = target.left();
    order.demand = demand_of(target.made_by);
  }
}

OwnLists simulated_lists(const Books& simulated) {
  OwnLists own;
  for (const auto& [id, target] : simulated.targets()) own.targets.emplace(id, target.made_by.item.title);
  for (const auto& [id, offer] : simulated.offers()) {
    ListedOffer& listed = own.offers.emplace_back();
    listed.offer_id = id;
    listed.asset_id = offer.asset_id;
    listed.price = offer.price;
  }
  for (const ledger::Position& position : simulated.positions()) {
    const auto game = dmarket::game_of_id(position.item.game);
    if (!game) continue;
    Copy& copy = own.copies.emplace_back();
    copy.asset_id = position.asset_id;
    copy.game = *game;
    copy.item = position.item;
    copy.traits = traits_of(position.item);
  }
  return own;
}

}  // namespace app::trader
