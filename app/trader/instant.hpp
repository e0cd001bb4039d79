#pragma once
// Purchases at once, from their answer to their end. Pure.
//
// The exchange's closed lists do not name them; only the answer does, and afterwards the copy itself. So one is entered
// as pending, in the same step as its order's outcome, and ends by what becomes of the copy:
//   final     it is still ours, or sold, when no trade of its day is protected any more (seven days and the daily
//             release), or its own sale has become final;
//   reverted  it is neither ours, on DMarket or in Steam, nor sold: it cannot be withdrawn under protection, so its
//             seller has taken it back. Should it show again, it was not.
#include "app/trader/settle.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace app::trader {

// `asset_id`: of the copy as it is now ours. `at`: when the order was given.
ledger::Purchase purchase_of(const ledger::Intent& intent, std::string asset_id, std::int64_t at);

// What became of an order to buy whose answer was lost, or was that it is under way.
dmarket::Finding find_bought(const ledger::OpenIntent& open, const AccountLists& lists, dmarket::Look look);

// Purchases that are not any more what the ledger says. Call it when the trades of the same lists have been entered.
// That a copy was taken back rests on its absence: two looks must have found it.
std::vector<ledger::Entry> ended_purchases(const ledger::Books& books, const AccountLists& lists, Absences& absences);

}  // namespace app::trader
