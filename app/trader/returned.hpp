#pragma once
// What the exchange lists and the books do not count: orders of ours that show again, orders of ours whose making was
// given up because no list showed them, and orders that may be such. Pure.
#include "app/trader/settle.hpp"
#include "app/trader/snapshot.hpp"

#include <vector>

namespace app::trader {

// Outcomes that make orders count again. An id that we made is ours. What matches a creation that was given up is
// ours when title, price, attributes, amount left and time of making fit exactly, nothing else fits it, and it fits
// nothing else. To be entered before the lists are judged in any other way.
std::vector<ledger::Entry> returned_orders(const ledger::Books& books, const AccountLists& lists);

// Targets that may be ours and are not surely (snapshot.hpp).
std::vector<Stray> strays(const ledger::Books& books, const AccountLists& lists);

}  // namespace app::trader
