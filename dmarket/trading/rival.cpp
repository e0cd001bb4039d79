#include "dmarket/trading/rival.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

// The two lowest that compete.
struct Lowest {
  const CompetingOffer* first = nullptr;
  const CompetingOffer* second = nullptr;
};

Lowest lowest_two(std::span<const CompetingOffer> offers, const Traits& copy, Likeness by) {
  Lowest found;
  for (const auto& offer : offers) {
    if (offer.own || !competes(copy, offer.copy, by)) continue;
    if (found.first == nullptr || offer.price < found.first->price) {
      found.second = found.first;
      found.first = &offer;
    } else if (found.second == nullptr || offer.price < found.second->price) {
      found.second = &offer;
    }
  }
  return found;
}

bool is_far_below(Money price, Money next, BasisPoints far) {
  const auto below = static_cast<__int128>(next.in_cents()) - price.in_cents();
  return below * 10'000 > static_cast<__int128>(next.in_cents()) * far.value();
}

bool has_stood(const CompetingOffer& offer, Seconds long_enough, Time now) {
  return offer.since && since(now, *offer.since) >= long_enough;
}

}  // namespace

std::optional<Money> lowest_competing_offer(std::span<const CompetingOffer> offers, const Traits& copy, Likeness by) {
  const Lowest lowest = lowest_two(offers, copy, by);
  if (lowest.first == nullptr) return std::nullopt;
  return lowest.first->price;
}

Rival rival_of(std::span<const CompetingOffer> offers, const Traits& copy, const RivalRule& rule,
               std::optional<Money> usual, Time now) {
  const Lowest lowest = lowest_two(offers, copy, rule.like);
  Rival rival;
  if (lowest.first == nullptr) return rival;
  const std::optional<Money> next = lowest.second == nullptr ? usual : std::optional(lowest.second->price);
  if (!next || !is_far_below(lowest.first->price, *next, rule.far_below) ||
      has_stood(*lowest.first, rule.must_stand, now)) {
    rival.price = lowest.first->price;
    return rival;
  }
  rival.passed_over = lowest.first->price;
  if (lowest.second != nullptr) rival.price = lowest.second->price;
  return rival;
}

}  // namespace dmarket::trading
