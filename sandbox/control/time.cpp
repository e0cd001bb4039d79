// The world's clock: stopping it, moving it, letting it run.
#include "sandbox/control/request.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr double most_advance = 366 * 86'400.0;  // seconds
constexpr int turns_until_quiet = 16;            // of the loop: what was woken comes to its next wait

tgkit::Duration as_duration(double seconds) {
  return std::chrono::duration_cast<tgkit::Duration>(std::chrono::duration<double>(seconds));
}

tgkit::Task<> some_turns() {
  const tgkit::Executor executor = co_await boost::asio::this_coro::executor;
  for (int turn = 0; turn < turns_until_quiet; ++turn) {
    co_await boost::asio::post(executor, boost::asio::use_awaitable_t<tgkit::Executor>());
  }
}

// Deliveries under way are answered in real time: before the clock moves on they may end.
tgkit::Task<> until_quiet(World& world, const Courier& courier, tgkit::Duration patience) {
  co_await some_turns();
  const tgkit::TimePoint give_up = world.real_clock().now() + patience;
  while (courier.in_flight() > 0 && !world.stopping()) {
    const bool changed = co_await world.changed().wait_until(give_up);
    if (!changed) co_return;
    co_await some_turns();
  }
}

tgkit::Task<> advance(World& world, const Courier& courier, tgkit::Duration by, tgkit::Duration patience) {
  WorldClock& clock = world.clock();
  const bool was_running = clock.running();
  clock.stop();
  const tgkit::TimePoint target = clock.now() + by;
  bool arrived = false;
  while (!arrived && !world.stopping()) {
    co_await until_quiet(world, courier, patience);
    arrived = clock.step(target);
  }
  co_await until_quiet(world, courier, patience);
  if (was_running) clock.run();
}

}  // namespace

std::string read_time(const ControlRequest& request) {
  WorldClock& clock = request.world.clock();
  return with_seq(request, fmt::format(R"("now":{:.3f},"running":{},"ahead":{:.3f})", request.world.exact_now(),
                                       clock.running(), std::chrono::duration<double>(clock.ahead()).count()));
}

tgkit::Task<std::string> change_time(const ControlRequest& request) {
  if (!request.has("running") && !request.has("advance")) {
    throw ControlError("give \"running\" (false: the clock stands still), \"advance\" (seconds), or both");
  }
  const double by = request.seconds("advance", 0);
  const double patience = request.seconds("patience", 5);
  if (!(by >= 0 && by <= most_advance))
    throw ControlError("\"advance\" must be 0..31622400 seconds: time never goes back");
  if (!(patience >= 0 && patience <= 60)) throw ControlError("\"patience\" must be 0..60 seconds");
  WorldClock& clock = request.world.clock();
  if (request.has("running") && !request.flag("running")) clock.stop();
  if (by > 0) co_await advance(request.world, request.courier, as_duration(by), as_duration(patience));
  if (request.has("running") && request.flag("running")) clock.run();
  co_return read_time(request);
}

}  // namespace sandbox
