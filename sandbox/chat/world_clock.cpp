#include "sandbox/chat/world_clock.hpp"

#include <algorithm>

namespace sandbox {

void WorldClock::stop() {
  if (!running_) return;
  now_ = now();
  wall_ = wall();
  running_ = false;
  alarm_.cancel();
}

void WorldClock::run() {
  if (running_) return;
  ahead_ = now_ - real_.now();
  wall_ahead_ = wall_ - real_.wall();
  running_ = true;
  earliest_changed();
}

void WorldClock::move_to(tgkit::TimePoint when) {
  wall_ += std::chrono::duration_cast<tgkit::WallTime::duration>(when - now_);
  now_ = when;
}

bool WorldClock::step(tgkit::TimePoint target) {
  const auto first = earliest();
  if (!first || *first > target) {
    move_to(std::max(now_, target));
    return true;
  }
  move_to(std::max(now_, *first));
  fire_due(now_);
  return false;
}

void WorldClock::earliest_changed() {
  alarm_.cancel();
  const auto first = earliest();
  if (!running_ || !first) return;
  alarm_ = real_.call_at(*first - ahead_, [this] {
    fire_due(now());
    earliest_changed();
  });
}

}  // namespace sandbox
