// The player's orders among those of the others: who meets whom, and when.

#include "sandbox/market/copies.hpp"
#include "sandbox/market/state.hpp"

#include <algorithm>
#include <utility>

namespace sandbox::market {

void Exchange::State::hold(std::uint32_t title) {
  TitleState& state = market.look(title, now);
  ++state.player_orders;
  queue_moves(title);
}

void Exchange::State::release(std::uint32_t title) { --market.as_it_stands(title).player_orders; }

void Exchange::State::queue_moves(std::uint32_t title) {
  TitleState& state = market.as_it_stands(title);
  if (state.queued || state.player_orders == 0) return;
  state.queued = true;
  plan(state.next_at, What::title_moves, OrderKey{title, 0});
}

void Exchange::State::move(const Planned& event) {
  const std::uint32_t title = event.key.title;
  TitleState& state = market.as_it_stands(title);
  state.queued = false;
  if (state.player_orders == 0) return;                // from now on it moves when somebody looks
  if (state.next_at > now) return queue_moves(title);  // it was looked at in between
  const Meeting meeting = market.move(title);
  const OrderKey key{title, meeting.serial};
  if (meeting.kind == Meeting::Kind::buys_offer) {
    sell(key, Money::cents(book(title).find_offer(key.serial)->price), SaleBy::offer, {});
  } else if (meeting.kind == Meeting::Kind::sells_to_target) {
    BookOffer brought = meeting.brought;
    brought.serial = brought.asset = book(title).next_serial();
    brought.created = static_cast<std::uint32_t>(now);
    const Uuid offer = market.ids().make(IdKind::offer, title, brought.serial);
    buy_by_target(key, brought, Money::cents(book(title).find_target(key.serial)->price), offer);
  }
  queue_moves(title);
  watch(title);
}

const BookTarget* Exchange::State::taker(std::uint32_t title, const BookOffer& offer) {
  for (const BookTarget& target : book(title).targets()) {
    if (target.price < offer.price) return nullptr;
    const bool newer = target.serial > offer.serial;
    if (newer && !rules.targets_take_resting_offers) continue;
    if (!target.mine && !target.uncovered && fits(offer, target)) return &target;
  }
  return nullptr;
}

const BookOffer* Exchange::State::giver(std::uint32_t title, const BookTarget& target) {
  if (target.uncovered) return nullptr;
  for (const BookOffer& offer : book(title).offers()) {
    if (offer.price > target.price) return nullptr;
    const bool resting = offer.serial < target.serial;
    if (resting && !rules.targets_take_resting_offers) continue;
    if (!offer.mine && !offer.reserved && fits(offer, target)) return &offer;
  }
  return nullptr;
}

Money Exchange::State::match_price(const BookOffer& offer, const BookTarget& target) const {
  const bool offer_rests = offer.serial < target.serial;
  const bool of_offer =
      rules.match_price == MatchPrice::offer || (rules.match_price == MatchPrice::resting && offer_rests);
  return Money::cents(of_offer ? offer.price : target.price);
}

void Exchange::State::watch(std::uint32_t title) {
  for (const BookOffer& offer : book(title).offers()) {
    if (!offer.mine || !taker(title, offer)) continue;
    const OrderKey key{title, offer.serial};
    if (std::exchange(offers.at(key).match_planned, true)) continue;
    plan(after(rules.match_delay_from, rules.match_delay_to), What::offer_matched, key);
  }
  for (const BookTarget& target : book(title).targets()) {
    if (!target.mine || !giver(title, target)) continue;
    const OrderKey key{title, target.serial};
    if (std::exchange(targets.at(key).match_planned, true)) continue;
    plan(after(rules.match_delay_from, rules.match_delay_to), What::target_matched, key);
  }
}

void Exchange::State::match_offer(OrderKey key) {
  const auto own = offers.find(key);
  if (own == offers.end()) return;
  own->second.match_planned = false;
  const BookOffer offer = *book(key.title).find_offer(key.serial);
  const BookTarget* target = taker(key.title, offer);
  if (!target) return;
  const Money price = match_price(offer, *target);
  const Uuid id = market.ids().make(IdKind::target, key.title, target->serial);
  book(key.title).take_one(*book(key.title).find_target(target->serial));
  sell(key, price, SaleBy::target, id);
  watch(key.title);
}

void Exchange::State::match_target(OrderKey key) {
  const auto own = targets.find(key);
  if (own == targets.end()) return;
  own->second.match_planned = false;
  const BookTarget target = *book(key.title).find_target(key.serial);
  const BookOffer* found = giver(key.title, target);
  if (!found) return;
  const BookOffer offer = *found;
  book(key.title).erase_offer(offer.serial);
  const Uuid id = market.ids().make(IdKind::offer, key.title, offer.serial);
  buy_by_target(key, offer, match_price(offer, target), id);
  look_at_cover();
  watch(key.title);
}

void Exchange::State::answer_offer(OrderKey key) {
  if (!offers.contains(key)) return;
  if (!undercut(market.look(key.title, now), info(key.title), key.serial, now, random)) return;
  tell("undercut", "Another trader asks a cent less for " + info(key.title).title, 0,
       market.ids().make(IdKind::offer, key.title, key.serial));
  watch(key.title);
}

void Exchange::State::answer_target(OrderKey key) {
  if (!targets.contains(key)) return;
  if (!outbid(market.look(key.title, now), market.traits(key.title), info(key.title), key.serial, now)) return;
  tell("outbid", "Another trader offers a cent more for " + info(key.title).title, 0,
       market.ids().make(IdKind::target, key.title, key.serial));
  watch(key.title);
}

bool Exchange::State::has_cover(const BookTarget& target) const { return Money::cents(target.price) <= wallet.usd; }

void Exchange::State::look_at_cover() {
  if (!std::exchange(cover_changed, false)) return;
  Money sum;
  if (rules.sum_of_targets_needs_cover) {
    for (const auto& [key, own] : targets) {
      const BookTarget& target = *book(key.title).find_target(key.serial);
      sum += Money::cents(target.price) * target.amount;
    }
  }
  std::vector<std::uint32_t> awake;
  for (const auto& [key, own] : targets) {
    BookTarget& target = *book(key.title).find_target(key.serial);
    const bool was = target.uncovered;
    target.uncovered = !has_cover(target) || sum > wallet.usd;
    if (was && !target.uncovered) awake.push_back(key.title);
  }
  for (const std::uint32_t title : awake) watch(title);
}

}  // namespace sandbox::market
