#pragma once
// At most `requests` within `window` per person, and a route's own limit beside it. Refused updates are not recorded;
// one notice per window names the wait, to who turned to the bot (addressed.hpp); a press is answered by an alert.
// Memory of people who are silent is given back.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/middleware.hpp"
#include "tgkit/bot/route.hpp"
#include "tgkit/ops/metrics.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace tgkit::bot {

struct RateLimitSettings {
  int requests = 30;
  Duration window = std::chrono::seconds{60};
  std::optional<Role> exempt = Role::admin;  // who has this role or more is not limited
};

// Routes with unlimited() are not counted. Uses the context's monotonic clock.
Middleware rate_limit(RateLimitSettings settings = {}, ops::Metrics* metrics = nullptr);

// The same as an object: copies share what they remember.
class RateLimiter {
 public:
  explicit RateLimiter(RateLimitSettings settings, ops::Metrics* metrics = nullptr);
  ~RateLimiter();
  Task<> operator()(Context& ctx, Next next) const;
  std::size_t remembered() const noexcept;  // logs kept, of people and of their routes

 private:
  static Task<> refused();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tgkit::bot
