#pragma once
// The price of an offer of ours: a cent below its rival (rival.hpp), never where the sale would bring less than it
// must.
#include "dmarket/trading/evidence.hpp"
#include "dmarket/trading/fee_table.hpp"
#include "dmarket/trading/figures.hpp"
#include "dmarket/trading/refusal.hpp"
#include "dmarket/trading/rival.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace dmarket::trading {

struct OwnOffer {
  Money price;
  Traits copy;
  std::optional<Money> cost;         // what it was bought for; none: not known
  Time changed;                      // when it was made or last changed
  std::optional<Time> locked_until;  // when the exchange itself has said so
};

struct RepriceRule {
  std::optional<Money> floor;  // the user's own, besides the one from the cost; the higher binds
  std::optional<Money> ceiling;
  Money allowed_loss;             // per item: what the user lets it lose against its cost
  BasisPoints least_percent{0};   // of the cost, after the fee: what a sale must bring where no loss is allowed
  BasisPoints most_step{1'500};   // of the present price, up or down
  BasisPoints border_reach{100};  // how far above the wanted price a cheaper fee is worth staying for
  Seconds lock = minutes(15);     // the exchange refuses changes that soon
  RivalRule rival;                // whom it follows
  Seconds most_age_of_fees = days(2);
};

enum class RepriceAction : std::uint8_t {
  keep,
  change,     // to `price`
  wait,       // `change` is due, but the exchange's lock holds until `next_change`
  take_down,  // it stands where a sale loses, and no price in one step is without a loss
};

enum class RepriceReason : std::uint8_t {
  is_lowest,       // a cent below the lowest competitor already
  follows,         // goes to a cent below the lowest competitor
  no_competition,  // nobody to follow
  at_floor,        // the competitor is below what may be asked
  at_ceiling,
  at_fee_border,  // another price nearby brings more after the fee
  step_limited,   // goes as far as one step may
  below_floor,    // stands where a sale would bring too little
};
std::string_view name_of(RepriceAction action);
std::string_view name_of(RepriceReason reason);
std::string_view to_text(RepriceReason reason);

struct RepriceDecision {
  RepriceAction action{};
  RepriceReason reason{};
  Money price;       // to change to or wait for; the present one otherwise
  Money floor;       // the least price that was allowed
  Money net;         // what a sale at `price` brings
  Time next_change;  // when the exchange allows the next change of the present offer
  bool stands_badly =
      false;  // a sale at the present price would bring too little: whoever cannot change it takes it down
  Figures figures;
};

// `sold`: when the sale is expected; the floor is reckoned with the fee of then. `usual`: what sales say it is worth.
std::expected<RepriceDecision, Refused> decide_price(const OwnOffer& offer, const RepriceRule& rule,
                                                     std::span<const CompetingOffer> offers, const TitleFees& fees,
                                                     Time sold, Time now, std::optional<Money> usual = std::nullopt);

// The first price of an item that is not on offer yet (its price is not looked at); the same rules but for step and
// lock. Without competitors it is `evidence`, what sales say it is worth; without that the ceiling.
std::expected<RepriceDecision, Refused> decide_first_price(const OwnOffer& item, const RepriceRule& rule,
                                                           std::span<const CompetingOffer> offers,
                                                           std::optional<Money> evidence, const TitleFees& fees,
                                                           Time sold, Time now);

}  // namespace dmarket::trading
