#pragma once
// "At most N within a window" by remembering when. Pure: time comes in, a decision comes out.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/route.hpp"

#include <deque>
#include <optional>

namespace tgkit::bot {

class SlidingLog {
 public:
  struct Decision {
    bool allowed = true;
    Duration wait{0};            // until the next one is allowed
    bool first_refusal = false;  // of this window: the one that is told
  };

  // Without recording: what would take() say?
  Duration wait(const RateLimit& limit, TimePoint now);
  Decision take(const RateLimit& limit, TimePoint now);  // records only what it allows
  Decision refuse(const RateLimit& limit, TimePoint now, Duration wait);
  bool idle(const RateLimit& limit, TimePoint now);  // nothing left to remember

 private:
  void forget(const RateLimit& limit, TimePoint now);
  std::deque<TimePoint> taken_;
  std::optional<TimePoint> noticed_;
};

}  // namespace tgkit::bot
