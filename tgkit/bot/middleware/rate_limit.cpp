#include "tgkit/bot/middleware/rate_limit.hpp"

#include "tgkit/bot/addressed.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/middleware/sliding_log.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/types/payment.hpp"

#include <unordered_map>

namespace tgkit::bot {

namespace {

// Whose log, and for which route; route 0 stands for the general limit.
struct LogKey {
  std::int64_t user = 0;
  std::size_t route = 0;
  friend bool operator==(const LogKey&, const LogKey&) = default;
};
struct LogKeyHash {
  std::size_t operator()(const LogKey& key) const noexcept {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(key.user) * 0x9e3779b97f4a7c15U) ^ key.route;
  }
};

}  // namespace

struct RateLimiter::Impl {
  struct Entry {
    RateLimit limit;
    SlidingLog log;
  };
  using Logs = std::unordered_map<LogKey, Entry, LogKeyHash>;

  RateLimitSettings settings;
  ops::Metrics* metrics;
  Logs logs;
  TimePoint next_sweep{};
  std::vector<ops::Counter*> refused;  // by route

  bool exempt(const Context& ctx) const {
    return ctx.user_id() == 0 || ctx.route().unlimited || (settings.exempt && ctx.role() >= *settings.exempt);
  }

  Entry& entry(const LogKey& key, const RateLimit& limit) {
    const auto [place, fresh] = logs.try_emplace(key);
    if (fresh) place->second.limit = limit;
    return place->second;
  }

  // Gives back the memory of people who are silent; at most once per window, so the cost per update stays constant.
  void sweep(TimePoint now) {
    if (now < next_sweep) return;
    next_sweep = now + settings.window;
    std::erase_if(logs, [now](auto& item) { return item.second.log.idle(item.second.limit, now); });
  }

  void count_refusal(const Context& ctx) {
    if (!metrics) return;
    const std::size_t index = ctx.current().index();
    if (refused.size() <= index) refused.resize(index + 1);
    if (!refused[index])
      refused[index] = &metrics->counter("tgkit_rate_limited_total", ops::Labels("route", ctx.route().name));
    refused[index]->increment();
  }

  void refuse(Context& ctx, Entry& entry, Duration wait, TimePoint now) {
    ctx.set_outcome(Outcome::refused);
    count_refusal(ctx);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
    const std::string text = ctx.texts().slow_down(ctx.language(), seconds);
    // A press is answered in any case, or it would spin; a message is answered once per window, behind real answers.
    if (ctx.callback_query())
      ctx.answer_callback(text, true);
    else if (ctx.update().pre_checkout_query)
      ctx.answer_pre_checkout(text);
    else if (is_addressed(ctx) && entry.log.notice(entry.limit, now))
      answer_person(ctx, text, SendLane::alert);
  }

  // True: recorded and allowed.
  bool admit(Context& ctx) {
    const TimePoint now = ctx.clock().now();
    sweep(now);
    const RateLimit general{settings.requests, settings.window};
    Entry& person = entry(LogKey{ctx.user_id(), 0}, general);
    if (const Duration wait = person.log.wait(general, now); wait > Duration::zero()) {
      refuse(ctx, person, wait, now);
      return false;
    }
    if (const std::optional<RateLimit>& limit = ctx.route().limit) {
      Entry& route = entry(LogKey{ctx.user_id(), ctx.current().index() + 1}, *limit);
      if (const Duration wait = route.log.wait(*limit, now); wait > Duration::zero()) {
        refuse(ctx, route, wait, now);
        return false;
      }
      route.log.record(now);
      // References into the map stay valid when it grows.
    }
    person.log.record(now);
    return true;
  }
};

RateLimiter::RateLimiter(RateLimitSettings settings, ops::Metrics* metrics)
    : impl_(std::make_shared<Impl>(Impl{settings, metrics, {}, {}, {}})) {}

RateLimiter::~RateLimiter() = default;

Task<> RateLimiter::operator()(Context& ctx, Next next) const {
  if (impl_->exempt(ctx) || impl_->admit(ctx)) return next();
  return refused();
}

Task<> RateLimiter::refused() { co_return; }

std::size_t RateLimiter::remembered() const noexcept { return impl_->logs.size(); }

Middleware rate_limit(RateLimitSettings settings, ops::Metrics* metrics) { return RateLimiter(settings, metrics); }

}  // namespace tgkit::bot
