#include "tgkit/bot/middleware/sliding_log.hpp"

namespace tgkit::bot {

void SlidingLog::forget(const RateLimit& limit, TimePoint now) {
  while (!taken_.empty() && now - taken_.front() >= limit.window) taken_.pop_front();
  if (noticed_ && now - *noticed_ >= limit.window) noticed_.reset();
}

Duration SlidingLog::wait(const RateLimit& limit, TimePoint now) {
  forget(limit, now);
  const auto most = static_cast<std::size_t>(limit.requests > 0 ? limit.requests : 0);
  if (taken_.size() < most) return Duration::zero();
  if (most == 0) return limit.window;
  return taken_[taken_.size() - most] + limit.window - now;
}

void SlidingLog::record(TimePoint now) { taken_.push_back(now); }

bool SlidingLog::notice(const RateLimit& limit, TimePoint now) {
  forget(limit, now);
  if (noticed_) return false;
  noticed_ = now;
  return true;
}

bool SlidingLog::idle(const RateLimit& limit, TimePoint now) const {
  return (taken_.empty() || now - taken_.back() >= limit.window) && (!noticed_ || now - *noticed_ >= limit.window);
}

}  // namespace tgkit::bot
