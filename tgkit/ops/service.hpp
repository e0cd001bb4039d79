#pragma once
// Whatever is started and stopped: the lifecycle starts services in the order they were added and stops them in reverse.
#include <string>
#include <string_view>

#include "tgkit/async/task.hpp"

namespace tgkit::ops {

class Service {
 public:
  virtual ~Service() = default;
  virtual std::string_view name() const = 0;  // "poller": as it appears in logs and in /health
  virtual Task<> start() = 0;                 // returns when it works; throws when it cannot
  virtual Task<> stop() = 0;                  // finishes what it holds, then returns; bounded by the lifecycle's limit
};

}  // namespace tgkit::ops
