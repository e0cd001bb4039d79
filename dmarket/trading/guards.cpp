#include "dmarket/trading/guards.hpp"

#include "dmarket/trading/price_range.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

constexpr std::array<std::string_view, guard_count> guard_texts{
    "paused by a person",                 // pause
    "errors in a row",                    // errors
    "unexplained change of the balance",  // balance_change
    "the balance is known",               // balance
    "usable money that is not bound",     // reserve
    "limit per item",                     // item_limit
    "limit per title",                    // title_limit
    "daily budget",                       // daily_budget
};

Figures account_figures(const Account& account, Time now) {
  Figures figures;
  if (!account.balance) return figures;
  return figures.add(Figure::balance, *account.balance).add(Figure::age, since(now, account.balance_at));
}

// The lines that only the limits can fill.
void add_limits(GuardReport& lines, const Limits& limits, const Account& account, const MoneyRules& rules) {
  const auto line = [&lines](Guard guard) -> GuardLine& { return lines[static_cast<std::size_t>(guard)]; };
  line(Guard::reserve)
      .figures.add(Figure::reserve, limits.reserve)
      .add(Figure::usable, limits.free)
      .add(Figure::committed, *account.committed);
  if (limits.free == Money()) line(Guard::reserve).closed = Refusal::above_usable;
  line(Guard::item_limit).figures.add(Figure::most_per_item, limits.most_per_item);
  if (limits.most_per_item == Money()) line(Guard::item_limit).closed = Refusal::above_item_limit;
  line(Guard::title_limit).figures.add_count(Figure::most_copies, limits.most_copies);
  line(Guard::daily_budget)
      .figures.add(Figure::daily_budget, rules.daily_budget)
      .add(Figure::spent_today, *account.spent_today);
  if (limits.left_of_budget == Money()) line(Guard::daily_budget).closed = Refusal::above_daily_budget;
}

}  // namespace

std::optional<Refused> why_stopped(const GuardState& state, Time now) {
  if (state.paused) return Refused{Refusal::paused, {}};
  if (stopped(state.errors, now)) {
    auto figures = Figures().add_count(Figure::errors, state.errors.errors);
    return Refused{Refusal::stopped_after_errors, figures.add(Figure::stopped_until, *state.errors.stopped_until)};
  }
  if (state.stopped_by_balance) return Refused{Refusal::stopped_by_balance, {}};
  if (state.held_back) return Refused{Refusal::held_back, {}};
  return std::nullopt;
}

ErrorStop after_error(const ErrorStop& before, const GuardRules& rules, Time now) {
  ErrorStop after = before;
  if (after.errors < INT64_MAX) ++after.errors;
  std::optional<Time> until;
  if (after.errors >= rules.errors_long) {
    until = later(now, rules.stop_long);
  } else if (after.errors >= rules.errors_short) {
    until = later(now, rules.stop_short);
  }
  if (until) after.stopped_until = std::max(before.stopped_until.value_or(*until), *until);
  return after;
}

ErrorStop after_success(const ErrorStop& before) { return {0, before.stopped_until}; }

bool stopped(const ErrorStop& state, Time now) { return state.stopped_until && now < *state.stopped_until; }

std::optional<Refused> check_balance_change(std::optional<Money> expected, std::optional<Money> observed,
                                            const GuardRules& rules) {
  if (!expected || !observed) return Refused{Refusal::balance_unknown, {}};
  auto figures = Figures().add(Figure::expected_balance, *expected).add(Figure::balance, *observed);
  if (!is_sum(*expected) || !is_sum(*observed)) return Refused{Refusal::amount_out_of_range, figures};
  const Money change = std::max(*expected, *observed) - std::min(*expected, *observed);
  const auto limit = static_cast<__int128>(expected->in_cents()) * rules.most_balance_change.value();
  if (static_cast<__int128>(change.in_cents()) * 10'000 <= limit) return std::nullopt;
  return Refused{Refusal::stopped_by_balance, figures.add(Figure::most_balance_change, rules.most_balance_change)};
}

std::expected<Limits, Refused> check_purchase(std::string_view title, const Purchase& purchase, const Account& account,
                                              const GuardState& state, const MoneyRules& rules,
                                              const Blacklist& blacklist, Time now) {
  if (const auto refused = why_stopped(state, now)) return std::unexpected(*refused);
  if (blacklist.blocks(title)) return std::unexpected(Refused{Refusal::blacklisted, {}});
  return check_money(purchase, account, rules, now);
}

std::string_view to_text(Guard guard) { return guard_texts[static_cast<std::size_t>(guard)]; }

GuardReport report(const Account& account, const GuardState& state, const MoneyRules& rules, const GuardRules& guards,
                   Time now) {
  GuardReport lines;
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].guard = static_cast<Guard>(i);
  const auto line = [&lines](Guard guard) -> GuardLine& { return lines[static_cast<std::size_t>(guard)]; };
  if (state.paused) line(Guard::pause).closed = Refusal::paused;
  line(Guard::errors).figures.add_count(Figure::errors, state.errors.errors);
  if (stopped(state.errors, now)) {
    line(Guard::errors).closed = Refusal::stopped_after_errors;
    line(Guard::errors).figures.add(Figure::stopped_until, *state.errors.stopped_until);
  }
  if (state.stopped_by_balance) line(Guard::balance_change).closed = Refusal::stopped_by_balance;
  line(Guard::balance_change).figures.add(Figure::most_balance_change, guards.most_balance_change);
  line(Guard::balance).figures = account_figures(account, now);
  const auto limits = limits_for(account, rules, now);
  if (limits) {
    add_limits(lines, *limits, account, rules);
  } else {
    for (const auto guard :
         {Guard::balance, Guard::reserve, Guard::item_limit, Guard::title_limit, Guard::daily_budget}) {
      line(guard).closed = limits.error().why;
    }
  }
  return lines;
}

}  // namespace dmarket::trading
