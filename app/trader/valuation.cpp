#include "app/trader/valuation.hpp"

#include "dmarket/trading/rival.hpp"
#include "dmarket/trading/selling_price.hpp"

#include <algorithm>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;

// A round that reads many titles of a slow exchange takes minutes; what it read first is no quote any more.
constexpr trading::Seconds most_age_of_quotes = trading::minutes(5);

constexpr trading::Seconds longest_sale = trading::days(30);
// An offer stands on while nobody looks: a reduced fee that ends sooner after the expected sale is not reckoned with.
constexpr trading::Seconds fee_margin = trading::hours(6);

Time sold_by(Time now, trading::Seconds between_sales) {
  return trading::later(now, std::clamp(between_sales, trading::Seconds(0), longest_sale) + fee_margin);
}

// What the sales of copies like this one say.
std::expected<trading::SalesEvidence, trading::Refused> evidence_of(const Rule& rule, const Scene& scene,
                                                                    const trading::Traits& copy,
                                                                    const trading::EvidenceRules& rules, Time now) {
  trading::TitleView view;
  view.title = rule.title;
  view.sales = scene.market->sales;
  view.sales_at = scene.market->sales_at;
  view.copy = copy;
  return trading::sales_evidence(view, rules, now);
}

trading::EvidenceRules evidence_rules_of(const Rule& rule) {
  trading::EvidenceRules rules;
  rules.like = likeness_of(rule.demand);
  return rules;
}

}  // namespace

bool is_fresh(std::optional<Time> read_at, Time now) {
  return read_at && trading::since(now, *read_at) <= most_age_of_quotes;
}

trading::Traits copy_of(const trading::Demand& demand) {
  trading::Traits copy;
  copy.float_part = demand.float_part;
  copy.phase = demand.phase;
  copy.paint_seed = demand.paint_seed;
  return copy;
}

trading::Likeness likeness_of(const trading::Demand& demand) {
  trading::Likeness like;
  like.float_part = demand.float_part != trading::FloatBucket::none;
  like.paint_seed = demand.paint_seed.has_value();
  return like;
}

Scene scene_of(const Snapshot& snapshot, const Rule& rule) {
  Scene scene;
  const auto market = snapshot.titles.find(TitleKey(rule.game, rule.title));
  if (market != snapshot.titles.end()) scene.market = &market->second;
  const auto fees = snapshot.fees.find(rule.game);
  if (fees != snapshot.fees.end()) scene.fees = &fees->second;
  if (scene.market != nullptr) {
    for (const MarketOffer& offer : scene.market->offers) scene.offers.push_back(offer.offer);
  }
  return scene;
}

std::expected<trading::Worth, trading::Refused> worth_of(const Rule& rule, const Scene& scene, Time now) {
  const trading::EvidenceRules evidence_rules = evidence_rules_of(rule);
  const trading::Traits copy = copy_of(rule.demand);
  const auto evidence = evidence_of(rule, scene, copy, evidence_rules, now);
  if (!evidence) return std::unexpected(evidence.error());
  Money sell = evidence->median;
  const auto lowest = trading::lowest_competing_offer(scene.offers, copy, evidence_rules.like);
  if (lowest) sell = std::min(sell, *lowest - Money::cents(1));
  if (rule.ceiling) sell = std::min(sell, *rule.ceiling);
  if (sell < Money::cents(1)) return std::unexpected(trading::Refused{trading::Refusal::no_spread, {}});
  if (auto why = trading::pumped(sell, *evidence, evidence_rules)) return std::unexpected(*why);
  const Time sold = sold_by(now, evidence->between_sales);
  const trading::TitleFees fees = scene.fees->of(rule.title);
  trading::Worth worth;
  worth.net = trading::net_at(fees, trading::best_price_up_to(fees, sell, sold), sold);
  worth.at = std::min(scene.market->offers_at.value_or(now), scene.market->sales_at.value_or(now));
  return worth;
}

std::pair<Time, std::optional<Money>> outlook(const Rule& rule, const Copy& copy, const Scene& scene, Time now) {
  const auto evidence = evidence_of(rule, scene, copy.traits, evidence_rules_of(rule), now);
  if (!evidence) return {sold_by(now, longest_sale), std::nullopt};
  return {sold_by(now, evidence->between_sales), evidence->median};
}

}  // namespace app::trader
