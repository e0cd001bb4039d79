#pragma once
// From the bytes of an answer to its types: the pure half of the client, for it, for tests, benchmarks and fuzzing.
//
// Reading is tolerant where nothing hangs on it: fields may be missing or null, integers may be texts, unknown fields
// are kept. A field of another shape (a price that is no amount, a currency other than USD) is left out of its item and
// written into `oddities`, which the client reports as a change of the interface. Only what is no JSON object at all,
// or broken off, throws: Error (api_changed).
#include "dmarket/account.hpp"
#include "dmarket/error.hpp"
#include "dmarket/fees.hpp"
#include "dmarket/market.hpp"
#include "dmarket/orders.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket {

struct Oddities {
  std::size_t count = 0;
  std::string first;  // "priceCents is no amount of money in cents"; nothing of the value
  void add(std::string_view field, std::string_view what);
};

// A balance is read strictly: an amount that cannot be read throws, too.
Balance read_balance(std::string_view body);
UserProfile read_user_profile(std::string_view body);

Page<Offer> read_market_offers(std::string_view body, Oddities& oddities);
Page<Offer> read_user_offers(std::string_view body, Oddities& oddities);
std::vector<TargetOrder> read_targets_by_title(std::string_view body, Oddities& oddities);  // best price first
Page<AggregatedPrice> read_aggregated_prices(std::string_view body, Oddities& oddities);
std::vector<Sale> read_last_sales(std::string_view body, Oddities& oddities);
CustomizedFees read_customized_fees(std::string_view body, Oddities& oddities);
MarketDepth read_market_depth(std::string_view body, Oddities& oddities);
Page<BlockedTitle> read_deposit_blocked_titles(std::string_view body, Oddities& oddities);

Page<InventoryItem> read_inventory(std::string_view body, Oddities& oddities);
Page<Target> read_user_targets(std::string_view body, Oddities& oddities);
Page<ClosedOffer> read_closed_offers(std::string_view body, Oddities& oddities);
Page<ClosedTarget> read_closed_targets(std::string_view body, Oddities& oddities);
DepositStatus read_deposit_status(std::string_view body, Oddities& oddities);

std::vector<OfferOutcome> read_offers_created(std::string_view body, const std::vector<OfferDraft>& asked,
                                              Oddities& oddities);
std::vector<OfferOutcome> read_offers_updated(std::string_view body, const std::vector<OfferChange>& asked,
                                              Oddities& oddities);
std::vector<OfferOutcome> read_offers_deleted(std::string_view body, const std::vector<OfferRemoval>& asked,
                                              Oddities& oddities);
std::vector<TargetOutcome> read_targets_created(std::string_view body, const std::vector<TargetDraft>& asked,
                                                Oddities& oddities);
std::vector<TargetOutcome> read_targets_deleted(std::string_view body, const std::vector<TargetId>& asked,
                                                Oddities& oddities);
BuyAnswer read_buy_answer(std::string_view body, Oddities& oddities);
DepositId read_deposit_id(std::string_view body);    // throws when there is none
TransferId read_transfer_id(std::string_view body);  // throws when there is none

}  // namespace dmarket
