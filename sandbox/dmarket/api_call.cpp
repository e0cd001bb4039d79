#include "sandbox/dmarket/api_call.hpp"

#include "sandbox/dmarket/json_writer.hpp"
#include "tgkit/net/url.hpp"

namespace sandbox {
namespace {

constexpr LimitGroup others = LimitGroup::others;

constexpr ApiRoute routes[] = {
    {"GET", "/account/v1/user", others, false, user_profile},
    {"GET", "/account/v1/balance", others, false, user_balance},
    {"GET", "/marketplace-api/v2/offers", LimitGroup::market_items, false, market_offers},
    {"GET", "/marketplace-api/v1/targets-by-title/*/*", others, false, targets_by_title},
    {"POST", "/marketplace-api/v1/aggregated-prices", others, false, aggregated_prices},
    {"GET", "/trade-aggregator/v1/last-sales", LimitGroup::last_sales, false, last_sales},
    {"GET", "/exchange/v1/customized-fees", LimitGroup::fee, false, customized_fees},
    {"GET", "/marketplace-api/v2/user/inventory", others, false, user_inventory},
    {"POST", "/marketplace-api/v1/user-inventory/sync", others, true, sync_inventory},
    {"POST", "/marketplace-api/v1/deposit-assets", others, true, deposit_assets},
    {"GET", "/marketplace-api/v1/deposit-status/*", others, false, deposit_status},
    {"POST", "/exchange/v1/withdraw-assets", others, true, withdraw_assets},
    {"GET", "/marketplace-api/v2/user/offers", others, false, user_offers},
    {"POST", "/marketplace-api/v2/offers:batchCreate", others, true, create_offers},
    {"POST", "/marketplace-api/v2/offers:batchUpdate", others, true, update_offers},
    {"POST", "/marketplace-api/v2/offers:batchDelete", others, true, delete_offers},
    {"GET", "/marketplace-api/v1/user-offers/closed", others, false, closed_offers},
    {"GET", "/marketplace-api/v2/user/targets", others, false, user_targets},
    {"POST", "/marketplace-api/v1/user-targets/create", others, true, create_targets},
    {"POST", "/marketplace-api/v1/user-targets/delete", others, true, delete_targets},
    {"GET", "/marketplace-api/v1/user-targets/closed", others, false, closed_targets},
    {"PATCH", "/exchange/v1/offers-buy", others, true, buy_offers},
    {"GET", "/marketplace-api/v2/deposit-blocked-titles", others, false, deposit_blocked_titles},
    {"GET", "/marketplace-api/v1/market-depth", others, false, market_depth},
};

std::string_view next_segment(std::string_view& path) {
  const std::size_t slash = path.find('/', 1);
  const std::string_view segment = path.substr(1, slash == std::string_view::npos ? slash : slash - 1);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  return segment;
}

// A colon may come escaped; everything else of a fixed segment is plain.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string given = tgkit::net::percent_decode(next_segment(path));
    if (wanted == "*" && !given.empty()) {
      parameters.push_back(given);
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

std::optional<json::object> object_in(std::string_view body) {
  auto value = parse_json(body);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

}  // namespace

FoundRoute find_route(std::string_view method, std::string_view path) {
  FoundRoute found;
  for (const ApiRoute& route : routes) {
    std::vector<std::string> parameters;
    if (!matches(route.path, path, parameters)) continue;
    found.known_path = true;
    if (route.method != method) continue;
    found.route = &route;
    found.path = std::move(parameters);
    return found;
  }
  return found;
}

json::object ApiCall::marketplace_body() const {
  auto object = object_in(body);
  if (!object) throw marketplace_refusal(GrpcCode::invalid_argument, "the body is no JSON object");
  return std::move(*object);
}

json::object ApiCall::rest_body() const {
  auto object = object_in(body);
  if (!object) throw rest_refusal(400, "BadRequest", "the body is no JSON object");
  return std::move(*object);
}

ApiRefusal ApiCall::refused(const market::Refusal& refusal) {
  const bool missing = refusal.code.ends_with("NotFound");
  JsonWriter json;
  json.object().text("error", refusal.code).number("code", missing ? 5 : 3).text("message", refusal.message);
  json.key("details").array().end_array().end_object();
  return ApiRefusal(missing ? 404 : 400, json.take());
}

}  // namespace sandbox
