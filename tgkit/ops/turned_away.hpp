#pragma once
// Tells an operator of the connections that a server closed for want of a place or a permission: each is counted; one
// log line a minute and reason says how many, since anybody can open as many as they like.
#include "tgkit/async/clock.hpp"
#include "tgkit/net/seats.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tgkit::ops {

class TurnedAwayConnections {
 public:
  // `port`: which of the program's ports, for the label and the line ("webhook").
  TurnedAwayConnections(Clock& clock, Log& log, Metrics& metrics, std::string port);

  void add(net::TurnedAway reason, std::string_view address);

 private:
  struct OfOneReason {
    Counter* counter = nullptr;
    std::optional<TimePoint> said;
    std::uint64_t unsaid = 0;
  };
  Clock& clock_;
  Log& log_;
  std::string port_;
  std::array<OfOneReason, net::turned_away_reasons> reasons_;
};

}  // namespace tgkit::ops
