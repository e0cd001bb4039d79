#include "app/trader/takedown.hpp"

#include "app/trader/decide.hpp"

#include <algorithm>

namespace app::trader {
namespace {

using ledger::Action;
using ledger::Books;
using ledger::Intent;

bool is_offer(const Intent& deletion) { return deletion.action == Action::delete_offer; }

Intent removal_of_offer(const std::string& id, const ledger::OwnOffer& offer) {
  Intent intent;
  intent.action = Action::delete_offer;
  intent.item = offer.item;
  intent.price = offer.price;
  intent.offer_id = id;
  intent.asset_id = offer.asset_id;
  return intent;
}

bool stands(const Books& books, const Intent& deletion) {
  return is_offer(deletion) ? books.offers().contains(deletion.offer_id) : books.targets().contains(deletion.target_id);
}

bool is_looked_up(const Books& books, const Intent& deletion) {
  return std::ranges::any_of(books.open_intents(), [&deletion](const auto& entry) {
    const Intent& open = entry.second.intent;
    return is_offer(deletion) ? open.offer_id == deletion.offer_id : open.target_id == deletion.target_id;
  });
}

std::int64_t locked_until(const Books& books, const Intent& deletion) {
  return books.locked_until(is_offer(deletion) ? deletion.asset_id : deletion.target_id);
}

bool was_traded(const Books& books, const Intent& deletion, std::int64_t pieces) {
  if (is_offer(deletion)) return books.sale(deletion.offer_id, deletion.asset_id) != nullptr;
  const auto bought = std::ranges::count_if(books.purchases(), [&deletion](const auto& purchase) {
    return purchase.second.source == ledger::CostSource::target && purchase.second.target_id == deletion.target_id;
  });
  return bought >= pieces;
}

std::string failure_of(const ledger::Outcome& outcome) {
  if (outcome.result == ledger::Result::done) return {};
  return outcome.code + (outcome.code.empty() || outcome.message.empty() ? "" : ": ") + outcome.message;
}

}  // namespace

const std::string& order_of(const Intent& deletion) {
  return is_offer(deletion) ? deletion.offer_id : deletion.target_id;
}

StandingOrders standing_orders(const Books& books) {
  StandingOrders all;
  all.targets = books.targets().size();
  all.offers = books.offers().size();
  for (const auto& [id, target] : books.targets()) all.bound += target.made_by.price * target.left();
  return all;
}

std::size_t TakedownReport::count(OrderFate fate) const {
  return static_cast<std::size_t>(std::ranges::count(lines, fate, &TakedownLine::fate));
}

void Takedown::take_up(const Books& real) {
  for (const auto& [id, target] : real.targets())
    add(removal_of(id, target, target.made_by.reason), target.made_by.amount);
  for (const auto& [id, offer] : real.offers()) add(removal_of_offer(id, offer), 1);
}

void Takedown::add(Intent deletion, std::int64_t pieces) {
  if (find(deletion) != nullptr) return;
  Order& order = orders_.emplace_back();
  order.deletion = std::move(deletion);
  order.pieces = pieces;
}

std::vector<Intent> Takedown::due(const Books& real, std::int64_t now, bool despite_locks, std::string_view why) const {
  std::vector<Intent> intents;
  for (const Order& order : orders_) {
    const Intent& deletion = order.deletion;
    if (!stands(real, deletion) || is_looked_up(real, deletion)) continue;
    if (!despite_locks && locked_until(real, deletion) > now) continue;
    Intent intent = deletion;
    intent.reason = reason_of(deletion.reason.rule, why, dmarket::trading::Figures());
    intents.push_back(std::move(intent));
  }
  return intents;
}

void Takedown::tried(const Intent& deletion, const ledger::Outcome& outcome) { tried(deletion, failure_of(outcome)); }

void Takedown::tried(const Intent& deletion, std::string failure) {
  if (Order* order = find(deletion)) order->failure = std::move(failure);
}

std::vector<TakedownLine> Takedown::lines(const Books& real, std::int64_t now) const {
  std::vector<TakedownLine> all;
  for (const Order& order : orders_) all.push_back(line_of(order, real, now));
  return all;
}

TakedownLine Takedown::line_of(const Order& order, const Books& real, std::int64_t now) const {
  const Intent& deletion = order.deletion;
  TakedownLine line;
  line.id = order_of(deletion);
  line.title = deletion.item.title;
  line.price = deletion.price;
  line.is_offer = is_offer(deletion);
  const std::int64_t locked = locked_until(real, deletion);
  if (!stands(real, deletion)) {
    line.fate = was_traded(real, deletion, order.pieces) ? OrderFate::traded : OrderFate::gone;
  } else if (is_looked_up(real, deletion)) {
    line.fate = OrderFate::looked_up;
  } else if (locked > now) {
    line.fate = OrderFate::locked;
    line.locked_until = locked;
  } else if (!order.failure.empty()) {
    line.fate = OrderFate::failed;
    line.why = order.failure;
  }
  return line;
}

Takedown::Order* Takedown::find(const Intent& deletion) {
  const auto is_it = [&deletion](const Order& order) {
    return order.deletion.action == deletion.action && order_of(order.deletion) == order_of(deletion);
  };
  const auto found = std::ranges::find_if(orders_, is_it);
  return found == orders_.end() ? nullptr : &*found;
}

}  // namespace app::trader
