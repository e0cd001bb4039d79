#pragma once
// What every request passes before it is signed: its group's circuit breaker, and its turn.
#include "dmarket/circuit_breaker.hpp"
#include "dmarket/endpoints.hpp"
#include "dmarket/rate_limit.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"

#include <cstdint>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace dmarket {

// Nothing was sent.
class GateClosed : public std::runtime_error {
 public:
  GateClosed(bool rate_limited, const std::string& text) : std::runtime_error(text), rate_limited_(rate_limited) {}
  bool rate_limited() const noexcept { return rate_limited_; }  // otherwise: the exchange is left alone

 private:
  bool rate_limited_;
};

// Not thread-safe: used on the loop's thread only.
class RequestGate {
 public:
  RequestGate(tgkit::Clock& clock, const LimitSettings& limits, const BreakerSettings& breaker);

  // Returns when a request of the group may leave: changes before questions, each in the order of the calls. Throws
  // GateClosed when the exchange is left alone, or, as soon as that is known, when the turn would come after
  // `deadline`.
  tgkit::Task<> turn(RequestGroup group, Effect effect, tgkit::TimePoint deadline);

  // What became of the request that turn() let through; one of these for each.
  void answered(RequestGroup group, int status, const tgkit::net::Headers& headers);
  void no_answer(RequestGroup group);
  void abandoned(RequestGroup group);

  bool left_alone(RequestGroup group) const { return groups_[static_cast<std::size_t>(group)]->breaker.open(); }

 private:
  using Place = std::pair<bool, std::uint64_t>;  // whether it only asks, and its number
  struct Ticket;
  struct Group {
    Group(const LimitSettings& limits, const BreakerSettings& breaker_, RequestGroup group)
        : limit(limits, group), breaker(breaker_) {}
    GroupLimit limit;
    CircuitBreaker breaker;
    std::set<Place> waiting;  // the first in line first
    std::uint64_t next_ticket = 0;
  };
  tgkit::Task<> wait_for_turn(std::shared_ptr<Group> group, Effect effect, tgkit::TimePoint deadline);
  const std::shared_ptr<Group>& group_of(RequestGroup group) { return groups_[static_cast<std::size_t>(group)]; }

  tgkit::Clock& clock_;
  std::vector<std::shared_ptr<Group>> groups_;  // shared with those who wait: they may be destroyed after the gate
};

}  // namespace dmarket
