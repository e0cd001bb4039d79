// Offers of the market that are bought at once.
#include "app/trader/deciding.hpp"
#include "dmarket/trading/selling_price.hpp"

namespace app::trader {

namespace trading = dmarket::trading;
using ledger::Action;
using ledger::Intent;

void Deciding::buy(const Rule& rule) {
  if (!rule.buy_now_price) return;
  const Scene scene = scene_of(snapshot_, rule);
  if (sight_of(rule, scene) != Sight::clear) return;
  const std::int64_t wanted = this->wanted(rule);
  const MarketOffer* offer = wanted > 0 ? offer_to_buy(rule, scene) : nullptr;
  if (offer == nullptr) return;
  if (is_set_aside(rule, ledger::title_subject(std::string(dmarket::game_id(rule.game)), rule.title))) return;
  Scene rest = scene;  // what is bought, or gone, competes no more
  rest.offers.clear();
  for (const MarketOffer& other : scene.market->offers) {
    const bool stays = !bought_offers_.contains(other.offer_id) && !books_.is_gone(other.offer_id);
    if (&other != offer && stays) rest.offers.push_back(other.offer);
  }
  const auto worth = worth_of(rule, rest, snapshot_.now);
  if (!worth) return refuse(rule, worth.error());
  const Money price = offer->offer.price;
  trading::Figures figures;
  figures.add(trading::Figure::price, price)
      .add(trading::Figure::cap, *rule.buy_now_price)
      .add(trading::Figure::net, *worth->net)
      .add(trading::Figure::profit, *worth->net - price)
      .add(trading::Figure::least_percent, rule.least_profit);
  if (price > trading::greatest_cost(*worth->net, rule.least_profit))
    return refuse(rule, trading::Refused{trading::Refusal::profit_too_small, figures});
  buy(rule, *offer, wanted, reason_of(rule.name, "an offer at or below the price to buy at", figures));
}

// The cheapest that the rule demands. An offer whose copy comes by a trade in Steam is none: it would not be in the
// inventory when the purchase is done.
const MarketOffer* Deciding::offer_to_buy(const Rule& rule, const Scene& scene) const {
  for (const MarketOffer& offer : scene.market->offers) {
    if (offer.offer.price > *rule.buy_now_price) break;  // the cheapest come first
    if (offer.offer.own || !offer.held_by_exchange || offer.offer_id.empty() || offer.asset_id.empty()) continue;
    if (books_.is_gone(offer.offer_id) || bought_offers_.contains(offer.offer_id)) continue;
    if (trading::buys(rule.demand, offer.offer.copy)) return &offer;
  }
  return nullptr;
}

// Where the rule's targets and this copy together would be too many, a target goes first, and its money counts as free.
void Deciding::buy(const Rule& rule, const MarketOffer& offer, std::int64_t wanted, ledger::Reason reason) {
  std::vector<std::pair<std::string, const ledger::OwnTarget*>> own;
  std::int64_t standing = 0;
  for (const auto& [id, target] : books_.targets()) {
    if (target.made_by.reason.rule != rule.name || target.made_by.item.title != rule.title) continue;
    own.emplace_back(id, &target);
    standing += target.left();
  }
  trading::Account account = account_;
  Chain chain;
  for (const auto& [id, target] : own) {
    if (standing + 1 <= wanted) break;
    if (!may_delete(id))
      return note(rule, "an offer is cheap enough, but the target that has to go first is locked by the exchange");
    chain.push_back(removal_of(id, *target, reason));
    standing -= target->left();
    release(account, target->made_by.price * target->left());
  }
  trading::Purchase one;
  one.price = offer.offer.price;
  one.held = rule.amount - wanted + standing;
  const auto allowed =
      trading::check_purchase(rule.title, one, account, guards_, rules_.money, rules_.blacklist, snapshot_.now);
  if (!allowed) return refuse(rule, allowed.error());
  chain.push_back(purchase(rule, offer, std::move(reason)));
  commit(account, one.price);
  account_ = account;
  bought_offers_.insert(offer.offer_id);
  ++bought_[TitleKey(rule.game, rule.title)];
  buyers_.insert(rule.name);
  plan_.chains.push_back(std::move(chain));
}

Intent Deciding::purchase(const Rule& rule, const MarketOffer& offer, ledger::Reason reason) const {
  Intent intent;
  intent.action = Action::buy;
  intent.item = offer.item;
  intent.item.game = dmarket::game_id(rule.game);
  intent.price = intent.reserve = offer.offer.price;
  intent.offer_id = offer.offer_id;
  intent.asset_id = offer.asset_id;
  for (const Copy& copy : snapshot_.own.copies) {
    if (copy.game == rule.game && copy.item.title == rule.title) intent.known.push_back(copy.asset_id);
  }
  intent.reason = std::move(reason);
  return intent;
}

}  // namespace app::trader
