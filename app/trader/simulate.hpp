#pragma once
// What the market would have done with the orders of a dry run, without flattering them: an order is filled by a trade
// that the market has made at its price or a better one, after those before it in the queue (paper_queue.hpp); what was
// bought and sold is protected as long as it really is, and its money comes as late; some of it is reverted, if the
// rules say so. Each trade of the market serves one order, and the price is the order's own. A purchase at once
// succeeds, each offer once. Pure.
#include "app/ledger/books.hpp"
#include "app/trader/paper_queue.hpp"
#include "app/trader/rules.hpp"
#include "app/trader/snapshot.hpp"

#include <vector>

namespace app::trader {

// Entries that the market's trades add to the simulated books, and trades whose protection has ended; none twice.
std::vector<ledger::Entry> simulated_trades(const ledger::Books& simulated, const Snapshot& market,
                                            const PaperRules& rules, PaperQueue& queue);

// When a trade of that moment is final: after Steam's protection of seven days, with the exchange's daily release.
std::int64_t protected_until(std::int64_t traded_at);

// A purchase at once in dry run, at the offer's price.
ledger::Purchase simulated_purchase(const ledger::Intent& intent, std::int64_t now);

// Leaves out the offers that the simulated account has bought: on the real market they stand still.
void forget_taken(const ledger::Books& simulated, Snapshot& market);

// Adds the targets of the simulated account to those of the market, as real ones would stand there: who bids the same
// is a competitor, and not taken for us.
void stand_among(const ledger::Books& simulated, Snapshot& market);

// The own lists as the simulated books say them.
OwnLists simulated_lists(const ledger::Books& simulated);

}  // namespace app::trader
