#pragma once
// How much may be spent: on one item, on one title, on one day. Everything that is not known allows nothing.
#include "dmarket/money.hpp"
#include "dmarket/trading/refusal.hpp"
#include "dmarket/trading/time.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>

namespace dmarket::trading {

// Holds for balances below `below`; the last one for all above.
struct BalanceTier {
  Money below;
  BasisPoints of_usable;     // what one item may take
  std::int64_t most_copies;  // of one title, held and ordered together
};

inline constexpr std::array<BalanceTier, 5> balance_tiers{{
    {Money::cents(5'000), BasisPoints(3'000), 3},
    {Money::cents(20'000), BasisPoints(2'500), 5},
    {Money::cents(100'000), BasisPoints(1'500), 7},
    {Money::cents(500'000), BasisPoints(1'000), 10},
    {Money::cents(INT64_MAX), BasisPoints(500), 15},
}};
const BalanceTier& tier_of(Money balance);

struct MoneyRules {
  BasisPoints reserve{500};            // of the balance, rounded up: never spent
  Money daily_budget;                  // zero: nothing is bought
  std::optional<Money> most_per_item;  // the user's own limit besides the tier's
  Seconds most_age_of_balance = minutes(5);
};

// What is known of the account and of what was ordered for it.
struct Account {
  std::optional<Money> balance;  // `usd`: what can be spent; protected proceeds are not in it
  Time balance_at;
  std::optional<Money> committed;    // reserved by orders that are not settled, and bound in targets of ours
  std::optional<Money> spent_today;  // with what is reserved today
};

struct Limits {
  Money reserve;         // rounded up
  Money usable;          // balance - reserve
  Money free;            // usable - committed, at least zero
  Money share;           // what one item may take of the usable money, rounded down
  Money most_per_item;   // the same, or the user's limit where that is less
  Money left_of_budget;  // at least zero
  std::int64_t most_copies = 0;
};

// Refuses what is missing, old or no sum of money.
std::expected<Limits, Refused> limits_for(const Account& account, const MoneyRules& rules, Time now);

struct Purchase {
  Money price;  // of one
  std::int64_t copies = 1;
  std::optional<std::int64_t> held;  // copies of the title held and ordered already; none: not known
};

// Whether the money allows it; the guards that look at the state of the bot are in guards.hpp.
std::expected<Limits, Refused> check_money(const Purchase& purchase, const Account& account, const MoneyRules& rules,
                                           Time now);

}  // namespace dmarket::trading
