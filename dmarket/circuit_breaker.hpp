#pragma once
// Leaves an exchange alone that does not work: after several failures in a row nothing is asked for a while, then one
// request tries. Pure: time comes in.
#include "tgkit/async/clock.hpp"

#include <optional>

namespace dmarket {

struct BreakerSettings {
  int failures = 5;                                 // in a row; 0: never opens
  tgkit::Duration pause = std::chrono::seconds{5};  // doubles with each failed try
  tgkit::Duration longest_pause = std::chrono::minutes{1};
};

class CircuitBreaker {
 public:
  explicit CircuitBreaker(const BreakerSettings& settings) : settings_(settings), pause_(settings.pause) {}

  // Nothing: the request may leave, and its end must be told by one of the three below. Otherwise how long the exchange
  // is left alone from now.
  std::optional<tgkit::Duration> refuses(tgkit::TimePoint now);
  void succeeded();  // any answer but a server's error: a refused request proves that the exchange works
  void failed(tgkit::TimePoint now);
  void abandoned();  // neither: the caller was cancelled
  bool open() const noexcept { return open_; }
  int failures() const noexcept { return failures_; }

 private:
  BreakerSettings settings_;
  tgkit::Duration pause_;
  int failures_ = 0;
  bool open_ = false;
  bool trying_ = false;        // the one request that tries is under way
  tgkit::TimePoint try_at_{};  // the next one, or the one that is under way
};

}  // namespace dmarket
