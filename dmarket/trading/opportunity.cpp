#include "dmarket/trading/opportunity.hpp"

#include "dmarket/trading/liquidity.hpp"
#include "dmarket/trading/outbid.hpp"
#include "dmarket/trading/price_range.hpp"
#include "dmarket/trading/reprice.hpp"
#include "dmarket/trading/selling_price.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

constexpr Money cent = Money::cents(1);

using Figured = std::expected<void, Refused>;

std::unexpected<Refused> refuse(Refusal why, const Figures& figures = {}) {
  return std::unexpected(Refused{why, figures});
}

// The age of what was read at `at`; refused when it is older than `most`. What is dated ahead counts as new.
std::expected<Seconds, Refused> age_of(Time at, Seconds most, Refusal old, Time now) {
  const auto age = std::max(since(now, at), Seconds(0));
  if (age > most) return refuse(old, Figures().add(Figure::age, age).add(Figure::most_age, most));
  return age;
}

Figured check_common(const TitleView& view, const TitleFees& fees, const ScanRules& rules, const Blacklist& blacklist,
                     Time now) {
  if (!is_plausible(now)) return refuse(Refusal::bad_time);
  if (blacklist.blocks(view.title)) return refuse(Refusal::blacklisted);
  if (!plausible(fees)) return refuse(Refusal::amount_out_of_range, Figures().add(Figure::fee, fees.least_fee));
  const auto age = age_of(fees.read_at, rules.most_age_of_fees, Refusal::old_fees, now);
  if (!age) return std::unexpected(age.error());
  return {};
}

std::expected<Level, Refused> level_for(Money buy, LevelSet wanted) {
  const auto level = level_of(buy);
  if (!level) return refuse(Refusal::no_level, Figures().add(Figure::buy, buy));
  if (!wanted.has(*level)) return refuse(Refusal::level_not_wanted, Figures().add(Figure::buy, buy));
  return *level;
}

BasisPoints least_percent(Level level, const ScanRules& rules) {
  return rules.least_percent.value_or(rule_of(level).least_percent);
}

// What the decision gathers step by step.
struct Plan {
  Traits copy;  // what will be sold
  Money buy;
  std::optional<Money> competing;
  Seconds age{0};
};

Demand demand_of(const Traits& copy, Likeness like) {
  Demand demand;
  demand.phase = copy.phase;
  if (like.float_part) demand.float_part = copy.float_part;
  if (like.paint_seed) demand.paint_seed = copy.paint_seed;
  return demand;
}

Figured use_age(Plan& plan, std::optional<Time> at, const ScanRules& rules, Time now) {
  if (!at) return refuse(Refusal::old_prices);
  const auto age = age_of(*at, rules.most_age_of_prices, Refusal::old_prices, now);
  if (!age) return std::unexpected(age.error());
  plan.age = std::max(plan.age, *age);
  return {};
}

std::expected<Money, Refused> checked(std::optional<Money> price, Refusal none, Figure figure) {
  if (!price) return refuse(none);
  if (!is_price(*price)) return refuse(Refusal::amount_out_of_range, Figures().add(figure, *price));
  return *price;
}

// The lowest offers of others: which is bought in one case, which competes in both.
const CompetingOffer* lowest(std::span<const CompetingOffer> offers, const Traits& copy, Likeness like,
                             const CompetingOffer* but) {
  const CompetingOffer* found = nullptr;
  for (const auto& offer : offers) {
    if (offer.own || &offer == but || !competes(copy, offer.copy, like)) continue;
    if (found == nullptr || offer.price < found->price) found = &offer;
  }
  return found;
}

