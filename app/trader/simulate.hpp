#pragma once
// What the market would have done with the orders of a dry run. A simulated target is filled by a sale, made after it
// was placed, at its price or below, and by an offer that stands at its price or below; a simulated offer is sold when
// a sale reaches its price, or a target does. Pure, and pessimistic: each event of the market serves one order, the
// price is the order's own. A purchase at once succeeds.
#include "app/ledger/books.hpp"
#include "app/trader/snapshot.hpp"

#include <vector>

namespace app::trader {

// Entries that the market's events add to the simulated books; none twice.
std::vector<ledger::Entry> simulated_trades(const ledger::Books& simulated, const Snapshot& market);

// A purchase at once in dry run, at the offer's price.
ledger::Purchase simulated_purchase(const ledger::Intent& intent, std::int64_t now);

// Leaves out the offers that the simulated account has bought: on the real market they stand still.
void forget_taken(const ledger::Books& simulated, Snapshot& market);

// The own lists as the simulated books say them.
OwnLists simulated_lists(const ledger::Books& simulated);

}  // namespace app::trader
