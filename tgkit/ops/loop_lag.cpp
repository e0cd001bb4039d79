#include "tgkit/ops/loop_lag.hpp"

#include <algorithm>

namespace tgkit::ops {

LoopLag::LoopLag(Clock& clock, Metrics& metrics, Duration every)
    : clock_(clock), histogram_(metrics.histogram("tgkit_loop_lag_seconds")), every_(every) {
  arm();
}

void LoopLag::arm() {
  due_ = clock_.now() + every_;
  timer_ = clock_.call_at(due_, [this] { fired(); });
}

void LoopLag::fired() {
  const auto late = clock_.now() - due_;
  histogram_.observe(std::chrono::duration<double>(late).count());
  worst_ = std::max<Duration>(worst_, late);
  arm();
}

Finding LoopLag::finding(Duration limit) {
  const auto worst = std::exchange(worst_, Duration::zero());
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(worst).count();
  if (worst <= limit) return Finding::good();
  return Finding::bad("the loop was held up for " + std::to_string(ms) + " ms");
}

}  // namespace tgkit::ops
