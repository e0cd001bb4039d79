#pragma once
// What tells the items of the exchange's lists apart, so that one that has moved onto the next page is given once.
#include "dmarket/account.hpp"
#include "dmarket/listing.hpp"
#include "dmarket/market.hpp"

namespace dmarket::sieves {

Listing<Offer>::Sieve offers();
Listing<Target>::Sieve targets();
Listing<InventoryItem>::Sieve inventory();
Listing<AggregatedPrice>::Sieve aggregated_prices();
Listing<BlockedTitle>::Sieve blocked_titles();
// By offer, target and asset, whatever the state: one trade in two states is one trade.
Listing<ClosedOffer>::Sieve closed_offers();
Listing<ClosedTarget>::Sieve closed_targets();
// Sales have no ids, and two may be alike: what a page begins with and the one before it ended with is dropped.
Listing<Sale>::Sieve sales();

}  // namespace dmarket::sieves
