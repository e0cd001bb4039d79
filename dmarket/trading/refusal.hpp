#pragma once
// Why a decision was "no". Every "no" has exactly one reason, which is counted and can be shown; what is not known is a
// reason too: every guard fails closed.
#include "dmarket/trading/figures.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket::trading {

enum class Refusal : std::uint8_t {
  // data that is missing or cannot be believed
  bad_time,             // the moment of the decision is no plausible date
  amount_out_of_range,  // an amount that is no price
  no_fees,              // the fees of the game are not known
  old_fees,
  no_offers,  // nobody sells it
  old_prices,
  no_targets,          // nobody buys it
  own_orders_unclear,  // orders of ours are in the title, and only the detailed lists tell them apart
  no_details,          // only the detailed lists would tell
  no_sales,            // no sales, no opportunity
  old_sales,
  too_few_sales,  // thin
  no_average_of_week,
  // the market
  no_level,  // the price belongs to no level
  level_not_wanted,
  pumped,  // above 1.5 x the average of the week, or the newest sales far above the earlier ones
  not_liquid,
  no_covered_target,  // the quick variant has nobody to sell to
  no_spread,          // sold, it would not bring back what it costs
  profit_too_small,
  blacklisted,
  // a bid
  no_competition,  // nobody to outbid, and no opening price given
  cap_reached,
  spread_gone,  // one cent more and nothing is left after the fee
  // a price of ours
  cost_unknown,  // neither a cost nor a floor was given
  floor_above_ceiling,
  no_price_without_loss,
  // money
  balance_unknown,
  old_balance,
  commitments_unknown,  // what is ordered, or spent today, or held, is not known
  above_item_limit,     // the share of the usable money that one item may take
  above_item_cap,       // the user's own limit
  above_usable,
  above_daily_budget,
  too_many_copies,
  paused,
  stopped_after_errors,
  stopped_by_balance,  // an unexplained change of the balance
  held_back,           // orders that add risk do not leave, for a reason outside of trading
};

inline constexpr std::size_t refusal_count = static_cast<std::size_t>(Refusal::held_back) + 1;

std::string_view name_of(Refusal refusal);  // "profit_too_small": a stable name, for journals and metrics
std::string_view to_text(Refusal refusal);  // "the profit after the fee is too small": for people, English

struct Refused {
  Refusal why{};
  Figures figures;
};

std::string to_text(const Refused& refused);  // "the price is pumped (median sale $9.00, average of week $5.00)"

class RefusalCounts {
 public:
  void count(Refusal refusal) { ++counts_[static_cast<std::size_t>(refusal)]; }
  void add(const RefusalCounts& other);
  std::uint64_t of(Refusal refusal) const { return counts_[static_cast<std::size_t>(refusal)]; }
  std::uint64_t total() const;

  struct Line {
    Refusal refusal;
    std::uint64_t count;
  };
  std::vector<Line> lines() const;  // those that happened, most frequent first

 private:
  std::array<std::uint64_t, refusal_count> counts_{};
};

}  // namespace dmarket::trading
