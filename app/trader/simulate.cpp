#include "app/trader/simulate.hpp"

#include "app/trader/instant.hpp"
#include "dmarket/trading/selling_price.hpp"

namespace app::trader {
namespace {

namespace trading = dmarket::trading;
using ledger::Books;
using ledger::Entry;

// An event of the market by a name, so that it counts once however often it is read.
std::string name_of(const trading::Sale& sale, std::size_t place) {
  return "sale " + std::to_string(trading::unix_seconds(sale.at)) + " " + std::to_string(sale.price.in_cents()) + " " +
         std::to_string(place);
}

// A copy that a simulated order has bought, by the event that sold it.
std::string copy_named(const std::string& title, const std::string& event) {
  return "simulated " + title + " " + event;
}
std::string copy_of_offer(const std::string& title, const std::string& offer_id) {
  return copy_named(title, "offer " + offer_id);
}

class Simulation {
 public:
  Simulation(const Books& books, const Snapshot& market) : books_(books), market_(market) {}

  std::vector<Entry> run() {
    for (const auto& [id, target] : books_.targets()) fill(id, target);
    for (const auto& [id, offer] : books_.offers()) sell(id, offer);
    return std::move(entries_);
  }

 private:
  const TitleMarket* market_of(const ledger::Item& item) const {
    const auto game = dmarket::game_of_id(item.game);
    const auto found = game ? market_.titles.find(TitleKey(*game, item.title)) : market_.titles.end();
    return found == market_.titles.end() ? nullptr : &found->second;
  }

  void fill(const std::string& id, const ledger::OwnTarget& target) {
    const TitleMarket* market = market_of(target.made_by.item);
    if (market == nullptr) return;
    const trading::Demand demand = demand_of(target.made_by);
    std::int64_t left = target.left();
    for (std::size_t i = 0; i < market->sales.size() && left > 0; ++i) {
      const trading::Sale& sale = market->sales[i];
      if (trading::unix_seconds(sale.at) <= target.at || sale.price > target.made_by.price) continue;
      if (trading::buys(demand, sale.copy)) left -= buy(id, target, name_of(sale, same_before(*market, i)), sale.copy);
    }
    for (const MarketOffer& offer : market->offers) {
      if (left <= 0 || offer.offer.price > target.made_by.price) break;  // the cheapest come first
      if (!offer.offer.own && trading::buys(demand, offer.offer.copy))
        left -= buy(id, target, "offer " + offer.offer_id, offer.offer.copy);
    }
  }

  // Of equal sales the exchange names no difference: they are counted.
  static std::size_t same_before(const TitleMarket& market, std::size_t at) {
    std::size_t same = 0;
    for (std::size_t i = at + 1; i < market.sales.size(); ++i)
      same += market.sales[i].at == market.sales[at].at && market.sales[i].price == market.sales[at].price ? 1 : 0;
    return same;
  }

  std::int64_t buy(const std::string& target_id, const ledger::OwnTarget& target, const std::string& event,
                   const trading::Traits& copy) {
    const std::string asset = copy_named(target.made_by.item.title, event);
    if (books_.item(asset) != nullptr || !used_.insert(asset).second) return 0;
    ledger::Purchase purchase;
    purchase.target_id = target_id;
    purchase.asset_id = asset;
    purchase.item.game = target.made_by.item.game;
    purchase.item.title = target.made_by.item.title;
    purchase.item.phase = trading::to_text(copy.phase);
    purchase.price = target.made_by.price;
    purchase.state = ledger::TradeState::final;
    purchase.at = trading::unix_seconds(market_.now);
    add(std::move(purchase));
    return 1;
  }

  void sell(const std::string& id, const ledger::OwnOffer& offer) {
    const TitleMarket* market = market_of(offer.item);
    const auto game = dmarket::game_of_id(offer.item.game);
    const auto fees = game ? market_.fees.find(*game) : market_.fees.end();
    if (market == nullptr || fees == market_.fees.end()) return;
    const std::optional<std::string> event = buyer_of(*market, offer);
    if (!event) return;
    ledger::Sale sale;
    sale.offer_id = id;
    sale.asset_id = offer.asset_id;
    sale.target_id = *event;
    sale.item = offer.item;
    sale.price = offer.price;
    sale.fee = trading::fee_at(fees->second.of(offer.item.title), offer.price, market_.now);
    sale.state = ledger::TradeState::final;
    sale.at = trading::unix_seconds(market_.now);
    add(std::move(sale));
  }

  // What would have bought it, by a name; a sale of the market stands for one of ours only.
  std::optional<std::string> buyer_of(const TitleMarket& market, const ledger::OwnOffer& offer) {
    const trading::Traits copy = traits_of(offer.item);
    for (std::size_t i = 0; i < market.sales.size(); ++i) {
      const trading::Sale& sale = market.sales[i];
      if (trading::unix_seconds(sale.at) <= offer.at || sale.price < offer.price) continue;
      const std::string event = "simulated " + offer.item.title + " " + name_of(sale, same_before(market, i));
      if (!books_.sold_to(event) && used_.insert("sold " + event).second) return event;
    }
    for (const trading::Order& order : market.targets) {
      if (order.price >= offer.price && trading::buys(order.demand, copy)) return std::string();
    }
    return std::nullopt;
  }

  template <class T>
  void add(T body) {
    entries_.emplace_back(trading::unix_seconds(market_.now), true, std::move(body));
  }

  const Books& books_;
  const Snapshot& market_;
  std::set<std::string> used_;
  std::vector<Entry> entries_;
};

}  // namespace

std::vector<Entry> simulated_trades(const Books& simulated, const Snapshot& market) {
  return Simulation(simulated, market).run();
}

ledger::Purchase simulated_purchase(const ledger::Intent& intent, std::int64_t now) {
  ledger::Purchase purchase = purchase_of(intent, copy_of_offer(intent.item.title, intent.offer_id), now);
  purchase.item.float_value.clear();  // really it is sold to somebody else, and may be bought again
  purchase.item.paint_seed = 0;
  purchase.state = ledger::TradeState::final;
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
