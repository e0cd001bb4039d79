#include "tgkit/async/timeout.hpp"

#include "tgkit/async/cancellation.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tgkit {

namespace {

// Lets a coroutine's own cancellation reach `signal` for as long as it lives.
class Relay {
 public:
  Relay(boost::asio::cancellation_slot slot, boost::asio::cancellation_signal& signal) : slot_(slot) {
    if (slot_.is_connected()) slot_.assign([&signal](boost::asio::cancellation_type type) { signal.emit(type); });
  }
  ~Relay() { slot_.clear(); }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

 private:
  boost::asio::cancellation_slot slot_;
};

}  // namespace

Task<> with_timeout(Clock& clock, Duration limit, Task<> task) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  const boost::asio::cancellation_state state = co_await boost::asio::this_coro::cancellation_state;
  boost::asio::cancellation_signal stop;
  bool late = false;
  std::exception_ptr failure;
  {
    const Clock::Timer timer = clock.call_in(limit, [&stop, &late] {
      late = true;
      stop.emit(boost::asio::cancellation_type::all);
    });
    const Relay relay(state.slot(), stop);
    try {
      co_await boost::asio::co_spawn(
          executor, std::move(task),
          boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::use_awaitable_t<Executor>()));
    } catch (...) {
      failure = std::current_exception();
    }
  }
  if (!failure) co_return;
  const bool cancelled_from_outside = state.cancelled() != boost::asio::cancellation_type::none;
  if (late && !cancelled_from_outside && is_cancellation(failure)) throw TimedOut();
  std::rethrow_exception(failure);
}

}  // namespace tgkit
