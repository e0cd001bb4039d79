#include "sandbox/dmarket/api.hpp"

#include "sandbox/dmarket/list_faults.hpp"
#include "sandbox/dmarket/paging_faults.hpp"
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
constexpr char too_many[] = R"({"message":"API rate limit exceeded"})";

constexpr std::string_view roots[] = {"/account/", "/exchange/", "/marketplace-api/", "/trade-aggregator/",
                                      "/price-aggregator/"};
constexpr std::string_view removed[] = {"/exchange/v1/market/items", "/exchange/v1/user/offers"};

SignedRequest signed_request(const ServerRequest& request) {
  const auto header = [&](std::string_view name) { return std::string(request.headers.find(name).value_or("")); };
  return SignedRequest{request.method,      request.path,          request.query,           request.body,
                       header("X-Api-Key"), header("X-Sign-Date"), header("X-Request-Sign")};
}

ServerResponse limit_refusal(const ApiSwitches& switches, const ApiLimits::Verdict& verdict) {
  ServerResponse response(429, switches.limit_body ? too_many : "", json_type);
  if (switches.retry_after) response.headers.add("Retry-After", std::to_string(verdict.reset));
  return response;
}

}  // namespace

bool is_dmarket_path(std::string_view path) {
  return std::any_of(std::begin(roots), std::end(roots), [&](std::string_view root) { return path.starts_with(root); });
}

ServerResponse DmarketApi::answer(const ServerRequest& request, const FoundRoute& found, RecordedExchangeCall& record) {
  if (std::find(std::begin(removed), std::end(removed), request.path) != std::end(removed)) {
    return ServerResponse(410, R"({"error":"Gone","message":"this endpoint was removed"})", json_type);
  }
  if (!found.known_path) return ServerResponse(404, R"({"code":"NotFound","message":"not found"})", json_type);
  if (!found.route) {
    return ServerResponse(405, R"({"code":"MethodNotAllowed","message":"method not allowed"})", json_type);
  }
  if (!signature_accepted(signed_request(request), venue_.account, venue_.switches.allow_future_dates,
                          venue_.clock())) {
    return ServerResponse(401, unauthorized, json_type);
  }
  const ApiSwitches& switches = venue_.switches;
  if (!switches.limits) return routed(request, found, record);
  const ApiLimits::Verdict verdict = venue_.limits.count(found.route->group, venue_.moment());
  ServerResponse response = verdict.refused ? limit_refusal(switches, verdict) : routed(request, found, record);
  if (switches.limit_headers) add_limit_headers(response.headers, verdict);
  return response;
}

ServerResponse DmarketApi::routed(const ServerRequest& request, const FoundRoute& found, RecordedExchangeCall& record) {
  market::Exchange& exchange = venue_.exchange();
  const std::string api_key(request.headers.find("X-Api-Key").value_or(""));
  ApiCall call{venue_,       exchange, venue_.switches, api_key, found.path, tgkit::net::parse_query(request.query),
               request.body, {}};
  ServerResponse response(200, {}, json_type);
  try {
    response.body = found.route->answer(call);
  } catch (const ApiRefusal& refusal) {
    response = ServerResponse(refusal.status(), refusal.what(), json_type);
  }
  record.changed = std::move(call.changed);
  if (found.route->writes) venue_.acted();
  return response;
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

tgkit::Task<ServerResponse> DmarketApi::carry_out(const ServerRequest& request, const FoundRoute& found,
                                                  const std::optional<Fault>& fault, RecordedExchangeCall& record) {
  if (fault) co_await on_the_way_there(world_, *fault);
  const bool instead = fault && answers_instead(fault->action);
  ServerResponse response;
  if (!instead || fault->executed) {
    response = answer(request, found, record);
    record.status = response.status;
  }
  if (instead) response = faulty_answer(*fault);
  const auto date = static_cast<std::time_t>(venue_.clock());
  response.headers.add("Date", fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(date)));
  if (!fault) co_return response;
  if (response.status == 200) {
    response.body = with_paging_fault(fault->action, request.query, request.body, response.body);
    response.body = with_list_fault(*fault, venue_.exchange().now(), response.body);
  }
  co_await on_the_way_out(world_, *fault);
  co_return on_the_way_back(world_, *fault, std::move(response));
}

tgkit::Task<ServerResponse> DmarketApi::handle(ServerRequest request) {
  RecordedExchangeCall record;
  record.method = request.method;
  record.path = request.path;
  record.query = request.query;
  record.started = world_.exact_now();
  const FoundRoute found = find_route(request.method, request.path);
  record.writes = found.route ? found.route->writes : request.method != "GET" && request.method != "HEAD";
  const Occasion occasion{"dmarket", 0, 0, {}, request.path, request.query, request.body};
  const std::optional<Fault> fault = faults_.take(occasion);
  if (fault) record.fault = std::string(name_of(fault->action));
  std::optional<ServerResponse> response;
  std::exception_ptr broken;
  try {
    response = co_await carry_out(request, found, fault, record);
  } catch (...) {  // dropped on purpose, or the caller has gone: what was done is recorded all the same
    broken = std::current_exception();
  }
  record.ended = world_.exact_now();
  venue_.record(std::move(record));
  if (broken) std::rethrow_exception(broken);
  co_return std::move(*response);
}

}  // namespace sandbox
