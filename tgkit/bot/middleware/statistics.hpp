#pragma once
// The seed's four figures: total_requests, total_errors, error_rate, command_stats by route. Bounded: routes are a
// closed set.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/middleware.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace tgkit::bot {

class Statistics {
 public:
  void record(std::string_view route, bool failed);

  std::uint64_t total_requests() const noexcept { return requests_; }
  std::uint64_t total_errors() const noexcept { return errors_; }
  double error_rate() const noexcept;  // 0 when there was nothing
  const std::map<std::string, std::uint64_t, std::less<>>& command_stats() const noexcept { return by_route_; }
  std::string json() const;

 private:
  std::uint64_t requests_ = 0, errors_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> by_route_;
};

// `into` must outlive the router.
Middleware statistics(Statistics& into);

}  // namespace tgkit::bot
