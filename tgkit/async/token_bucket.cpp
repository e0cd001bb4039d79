#include "tgkit/async/token_bucket.hpp"

#include <algorithm>
#include <stdexcept>

namespace tgkit {

TokenBucket::TokenBucket(std::uint32_t tokens, Duration per, std::uint32_t burst) {
  if (tokens == 0 || burst == 0 || per <= Duration::zero()) {
    throw std::invalid_argument("a token bucket needs tokens, a burst and a time above zero");
  }
  interval_ = per / tokens;
  tolerance_ = interval_ * (burst - 1);
}

Duration TokenBucket::wait(TimePoint now) const {
  if (!used_) return Duration::zero();
  return std::max(Duration::zero(), Duration(next_ - tolerance_ - now));
}

bool TokenBucket::try_take(TimePoint now) {
  if (wait(now) > Duration::zero()) return false;
  take(now);
  return true;
}

Duration TokenBucket::take(TimePoint now) {
  const Duration pause = wait(now);
  next_ = (used_ ? std::max(next_, now) : now) + interval_;
  used_ = true;
  return pause;
}

void TokenBucket::block_until(TimePoint when) {
  next_ = used_ ? std::max(next_, when + tolerance_) : when + tolerance_;
  used_ = true;
}

}  // namespace tgkit
