#pragma once
// Signed requests to the exchange. Two things are decided here and nowhere else: that a request is signed at the moment
// it leaves, with the exchange's own clock, and that in dry run nothing but a listed read leaves at all.
#include "dmarket/endpoints.hpp"
#include "dmarket/error.hpp"
#include "dmarket/keys.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/net/client.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dmarket {

struct TransportSettings {
  tgkit::net::Url base;
  std::optional<KeyPair> keys;  // without: every call throws Error (no_keys)
  bool dry_run = true;
  tgkit::Duration timeout = std::chrono::seconds{30};
  int read_attempts = 3;  // tries of a listed read in all; changes are never repeated
  tgkit::Duration retry_pause =
      std::chrono::milliseconds{500};  // the first pause's upper bound; it doubles from try to try
  std::function<void(std::string_view endpoint, std::string_view outcome, tgkit::Duration)> on_call;  // for metrics
};

// How far the exchange's clock is ahead of ours, learned from the Date header of its answers.
class ServerClock {
 public:
  explicit ServerClock(const tgkit::Clock& clock) : clock_(clock) {}
  // `sent` and `received` are our wall times around the exchange; a date that is no HTTP date is ignored.
  void learn(std::string_view date_header, tgkit::WallTime sent, tgkit::WallTime received);
  std::int64_t unix_seconds() const;
  std::optional<std::chrono::seconds> skew() const { return skew_; }

 private:
  const tgkit::Clock& clock_;
  std::optional<std::chrono::seconds> skew_;
};

// "Sun, 06 Nov 1994 08:49:37 GMT"; nothing else.
std::optional<tgkit::WallTime> parse_http_date(std::string_view text);

// Not thread-safe: used on the loop's thread only.
class Transport {
 public:
  Transport(tgkit::net::HttpClient& http, tgkit::Clock& clock, TransportSettings settings);

  // Returns the body of a 2xx answer; throws dmarket::Error. `target` is path and query, percent-encoded.
  tgkit::Task<std::string> call(std::string method, std::string target, std::string body = {});

  bool dry_run() const noexcept { return settings_.dry_run; }
  bool has_keys() const noexcept { return settings_.keys.has_value(); }
  const ServerClock& server_clock() const noexcept { return server_clock_; }

 private:
  tgkit::Task<tgkit::net::HttpResponse> exchange(const std::string& method, const std::string& target,
                                                 const std::string& body);
  tgkit::Task<std::string> attempt(const std::string& method, const std::string& target, const std::string& body);
  void report(std::string_view endpoint, std::string_view outcome, tgkit::TimePoint begun) const;

  tgkit::net::HttpClient& http_;
  tgkit::Clock& clock_;
  TransportSettings settings_;
  ServerClock server_clock_;
};

}  // namespace dmarket
