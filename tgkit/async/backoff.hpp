#pragma once
// Pauses between attempts: exponential, with full jitter so that many clients do not come back together. Pure: it
// neither waits nor reads a clock.
#include "tgkit/async/clock.hpp"

#include <cstdint>

namespace tgkit {

class Backoff {
 public:
  struct Settings {
    Duration first = std::chrono::seconds{1};  // upper bound of the first pause; doubles with every attempt
    Duration most = std::chrono::minutes{1};   // upper bound of any pause
    Duration least = Duration::zero();         // lower bound of any pause
  };

  explicit Backoff(Settings settings);             // seeded from the system's random numbers
  Backoff(Settings settings, std::uint64_t seed);  // repeatable

  Duration next();  // the pause before the next attempt
  void reset() noexcept { attempts_ = 0; }
  unsigned attempts() const noexcept { return attempts_; }  // pauses given since the last reset()

 private:
  Settings settings_;
  std::uint64_t random_;
  unsigned attempts_ = 0;
};

}  // namespace tgkit
