#include "app/trader/market_depth.hpp"

#include "app/trader/valuation.hpp"

#include <algorithm>

namespace app::trader {
namespace {

// The lowest rival, and the one beside which it may stand alone (dmarket/trading/rival.hpp).
constexpr std::ptrdiff_t rivals_needed = 2;

}  // namespace

MarketDepth::MarketDepth(const Rules& rules, const std::vector<Copy>& copies, TitleKey title, OwnMarks own)
    : title_(title.second), own_(std::move(own)) {
  for (const Rule& rule : rules.rules) {
    if (TitleKey(rule.game, rule.title) != title) continue;
    if (rule.buy_now_price) buys_up_to_ = std::max(buys_up_to_.value_or(*rule.buy_now_price), *rule.buy_now_price);
    questions_.push_back({copy_of(rule.demand), likeness_of(rule.demand), rule.ceiling});
    for (const Copy& copy : copies) {
      if (copy.game == rule.game && copy.item.title == rule.title)
        questions_.push_back({copy.traits, likeness_of(rule.demand), rule.ceiling});
    }
  }
}

bool MarketDepth::reached(const std::vector<dmarket::Offer>& read) const {
  if (read.empty() || !read.back().price) return false;
  const Money last = *read.back().price;
  if (buys_up_to_ && last <= *buys_up_to_) return false;
  const std::vector<MarketOffer> found = offers_of(read, title_, own_);
  return std::ranges::all_of(questions_, [&](const Question& one) { return answered(one, found, last); });
}

bool MarketDepth::answered(const Question& question, const std::vector<MarketOffer>& found, Money last) {
  if (question.ceiling && last > *question.ceiling) return true;
  const auto rivals = std::ranges::count_if(found, [&question](const MarketOffer& offer) {
    return !offer.offer.own && dmarket::trading::competes(question.copy, offer.offer.copy, question.like);
  });
  return rivals >= rivals_needed;
}

}  // namespace app::trader
