#pragma once
// One group's pace: our own rate, lowered by what the exchange says, and stopped when it says "too many". Pure: time
// comes in, a wait comes out. The exchange counts per account, so that another program with the same account takes from
// the same limit; its headers show that.
#include "dmarket/endpoints.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/token_bucket.hpp"
#include "tgkit/net/http.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace dmarket {

struct Rate {
  std::uint32_t requests = 1;
  tgkit::Duration per = std::chrono::seconds{1};
  std::uint32_t burst = 1;  // at once, after a rest
};

struct LimitSettings {
  bool enabled = true;  // false: as fast as the caller asks; a 429 stops the group all the same
  // By group, below what the exchange allows an account (support.dmarket.com, 2026: 20/min, 110/s, 6/s, 10/s, 20/s).
  std::array<Rate, request_groups> rates{Rate{15, std::chrono::minutes{1}, 3}, Rate{10, std::chrono::seconds{1}, 2},
                                         Rate{5, std::chrono::seconds{1}, 1}, Rate{8, std::chrono::seconds{1}, 2},
                                         Rate{15, std::chrono::seconds{1}, 4}};
  tgkit::Duration first_stop = std::chrono::seconds{1};  // after a 429 that names no time; doubles from one to the next
  tgkit::Duration longest_stop = std::chrono::minutes{1};
};

// What an answer says about the limit it counts against.
struct LimitHeaders {
  std::optional<std::uint32_t> per_second;          // X-RateLimit-Limit-Second
  std::optional<std::uint32_t> remaining;           // the least of X-RateLimit-Remaining-Second and RateLimit-Remaining
  std::optional<std::chrono::seconds> reset;        // RateLimit-Reset
  std::optional<std::chrono::seconds> retry_after;  // Retry-After, which may be a date
};

// `received`: by our clock.
LimitHeaders read_limit_headers(const tgkit::net::Headers& headers, tgkit::WallTime received);

class GroupLimit {
 public:
  GroupLimit(const LimitSettings& settings, RequestGroup group);

  tgkit::Duration wait(tgkit::TimePoint now) const;                 // until the next request may leave
  void take(tgkit::TimePoint now);                                  // it leaves now
  tgkit::Duration interval() const noexcept { return interval_; }   // between two requests at the even pace
  void learn(const LimitHeaders& headers, tgkit::TimePoint now);    // from an answer that was not refused
  void refused(const LimitHeaders& headers, tgkit::TimePoint now);  // from a 429

 private:
  void stop_until(tgkit::TimePoint when);
  void lower_to(std::uint32_t per_second);
  void set_pace(const Rate& rate);

  Rate own_;
  bool enabled_;
  tgkit::Duration first_stop_, longest_stop_, next_stop_;
  tgkit::TokenBucket bucket_;
  tgkit::Duration interval_;
  std::optional<std::uint32_t> lowered_;  // requests a second
  tgkit::TimePoint stopped_until_{};
  bool stopped_ = false;
};

}  // namespace dmarket
