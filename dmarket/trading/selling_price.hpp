#pragma once
// Which prices bring what. Windows of reduced fees make the net amount jump at their borders, so a higher price may
// bring less: prices are searched, not computed. Between two borders a cent more never brings less, so that each
// stretch is searched by halving.
#include "dmarket/trading/fee_table.hpp"

#include <optional>

namespace dmarket::trading {

// The least price from `from` on that brings `wanted` or more; nothing when no price does.
std::optional<Money> least_price_for_net(const TitleFees& fees, Money wanted, Time sold, Money from = Money::cents(1));
// The greatest price up to `to` that brings `wanted` or more.
std::optional<Money> greatest_price_for_net(const TitleFees& fees, Money wanted, Time sold, Money to);
// The price from `from` up to `to` that brings most: `to` itself, or a border of a window below it. Of equals the
// highest. Requires `to` of at least a cent.
Money best_price_up_to(const TitleFees& fees, Money to, Time sold, Money from = Money::cents(1));

// What must come in for an item of this cost to make a profit; nothing when the sum is no amount any sale brings.
std::optional<Money> net_for_profit(Money cost, Money profit);
std::optional<Money> net_for_percent(Money cost, BasisPoints least);  // the profit rounds up

std::optional<Money> least_price_for_profit(const TitleFees& fees, Money cost, Money profit, Time sold);
std::optional<Money> least_price_for_percent(const TitleFees& fees, Money cost, BasisPoints least, Time sold);
// Cost plus fee, rounded up: the least price without a loss. A higher price is not always without one: see above.
std::optional<Money> break_even(const TitleFees& fees, Money cost, Time sold);

// What is left of each cent spent: profit / cost, rounded down (towards the loss). Requires a cost of at least a cent.
BasisPoints percent_of(Money profit, Money cost);
// The greatest cost at which selling for `net` still makes `least` percent; zero when none does.
Money greatest_cost(Money net, BasisPoints least);

}  // namespace dmarket::trading
