// Deals of the player: money, item and state move together, and the books are told.

#include "sandbox/market/state.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr Time day_length = 86'400;

Time release_time(Time closed, int days, int hour) {
  const Time earliest = closed + days * day_length;
  const Time release = earliest / day_length * day_length + hour * 3'600;
  return release < earliest ? release + day_length : release;
}

}  // namespace

void Exchange::State::take_down(OrderKey offer) {
  assets.at(offers.at(offer).item).offer = 0;
  offers.erase(offer);
  book(offer.title).erase_offer(offer.serial);
  release(offer.title);
}

void Exchange::State::drop_target(OrderKey target) {
  targets.erase(target);
  book(target.title).erase_target(target.serial);
  release(target.title);
  cover_changed = true;
}

void Exchange::State::forget(ItemNumber item) {
  const auto found = assets.find(item);
  market_items.erase(found->second.id);
  steam_items.erase(found->second.steam_id);
  assets.erase(found);
}

std::int64_t Exchange::State::open(Trade trade) {
  trade.closed_at = now;
  trade_items.push_back(0);
  return books.open(std::move(trade)).number;
}

void Exchange::State::protect(Trade& trade, int revert_share) {
  const int days = rules.protection_days[static_cast<std::size_t>(trade.title->game)];
  trade.state = days > 0 ? TradeState::trade_protected : TradeState::successful;
  trade.finalization_at = days > 0 ? release_time(now, days, rules.release_hour) : now;
  if (days <= 0) return;
  plan(trade.finalization_at, What::finalized, {}, trade.number);
  if (!random.chance(revert_share)) return;
  plan(random.between(now + 3'600, trade.finalization_at - 3'600), What::reverted, {}, trade.number);
}

std::int64_t Exchange::State::sell(OrderKey key, Money price, SaleBy by, const Uuid& target) {
  const BookOffer offer = *book(key.title).find_offer(key.serial);
  const OwnOffer own = offers.at(key);
  Asset& asset = assets.at(own.item);
  const Charge charged = charge(price, market.reduced(key.title, rules, now), rules, now);
  Trade wanted;
  wanted.side = TradeSide::sale;
  wanted.by = by;
  wanted.title = &info(key.title);
  wanted.offer_id = market.ids().make(IdKind::offer, key.title, key.serial);
  wanted.target_id = target;
  wanted.asset_id = asset.id;
  wanted.price = price;
  wanted.fee = charged.fee;
  wanted.fee_fraction = charged.fraction;
  wanted.copy = asset.copy;
  wanted.offer_created_at = own.created_at;
  const std::int64_t number = open(wanted);
  trade_items.back() = asset.number;
  take_down(key);
  Trade& trade = books.trade(number);
  protect(trade, rules.revert_share);
  const bool held = trade.state == TradeState::trade_protected;
  const MoneyPlace place = held ? MoneyPlace::player_protected : MoneyPlace::player;
  books.move(now, MoneyPlace::traders, place, price, "sale", number);
  books.move(now, place, MoneyPlace::fees, trade.fee, "fee", number);
  (held ? wallet.held : wallet.usd) += price - trade.fee;
  if (!held) wallet.to_withdraw += price - trade.fee;
  books.move(now, asset.number, ItemPlace::market, ItemPlace::traders, "sale", number);
  asset.place = ItemPlace::traders;
  asset.sold_by = number;
  asset.updated_at = now;
  cover_changed = true;
  book(key.title).record(offer, price.in_cents(), now, by, {});
  tell("sold", "Sold " + trade.title->title + " for " + money_text(price), number, trade.offer_id);
  if (!held) forget(asset.number);
  return number;
}

Trade Exchange::State::purchase(std::uint32_t title, const BookOffer& offer, Money price) const {
  Trade trade;
  trade.side = TradeSide::purchase;
  trade.state = TradeState::pending;
  trade.title = &info(title);
  trade.offer_id = market.ids().make(IdKind::offer, title, offer.serial);
  trade.asset_id = market.ids().make(IdKind::asset, title, offer.asset);
  trade.price = price;
  trade.copy = with_index(title, copy_of(offer, 0));
  trade.offer_created_at = offer.created;
  return trade;
}

std::int64_t Exchange::State::buy_by_target(OrderKey key, const BookOffer& brought, Money price, const Uuid& offer) {
  BookTarget& target = *book(key.title).find_target(key.serial);
  OwnTarget& own = targets.at(key);
  Trade trade = purchase(key.title, brought, price);
  trade.by = SaleBy::target;
  trade.offer_id = offer;
  trade.target_id = market.ids().make(IdKind::target, key.title, key.serial);
  trade.offer_created_at = own.created_at;
  book(key.title).record(brought, price.in_cents(), now, SaleBy::target, target.demand());
  own.updated_at = now;
  if (target.amount > 1)
    --target.amount;
  else
    drop_target(key);
  const std::int64_t number = open(trade);
  pay(price, MoneyPlace::player_reserved, "purchase", number);
  complete_purchase(number);
  return number;
}

