#pragma once
// What a title is worth, on the evidence of its sales and of those who compete. Pure.
#include "app/trader/rules.hpp"
#include "app/trader/snapshot.hpp"
#include "dmarket/trading/outbid.hpp"

#include <expected>
#include <optional>
#include <utility>
#include <vector>

namespace app::trader {

// One rule's title, as it was read. It points into the snapshot.
struct Scene {
  const TitleMarket* market = nullptr;               // null: not read
  const dmarket::trading::FeeTable* fees = nullptr;  // null: not known
  std::vector<dmarket::trading::CompetingOffer> offers;
};
Scene scene_of(const Snapshot& snapshot, const Rule& rule);

// Whether what was read then is good enough to order by.
bool is_fresh(std::optional<Time> read_at, Time now);

// What tells copies apart in price, for whoever demands this.
dmarket::trading::Likeness likeness_of(const dmarket::trading::Demand& demand);

// The copy that a demand describes, as far as it does.
dmarket::trading::Traits copy_of(const dmarket::trading::Demand& demand);

// What a copy brings, after the fee. The scene's market and fees must be known.
std::expected<dmarket::trading::Worth, dmarket::trading::Refused> worth_of(const Rule& rule, const Scene& scene,
                                                                           Time now);

// Until when the fee of a sale of the copy is reckoned: the sale that is to be expected, and some hours more, for an
// offer stands on while nobody looks. And at what price sales happened; no price without evidence.
std::pair<Time, std::optional<Money>> outlook(const Rule& rule, const Copy& copy, const Scene& scene, Time now);

}  // namespace app::trader
