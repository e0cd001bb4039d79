#pragma once
// The wiring of dmarket-bot. The order in which services are added is the order of the start; a stop reads it
// backwards.
#include "app/config.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/ops/log.hpp"

#include <memory>

namespace app {

class Application {
 public:
  // `io` runs everything but the store's thread; it and `log` must outlive the application.
  Application(boost::asio::io_context& io, tgkit::ops::Log& log, Config config);
  ~Application();

  // Runs until a stop is asked for; returns the exit code (tgkit/ops/exit_codes.hpp).
  int run();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace app
