#pragma once
// Sales before the world began. They are not kept but made again for whoever asks: the same each time.
#include "sandbox/market/values.hpp"
#include "sandbox/market/worth.hpp"

#include <functional>

namespace sandbox::market {

// Newest first, not before `oldest`, at most 365 days back, until `visit` returns false.
void visit_past_sales(const TitleInfo& info, const Traits& traits, Time world_start, Time oldest,
                      const std::function<bool(const Sale&)>& visit);

}  // namespace sandbox::market
