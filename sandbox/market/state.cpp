#include "sandbox/market/state.hpp"

#include "sandbox/market/copies.hpp"

#include <algorithm>
#include <stdexcept>

namespace sandbox::market {
namespace {

constexpr std::size_t kept_events = 10'000;

std::string two_digits(Time value) { return (value < 10 ? "0" : "") + std::to_string(value); }

void check(const MarketOptions& options) {
  if (options.offers < 0) throw std::invalid_argument("the number of offers is not below zero");
  if (options.usd < options.usd_to_withdraw || options.usd_to_withdraw < Money() || options.usd_protected < Money()) {
    throw std::invalid_argument("a balance is not below zero, and what can be paid out is part of it");
  }
}

}  // namespace

std::string money_text(Money amount) {
  const std::int64_t cents = amount.in_cents();
  return "$" + std::to_string(cents / 100) + "." + two_digits(cents % 100);
}

std::optional<Refusal> locked_until(Time change_at, Time now) {
  if (change_at <= now) return std::nullopt;
  const Time left = change_at - now;
  return Refusal{"AssetTimeLocked", two_digits(left / 60) + ":" + two_digits(left % 60)};
}

std::optional<Refusal> batch_refusal(std::size_t size, int limit) {
  if (size == 0) return Refusal{"BadRequest", "the request is empty"};
  if (static_cast<std::int64_t>(size) <= limit) return std::nullopt;
  return Refusal{"BadRequest", "at most " + std::to_string(limit) + " in one request"};
}

bool valid_price(Money price) { return price.in_cents() >= 1 && price.in_cents() <= most_price; }

Exchange::State::State(const MarketOptions& wanted, const MarketRules& given, Time start)
    : options((check(wanted), wanted)),
      rules(given),
      now(start),
      market(wanted, start),
      random(mixed(wanted.seed, 0xacc)) {
  receive(options.usd, MoneyPlace::outside, "opening");
  wallet.to_withdraw = options.usd_to_withdraw;
  wallet.held = options.usd_protected;
  books.move(now, MoneyPlace::outside, MoneyPlace::player_protected, wallet.held, "opening");
  for (int i = 0; i < options.items_in_market + options.items_in_steam; ++i) {
    const auto title = static_cast<std::uint32_t>(random.below(static_cast<std::int64_t>(market.size())));
    Copy copy = random_copy(info(title), random, now);
    copy.unlock_at = 0;
    Asset& asset = new_asset(title, copy);
    if (i < options.items_in_market)
      to_market(asset);
    else
      to_steam(asset, true);
  }
}

void Exchange::State::advance(Time to) {
  look_at_cover();
  while (!queue.empty() && queue.top().at <= to) {
    const Planned event = queue.top();
    queue.pop();
    now = std::max(now, event.at);
    happen(event);
    look_at_cover();
  }
  now = std::max(now, to);
}

void Exchange::State::happen(const Planned& event) {
  switch (event.what) {
    case What::title_moves:
      return move(event);
    case What::offer_matched:
      return match_offer(event.key);
    case What::target_matched:
      return match_target(event.key);
    case What::offer_answered:
      return answer_offer(event.key);
    case What::target_answered:
      return answer_target(event.key);
    case What::finalized:
      return static_cast<void>(finalize(event.number));
    case What::reverted:
      return static_cast<void>(revert(event.number));
    case What::purchase_ends:
      return purchase_ends(event.number);
    case What::sync_ends:
      return sync_ends(static_cast<Game>(event.number));
    case What::deposit_goes_on:
      return deposit_goes_on(event.number);
    case What::withdrawal_ends:
      return withdrawal_ends(event.number);
  }
}

void Exchange::State::plan(Time at, What what, OrderKey key, std::int64_t number) {
  queue.push(Planned{at, ++planned, what, key, number});
}

Time Exchange::State::after(int from, int to) { return now + random.between(from, to); }

void Exchange::State::tell(std::string kind, std::string text, std::int64_t trade, const Uuid& id) {
  if (events.size() >= kept_events) events.pop_front();
  events.push_back(AccountEvent{++last_event, now, std::move(kind), std::move(text), trade, id});
}

void Exchange::State::pay(Money amount, MoneyPlace to, std::string_view reason, std::int64_t trade) {
  wallet.usd -= amount;
  wallet.to_withdraw = std::min(wallet.to_withdraw, wallet.usd);
  if (to == MoneyPlace::player_reserved) wallet.reserved += amount;
  books.move(now, MoneyPlace::player, to, amount, reason, trade);
  cover_changed = true;
}

void Exchange::State::receive(Money amount, MoneyPlace from, std::string_view reason, std::int64_t trade) {
  wallet.usd += amount;
  wallet.to_withdraw += amount;
  if (from == MoneyPlace::player_reserved) wallet.reserved -= amount;
  if (from == MoneyPlace::player_protected) wallet.held -= amount;
  books.move(now, from, MoneyPlace::player, amount, reason, trade);
  cover_changed = true;
}

Copy Exchange::State::with_index(std::uint32_t title, Copy copy) const {
  copy.paint_index = paint_index(info(title), copy.phase);
  return copy;
}

Exchange::Exchange(const MarketOptions& options, const MarketRules& rules, Time start)
    : state_(std::make_unique<State>(options, rules, start)) {}
Exchange::~Exchange() = default;

MarketRules& Exchange::rules() {
  state_->cover_changed = true;  // a rule about it may be changed
  return state_->rules;
}
const MarketOptions& Exchange::options() const { return state_->options; }
Time Exchange::now() const { return state_->now; }
void Exchange::advance(Time to) { state_->advance(to); }
std::optional<Time> Exchange::next_event() const {
  if (state_->queue.empty()) return std::nullopt;
  return state_->queue.top().at;
}
Uuid Exchange::player() const { return state_->market.ids().make(IdKind::person, 0, 0); }
const Books& Exchange::books() const { return state_->books; }
std::int64_t Exchange::last_event() const { return state_->last_event; }

std::vector<AccountEvent> Exchange::events(std::int64_t after) const {
  const auto first = std::find_if(state_->events.begin(), state_->events.end(),
                                  [&](const AccountEvent& event) { return event.number > after; });
  return {first, state_->events.end()};
}

Balance Exchange::balance() const {
  const Wallet& wallet = state_->wallet;
  return Balance{wallet.usd, wallet.to_withdraw, wallet.held, wallet.reserved};
}

}  // namespace sandbox::market
