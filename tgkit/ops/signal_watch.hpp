#pragma once
// SIGINT, SIGTERM and SIGHUP, watched on a thread of its own so that they are heeded while the loop is stuck.
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/log.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tgkit::ops {

// From construction to destruction. `stop` is called on the watching thread at the first SIGINT or SIGTERM, `reload` at
// each SIGHUP; a second signal to stop (signal_meaning.hpp) ends the process with exit_code::second_signal, and so
// does, with exit_code::unclean_stop, a stop that is not over `last_resort` after it began: then the loop itself hangs
// and nobody else can notice.
class SignalWatch {
 public:
  SignalWatch(Log& log, Duration last_resort, std::function<void(std::string name)> stop, std::function<void()> reload);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  void stop_began();  // for stops that no signal asked for; from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::ops
