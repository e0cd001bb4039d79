#include "sandbox/dmarket/api.hpp"

#include "sandbox/dmarket/signature.hpp"
#include "sandbox/faults/travel.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace sandbox {
namespace {

using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;

constexpr char json_type[] = "application/json";
constexpr char unauthorized[] = R"({"Code":"Unauthorized","Message":"Unauthorized"})";  // as recorded

constexpr std::string_view roots[] = {"/account/", "/exchange/", "/marketplace-api/", "/trade-aggregator/",
                                      "/price-aggregator/"};
constexpr std::string_view removed[] = {"/exchange/v1/market/items", "/exchange/v1/user/offers"};

SignedRequest signed_request(const ServerRequest& request) {
  const auto header = [&](std::string_view name) { return std::string(request.headers.find(name).value_or("")); };
  return SignedRequest{request.method,      request.path,          request.query,           request.body,
                       header("X-Api-Key"), header("X-Sign-Date"), header("X-Request-Sign")};
}

std::string balance(const DmarketAccount& account) {
  return fmt::format(
      R"({{"dmc":"{}","dmcAvailableToWithdraw":"{}","usd":"{}","usdAvailableToWithdraw":"{}","usdTradeProtected":"{}"}})",
      account.dmc, account.dmc, account.usd, account.usd_withdraw, account.usd_protected);
}

std::string profile(const std::string& public_key) {
  return fmt::format(R"({{"id":"b3f0a1c2-4d5e-6f70-8192-a3b4c5d6e7f8","username":"sandbox_trader",)"
                     R"("email":"trader@sandbox.invalid","isEmailVerified":true,"countryCode":"DE","level":3,)"
                     R"("publicKey":"{}","regType":"user","linkedGames":[],"restrictions":[],"features":[],)"
                     R"("settings":{{"targetsLimit":200,"enabledDeviceConfirmation":false}},)"
                     R"("agreementsInfo":{{"isConfirmed":true,"updated":"2026-01-01T00:00:00Z"}}}})",
                     public_key);
}

}  // namespace

bool is_dmarket_path(std::string_view path) {
  return std::any_of(std::begin(roots), std::end(roots), [&](std::string_view root) { return path.starts_with(root); });
}

ServerResponse DmarketApi::answer(const ServerRequest& request) {
  if (std::find(std::begin(removed), std::end(removed), request.path) != std::end(removed)) {
    return ServerResponse(410, R"({"error":"Gone","message":"this endpoint was removed"})", json_type);
  }
  const bool is_balance = request.path == "/account/v1/balance";
  const bool is_user = request.path == "/account/v1/user";
  if (!is_balance && !is_user) return ServerResponse(404, R"({"code":"NotFound","message":"not found"})", json_type);
  if (request.method != "GET") {
    return ServerResponse(405, R"({"code":"MethodNotAllowed","message":"method not allowed"})", json_type);
  }
  const SignedRequest presented = signed_request(request);
  if (!signature_accepted(presented, account_, world_.now() + account_.clock_skew)) {
    return ServerResponse(401, unauthorized, json_type);
  }
  return ServerResponse(200, is_balance ? balance(account_) : profile(presented.api_key), json_type);
}

ServerResponse DmarketApi::faulty_answer(const Fault& fault) const {
  using Action = Fault::Action;
  if (fault.action == Action::html) {
    return ServerResponse(fault.status, "<html><body>maintenance</body></html>", "text/html");
  }
  if (fault.action == Action::body) return ServerResponse(fault.status, fault.body, json_type);
  if (fault.action == Action::empty) return ServerResponse(fault.status, "", json_type);
  const bool flood = fault.action == Action::flood;
  ServerResponse response(flood ? 429 : fault.status,
                          "{\"code\":\"Internal\",\"message\":" + quote(fault.description) + "}", json_type);
  if (flood) response.headers.add("Retry-After", std::to_string(fault.delay.count() / 1000));
  return response;
}

tgkit::Task<ServerResponse> DmarketApi::handle(ServerRequest request) {
  const Occasion occasion{"dmarket"};
  const auto fault = faults_.take(occasion);
  if (fault) co_await on_the_way_there(world_, *fault);
  const bool instead = fault && answers_instead(fault->action);
  ServerResponse response = instead ? faulty_answer(*fault) : answer(request);
  const auto date = static_cast<std::time_t>(world_.now() + account_.clock_skew);
  response.headers.add("Date", fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(date)));
  if (fault) co_return on_the_way_back(world_, *fault, std::move(response));
  co_return response;
}

}  // namespace sandbox