Figured buy_an_offer(Plan& plan, const TitleView& view, const ScanRules& rules, Time now) {
  if (!view.offers_at) return refuse(Refusal::no_details);
  if (auto fresh = use_age(plan, view.offers_at, rules, now); !fresh) return fresh;
  const auto* cheapest = lowest(view.offer_list, view.copy, rules.evidence.like, nullptr);
  if (cheapest == nullptr) return refuse(Refusal::no_offers);
  const auto price = checked(cheapest->price, Refusal::no_offers, Figure::best_offer);
  if (!price) return std::unexpected(price.error());
  plan.buy = *price;
  plan.copy = cheapest->copy;
  const auto* next = lowest(view.offer_list, plan.copy, rules.evidence.like, cheapest);
  if (next != nullptr) plan.competing = next->price;
  return {};
}

std::expected<Money, Refused> best_bid(Plan& plan, const TitleView& view, const ScanRules& rules, Time now) {
  const auto demand = demand_of(view.copy, rules.evidence.like);
  if (view.targets_at) {
    if (auto fresh = use_age(plan, view.targets_at, rules, now); !fresh) return std::unexpected(fresh.error());
    return checked(best_competing_bid(view.target_list, demand), Refusal::no_targets, Figure::best_target);
  }
  if (view.own_targets) return refuse(Refusal::own_orders_unclear);
  if (!generic(demand)) return refuse(Refusal::no_details);
  if (auto fresh = use_age(plan, view.prices_at, rules, now); !fresh) return std::unexpected(fresh.error());
  return checked(view.best_target, Refusal::no_targets, Figure::best_target);
}

Figured bid_above(Plan& plan, const TitleView& view, const ScanRules& rules, Time now) {
  plan.copy = view.copy;
  const auto bid = best_bid(plan, view, rules, now);
  if (!bid) return std::unexpected(bid.error());
  plan.buy = *bid + cent;
  std::optional<Money> offer = view.best_offer;
  if (view.offers_at) {
    if (auto fresh = use_age(plan, view.offers_at, rules, now); !fresh) return fresh;
    offer = lowest_competing_offer(view.offer_list, plan.copy, rules.evidence.like);
  } else {
    if (view.own_offers) return refuse(Refusal::own_orders_unclear);
    if (auto fresh = use_age(plan, view.prices_at, rules, now); !fresh) return fresh;
  }
  const auto price = checked(offer, Refusal::no_offers, Figure::best_offer);
  if (!price) return std::unexpected(price.error());
  plan.competing = *price;
  return {};
}

// The quick variant sells to this one: generic, covered, of others.
std::optional<Money> best_covered(const TitleView& view) {
  std::optional<Money> best;
  if (!view.targets_at) return best;
  for (const auto& order : view.target_list) {
    if (!generic(order.demand) || !order.covered || order.own || order.amount <= 0) continue;
    best = std::max(best.value_or(order.price), order.price);
  }
  return best;
}

std::expected<Money, Refused> sale_price(const Plan& plan, const TitleView& view, const SalesEvidence& sales,
                                         const ScanRules& rules, Time now, Seconds& age) {
  Money price = sales.median;
  if (plan.competing) {
    if (!is_price(*plan.competing)) {
      return refuse(Refusal::amount_out_of_range, Figures().add(Figure::best_offer, *plan.competing));
    }
    price = std::min(price, *plan.competing - cent);
  }
  if (rules.sell_by == SellBy::target) {
    const auto covered = checked(best_covered(view), Refusal::no_covered_target, Figure::best_target);
    if (!covered) return covered;
    const auto fresh = age_of(*view.targets_at, rules.most_age_of_prices, Refusal::old_prices, now);
    if (!fresh) return std::unexpected(fresh.error());
    age = std::max(age, *fresh);
    price = std::min(price, *covered);
  }
  if (price < least_price) return refuse(Refusal::no_spread, Figures().add(Figure::buy, plan.buy));
  return price;
}

