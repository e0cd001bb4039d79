// Offers of ours: what is asked for a copy.
#include "app/trader/deciding.hpp"

#include <algorithm>

namespace app::trader {

namespace trading = dmarket::trading;
using ledger::Action;
using ledger::Intent;

namespace {

trading::RepriceRule reprice_rule(const Rule& rule) {
  trading::RepriceRule made;
  made.floor = rule.floor;
  made.ceiling = rule.ceiling;
  made.allowed_loss = rule.allowed_loss;
  made.least_percent = rule.least_profit;
  made.rival.like = likeness_of(rule.demand);
  made.rival.far_below = rule.lone_offer;
  made.rival.must_stand = rule.lone_offer_stands;
  return made;
}

Intent about(const Rule& rule, const Copy& copy, Money price, const trading::RepriceDecision& decision) {
  Intent intent;
  intent.item = copy.item;
  intent.asset_id = copy.asset_id;
  intent.price = price;
  intent.reason = reason_of(rule.name, trading::to_text(decision.reason), decision.figures);
  return intent;
}

}  // namespace

void Deciding::sell(const Rule& rule) {
  for (const Copy& copy : snapshot_.own.copies) {
    if (copy.game != rule.game || copy.item.title != rule.title || assigned_.contains(copy.asset_id)) continue;
    const bool asked_for = rule.items.contains(copy.asset_id);
    if (!asked_for && !(books_.bought_by_bot(copy.asset_id) && trading::buys(rule.demand, copy.traits))) continue;
    assigned_.insert(copy.asset_id);
    sell_copy(rule, copy, asked_for);
  }
}

void Deciding::sell_copy(const Rule& rule, const Copy& copy, bool asked_for) {
  const auto is_it = [&copy](const ListedOffer& offer) { return offer.asset_id == copy.asset_id; };
  const auto listed = std::ranges::find_if(snapshot_.own.offers, is_it);
  const bool on_offer = listed != snapshot_.own.offers.end();
  if (on_offer && !asked_for && !books_.made_offer(listed->offer_id)) return;  // somebody made it by hand
  if (in_doubt(rule, false, copy.asset_id))
    return note(rule, "the fate of an earlier change of an offer is not known yet");
  const Scene scene = scene_of(snapshot_, rule);
  if (scene.fees == nullptr) return refuse(rule, trading::Refused{trading::Refusal::no_fees, {}});
  if (scene.market == nullptr || !scene.market->offers_at || !scene.market->sales_at)
    return note(rule, "the market of the title could not be read");
  if (!is_fresh(scene.market->offers_at, snapshot_.now) || !is_fresh(scene.market->sales_at, snapshot_.now))
    return note(rule, "the market of the title was read too long ago");
  if (on_offer && !listed->price) return note(rule, "DMarket does not say the price of an offer of ours");
  if (on_offer)
    reprice(rule, copy, *listed, scene);
  else
    put_on_offer(rule, copy, scene);
}

trading::OwnOffer Deciding::own_offer(const Copy& copy) const {
  trading::OwnOffer own;
  own.copy = copy.traits;
  const auto position = positions_.find(copy.asset_id);
  if (position != positions_.end()) {
    const ledger::Position& held = position->second;
    own.cost = held.cost ? held.cost : held.most_cost;
  }
  if (const auto until = books_.locked_until(copy.asset_id); until != 0) own.locked_until = trading::time_of(until);
  own.changed = trading::time_of(0);
  return own;
}

void Deciding::put_on_offer(const Rule& rule, const Copy& copy, const Scene& scene) {
  if (stopped_) return;
  if (!copy.can_be_sold) return note(rule, "a copy cannot be sold yet");
  if (snapshot_.own.unproven.contains(rule.game))
    return note(rule, "the exchange's lists do not show all that they count");
  const auto is_on_offer = [&copy](const auto& offer) { return offer.second.asset_id == copy.asset_id; };
  if (std::ranges::any_of(books_.offers(), is_on_offer))
    return note(rule, "an offer of ours is not listed; looking for what became of it");
  if (is_set_aside(rule, ledger::copy_subject(copy.asset_id))) return;
  if (is_locked(copy.asset_id)) return note(rule, "a copy is locked by the exchange");
  const auto [sold, median] = outlook(rule, copy, scene, snapshot_.now);
  const auto decision = trading::decide_first_price(own_offer(copy), reprice_rule(rule), scene.offers, median,
                                                    scene.fees->of(rule.title), sold, snapshot_.now);
  if (!decision) return refuse(rule, decision.error());
  Intent intent = about(rule, copy, decision->price, *decision);
  intent.action = Action::create_offer;
  plan_.chains.push_back({std::move(intent)});
}

void Deciding::reprice(const Rule& rule, const Copy& copy, const ListedOffer& listed, const Scene& scene) {
  trading::OwnOffer own = own_offer(copy);
  own.price = *listed.price;
  const auto known = books_.offers().find(listed.offer_id);
  if (known != books_.offers().end()) own.changed = trading::time_of(known->second.at);
  const auto [sold, median] = outlook(rule, copy, scene, snapshot_.now);
  const auto decision = trading::decide_price(own, reprice_rule(rule), scene.offers, scene.fees->of(rule.title), sold,
                                              snapshot_.now, median);
  if (!decision) return refuse(rule, decision.error());
  if (decision->action == trading::RepriceAction::wait)
    return note(rule, "the offer is locked by the exchange",
                trading::Figures().add(trading::Figure::next_change, decision->next_change));
  if (decision->action == trading::RepriceAction::keep) return;
  const bool may_change = !stopped_ && !is_set_aside(rule, ledger::copy_subject(copy.asset_id));
  const bool take_down =
      decision->action == trading::RepriceAction::take_down || (!may_change && decision->stands_badly);
  if (take_down ? was_refused(ledger::order_subject(listed.offer_id)) : !may_change) return;
  if (is_locked(copy.asset_id)) return note(rule, "a copy is locked by the exchange");
  Intent intent = about(rule, copy, take_down ? own.price : decision->price, *decision);
  intent.action = take_down ? Action::delete_offer : Action::change_offer;
  intent.offer_id = listed.offer_id;
  plan_.chains.push_back({std::move(intent)});
}

}  // namespace app::trader
