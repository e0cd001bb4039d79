// A person at the page plays the other side. What they do happens at once.

#include "sandbox/market/copies.hpp"
#include "sandbox/market/state.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

Refusal unknown_title(std::string_view title) {
  return {"TitleNotFound", "no title \"" + std::string(title) + "\" in this game"};
}
Refusal bad_price() {
  return {"InvalidPrice", "a price is between 2 cents and " + money_text(Money::cents(most_price))};
}

}  // namespace

Result<std::int64_t> Exchange::sell_to_target(const Uuid& own_target) {
  State& state = *state_;
  const auto key = state.own_target(own_target);
  if (!key) return std::unexpected(Refusal{"TargetNotFound", "no open target of the player has this id"});
  const BookTarget target = *state.book(key->title).find_target(key->serial);
  if (target.uncovered) {
    return std::unexpected(Refusal{"NotEnoughBalance", "the player's balance does not cover this target"});
  }
  Copy copy = random_copy(state.info(key->title), state.random, state.now);
  const Demand demand = target.demand();
  if (demand.float_part.number != 0) copy.float_value = float_part_from(demand.float_part);
  if (demand.phase != Phase::none) copy.phase = demand.phase;
  if (demand.paint_seed != 0) copy.paint_seed = demand.paint_seed;
  BookOffer brought;
  set_copy(brought, copy);
  brought.serial = brought.asset = state.book(key->title).next_serial();
  brought.created = static_cast<std::uint32_t>(state.now);
  const Uuid offer = state.market.ids().make(IdKind::offer, key->title, brought.serial);
  const std::int64_t trade = state.buy_by_target(*key, brought, Money::cents(target.price), offer);
  state.look_at_cover();
  return trade;
}

Result<std::int64_t> Exchange::buy_offer(const Uuid& own_offer) {
  State& state = *state_;
  const auto key = state.own_offer(own_offer);
  if (!key) return std::unexpected(Refusal{"OfferNotFound", "no open offer of the player has this id"});
  const Money price = Money::cents(state.book(key->title).find_offer(key->serial)->price);
  const std::int64_t trade = state.sell(*key, price, SaleBy::offer, {});
  state.look_at_cover();
  return trade;
}

Result<Money> Exchange::move_price(Game game, std::string_view title, std::int64_t millionths) {
  const auto found = state_->title_of(game, title);
  if (!found) return std::unexpected(unknown_title(title));
  if (millionths < 10'000 || millionths > 100'000'000) {
    return std::unexpected(Refusal{"BadRequest", "a price is moved to between 1 % and 10,000 % of itself"});
  }
  state_->market.look(*found, state_->now);
  state_->market.scale(*found, millionths);
  state_->watch(*found);
  return state_->market.worth(*found, state_->now);
}

Result<Uuid> Exchange::place_offer(Game game, std::string_view title, Money price) {
  State& state = *state_;
  const auto found = state.title_of(game, title);
  if (!found) return std::unexpected(unknown_title(title));
  if (!valid_price(price) || price.in_cents() < least_price) return std::unexpected(bad_price());
  Book& book = state.market.look(*found, state.now).book;
  BookOffer offer;
  set_copy(offer, random_copy(state.info(*found), state.random, state.now));
  offer.price = static_cast<std::uint32_t>(price.in_cents());
  offer.serial = offer.asset = book.next_serial();
  offer.created = static_cast<std::uint32_t>(state.now);
  book.insert(offer);
  state.watch(*found);
  return state.market.ids().make(IdKind::offer, *found, offer.serial);
}

