#include "dmarket/trading/refusal.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

struct Described {
  Refusal refusal;
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Described, refusal_count> all_refusals{{
    {Refusal::bad_time, "bad_time", "the time of the decision cannot be right: check the clock"},
    {Refusal::amount_out_of_range, "amount_out_of_range", "an amount is no price"},
    {Refusal::no_fees, "no_fees", "the fees of the game are not known"},
    {Refusal::old_fees, "old_fees", "the fees of the game were read too long ago"},
    {Refusal::no_offers, "no_offers", "nobody offers it"},
    {Refusal::old_prices, "old_prices", "the prices were read too long ago"},
    {Refusal::no_targets, "no_targets", "nobody has a target for it"},
    {Refusal::own_orders_unclear, "own_orders_unclear", "our own orders cannot be told from the others"},
    {Refusal::no_details, "no_details", "the lists of its offers and targets were not read"},
    {Refusal::no_sales, "no_sales", "no sales are known"},
    {Refusal::old_sales, "old_sales", "the sales were read too long ago"},
    {Refusal::too_few_sales, "too_few_sales", "it was sold too seldom"},
    {Refusal::no_average_of_week, "no_average_of_week", "it was not sold within a week"},
    {Refusal::no_level, "no_level", "its price belongs to no level"},
    {Refusal::level_not_wanted, "level_not_wanted", "its level is not among those looked for"},
    {Refusal::pumped, "pumped", "its price is pumped"},
    {Refusal::not_liquid, "not_liquid", "it does not sell easily enough"},
    {Refusal::no_covered_target, "no_covered_target", "no target that is covered would buy it"},
    {Refusal::no_spread, "no_spread", "a sale would not bring back what it costs"},
    {Refusal::profit_too_small, "profit_too_small", "the profit after the fee is too small"},
    {Refusal::blacklisted, "blacklisted", "it is on the blacklist"},
    {Refusal::no_competition, "no_competition", "there is nobody to outbid, and no opening price is set"},
    {Refusal::cap_reached, "cap_reached", "one cent more than the best target is above the cap"},
    {Refusal::spread_gone, "spread_gone", "one cent more than the best target leaves too little after the fee"},
    {Refusal::cost_unknown, "cost_unknown", "neither its cost nor a floor is known: enter one of them"},
    {Refusal::floor_above_ceiling, "floor_above_ceiling", "the floor is above the ceiling"},
    {Refusal::no_price_without_loss, "no_price_without_loss", "no allowed price brings back its cost after the fee"},
    {Refusal::balance_unknown, "balance_unknown", "the balance is not known"},
    {Refusal::old_balance, "old_balance", "the balance was read too long ago"},
    {Refusal::commitments_unknown, "commitments_unknown", "what is ordered, spent or held already is not known"},
    {Refusal::above_item_limit, "above_item_limit", "it costs more than one item may take of the usable money"},
    {Refusal::above_item_cap, "above_item_cap", "it costs more than the limit set for one item"},
    {Refusal::above_usable, "above_usable", "it costs more than is usable and not bound"},
    {Refusal::above_daily_budget, "above_daily_budget", "it costs more than is left of the daily budget"},
    {Refusal::too_many_copies, "too_many_copies", "there would be too many copies of one title"},
    {Refusal::paused, "paused", "trading is paused"},
    {Refusal::stopped_after_errors, "stopped_after_errors", "trading is stopped for a while after errors"},
    {Refusal::stopped_by_balance, "stopped_by_balance", "trading is stopped: the balance changed without a reason"},
    {Refusal::held_back, "held_back", "orders that add risk are held back for now"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < all_refusals.size(); ++i) {
    if (static_cast<std::size_t>(all_refusals[i].refusal) != i || all_refusals[i].name.empty()) return false;
  }
  return true;
}
static_assert(in_order(), "a refusal has no name, or stands in the wrong place");

}  // namespace

std::string_view name_of(Refusal refusal) { return all_refusals[static_cast<std::size_t>(refusal)].name; }

std::string_view to_text(Refusal refusal) { return all_refusals[static_cast<std::size_t>(refusal)].text; }

std::string to_text(const Refused& refused) {
  std::string text(to_text(refused.why));
  const auto figures = to_text(refused.figures);
  return figures.empty() ? text : text + " (" + figures + ")";
}

void RefusalCounts::add(const RefusalCounts& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::uint64_t RefusalCounts::total() const {
  std::uint64_t sum = 0;
  for (const auto count : counts_) sum += count;
  return sum;
}

std::vector<RefusalCounts::Line> RefusalCounts::lines() const {
  std::vector<Line> result;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) result.push_back({static_cast<Refusal>(i), counts_[i]});
  }
  std::ranges::sort(result, [](const Line& a, const Line& b) {
    return a.count != b.count ? a.count > b.count : a.refusal < b.refusal;
  });
  return result;
}

}  // namespace dmarket::trading
