#include "dmarket/trading/scan.hpp"

#include <algorithm>
#include <tuple>

namespace dmarket::trading {
namespace {

bool better(const Found& a, const Found& b) {
  return std::tuple(b.opportunity.percent, b.opportunity.profit, a.title) <
         std::tuple(a.opportunity.percent, a.opportunity.profit, b.title);
}

void refuse_all(RefusalCounts& refused, std::size_t titles) {
  for (std::size_t i = 0; i < titles; ++i) refused.count(Refusal::no_fees);
}

}  // namespace

ScanResult scan(std::span<const TitleView> market, const FeeTable* fees, const ScanRules& rules,
                const Blacklist& blacklist, Time now) {
  ScanResult result;
  result.looked_at = market.size();
  if (fees == nullptr) {
    refuse_all(result.refused, market.size());
    return result;
  }
  for (std::size_t i = 0; i < market.size(); ++i) {
    const auto decided = find_opportunity(market[i], fees->of(market[i].title), rules, blacklist, now);
    if (decided) {
      result.found.push_back({i, *decided});
    } else {
      result.refused.count(decided.error().why);
    }
  }
  std::ranges::sort(result.found, better);
  return result;
}

ScreenResult screen(std::span<const TitleView> market, const FeeTable* fees, const ScanRules& rules,
                    const Blacklist& blacklist, Time now) {
  ScreenResult result;
  if (fees == nullptr) {
    refuse_all(result.refused, market.size());
    return result;
  }
  for (std::size_t i = 0; i < market.size(); ++i) {
    const auto decided = worth_details(market[i], fees->of(market[i].title), rules, blacklist, now);
    if (decided) {
      result.candidates.push_back(i);
    } else {
      result.refused.count(decided.error().why);
    }
  }
  return result;
}

}  // namespace dmarket::trading
