#pragma once
// Signed requests to the exchange. Two things are decided here and nowhere else: that a request is signed at the moment
// it leaves, after it has waited for its turn and with the exchange's own clock, and that in dry run nothing but a
// listed read leaves at all, but for the deletion of orders that a person has named (removal_permits.hpp).
#include "dmarket/endpoints.hpp"
#include "dmarket/error.hpp"
#include "dmarket/keys.hpp"
#include "dmarket/removal_permits.hpp"
#include "dmarket/request_gate.hpp"
#include "dmarket/server_clock.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/net/client.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dmarket {

struct TransportSettings {
  tgkit::net::Url base;
  std::optional<KeyPair> keys;  // without: every call throws Error (no_keys)
  bool dry_run = true;
  // Besides dry_run: asked at the moment a change would leave, after it has waited for its turn. None: open.
  std::function<bool(Risk)> may_leave;
  RemovalPermits* permits = nullptr;                    // what leaves all the same, in either dry run; null: nothing
  tgkit::Duration timeout = std::chrono::seconds{30};   // of one try, from its turn to the last byte
  tgkit::Duration deadline = std::chrono::seconds{90};  // of a whole call: turns, tries and pauses
  int read_attempts = 3;                                // tries of a listed read in all; changes are never repeated
  tgkit::Duration retry_pause =
      std::chrono::milliseconds{500};  // the first pause's upper bound; it doubles from try to try
  LimitSettings limits;
  BreakerSettings breaker;

  // `endpoint` is a name of the table, e.g. "GET /account/v1/balance": safe as a label. None of these may throw.
  std::function<void(std::string_view endpoint, std::string_view outcome, tgkit::Duration)> on_call;  // for metrics
  // The exchange's interface is not what it was: an endpoint is gone (404, 410) or answers in another shape. Called
  // when it is first seen and then at most every ten minutes for each endpoint, however often it is met.
  std::function<void(std::string_view endpoint, std::string_view what)> on_api_changed;
  // Something odd that was survived: a list that led in a circle.
  std::function<void(std::string_view endpoint, std::string_view what)> on_notice;
};

// Not thread-safe: used on the loop's thread only.
class Transport {
 public:
  Transport(tgkit::net::HttpClient& http, tgkit::Clock& clock, TransportSettings settings);

  // Returns the body of a 2xx answer; throws dmarket::Error. `target` is path and query, percent-encoded. `deadline`
  // overrules the one of the settings.
  tgkit::Task<std::string> call(std::string method, std::string target, std::string body = {},
                                std::optional<tgkit::Duration> deadline = {});

  bool dry_run() const noexcept { return settings_.dry_run; }
  bool has_keys() const noexcept { return settings_.keys.has_value(); }
  const ServerClock& server_clock() const noexcept { return server_clock_; }
  tgkit::Clock& clock() const noexcept { return clock_; }

  // What has changed about the interface and not worked since: name of the endpoint -> what was seen. For health.
  const std::map<std::string, std::string>& changed_endpoints() const noexcept { return changed_; }
  // Told by those who read answers.
  void shape_changed(const Endpoint& endpoint, std::string_view what);
  void shape_is_known(const Endpoint& endpoint);
  void notice(const Endpoint& endpoint, std::string_view what) const;

  bool left_alone(RequestGroup group) const { return gate_.left_alone(group); }  // its circuit breaker is open

 private:
  struct Call;
  static Call describe(std::string method, std::string target, std::string body);
  bool is_permitted(const Call& call) const;
  bool lets_go(Call& call) const;
  tgkit::Task<std::string> attempt(const Call& call);
  tgkit::Task<std::optional<Error>> wait_for_turn(const Call& call);
  tgkit::Task<tgkit::net::HttpResponse> exchange(const Call& call);
  tgkit::Task<tgkit::net::HttpResponse> send(const Call& call);
  void raise_alarm(const std::string& endpoint, std::string_view what);
  void report(std::string_view endpoint, std::string_view outcome, tgkit::TimePoint begun) const;

  tgkit::net::HttpClient& http_;
  tgkit::Clock& clock_;
  TransportSettings settings_;
  ServerClock server_clock_;
  RequestGate gate_;
  std::map<std::string, std::string> changed_;
  std::map<std::string, tgkit::TimePoint> alarmed_;
};

}  // namespace dmarket
