#pragma once
// "At most N within a window" by remembering when. Pure: time comes in, a decision comes out.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/route.hpp"

#include <deque>
#include <optional>

namespace tgkit::bot {

class SlidingLog {
 public:
  Duration wait(const RateLimit& limit, TimePoint now);    // until one more is allowed; zero: now
  void record(TimePoint now);                              // one that was allowed: refused ones are not recorded
  bool notice(const RateLimit& limit, TimePoint now);      // whether to tell the person: true once per window
  bool idle(const RateLimit& limit, TimePoint now) const;  // nothing is left to remember

 private:
  void forget(const RateLimit& limit, TimePoint now);
  std::deque<TimePoint> taken_;
  std::optional<TimePoint> noticed_;
};

}  // namespace tgkit::bot
