#pragma once
// Copies of a title: their floats, seeds, phases and locks, and what these add to the price.
#include "sandbox/market/random.hpp"
#include "sandbox/market/types.hpp"

namespace sandbox::market {

Copy random_copy(const TitleInfo& info, Random& random, Time now);
std::uint16_t paint_index(const TitleInfo& info, Phase phase);
// Millionths of the title's worth.
std::int64_t premium(const TitleInfo& info, const Copy& copy);
// A demand that some copies of the title meet. Generic where copies do not differ.
Demand random_demand(const TitleInfo& info, Random& random);
// What a demand adds to what its owner would pay, millionths.
std::int64_t premium(const TitleInfo& info, const Demand& demand);
// True if a copy of this title can meet it.
bool possible(const TitleInfo& info, const Demand& demand);
FloatPart first_part(Exterior exterior);
FloatPart last_part(Exterior exterior);

}  // namespace sandbox::market
