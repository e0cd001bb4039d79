#pragma once
// What both scans of a market share.
#include "dmarket/market.hpp"
#include "dmarket/trading/evidence.hpp"

#include <cstddef>
#include <cstdio>

namespace bench {

// What a cheap look sees of a title, from its aggregated price. Refers to the price's title.
inline dmarket::trading::TitleView view_of(const dmarket::AggregatedPrice& price, dmarket::trading::Time at) {
  dmarket::trading::TitleView view;
  view.title = price.title;
  view.best_offer = price.offer_best_price;
  view.offers = price.offer_count;
  view.best_target = price.order_best_price;
  view.targets = price.order_count;
  view.prices_at = at;
  return view;
}

// One part of a scan, as bench/run reads it.
inline void print_part(const char* what, std::size_t count, double ms, double cpu_ms) {
  std::printf("{\"what\":\"%s\",\"count\":%zu,\"ms\":%.2f,\"cpu_ms\":%.2f}\n", what, count, ms, cpu_ms);
}

}  // namespace bench
