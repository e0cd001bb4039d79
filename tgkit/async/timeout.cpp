#include "tgkit/async/timeout.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/spawn.hpp"

#include <boost/asio/this_coro.hpp>

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

Task<> at_next_turn(Executor executor, Task<> task) {
  co_await next_turn(executor);
  co_await std::move(task);
}

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
      auto initiate = [&](auto handler) {
        boost::asio::co_spawn(executor, at_next_turn(executor, std::move(task)),
                              WithSlot(std::move(handler), stop.slot()));
      };
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>, void(std::exception_ptr)>(
          initiate, boost::asio::use_awaitable_t<Executor>());
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
