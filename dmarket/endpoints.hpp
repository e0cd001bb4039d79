#pragma once
// Every address of the exchange stands here, with what it may do to an account and which of its limits it counts
// against. The dry-run guard reads this table.
#include <array>
#include <string>
#include <string_view>

namespace dmarket {

enum class Effect { read, write };

// What a change does to the account's risk: one that reduces it must be able to leave while those that add to it are
// stopped.
enum class Risk { adds, reduces };

// The exchange limits requests per account and group.
enum class RequestGroup { sign_in, fee, last_sales, market, others };
inline constexpr std::size_t request_groups = 5;
std::string_view to_text(RequestGroup group);

struct Endpoint {
  std::string_view method;
  std::string_view path;  // "*" as a whole segment stands for one path parameter
  Effect effect;
  bool documented = true;
  RequestGroup group = RequestGroup::others;
};

namespace endpoints {

inline constexpr Endpoint user{"GET", "/account/v1/user", Effect::read};
inline constexpr Endpoint balance{"GET", "/account/v1/balance", Effect::read};
inline constexpr Endpoint market_offers{"GET", "/marketplace-api/v2/offers", Effect::read, true, RequestGroup::market};
inline constexpr Endpoint targets_by_title{"GET", "/marketplace-api/v1/targets-by-title/*/*", Effect::read};
inline constexpr Endpoint aggregated_prices{"POST", "/marketplace-api/v1/aggregated-prices", Effect::read};
inline constexpr Endpoint last_sales{"GET", "/trade-aggregator/v1/last-sales", Effect::read, true,
                                     RequestGroup::last_sales};
inline constexpr Endpoint customized_fees{"GET", "/exchange/v1/customized-fees", Effect::read, true, RequestGroup::fee};
inline constexpr Endpoint user_inventory{"GET", "/marketplace-api/v2/user/inventory", Effect::read};
inline constexpr Endpoint inventory_sync{"POST", "/marketplace-api/v1/user-inventory/sync", Effect::write};
inline constexpr Endpoint deposit_assets{"POST", "/marketplace-api/v1/deposit-assets", Effect::write};
inline constexpr Endpoint deposit_status{"GET", "/marketplace-api/v1/deposit-status/*", Effect::read};
inline constexpr Endpoint withdraw_assets{"POST", "/exchange/v1/withdraw-assets", Effect::write};
inline constexpr Endpoint user_offers{"GET", "/marketplace-api/v2/user/offers", Effect::read};
inline constexpr Endpoint offers_batch_create{"POST", "/marketplace-api/v2/offers:batchCreate", Effect::write};
inline constexpr Endpoint offers_batch_update{"POST", "/marketplace-api/v2/offers:batchUpdate", Effect::write};
inline constexpr Endpoint offers_batch_delete{"POST", "/marketplace-api/v2/offers:batchDelete", Effect::write};
inline constexpr Endpoint closed_offers{"GET", "/marketplace-api/v1/user-offers/closed", Effect::read};
inline constexpr Endpoint user_targets{"GET", "/marketplace-api/v2/user/targets", Effect::read};
inline constexpr Endpoint targets_create{"POST", "/marketplace-api/v1/user-targets/create", Effect::write};
inline constexpr Endpoint targets_delete{"POST", "/marketplace-api/v1/user-targets/delete", Effect::write};
inline constexpr Endpoint closed_targets{"GET", "/marketplace-api/v1/user-targets/closed", Effect::read};
inline constexpr Endpoint offers_buy{"PATCH", "/exchange/v1/offers-buy", Effect::write};
inline constexpr Endpoint deposit_blocked_titles{"GET", "/marketplace-api/v2/deposit-blocked-titles", Effect::read,
                                                 false};
inline constexpr Endpoint market_depth{"GET", "/marketplace-api/v1/market-depth", Effect::read, false};

inline constexpr std::array all{
    user,
    balance,
    market_offers,
    targets_by_title,
    aggregated_prices,
    last_sales,
    customized_fees,
    user_inventory,
    inventory_sync,
    deposit_assets,
    deposit_status,
    withdraw_assets,
    user_offers,
    offers_batch_create,
    offers_batch_update,
    offers_batch_delete,
    closed_offers,
    user_targets,
    targets_create,
    targets_delete,
    closed_targets,
    offers_buy,
    deposit_blocked_titles,
    market_depth,
};

}  // namespace endpoints

// The entry of the table that method and target (path and query as sent) name exactly: no case folding, no "//", no dot
// segments, no encoded slash. Null when there is none.
const Endpoint* find_endpoint(std::string_view method, std::string_view target);

// "GET /account/v1/balance": what errors, logs and metrics call it. Path parameters stay "*".
std::string name_of(const Endpoint& endpoint);

// Whether method and target (path and query as sent) name a listed read. Whatever is not surely a read counts as a
// change.
bool is_listed_read(std::string_view method, std::string_view target);

// Taking targets and offers away reduces risk. Everything else counts as adding to it, also another price for an offer:
// a lower one gives money away, a higher one may never sell.
Risk risk_of(const Endpoint* endpoint);

}  // namespace dmarket
