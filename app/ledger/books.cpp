#include "app/ledger/books.hpp"

#include "app/ledger/estimate.hpp"

#include <algorithm>

namespace app::ledger {
namespace {

// From an order's intent to its arrival, at most.
constexpr std::int64_t longest_order = 120;

// So long a trade is looked for whose amounts the exchange has not said.
constexpr std::int64_t amounts_come_within = 30 * day_seconds;

// The exchange's clock and that of an entry differ by a little.
constexpr std::int64_t clock_slack = 300;

// No copy leaves the exchange that soon after its purchase: one with the same marks is the same.
constexpr std::int64_t stays_after_purchase = 7 * day_seconds;

// Somebody was faster, or its price has changed.
bool says_gone(const Intent& intent, const Outcome& outcome) {
  return intent.action == Action::buy && outcome.result == Result::failed && outcome.code.starts_with("Offer");
}

const std::string& order_of(const Purchase& purchase) {
  return purchase.source == CostSource::target ? purchase.target_id : purchase.offer_id;
}

}  // namespace

void Books::apply(const Entry& entry) {
  if (entry.number <= last_number_) return;
  last_number_ = entry.number;
  std::visit([&](const auto& body) { apply_body(entry, body); }, entry.body);
}

void Books::apply_body(const Entry& entry, const Intent& body) {
  OpenIntent open;
  open.number = entry.number;
  open.at = entry.at;
  open.intent = body;
  open_intents_.emplace(entry.number, std::move(open));
}

void Books::apply_body(const Entry& entry, const Outcome& body) {
  const auto found = open_intents_.find(body.intent);
  if (found == open_intents_.end()) return count_again(entry, body);
  const Intent& intent = found->second.intent;
  lock(intent.asset_id.empty() ? intent.target_id : intent.asset_id, body.locked_until);
  if (says_gone(intent, body)) gone_offers_.insert(intent.offer_id);
  refusals_.apply(intent, body, entry.at);
  count_error(entry, intent, body);
  if (body.result == Result::unknown) {
    found->second.answered = true;
    found->second.answered_at = entry.at;
    return;
  }
  const OpenIntent open = std::move(found->second);
  open_intents_.erase(found);
  if (body.result == Result::done) done(entry, open, body);
  const bool makes = open.intent.action == Action::create_target || open.intent.action == Action::create_offer ||
                     open.intent.action == Action::change_offer;
  if (body.result == Result::failed && body.reconciled && makes) given_up_.emplace(open.number, open);
}

// An outcome of an intent that had one: what it made is there after all.
void Books::count_again(const Entry& entry, const Outcome& outcome) {
  if (outcome.result == Result::failed && !outcome.target_id.empty()) theirs_.insert(outcome.target_id);
  if (outcome.result != Result::done) return;
  if (const auto given_up = given_up_.find(outcome.intent); given_up != given_up_.end()) {
    const OpenIntent open = std::move(given_up->second);
    given_up_.erase(given_up);
    return done(entry, open, outcome);
  }
  const auto target = ended_targets_.find(outcome.target_id);
  if (target != ended_targets_.end() && target->second.order.intent == outcome.intent) {
    const auto filled = filled_.find(outcome.target_id);
    if (filled != filled_.end()) target->second.order.filled = filled->second;
    targets_.insert_or_assign(outcome.target_id, std::move(target->second.order));
    ended_targets_.erase(target);
    close_target_when_filled(outcome.target_id);
  }
  const auto offer = ended_offers_.find(outcome.offer_id);
  if (offer != ended_offers_.end() && offer->second.order.intent == outcome.intent) {
    offers_.insert_or_assign(outcome.offer_id, std::move(offer->second.order));
    ended_offers_.erase(offer);
  }
}

void Books::end_target(const std::string& id, std::int64_t at, bool by_us) {
  const auto target = targets_.find(id);
  if (target == targets_.end()) return;
  Ended<OwnTarget>& ended = ended_targets_[id];
  ended.order = std::move(target->second);
  ended.at = at;
  ended.by_us = by_us;
  ended.order.made_by.known.clear();  // there may be very many of them
  ended.order.made_by.reason.figures.clear();
  targets_.erase(target);
}

void Books::end_offer(const std::string& id, std::int64_t at, bool by_us) {
  const auto offer = offers_.find(id);
  if (offer == offers_.end()) return;
  Ended<OwnOffer>& ended = ended_offers_[id];
  ended.order = std::move(offer->second);
  ended.at = at;
  ended.by_us = by_us;
  offers_.erase(offer);
}

// What is read from the lists afterwards happened before. That one thing is refused says nothing of the others.
void Books::count_error(const Entry& entry, const Intent& intent, const Outcome& outcome) {
  if (outcome.reconciled) return;
  if (outcome.result == Result::done)
    errors_ = dmarket::trading::after_success(errors_);
  else if (blame_of(intent, outcome) == Blame::all)
    errors_ =
        dmarket::trading::after_error(errors_, dmarket::trading::GuardRules(), dmarket::trading::time_of(entry.at));
}

void Books::done(const Entry& entry, const OpenIntent& open, const Outcome& outcome) {
  const Intent& intent = open.intent;
  // What was found out later happened soon after it was intended.
  const std::int64_t changed = outcome.reconciled ? std::min(entry.at, open.at + longest_order) : entry.at;
  switch (intent.action) {
    case Action::create_target: {
      OwnTarget target;
      target.intent = open.number;
      target.at = open.at;
      target.made_by = intent;
      const auto filled = filled_.find(outcome.target_id);
      if (filled != filled_.end()) target.filled = filled->second;
      target_history_.insert(outcome.target_id);
      prices_.insert_or_assign(outcome.target_id, intent.price);
      for (const std::string& asset : bought_by_target_[outcome.target_id]) bought_assets_.insert(asset);
      lock(outcome.target_id, changed + change_lock_seconds);
      targets_.insert_or_assign(outcome.target_id, std::move(target));
      ended_targets_.erase(outcome.target_id);
      close_target_when_filled(outcome.target_id);
      break;
    }
    case Action::delete_target:
      end_target(intent.target_id, entry.at, true);
      break;
    case Action::create_offer:
    case Action::change_offer: {
      end_offer(intent.offer_id, entry.at, true);
      const std::string& id = outcome.offer_id.empty() ? intent.offer_id : outcome.offer_id;
      offer_history_.insert(id);
      prices_.insert_or_assign(id, intent.price);
      lock(intent.asset_id, changed + change_lock_seconds);
      ended_offers_.erase(id);
      OwnOffer offer;
      offer.at = entry.at;
      offer.asset_id = intent.asset_id;
      offer.item = intent.item;
      offer.price = intent.price;
      offer.intent = open.number;
      if (sale(id, intent.asset_id) == nullptr) offers_.insert_or_assign(id, std::move(offer));
      break;
    }
    case Action::delete_offer:
      end_offer(intent.offer_id, entry.at, true);
      lock(intent.asset_id, changed + change_lock_seconds);
      break;
    case Action::buy:
      break;  // its purchase is an entry of its own
  }
}

void Books::close_target_when_filled(const std::string& target_id) {
  const auto target = targets_.find(target_id);
  if (target != targets_.end() && target->second.left() == 0) targets_.erase(target);
}

void Books::apply_body(const Entry& entry, const OrderGone& body) {
  end_target(body.target_id, entry.at, false);
  end_offer(body.offer_id, entry.at, false);
}

void Books::apply_body(const Entry& entry, const Purchase& body) {
  learn(entry, body.asset_id, body.item);
  if (body.source == CostSource::target) last_trade_at_ = std::max(last_trade_at_, body.at);
  const auto [known, is_new] = purchases_.insert_or_assign(TradeKey(order_of(body), body.asset_id), body);
  if (body.source == CostSource::target) bought_by_target_[body.target_id].insert(body.asset_id);
  if (is_ours(body)) bought_assets_.insert(body.asset_id);
  if (!is_new || body.source != CostSource::target) return;
  ++filled_[body.target_id];
  const auto target = targets_.find(body.target_id);
  if (target == targets_.end()) return;
  ++target->second.filled;
  close_target_when_filled(body.target_id);
}

void Books::apply_body(const Entry& entry, const Sale& body) {
  learn(entry, body.asset_id, body.item);
  last_trade_at_ = std::max(last_trade_at_, body.at);
  sales_.insert_or_assign(TradeKey(body.offer_id, body.asset_id), body);
  if (!body.target_id.empty()) sold_to_.insert(body.target_id);
  offers_.erase(body.offer_id);
  ended_offers_.erase(body.offer_id);
}

// A purchase at once may have given the copy another id.
void Books::apply_body(const Entry& entry, const Seen& body) {
  if (item(body.asset_id) == nullptr && was_bought_at_once(entry, body.item)) bought_assets_.insert(body.asset_id);
  learn(entry, body.asset_id, body.item);
}

bool Books::was_bought_at_once(const Entry& entry, const Item& item) const {
  return !item.float_value.empty() && std::ranges::any_of(purchases_, [&](const auto& entered) {
    const Purchase& purchase = entered.second;
    return purchase.source == CostSource::instant && purchase.state != TradeState::reverted &&
           entry.at - purchase.at < stays_after_purchase && purchase.item.title == item.title &&
           purchase.item.float_value == item.float_value && purchase.item.paint_seed == item.paint_seed;
  });
}

void Books::apply_body(const Entry& entry, const Cost& body) {
  HandCost cost;
  cost.at = entry.at;
  cost.cost = body;
  costs_.push_back(std::move(cost));
}

void Books::apply_body(const Entry& entry, const SwitchSet& body) {
  switch (body.what) {
    case Switched::live:
      live_ = true;
      break;
    case Switched::dry_run:
      live_ = false;
      break;
    case Switched::pause:
      if (body.user == 0)  // the program itself pauses for this reason alone
        balance_stop_ = BalanceStop{entry.at, body.expected, body.seen};
      else
        paused_ = true;
      break;
    case Switched::panic:
      paused_ = panicked_ = true;
      break;
    case Switched::resume:
      paused_ = panicked_ = false;
      balance_stop_.reset();  // what a person has looked at needs no more explanation
      balance_seen_.reset();
      break;
  }
}

void Books::apply_body(const Entry& entry, const Reconciled&) { last_reconciled_at_ = entry.at; }

void Books::apply_body(const Entry&, const BalanceSeen& body) { balance_seen_ = body; }

void Books::lock(const std::string& what, std::int64_t until) {
  if (what.empty() || until == 0) return;
  std::int64_t& known = locks_[what];
  known = std::max(known, until);
}

// A list that names only the title must not take away what a fuller one has said.
void Books::learn(const Entry& entry, const std::string& asset_id, const Item& item) {
  if (asset_id.empty()) return;
  KnownItem& known = items_[asset_id];
  known.number = entry.number;
  if (!item.game.empty()) known.item.game = item.game;
  if (!item.title.empty()) known.item.title = item.title;
  if (!item.phase.empty()) known.item.phase = item.phase;
  if (!item.float_value.empty()) {
    known.item.float_value = item.float_value;
    known.item.paint_seed = item.paint_seed;
  }
}

bool Books::is_ours(const Purchase& purchase) const {
  return purchase.source == CostSource::instant || made_target(purchase.target_id);
}

Money Books::reserved() const {
  Money sum;
  for (const auto& [number, open] : open_intents_) sum += open.intent.reserve;
  for (const auto& [id, target] : targets_) sum += target.made_by.price * target.left();
  return sum;
}

Money Books::cash_flow() const {
  Money sum;
  for (const auto& [key, sale] : sales_) {
    if (sale.state != TradeState::final) continue;
    if (const auto net = likely_net(*this, sale)) sum += *net;
  }
  for (const auto& [key, purchase] : purchases_) {
    if (purchase.state == TradeState::reverted) continue;
    if (const auto price = most_price(*this, purchase)) sum -= *price;
  }
  return sum;
}

// An order that was given up may stand for all that, and be filled before any list shows it. A purchase that no order
// of ours made, of its title and at its price or below, is reckoned with then; the account's owner may have made it.
bool Books::may_be_ours(const Purchase& purchase) const {
  if (is_ours(purchase)) return true;
  return std::ranges::any_of(given_up_, [&purchase](const auto& entry) {
    const Intent& intent = entry.second.intent;
    return intent.action == Action::create_target && intent.item.title == purchase.item.title &&
           purchase.at >= entry.second.at - clock_slack && !(purchase.price && *purchase.price > intent.price);
  });
}

Money Books::committed(std::int64_t day) const {
  Money sum = reserved();
  for (const auto& [key, purchase] : purchases_) {
    if (day_of(purchase.at) != day || purchase.state == TradeState::reverted || !may_be_ours(purchase)) continue;
    if (const auto price = most_price(*this, purchase)) sum += *price;
  }
  return sum;
}

std::optional<Money> Books::ordered_at(const std::string& target_or_offer) const {
  const auto found = prices_.find(target_or_offer);
  return found == prices_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t Books::locked_until(const std::string& asset_or_target) const {
  const auto found = locks_.find(asset_or_target);
  return found == locks_.end() ? 0 : found->second;
}

const Item* Books::item(const std::string& asset_id) const {
  const auto found = items_.find(asset_id);
  return found == items_.end() ? nullptr : &found->second.item;
}

std::string Books::copy_of(const std::string& asset_id) const {
  const Item* known = item(asset_id);
  if (known == nullptr || known->float_value.empty()) return "asset " + asset_id;
  return "copy " + known->title + "|" + known->float_value + "|" + std::to_string(known->paint_seed);
}

const Sale* Books::sale(const std::string& offer_id, const std::string& asset_id) const {
  const auto found = sales_.find(TradeKey(offer_id, asset_id));
  return found == sales_.end() ? nullptr : &found->second;
}

const Purchase* Books::purchase(const std::string& order_id, const std::string& asset_id) const {
  const auto found = purchases_.find(TradeKey(order_id, asset_id));
  return found == purchases_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> Books::oldest_unsettled() const {
  std::optional<std::int64_t> oldest;
  const auto look = [&](const auto& trade, bool unsaid) {
    const bool may_be_said = unsaid && trade.at > last_trade_at_ - amounts_come_within;
    if (trade.state != TradeState::pending && !may_be_said) return;
    if (!oldest || trade.at < *oldest) oldest = trade.at;
  };
  for (const auto& [key, sale] : sales_) look(sale, is_unsaid(sale));
  for (const auto& [key, purchase] : purchases_) {
    if (purchase.source == CostSource::target) look(purchase, !purchase.price);
  }
  return oldest;
}

}  // namespace app::ledger
