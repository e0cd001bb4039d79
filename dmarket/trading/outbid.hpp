#pragma once
// Keeping a target of ours the best one, up to a cap, as long as the spread after the fee is there.
#include "dmarket/trading/evidence.hpp"
#include "dmarket/trading/figures.hpp"
#include "dmarket/trading/refusal.hpp"

#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace dmarket::trading {

// A target of ours that stands on the exchange.
struct OwnTarget {
  Money price;
  std::int64_t amount = 1;
  Demand demand;
  Time changed;                      // when it was made or last changed
  std::optional<Time> locked_until;  // when the exchange itself has said so
};

// What the user wants of a title (one rule per title and demand).
struct OutbidRule {
  Demand demand;
  Money cap;                     // never bid more
  std::optional<Money> opening;  // the bid when there is nobody to outbid; none: do not open, keep what stands
  BasisPoints least_percent;     // what must be left after the fee
  Seconds lock = minutes(15);    // the exchange refuses changes that soon
};

// What the item is worth: what selling it brings, after the fee, on evidence. While new evidence cannot be had the last
// one counts, until it is too old; then what stands is withdrawn.
struct Worth {
  std::optional<Money> net;  // Opportunity::net or what else the evidence says; none: not known, so nothing is bid
  Time at;                   // when that was reckoned
  Seconds most_age = hours(1);
};

enum class BidAction : std::uint8_t {
  keep,      // what stands is right, or the best that may be done
  place,     // make a target at `price`
  change,    // replace what stands by one at `price`
  wait,      // `change` is due, but the exchange's lock holds until `next_change`
  withdraw,  // what stands could lose money, or goes beyond the cap: take it away
};

enum class BidReason : std::uint8_t {
  is_best,           // a cent above the best competitor, or alone
  outbids,           // goes a cent above the best competitor
  saves,             // goes down to a cent above the best competitor
  opens,             // nobody competes: the opening price
  beaten_at_cap,     // the best competitor is beyond what may be bid: stays where it is
  beaten_no_spread,  // the same, since nothing would be left after the fee
  above_cap,         // what stands is above the cap
  above_worth,       // what stands would not bring the wanted profit any more
  worth_unknown,     // no evidence of what it is worth
};
std::string_view name_of(BidAction action);
std::string_view name_of(BidReason reason);
std::string_view to_text(BidReason reason);

struct BidDecision {
  BidAction action{};
  BidReason reason{};
  Money price;                      // to place, change or wait for; what stands otherwise
  std::optional<Time> next_change;  // when the exchange allows the next change of what stands
  bool stands_badly = false;        // what stands is above the cap or the worth: whoever cannot change it withdraws it
  Figures figures;
};

// The lines that buy every copy we would buy: only these can take one away from us. A target with a narrower demand
// pays for something else; lines of ours are no competition.
std::optional<Money> best_competing_bid(std::span<const Order> orders, const Demand& demand);

// The lines of a title without our targets in them: the exchange adds up equal ones and does not say whose they are.
std::vector<Order> without_own(std::span<const Order> lines, std::span<const OwnTarget> own);

// `standing`: our target of this demand, if there is one. `orders`: the lines without ours.
std::expected<BidDecision, Refused> decide_bid(const OutbidRule& rule, const std::optional<OwnTarget>& standing,
                                               std::span<const Order> orders, const Worth& worth, Time now);

}  // namespace dmarket::trading
