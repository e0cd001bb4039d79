#include "dmarket/trading/money_rules.hpp"

#include "dmarket/trading/price_range.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

constexpr std::int64_t most_copies_at_once = 1'000'000;

std::unexpected<Refused> refuse(Refusal why, const Figures& figures = {}) {
  return std::unexpected(Refused{why, figures});
}

BasisPoints within_whole(BasisPoints rate) { return std::clamp(rate, BasisPoints(), BasisPoints(10'000)); }

Money share_of(Money amount, BasisPoints rate) {
  const auto product = static_cast<__int128>(amount.in_cents()) * within_whole(rate).value();
  return Money::cents(static_cast<std::int64_t>(product / 10'000));
}

std::optional<Refused> check_account(const Account& account, const MoneyRules& rules, Time now) {
  if (!is_plausible(now)) return Refused{Refusal::bad_time, {}};
  if (!account.balance) return Refused{Refusal::balance_unknown, {}};
  if (!account.committed || !account.spent_today) return Refused{Refusal::commitments_unknown, {}};
  for (const Money sum : {*account.balance, *account.committed, *account.spent_today, rules.daily_budget,
                          rules.most_per_item.value_or(Money())}) {
    if (!is_sum(sum)) return Refused{Refusal::amount_out_of_range, Figures().add(Figure::price, sum)};
  }
  const auto age = since(now, account.balance_at);
  if (age > rules.most_age_of_balance) {
    return Refused{Refusal::old_balance,
                   Figures().add(Figure::age, age).add(Figure::most_age, rules.most_age_of_balance)};
  }
  return std::nullopt;
}

}  // namespace

const BalanceTier& tier_of(Money balance) {
  for (const auto& tier : balance_tiers) {
    if (balance < tier.below) return tier;
  }
  return balance_tiers.back();
}

std::expected<Limits, Refused> limits_for(const Account& account, const MoneyRules& rules, Time now) {
  if (const auto refused = check_account(account, rules, now)) return std::unexpected(*refused);
  const auto& tier = tier_of(*account.balance);
  Limits limits;
  limits.reserve = fee_on(*account.balance, within_whole(rules.reserve));
  limits.usable = *account.balance - limits.reserve;
  limits.free = std::max(Money(), limits.usable - *account.committed);
  limits.share = share_of(limits.usable, tier.of_usable);
  limits.most_per_item = std::min(limits.share, rules.most_per_item.value_or(limits.share));
  limits.left_of_budget = std::max(Money(), rules.daily_budget - *account.spent_today);
  limits.most_copies = tier.most_copies;
  return limits;
}

std::expected<Limits, Refused> check_money(const Purchase& purchase, const Account& account, const MoneyRules& rules,
                                           Time now) {
  const auto limits = limits_for(account, rules, now);
  if (!limits) return limits;
  const auto figures = Figures().add(Figure::price, purchase.price).add_count(Figure::copies, purchase.copies);
  if (!is_price(purchase.price) || purchase.copies < 1 || purchase.copies > most_copies_at_once) {
    return refuse(Refusal::amount_out_of_range, figures);
  }
  if (!purchase.held) return refuse(Refusal::commitments_unknown, figures);
  if (*purchase.held < 0 || *purchase.held > most_copies_at_once) return refuse(Refusal::amount_out_of_range, figures);
  const auto because = [&figures](Refusal why, Figure figure, Money limit) {
    auto all = figures;
    return refuse(why, all.add(figure, limit));
  };
  if (purchase.price > limits->share) return because(Refusal::above_item_limit, Figure::most_per_item, limits->share);
  if (purchase.price > limits->most_per_item) {
    return because(Refusal::above_item_cap, Figure::most_per_item, limits->most_per_item);
  }
  const Money total = purchase.price * purchase.copies;
  if (total > limits->free) return because(Refusal::above_usable, Figure::usable, limits->free);
  if (total > limits->left_of_budget) {
    return because(Refusal::above_daily_budget, Figure::daily_budget, limits->left_of_budget);
  }
  if (*purchase.held + purchase.copies > limits->most_copies) {
    auto all = figures;
    return refuse(Refusal::too_many_copies, all.add_count(Figure::most_copies, limits->most_copies));
  }
  return limits;
}

}  // namespace dmarket::trading
