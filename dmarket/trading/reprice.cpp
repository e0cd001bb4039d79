#include "dmarket/trading/reprice.hpp"

#include "dmarket/trading/price_range.hpp"
#include "dmarket/trading/selling_price.hpp"

#include <algorithm>
#include <array>

namespace dmarket::trading {
namespace {

constexpr Money cent = Money::cents(1);

std::unexpected<Refused> refuse(Refusal why, const Figures& figures = {}) {
  return std::unexpected(Refused{why, figures});
}

// What any price must keep to.
struct Terms {
  const TitleFees& fees;
  Time sold;
  Money needed;   // what a sale must bring
  Money least;    // the user's floor, or a cent
  Money ceiling;  // the user's, or the greatest price there is

  bool allows(Money price) const { return price >= least && net_at(fees, price, sold) >= needed; }
};

// The prices that one step may reach.
struct Range {
  Money low, high;
};

struct Choice {
  Money price;
  RepriceReason reason{};
};

std::optional<Money> implausible(const OwnOffer& offer, const RepriceRule& rule, const std::optional<Money>& best) {
  if (offer.cost && !is_sum(*offer.cost)) return offer.cost;
  if (rule.floor && !is_price(*rule.floor)) return rule.floor;
  if (rule.ceiling && !is_price(*rule.ceiling)) return rule.ceiling;
  if (!is_sum(rule.allowed_loss)) return rule.allowed_loss;
  if (best && !is_price(*best)) return best;
  return std::nullopt;
}

std::optional<Refused> check(const OwnOffer& offer, const RepriceRule& rule, const std::optional<Money>& best,
                             const TitleFees& fees, Time now) {
  if (!is_plausible(now)) return Refused{Refusal::bad_time, {}};
  if (!plausible(fees)) return Refused{Refusal::amount_out_of_range, Figures().add(Figure::fee, fees.least_fee)};
  const auto age = since(now, fees.read_at);
  if (age > rule.most_age_of_fees) {
    return Refused{Refusal::old_fees, Figures().add(Figure::age, age).add(Figure::most_age, rule.most_age_of_fees)};
  }
  if (const auto odd = implausible(offer, rule, best)) {
    return Refused{Refusal::amount_out_of_range, Figures().add(Figure::price, *odd)};
  }
  if (!offer.cost && !rule.floor) return Refused{Refusal::cost_unknown, {}};
  return std::nullopt;
}

// A loss that the user allows says that profit is not what matters.
Money needed_for(Money cost, const RepriceRule& rule) {
  if (rule.allowed_loss > Money()) return std::max(Money(), cost - rule.allowed_loss);
  return net_for_percent(cost, rule.least_percent).value_or(most_price + cent);
}

Terms terms_of(const OwnOffer& offer, const RepriceRule& rule, const TitleFees& fees, Time sold) {
  const Money needed = offer.cost ? needed_for(*offer.cost, rule) : Money();
  return {fees, sold, needed, rule.floor.value_or(least_price), rule.ceiling.value_or(most_price)};
}

// `part` of `price`, rounded down; between nothing and the greatest price.
Money part_of(Money price, BasisPoints part) {
  const auto product = static_cast<__int128>(price.in_cents()) * part.value() / 10'000;
  return Money::cents(static_cast<std::int64_t>(std::clamp<__int128>(product, 0, most_price.in_cents())));
}

Range step_from(Money price, BasisPoints most_step) {
  const Money step = part_of(price, most_step);
  return {std::max(least_price, price - step), std::min(most_price, price + step)};
}

// A border a little above `price` from which on the fee is so much lower that it brings more.
std::optional<Money> better_border(Money price, Money most, const Terms& terms, BasisPoints reach) {
  const Money to = std::min(most, price + part_of(price, reach));
  std::optional<Money> best;
  Money net = net_at(terms.fees, price, terms.sold);
  const auto look_at = [&](Money border) {
    if (border <= price || border > to || net_at(terms.fees, border, terms.sold) <= net) return;
    best = border;
    net = net_at(terms.fees, border, terms.sold);
  };
  for (const auto& window : terms.fees.windows) {
    look_at(window.from);
    if (window.to < most_price) look_at(window.to + cent);
  }
  return best;
}

// The price for `wanted` (with the reason for it) that keeps to the terms, within the range; nothing when none does.
std::optional<Choice> choose(Choice wanted, const Terms& terms, const Range& range, std::optional<BasisPoints> reach) {
  Money aim = wanted.price;
  auto reason = wanted.reason;
  const auto limit = [&](Money bound, RepriceReason why, bool from_below) {
    if (from_below ? aim >= bound : aim <= bound) return;
    aim = bound;
    reason = why;
  };
  limit(terms.ceiling, RepriceReason::at_ceiling, false);
  limit(terms.least, RepriceReason::at_floor, true);
  limit(range.high, RepriceReason::step_limited, false);
  limit(range.low, RepriceReason::step_limited, true);
  if (aim < terms.least) return std::nullopt;

  const Money low = std::max(range.low, terms.least);
  const Money high = std::min(range.high, std::max(terms.ceiling, range.low));
  Money best = best_price_up_to(terms.fees, aim, terms.sold, low);
  if (const auto border = reach ? better_border(aim, high, terms, *reach) : std::nullopt) {
    if (net_at(terms.fees, *border, terms.sold) > net_at(terms.fees, best, terms.sold)) best = *border;
  }
  if (terms.allows(best)) return Choice{best, best == aim ? reason : RepriceReason::at_fee_border};
  const auto more = least_price_for_net(terms.fees, terms.needed, terms.sold, aim);
  if (!more || *more > high) return std::nullopt;
  return Choice{*more, RepriceReason::at_floor};
}

Figures figures_of(const OwnOffer& offer, const RepriceRule& rule, const Rival& rival,
                   const std::optional<Money>& floor) {
  Figures figures;
  if (rival.price) figures.add(Figure::best_offer, *rival.price);
  if (rival.passed_over) figures.add(Figure::lone_offer, *rival.passed_over);
  if (offer.cost) figures.add(Figure::cost, *offer.cost);
  if (floor) figures.add(Figure::floor, *floor);
  if (rule.ceiling) figures.add(Figure::ceiling, *rule.ceiling);
  return figures;
}

RepriceDecision decided(RepriceAction action, const Choice& choice, const Terms& terms, std::optional<Money> floor,
                        Time next_change, Figures figures) {
  RepriceDecision decision;
  decision.action = action;
  decision.reason = choice.reason;
  decision.price = choice.price;
  decision.floor = floor.value_or(most_price);
  decision.net = net_at(terms.fees, choice.price, terms.sold);
  decision.next_change = next_change;
  decision.figures = figures.add(Figure::wanted_price, choice.price).add(Figure::net, decision.net);
  return decision;
}

Time next_change_of(const OwnOffer& offer, const RepriceRule& rule) {
  const Time by_rule = later(offer.changed, rule.lock);
  return std::max(by_rule, offer.locked_until.value_or(by_rule));
}

struct Named {
  std::string_view name, text;
};

constexpr std::array<std::string_view, 4> action_names{"keep", "change", "wait", "take_down"};
constexpr std::array<Named, 8> reasons{{
    {"is_lowest", "it is a cent below the lowest competitor already"},
    {"follows", "a cent below the lowest competitor"},
    {"no_competition", "nobody competes"},
    {"at_floor", "lower it may not go: cost, fee and floor"},
    {"at_ceiling", "higher it may not go: the ceiling"},
    {"at_fee_border", "beside a border of the fee, where more is left"},
    {"step_limited", "as far as one step may go"},
    {"below_floor", "it stands where a sale would bring too little"},
}};

}  // namespace

std::string_view name_of(RepriceAction action) { return action_names[static_cast<std::size_t>(action)]; }
std::string_view name_of(RepriceReason reason) { return reasons[static_cast<std::size_t>(reason)].name; }
std::string_view to_text(RepriceReason reason) { return reasons[static_cast<std::size_t>(reason)].text; }

std::expected<RepriceDecision, Refused> decide_price(const OwnOffer& offer, const RepriceRule& rule,
                                                     std::span<const CompetingOffer> offers, const TitleFees& fees,
                                                     Time sold, Time now, std::optional<Money> usual) {
  const Rival rival = rival_of(offers, offer.copy, rule.rival, usual, now);
  const auto& best = rival.price;
  if (const auto refused = check(offer, rule, best, fees, now)) return std::unexpected(*refused);
  if (!is_price(offer.price)) return refuse(Refusal::amount_out_of_range, Figures().add(Figure::price, offer.price));
  const auto terms = terms_of(offer, rule, fees, sold);
  const auto floor = least_price_for_net(fees, terms.needed, sold, terms.least);
  const auto figures = figures_of(offer, rule, rival, floor).add(Figure::old_price, offer.price);
  const Time next_change = next_change_of(offer, rule);
  const bool stands_well = terms.allows(offer.price);
  const Choice down{offer.price, RepriceReason::below_floor};

  std::optional<Choice> choice;
  if (floor && *floor <= terms.ceiling) {
    const Choice wanted =
        best ? Choice{*best - cent, RepriceReason::follows} : Choice{offer.price, RepriceReason::no_competition};
    choice = choose(wanted, terms, step_from(offer.price, rule.most_step),
                    best ? std::optional(rule.border_reach) : std::nullopt);
  }
  if (!stands_well && (!choice || now < next_change)) {
    return decided(RepriceAction::take_down, down, terms, floor, next_change, figures);
  }
  if (!choice) return refuse(floor ? Refusal::floor_above_ceiling : Refusal::no_price_without_loss, figures);
  if (choice->price == offer.price) {
    if (choice->reason == RepriceReason::follows) choice->reason = RepriceReason::is_lowest;
    return decided(RepriceAction::keep, *choice, terms, floor, next_change, figures);
  }
  const auto action = now < next_change ? RepriceAction::wait : RepriceAction::change;
  RepriceDecision decision = decided(action, *choice, terms, floor, next_change, figures);
  decision.stands_badly = !stands_well;
  return decision;
}

std::expected<RepriceDecision, Refused> decide_first_price(const OwnOffer& item, const RepriceRule& rule,
                                                           std::span<const CompetingOffer> offers,
                                                           std::optional<Money> evidence, const TitleFees& fees,
                                                           Time sold, Time now) {
  const Rival rival = rival_of(offers, item.copy, rule.rival, evidence, now);
  const auto& best = rival.price;
  if (const auto refused = check(item, rule, best, fees, now)) return std::unexpected(*refused);
  if (evidence && !is_price(*evidence)) {
    return refuse(Refusal::amount_out_of_range, Figures().add(Figure::price, *evidence));
  }
  const auto terms = terms_of(item, rule, fees, sold);
  const auto floor = least_price_for_net(fees, terms.needed, sold, terms.least);
  const auto figures = figures_of(item, rule, rival, floor);
  if (!floor) return refuse(Refusal::no_price_without_loss, figures);
  if (*floor > terms.ceiling) return refuse(Refusal::floor_above_ceiling, figures);
  Choice wanted{Money(), RepriceReason::no_competition};
  if (best) {
    wanted = {*best - cent, RepriceReason::follows};
  } else if (evidence || rule.ceiling) {
    wanted.price = evidence ? *evidence : *rule.ceiling;
  } else {
    return refuse(Refusal::no_sales, figures);
  }
  const auto choice =
      choose(wanted, terms, {least_price, most_price}, best ? std::optional(rule.border_reach) : std::nullopt);
  if (!choice) return refuse(Refusal::floor_above_ceiling, figures);
  return decided(RepriceAction::change, *choice, terms, floor, now, figures);
}

}  // namespace dmarket::trading