Figured check_profit(const Opportunity& o, BasisPoints least) {
  if (o.profit > Money() && o.percent >= least) return {};
  auto figures = Figures()
                     .add(Figure::buy, o.buy)
                     .add(Figure::sell, o.sell)
                     .add(Figure::fee, o.fee)
                     .add(Figure::profit, o.profit)
                     .add(Figure::percent, o.percent)
                     .add(Figure::least_percent, least);
  return refuse(o.profit > Money() ? Refusal::profit_too_small : Refusal::no_spread, figures);
}

Risks risks_of(const Opportunity& o, const TitleFees& fees, std::int64_t offers, Time now) {
  Risks risks;
  const auto& sales = o.sales;
  if (sales.sales < 10) risks.add(Risk::few_sales);
  if (sales.deviation > 2'500) risks.add(Risk::unstable_price);
  if (sales.recent_median * 10 < sales.earlier_median * 9) risks.add(Risk::falling_price);
  if (offers >= 50) risks.add(Risk::many_offers);
  if (sales.between_sales >= days(7)) risks.add(Risk::slow_sale);
  if (since(now, sales.newest) > days(7)) risks.add(Risk::old_sales);
  if (rate_at(fees, o.sell, now) < rate_at(fees, o.sell, o.sale_expected)) risks.add(Risk::fee_ends_before_sale);
  if (rate_at(fees, o.sell + cent, o.sale_expected) > rate_at(fees, o.sell, o.sale_expected)) {
    risks.add(Risk::at_fee_border);
  }
  return risks;
}

void price_it(Opportunity& o, Money sell, const TitleFees& fees) {
  // A target is sold to at its price; an offer may go down to where the fee is lower.
  o.sell = o.sell_by == SellBy::offer ? best_price_up_to(fees, sell, o.sale_expected) : sell;
  o.fee = fee_at(fees, o.sell, o.sale_expected);
  o.net = o.sell - o.fee;
  o.profit = o.net - o.buy;
  o.percent = percent_of(o.profit, o.buy);
}

void describe(Opportunity& o, const Plan& plan, const TitleView& view, const TitleFees& fees, Time now) {
  o.break_even = break_even(fees, o.buy, o.sale_expected).value_or(o.sell);
  o.lowest_competing = plan.competing;
  if (const auto covered = best_covered(view); covered && is_price(*covered)) o.quick_sell = covered;
  const auto offers = view.offers.value_or(view.offers_at ? static_cast<std::int64_t>(view.offer_list.size()) : 100);
  const auto targets = view.targets.value_or(static_cast<std::int64_t>(view.target_list.size()));
  o.liquidity = liquidity({o.sales.sales_of_week, o.sales.between_sales, o.sales.deviation, offers, targets});
  o.risks = risks_of(o, fees, offers, now);
}

// What a sale for up to `price` can bring at the very best.
Money most_net(const TitleFees& fees, Money price) {
  FeeRate rate = fees.default_rate;
  for (const auto& window : fees.windows) rate = std::min(rate, window.rate);
  return price - std::max(fees.least_fee, fee_on(price, rate));
}

// What the aggregated prices say at best: `buy` at least, `sell` at most.
Figured check_bounds(Money buy, Money sell, const TitleFees& fees, const ScanRules& rules) {
  const auto level = level_for(buy, rules.levels);
  if (!level) return std::unexpected(level.error());
  const auto least = least_percent(*level, rules);
  Opportunity bound;
  bound.buy = buy;
  bound.sell = sell;
  bound.net = sell < least_price ? Money() : most_net(fees, sell);
  bound.fee = sell - bound.net;
  bound.profit = bound.net - buy;
  bound.percent = percent_of(bound.profit, buy);
  return check_profit(bound, least);
}

}  // namespace

Figures figures_of(const Opportunity& o) {
  Figures figures;
  figures.add(Figure::buy, o.buy).add(Figure::sell, o.sell).add(Figure::fee, o.fee).add(Figure::net, o.net);
  figures.add(Figure::profit, o.profit).add(Figure::percent, o.percent).add_count(Figure::liquidity, o.liquidity);
  if (o.lowest_competing) figures.add(Figure::best_offer, *o.lowest_competing);
  figures.add(Figure::median_sale, o.sales.median).add(Figure::average_of_week, o.sales.average_of_week);
  return figures.add_count(Figure::sales, o.sales.sales).add(Figure::age, o.age);
}

