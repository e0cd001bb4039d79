#pragma once
// The offer of others that ours is measured by: the lowest one like it. One that stands alone far below the next is an
// error, a trap or gone in a minute: it is followed only when it has stood for some time.
#include "dmarket/trading/evidence.hpp"

#include <optional>
#include <span>

namespace dmarket::trading {

struct RivalRule {
  Likeness like;                 // who competes
  BasisPoints far_below{1'000};  // of the next price; 10,000: nothing is far
  Seconds must_stand = hours(6);
};

struct Rival {
  std::optional<Money> price;        // none: nobody is to be followed
  std::optional<Money> passed_over;  // of the one that stands alone far below
};

// The lowest offer of others that competes with ours.
std::optional<Money> lowest_competing_offer(std::span<const CompetingOffer> offers, const Traits& copy, Likeness by);

// `usual`: what sales say it is worth, for a rival that is the only one; none: then it is followed.
Rival rival_of(std::span<const CompetingOffer> offers, const Traits& copy, const RivalRule& rule,
               std::optional<Money> usual, Time now);

}  // namespace dmarket::trading
