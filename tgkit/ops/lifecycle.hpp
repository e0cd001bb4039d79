#pragma once
// The life of the process: services start in the order they were added, each within its limit; a signal, a dead service
// or request_stop() stops them in reverse, each within its limit and all within one overall limit, of
// which none may take more than half of what is left (Service::limit_stop). Every step is logged
// with its duration. A stop that fails or hangs is named, does not keep the others from stopping, and makes the exit
// code exit_code::unclean_stop.
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/health.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/service.hpp"

#include <csignal>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::ops {

struct StepLimits {
  Duration start = std::chrono::seconds{30};
  Duration stop = std::chrono::seconds{10};
};

struct LifecycleSettings {
  Duration stop_limit = std::chrono::seconds{25};  // for all stops together
  // SIGINT and SIGTERM stop the process; a second one, more than a second later, leaves at once with
  // exit_code::second_signal. SIGHUP calls `reload`. They are watched on
  // a thread of their own, so that this works also while the loop is stuck. False in programs that have their own.
  bool signals = true;
  std::function<void()> reload;  // on the loop's thread; may be empty
};

// Not thread-safe but for request_stop(). Used once.
class Lifecycle {
 public:
  Lifecycle(Executor executor, Clock& clock, Log& log, Health& health, LifecycleSettings settings = {});
  ~Lifecycle();

  // The service must outlive run().
  void add(Service& service, StepLimits limits = {});

  // Starts everything, runs until a stop is asked for, stops everything, and returns the exit code. Never throws.
  // When a step was given up its coroutine is still suspended and refers to the services: leave the process by
  // leave() instead of destroying them.
  Task<int> run();

  // From any thread. `reason` is logged.
  void request_stop(std::string reason);

  // True when every coroutine that was started has ended: everything may be destroyed as usual.
  bool clean() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Writes out the log and ends the process without running destructors: what is unfinished is in the store.
[[noreturn]] void leave(int exit_code, Log& log) noexcept;

// The usual main loop: runs `lifecycle` on `io` to its end and returns the exit code; leaves the process by leave()
// when something was given up.
int run_to_end(boost::asio::io_context& io, Lifecycle& lifecycle, Log& log);

}  // namespace tgkit::ops