Result<Uuid> Exchange::place_target(Game game, std::string_view title, Money price, std::int64_t amount,
                                    const Demand& demand) {
  State& state = *state_;
  const auto found = state.title_of(game, title);
  if (!found) return std::unexpected(unknown_title(title));
  if (!valid_price(price) || price.in_cents() < least_price) return std::unexpected(bad_price());
  if (amount < 1 || amount > 1'000) return std::unexpected(Refusal{"InvalidAmount", "an amount is between 1 and 1000"});
  if (!possible(state.info(*found), demand)) {
    return std::unexpected(Refusal{"InvalidAttributes", "no copy of this title has these attributes"});
  }
  Book& book = state.market.look(*found, state.now).book;
  BookTarget target;
  target.price = static_cast<std::uint32_t>(price.in_cents());
  target.serial = book.next_serial();
  target.created = static_cast<std::uint32_t>(state.now);
  target.amount = static_cast<std::uint16_t>(amount);
  target.paint_seed = demand.paint_seed;
  target.float_part = demand.float_part;
  target.phase = demand.phase;
  book.insert(target);
  state.watch(*found);
  return state.market.ids().make(IdKind::target, *found, target.serial);
}

Result<Money> Exchange::trade_among_others(Game game, std::string_view title, Money price, SaleBy by) {
  State& state = *state_;
  const auto found = state.title_of(game, title);
  if (!found) return std::unexpected(unknown_title(title));
  if (!valid_price(price) || price.in_cents() < least_price) return std::unexpected(bad_price());
  Book& book = state.market.look(*found, state.now).book;
  BookOffer copy;
  set_copy(copy, random_copy(state.info(*found), state.random, state.now));
  book.record(copy, price.in_cents(), state.now, by, {});
  return price;
}

Result<std::int64_t> Exchange::revert(std::int64_t trade) {
  const auto count = static_cast<std::int64_t>(state_->books.trades().size());
  if (trade < 1 || trade > count) return std::unexpected(Refusal{"NotFound", "no trade has this number"});
  if (!state_->revert(trade)) {
    return std::unexpected(Refusal{"BadRequest", "only a trade under protection is reverted"});
  }
  state_->look_at_cover();
  return trade;
}

Result<std::int64_t> Exchange::finalize(std::int64_t trade) {
  const auto count = static_cast<std::int64_t>(state_->books.trades().size());
  if (trade < 1 || trade > count) return std::unexpected(Refusal{"NotFound", "no trade has this number"});
  if (!state_->finalize(trade)) {
    return std::unexpected(Refusal{"BadRequest", "only a trade under protection becomes final"});
  }
  state_->look_at_cover();
  return trade;
}

void Exchange::set_balance(const Balance& balance) {
  State& state = *state_;
  add_money(std::max(balance.usd, Money()) - state.wallet.usd);
  state.wallet.to_withdraw = std::clamp(balance.usd_to_withdraw, Money(), state.wallet.usd);
  // What lies under the protection of real sales stays.
  const auto by_state = state.books.totals(TradeState::trade_protected);
  const Money held = std::max(balance.usd_protected, by_state.sold - by_state.fees);
  const Money more = held - state.wallet.held;
  if (more > Money())
    state.books.move(state.now, MoneyPlace::outside, MoneyPlace::player_protected, more, "set by hand");
  if (more < Money()) {
    state.books.move(state.now, MoneyPlace::player_protected, MoneyPlace::outside, Money() - more, "set by hand");
  }
  state.wallet.held = held;
  state.look_at_cover();
}

void Exchange::add_money(Money amount) {
  State& state = *state_;
  if (amount > Money()) state.receive(amount, MoneyPlace::outside, "top-up");
  if (amount < Money()) state.pay(std::min(Money() - amount, state.wallet.usd), MoneyPlace::outside, "paid out");
  if (amount != Money()) state.tell("money", "The balance is " + money_text(state.wallet.usd));
  state.look_at_cover();
}

Result<std::string> Exchange::give_item(Game game, std::string_view title, bool in_market) {
  State& state = *state_;
  const auto found = state.title_of(game, title);
  if (!found) return std::unexpected(unknown_title(title));
  Copy copy = random_copy(state.info(*found), state.random, state.now);
  copy.unlock_at = 0;
  Asset& asset = state.new_asset(*found, copy);
  if (in_market)
    state.to_market(asset);
  else
    state.to_steam(asset, false);
  return in_market ? to_text(asset.id) : asset.steam_id;
}

}  // namespace sandbox::market
