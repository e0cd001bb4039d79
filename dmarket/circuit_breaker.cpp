#include "dmarket/circuit_breaker.hpp"

#include <algorithm>

namespace dmarket {

std::optional<tgkit::Duration> CircuitBreaker::refuses(tgkit::TimePoint now) {
  if (!open_) return std::nullopt;
  // A try of which nothing was heard for that long is over, whatever became of it.
  const bool forgotten = trying_ && now - try_at_ >= settings_.longest_pause;
  if ((!trying_ || forgotten) && now >= try_at_) {
    trying_ = true;
    try_at_ = now;
    return std::nullopt;
  }
  return std::max(tgkit::Duration(try_at_ - now), tgkit::Duration(std::chrono::seconds(1)));
}

void CircuitBreaker::succeeded() {
  open_ = trying_ = false;
  failures_ = 0;
  pause_ = settings_.pause;
}

void CircuitBreaker::failed(tgkit::TimePoint now) {
  ++failures_;
  if (open_ && !trying_) return;  // left before it opened
  if (!open_ && (settings_.failures == 0 || failures_ < settings_.failures)) return;
  open_ = true;
  trying_ = false;
  try_at_ = now + pause_;
  pause_ = std::min(pause_ * 2, settings_.longest_pause);
}

void CircuitBreaker::abandoned() { trying_ = false; }

}  // namespace dmarket