std::expected<void, Refused> worth_details(const TitleView& view, const TitleFees& fees, const ScanRules& rules,
                                           const Blacklist& blacklist, Time now) {
  if (auto fine = check_common(view, fees, rules, blacklist, now); !fine) return fine;
  Plan plan;
  if (auto fresh = use_age(plan, view.prices_at, rules, now); !fresh) return fresh;
  const auto offer = checked(view.best_offer, Refusal::no_offers, Figure::best_offer);
  if (!offer) return std::unexpected(offer.error());
  const bool uses_targets = rules.buy_by == BuyBy::target || rules.sell_by == SellBy::target;
  if (!uses_targets) {
    // The lists may hold nothing but dearer copies: the cheapest of all says only that there is one.
    return {};
  }
  const auto target = checked(view.best_target, Refusal::no_targets, Figure::best_target);
  if (!target) return std::unexpected(target.error());
  const bool specific = !generic(demand_of(view.copy, rules.evidence.like));
  if (specific || view.own_offers || view.own_targets) return {};
  if (rules.buy_by == BuyBy::target) return check_bounds(*target + cent, *offer - cent, fees, rules);
  return check_bounds(*offer, *target, fees, rules);
}

std::expected<Opportunity, Refused> find_opportunity(const TitleView& view, const TitleFees& fees,
                                                     const ScanRules& rules, const Blacklist& blacklist, Time now) {
  if (auto fine = check_common(view, fees, rules, blacklist, now); !fine) return std::unexpected(fine.error());
  Plan plan;
  const auto planned =
      rules.buy_by == BuyBy::offer ? buy_an_offer(plan, view, rules, now) : bid_above(plan, view, rules, now);
  if (!planned) return std::unexpected(planned.error());
  Opportunity o;
  o.buy_by = rules.buy_by;
  o.sell_by = rules.sell_by;
  o.buy = plan.buy;
  const auto level = level_for(o.buy, rules.levels);
  if (!level) return std::unexpected(level.error());
  o.level = *level;

  // The cheapest rule first: most titles have no spread, and need no look at their sales.
  if (plan.competing && is_price(*plan.competing)) {
    if (auto can = check_bounds(o.buy, *plan.competing - cent, fees, rules); !can) return std::unexpected(can.error());
  }

  TitleView evidence = view;
  evidence.copy = plan.copy;
  const auto sales = sales_evidence(evidence, rules.evidence, now);
  if (!sales) return std::unexpected(sales.error());
  o.sales = *sales;
  const auto age = age_of(*view.sales_at, rules.most_age_of_sales, Refusal::old_sales, now);
  if (!age) return std::unexpected(age.error());
  o.age = plan.age;
  const auto sell = sale_price(plan, view, o.sales, rules, now, o.age);
  if (!sell) return std::unexpected(sell.error());
  if (auto high = pumped(std::max(o.buy, *sell), o.sales, rules.evidence)) return std::unexpected(*high);

  const auto wait = o.sell_by == SellBy::offer ? o.sales.between_sales : Seconds(0);
  o.sale_expected = later(later(now, rules.hold), wait);
  price_it(o, *sell, fees);
  o.age = std::max(o.age, *age);
  if (auto pays = check_profit(o, least_percent(o.level, rules)); !pays) return std::unexpected(pays.error());
  describe(o, plan, view, fees, now);
  if (o.liquidity < rules.least_liquidity) {
    auto figures = Figures().add_count(Figure::liquidity, o.liquidity);
    figures.add_count(Figure::least_liquidity, rules.least_liquidity);
    return refuse(Refusal::not_liquid, figures);
  }
  return o;
}

}  // namespace dmarket::trading
