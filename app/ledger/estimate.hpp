#pragma once
// Amounts of trades that the exchange has not said, estimated from our own orders. They are for reckoning and for
// figures marked as estimates; they are never entered, and a figure that the exchange says takes their place. Pure.
#include "app/ledger/books.hpp"

#include <optional>

namespace app::ledger {

bool is_unsaid(const Sale& sale);  // its price or its fee is unknown

// A target pays its own price or less. Nothing: not a target of ours.
std::optional<Money> most_price(const Books& books, const Purchase& purchase);
// An offer brings its own price or more. Nothing: not an offer of ours.
std::optional<Money> least_price(const Books& books, const Sale& sale);
// Price less fee: by the percentage that the exchange has named, otherwise by the dearest that it takes (10 %).
std::optional<Money> likely_net(const Books& books, const Sale& sale);

}  // namespace app::ledger
