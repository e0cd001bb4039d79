#pragma once
// How late the loop runs its timers: the time that handlers keep it from turning.
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/health_state.hpp"
#include "tgkit/ops/metrics.hpp"

namespace tgkit::ops {

// Sets a timer again and again and observes how late it fires. Runs from construction to destruction.
class LoopLag {
 public:
  LoopLag(Clock& clock, Metrics& metrics, Duration every = std::chrono::milliseconds{500});

  Duration worst() const noexcept { return worst_; }  // since the last finding()
  // For Health: bad when the loop was held up for longer than `limit` since the last look.
  Finding finding(Duration limit);

 private:
  void arm();
  void fired();
  Clock& clock_;
  Histogram& histogram_;
  Duration every_;
  Duration worst_{};
  TimePoint due_;
  Clock::Timer timer_;
};

}  // namespace tgkit::ops
