#pragma once
// One call of the exchange's API on its way through a handler, and the table of handlers.
#include "sandbox/dmarket/limits.hpp"
#include "sandbox/dmarket/refusal.hpp"
#include "sandbox/dmarket/venue.hpp"
#include "sandbox/json.hpp"
#include "tgkit/net/query.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

struct ApiCall {
  Venue& venue;
  market::Exchange& exchange;
  const ApiSwitches& switches;
  std::string_view api_key;
  std::vector<std::string> path;  // decoded parameters
  tgkit::net::Query query;
  std::string_view body;
  std::vector<std::string> changed;  // what the call did, one sentence each

  std::string_view value(std::string_view name) const { return tgkit::net::query_value(query, name).value_or(""); }
  json::object marketplace_body() const;  // throws ApiRefusal in the spelling of this part
  json::object rest_body() const;
  // The model's answer, or its refusal in the marketplace's spelling.
  template <class T>
  static T taken(market::Result<T> result) {
    if (!result) throw refused(result.error());
    return std::move(*result);
  }
  static ApiRefusal refused(const market::Refusal& refusal);
};

struct ApiRoute {
  std::string_view method;
  std::string_view path;  // "*" as a whole segment stands for one parameter
  LimitGroup group;
  bool writes;                      // changes something, or means to
  std::string (*answer)(ApiCall&);  // the body of a 200; throws ApiRefusal
};

struct FoundRoute {
  const ApiRoute* route = nullptr;  // none: see `known_path`
  bool known_path = false;          // with another method
  std::vector<std::string> path;    // decoded parameters
};
FoundRoute find_route(std::string_view method, std::string_view path);

// market_calls.cpp
std::string market_offers(ApiCall& call);
std::string targets_by_title(ApiCall& call);
std::string aggregated_prices(ApiCall& call);
std::string last_sales(ApiCall& call);
std::string market_depth(ApiCall& call);
std::string customized_fees(ApiCall& call);
std::string deposit_blocked_titles(ApiCall& call);

// account_calls.cpp
std::string user_profile(ApiCall& call);
std::string user_balance(ApiCall& call);
std::string user_inventory(ApiCall& call);
std::string user_offers(ApiCall& call);
std::string user_targets(ApiCall& call);
std::string closed_offers(ApiCall& call);
std::string closed_targets(ApiCall& call);

// offer_calls.cpp
std::string create_offers(ApiCall& call);
std::string update_offers(ApiCall& call);
std::string delete_offers(ApiCall& call);
std::string buy_offers(ApiCall& call);

// target_calls.cpp
std::string create_targets(ApiCall& call);
std::string delete_targets(ApiCall& call);

// transfer_calls.cpp
std::string sync_inventory(ApiCall& call);
std::string deposit_assets(ApiCall& call);
std::string deposit_status(ApiCall& call);
std::string withdraw_assets(ApiCall& call);

}  // namespace sandbox
