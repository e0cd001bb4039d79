#include "dmarket/trading/outbid.hpp"

#include "dmarket/trading/price_range.hpp"
#include "dmarket/trading/selling_price.hpp"

#include <algorithm>
#include <array>

namespace dmarket::trading {
namespace {

constexpr Money cent = Money::cents(1);

// How far a bid may go, and what the decision was made on.
struct Bounds {
  Money cap;
  Money worth;  // the greatest cost that leaves the wanted profit
  Figures figures;
  Money most() const { return std::min(cap, worth); }
};

std::unexpected<Refused> refuse(Refusal why, const Figures& figures) { return std::unexpected(Refused{why, figures}); }

std::optional<Money> implausible(const OutbidRule& rule, const std::optional<OwnTarget>& standing,
                                 const std::optional<Money>& best) {
  if (!is_price(rule.cap)) return rule.cap;
  if (rule.opening && !is_price(*rule.opening)) return rule.opening;
  if (standing && !is_price(standing->price)) return standing->price;
  if (best && !is_price(*best)) return best;
  return std::nullopt;
}

Time next_change_of(const OwnTarget& standing, const OutbidRule& rule) {
  const Time by_rule = later(standing.changed, rule.lock);
  return std::max(by_rule, standing.locked_until.value_or(by_rule));
}

BidDecision decided(BidAction action, BidReason reason, Money price, const Figures& figures) {
  BidDecision decision;
  decision.action = action;
  decision.reason = reason;
  decision.price = price;
  decision.figures = figures;
  return decision;
}

BidDecision withdrawn(const OwnTarget& standing, const Bounds& bounds) {
  const auto reason = standing.price > bounds.cap ? BidReason::above_cap : BidReason::above_worth;
  return decided(BidAction::withdraw, reason, standing.price, bounds.figures);
}

// `wanted` may be bid.
BidDecision move_to(Money wanted, const OwnTarget& standing, const Bounds& bounds, bool locked) {
  if (wanted == standing.price) return decided(BidAction::keep, BidReason::is_best, wanted, bounds.figures);
  // What could lose money does not stand until the lock ends.
  if (locked && standing.price > bounds.most()) return withdrawn(standing, bounds);
  const auto reason = wanted > standing.price ? BidReason::outbids : BidReason::saves;
  BidDecision decision = decided(locked ? BidAction::wait : BidAction::change, reason, wanted, bounds.figures);
  decision.stands_badly = standing.price > bounds.most();
  return decision;
}

BidDecision beaten(const OwnTarget& standing, const Bounds& bounds) {
  if (standing.price > bounds.most()) return withdrawn(standing, bounds);
  const auto reason = bounds.cap <= bounds.worth ? BidReason::beaten_at_cap : BidReason::beaten_no_spread;
  return decided(BidAction::keep, reason, standing.price, bounds.figures);
}

std::expected<BidDecision, Refused> first_bid(const OutbidRule& rule, const std::optional<Money>& best,
                                              const Bounds& bounds) {
  if (!best && !rule.opening) return refuse(Refusal::no_competition, bounds.figures);
  const Money wanted = best ? *best + cent : *rule.opening;
  if (wanted > bounds.most()) {
    return refuse(bounds.cap <= bounds.worth ? Refusal::cap_reached : Refusal::spread_gone, bounds.figures);
  }
  return decided(BidAction::place, best ? BidReason::outbids : BidReason::opens, wanted, bounds.figures);
}

struct Named {
  std::string_view name, text;
};

constexpr std::array<std::string_view, 5> action_names{"keep", "place", "change", "wait", "withdraw"};
constexpr std::array<Named, 9> reasons{{
    {"is_best", "it is the best already"},
    {"outbids", "a cent above the best competitor"},
    {"saves", "the best competitor is lower: a cent above is enough"},
    {"opens", "nobody competes: the opening price"},
    {"beaten_at_cap", "the best competitor is beyond the cap"},
    {"beaten_no_spread", "above the best competitor too little would be left after the fee"},
    {"above_cap", "it stands above the cap"},
    {"above_worth", "it would not bring the wanted profit any more"},
    {"worth_unknown", "there is no evidence of what it is worth"},
}};

}  // namespace

std::string_view name_of(BidAction action) { return action_names[static_cast<std::size_t>(action)]; }
std::string_view name_of(BidReason reason) { return reasons[static_cast<std::size_t>(reason)].name; }
std::string_view to_text(BidReason reason) { return reasons[static_cast<std::size_t>(reason)].text; }

std::optional<Money> best_competing_bid(std::span<const Order> orders, const Demand& demand) {
  std::optional<Money> best;
  for (const auto& order : orders) {
    if (order.own || order.amount <= 0 || !buys_all_of(order.demand, demand)) continue;
    best = std::max(best.value_or(order.price), order.price);
  }
  return best;
}

std::vector<Order> without_own(std::span<const Order> lines, std::span<const OwnTarget> own) {
  std::vector<Order> rest;
  for (const auto& line : lines) {
    if (!line.own && line.amount > 0) rest.push_back(line);
  }
  for (const auto& target : own) {
    std::int64_t ours = std::max<std::int64_t>(target.amount, 0);
    for (auto& line : rest) {
      if (line.price != target.price || line.demand != target.demand) continue;
      const auto taken = std::min(ours, line.amount);
      line.amount -= taken;
      ours -= taken;
    }
  }
  std::erase_if(rest, [](const Order& line) { return line.amount == 0; });
  return rest;
}

std::expected<BidDecision, Refused> decide_bid(const OutbidRule& rule, const std::optional<OwnTarget>& standing,
                                               std::span<const Order> orders, const Worth& worth, Time now) {
  if (!is_plausible(now)) return refuse(Refusal::bad_time, {});
  const auto best = best_competing_bid(orders, rule.demand);
  if (const auto odd = implausible(rule, standing, best)) {
    return refuse(Refusal::amount_out_of_range, Figures().add(Figure::price, *odd));
  }
  Bounds bounds{rule.cap, {}, {}};
  bounds.figures.add(Figure::cap, rule.cap).add(Figure::least_percent, rule.least_percent);
  if (best) bounds.figures.add(Figure::best_target, *best);
  if (standing) bounds.figures.add(Figure::old_price, standing->price);

  std::optional<Time> next_change;
  if (standing) next_change = next_change_of(*standing, rule);
  std::expected<BidDecision, Refused> result;
  const bool known = worth.net && since(now, worth.at) <= worth.most_age;
  if (!known) {
    if (!standing) return refuse(worth.net ? Refusal::old_prices : Refusal::no_sales, bounds.figures);
    result = decided(BidAction::withdraw, BidReason::worth_unknown, standing->price, bounds.figures);
  } else {
    bounds.worth = greatest_cost(*worth.net, rule.least_percent);
    bounds.figures.add(Figure::net, *worth.net);
    if (!standing) return first_bid(rule, best, bounds);
    const Money wanted = best ? *best + cent : standing->price;
    result =
        wanted > bounds.most() ? beaten(*standing, bounds) : move_to(wanted, *standing, bounds, now < *next_change);
  }
  if (result) result->next_change = next_change;
  return result;
}

}  // namespace dmarket::trading
