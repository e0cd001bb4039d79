#pragma once
// The exchange's clock: it refuses dates that are older than two minutes.
#include "tgkit/async/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace dmarket {

// How far the exchange's clock is ahead of ours, learned from the Date header of its answers.
class ServerClock {
 public:
  explicit ServerClock(const tgkit::Clock& clock) : clock_(clock) {}
  // `sent` and `received` are our wall times around the exchange; a date that is no HTTP date is ignored.
  void learn(std::string_view date_header, tgkit::WallTime sent, tgkit::WallTime received);
  std::int64_t unix_seconds() const;
  std::optional<std::chrono::seconds> skew() const { return skew_; }

 private:
  const tgkit::Clock& clock_;
  std::optional<std::chrono::seconds> skew_;
};

}  // namespace dmarket
