#pragma once
// What stops automatic buying: too many errors, a balance that changed without a reason, a pause; and the money's
// limits. All of it is data that /status shows.
#include "dmarket/trading/blacklist.hpp"
#include "dmarket/trading/money_rules.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace dmarket::trading {

struct GuardRules {
  std::int64_t errors_short = 3;
  Seconds stop_short = minutes(15);
  std::int64_t errors_long = 10;
  Seconds stop_long = hours(1);
  BasisPoints most_balance_change{5'000};  // of what the balance should be; more is unexplained
};

// Errors in a row. Keep it over restarts.
struct ErrorStop {
  std::int64_t errors = 0;
  std::optional<Time> stopped_until;
  friend bool operator==(const ErrorStop&, const ErrorStop&) = default;
};
ErrorStop after_error(const ErrorStop& before, const GuardRules& rules, Time now);  // the third and each later one stop
ErrorStop after_success(const ErrorStop& before);  // the row is broken; a stop still runs to its end
bool stopped(const ErrorStop& state, Time now);    // until `stopped_until`, exclusive

// Whether a balance differs from what it should be (the last one known, and all that is known to have come and gone
// since) by more than the limit. Unknown ones and ones that are no sums are refused.
std::optional<Refused> check_balance_change(std::optional<Money> expected, std::optional<Money> observed,
                                            const GuardRules& rules);

// What the guards look at.
struct GuardState {
  bool paused = true;  // by a person; a state nobody has loaded is a pause
  ErrorStop errors;
  bool stopped_by_balance = false;  // set when check_balance_change refused, cleared by a person
  bool held_back = false;           // for a reason outside of trading: dry run, another instance
};

// Why nothing that adds risk may be ordered at all; nothing: it may. What reduces risk may be ordered all the same.
std::optional<Refused> why_stopped(const GuardState& state, Time now);

// All of it, in this order: pause, stops, blacklist, money. The first that refuses is the reason.
std::expected<Limits, Refused> check_purchase(std::string_view title, const Purchase& purchase, const Account& account,
                                              const GuardState& state, const MoneyRules& rules,
                                              const Blacklist& blacklist, Time now);

// One line of /status.
enum class Guard : std::uint8_t {
  pause,
  errors,
  balance_change,
  balance,
  reserve,
  item_limit,
  title_limit,
  daily_budget
};
inline constexpr std::size_t guard_count = static_cast<std::size_t>(Guard::daily_budget) + 1;
std::string_view to_text(Guard guard);  // "daily budget": for people, English

struct GuardLine {
  Guard guard{};
  std::optional<Refusal> closed;  // why nothing is bought; none: open
  Figures figures;
};
using GuardReport = std::array<GuardLine, guard_count>;
GuardReport report(const Account& account, const GuardState& state, const MoneyRules& rules, const GuardRules& guards,
                   Time now);

}  // namespace dmarket::trading