void Exchange::State::complete_purchase(std::int64_t number) {
  Trade& trade = books.trade(number);
  const std::uint32_t title = market.catalogue().index_of(*trade.title);
  wallet.reserved -= trade.price;
  books.move(now, MoneyPlace::player_reserved, MoneyPlace::traders, trade.price, "purchase", number);
  protect(trade, rules.purchase_revert_share);
  Asset& asset = new_asset(title, trade.copy);
  trade_items[static_cast<std::size_t>(number - 1)] = asset.number;
  books.move(now, asset.number, ItemPlace::traders, ItemPlace::market, "purchase", number);
  asset.place = ItemPlace::market;
  asset.id = trade.asset_id;
  market_items[asset.id] = asset.number;
  const bool held = trade.state == TradeState::trade_protected;
  if (held) asset.bought_by = number;
  if (rules.bought_items_locked && held) {
    asset.copy.unlock_at = std::max(asset.copy.unlock_at, trade.finalization_at);
  }
  tell("bought", "Bought " + trade.title->title + " for " + money_text(trade.price), number,
       trade.by == SaleBy::target ? trade.target_id : trade.offer_id);
}

void Exchange::State::purchase_ends(std::int64_t transaction) {
  const PendingPurchase ended = pending.at(transaction);
  pending.erase(transaction);
  for (std::size_t i = 0; i < ended.trades.size(); ++i) {
    Trade& trade = books.trade(ended.trades[i]);
    BookOffer* offer = book(ended.offers[i].title).find_offer(ended.offers[i].serial);
    if (ended.will_fail) {
      trade.state = TradeState::failed;
      receive(trade.price, MoneyPlace::player_reserved, "purchase failed", trade.number);
      offer->reserved = false;
      tell("purchase_failed", "The purchase of " + trade.title->title + " failed", trade.number, trade.offer_id);
      watch(ended.offers[i].title);
      continue;
    }
    book(ended.offers[i].title).record(*offer, trade.price.in_cents(), now, SaleBy::offer, {});
    book(ended.offers[i].title).erase_offer(ended.offers[i].serial);
    complete_purchase(trade.number);
  }
}

bool Exchange::State::finalize(std::int64_t number) {
  Trade& trade = books.trade(number);
  if (trade.state != TradeState::trade_protected) return false;
  trade.state = TradeState::successful;
  trade.finalization_at = now;
  if (trade.side == TradeSide::sale) {
    receive(trade.price - trade.fee, MoneyPlace::player_protected, "release", number);
    forget(item_of(number));
  } else if (const auto asset = assets.find(item_of(number)); asset != assets.end()) {
    asset->second.bought_by = 0;
  }
  const char* what = trade.side == TradeSide::sale ? "The sale of " : "The purchase of ";
  tell("successful", what + trade.title->title + " is final", number);
  return true;
}

bool Exchange::State::revert(std::int64_t number) {
  if (books.trade(number).state != TradeState::trade_protected) return false;
  const auto found = assets.find(item_of(number));
  if (found == assets.end()) return false;  // sold on for good
  Asset& asset = found->second;
  if (books.trade(number).side == TradeSide::sale) {
    Trade& trade = books.trade(number);
    books.move(now, MoneyPlace::fees, MoneyPlace::player_protected, trade.fee, "revert", number);
    books.move(now, MoneyPlace::player_protected, MoneyPlace::traders, trade.price, "revert", number);
    wallet.held -= trade.price - trade.fee;
    books.move(now, asset.number, ItemPlace::traders, ItemPlace::market, "revert", number);
    asset.place = ItemPlace::market;
    asset.sold_by = 0;
    asset.updated_at = now;
  } else {
    // Sold on meanwhile: that sale is undone first. It is younger, so it is still protected, unless the rules were
    // changed.
    if (asset.sold_by != 0 && !revert(asset.sold_by)) return false;
    if (asset.place != ItemPlace::market || asset.moving) return false;
    if (asset.offer != 0) take_down(OrderKey{asset.title, asset.offer});
    books.move(now, asset.number, ItemPlace::market, ItemPlace::traders, "revert", number);
    receive(books.trade(number).price, MoneyPlace::traders, "revert", number);
    forget(asset.number);
  }
  Trade& trade = books.trade(number);
  trade.state = TradeState::reverted;
  trade.finalization_at = now;
  const char* what = trade.side == TradeSide::sale ? "The sale of " : "The purchase of ";
  tell("reverted", what + trade.title->title + " was reverted", number);
  return true;
}

}  // namespace sandbox::market
