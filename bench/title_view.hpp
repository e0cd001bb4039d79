#pragma once
// What a cheap look sees of a title, from its aggregated price.
#include "dmarket/market.hpp"
#include "dmarket/trading/evidence.hpp"

namespace bench {

// Refers to the price's title.
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

}  // namespace bench
