#pragma once
// From a question to what goes on the wire: targets and bodies, with the exchange's rules checked. Pure. Each throws
// Error (invalid_request) that says which rule was broken and what to do.
#include "dmarket/account.hpp"
#include "dmarket/error.hpp"
#include "dmarket/fees.hpp"
#include "dmarket/market.hpp"
#include "dmarket/orders.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dmarket::requests {

// Path and query, percent-encoded.
std::string market_offers(const OffersQuery& query);
std::string user_offers(const OffersQuery& query);
std::string targets_by_title(Game game, std::string_view title);
std::string last_sales(const LastSalesQuery& query);
std::string customized_fees(const FeesQuery& query);
std::string market_depth(Game game, std::string_view title);
std::string deposit_blocked_titles(Game game, std::string_view cursor);
std::string inventory(const InventoryQuery& query);
std::string user_targets(const TargetsQuery& query);
std::string closed_offers(const ClosedQuery& query);
std::string closed_targets(const ClosedQuery& query);
std::string deposit_status(const DepositId& deposit);

// JSON bodies.
std::string aggregated_prices_body(const AggregatedPricesQuery& query);
std::string create_offers_body(const std::vector<OfferDraft>& offers);
std::string update_offers_body(const std::vector<OfferChange>& offers);
std::string delete_offers_body(const std::vector<OfferRemoval>& offers);
std::string create_targets_body(Game game, const std::vector<TargetDraft>& targets);
std::string delete_targets_body(const std::vector<TargetId>& targets);
std::string buy_offers_body(const std::vector<Purchase>& purchases);
std::string sync_inventory_body(Game game);
std::string deposit_body(const std::vector<AssetId>& assets);
std::string withdraw_body(const std::vector<Withdrawal>& assets, std::string_view request_id);

}  // namespace dmarket::requests
