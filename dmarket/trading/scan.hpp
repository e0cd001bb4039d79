#pragma once
// A whole market at once: the opportunities, best first, and why the rest is none.
#include "dmarket/trading/opportunity.hpp"
#include "dmarket/trading/refusal.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace dmarket::trading {

struct Found {
  std::size_t title = 0;  // index of the view
  Opportunity opportunity;
};

struct ScanResult {
  std::vector<Found> found;  // highest percent first, then highest profit, then by index
  RefusalCounts refused;     // one reason per title that is none
  std::size_t looked_at = 0;
};

// `fees`: nullptr when they are not known; then everything is refused.
ScanResult scan(std::span<const TitleView> market, const FeeTable* fees, const ScanRules& rules,
                const Blacklist& blacklist, Time now);

struct ScreenResult {
  std::vector<std::size_t> candidates;  // indexes of the views that are worth a call for details
  RefusalCounts refused;
};
ScreenResult screen(std::span<const TitleView> market, const FeeTable* fees, const ScanRules& rules,
                    const Blacklist& blacklist, Time now);

}  // namespace dmarket::trading
