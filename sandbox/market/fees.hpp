#pragma once
// Who pays which part of a sale: the default, and reduced fees that come and go title by title.
#include "sandbox/market/rules.hpp"
#include "sandbox/market/values.hpp"

namespace sandbox::market {

// The reduced fee of a title at a moment, if it has one. Depends on the seed alone; `title` and the pointer are the
// caller's.
std::optional<ReducedFee> reduced_fee(std::uint64_t title_seed, std::int64_t first_worth, const MarketRules& rules,
                                      const TitleInfo& info, Time at);

struct Charge {
  Money fee;
  Fraction fraction;
};
// Never more than the price. Requires price >= 0.
Charge charge(Money price, const std::optional<ReducedFee>& reduced, const MarketRules& rules, Time at);

}  // namespace sandbox::market
