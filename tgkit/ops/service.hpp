#pragma once
// Whatever is started and stopped: the lifecycle starts services in the order they were added and stops them in
// reverse.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"

#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tgkit::ops {

class Service {
 public:
  // Tells the lifecycle that the service cannot go on. May be called once running, from the loop's thread.
  using Failed = std::function<void(std::exception_ptr)>;

  virtual ~Service() = default;
  virtual std::string_view name() const = 0;  // "poller": as it appears in logs and in /health
  // Returns when it works; throws when it cannot, having let go of what it took: stop() is then not called.
  virtual Task<> start() = 0;
  // Called before stop(), with the time it has before it is broken off. A service that waits inside for what it holds
  // waits for less, so that it gives up in its own order.
  virtual void limit_stop(Duration /*limit*/) {}
  virtual Task<> stop() = 0;  // finishes what it holds, then returns; bounded by the lifecycle's limit
  // Called once before start(). A service with work in the background keeps `failed` and calls it when that work ends
  // by an error: everything is then stopped in order and the process leaves with the code of a StartError, or with
  // exit_code::unclean_stop.
  virtual void supervise(Failed /*failed*/) {}
};

// Thrown by start() to choose the exit code (exit_codes.hpp); other exceptions mean exit_code::start_failed. Given to
// Failed, it chooses as well; others mean exit_code::unclean_stop.
class StartError : public std::runtime_error {
 public:
  StartError(int exit_code, const std::string& text) : runtime_error(text), exit_code_(exit_code) {}
  int exit_code() const noexcept { return exit_code_; }

 private:
  int exit_code_;
};

// What a service may spend on waiting inside a stop of so long: the rest is for giving up.
inline Duration wait_within(Duration stop_limit) { return stop_limit * 4 / 5; }

}  // namespace tgkit::ops
