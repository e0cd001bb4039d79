#pragma once
// co_spawn with cancellation, around two faults of Asio 1.26. Internal to async.
//
// bind_cancellation_slot names the handler's executor, and co_spawn then posts a cancellation that comes from outside
// the loop, to a coroutine that may be gone when the post is run: WithSlot names none.
// A coroutine that is cancelled before it has been suspended once throws out of io_context::run(): it is spawned
// inside the loop only (or cancelled after it has started) and suspended at once.
#include "tgkit/async/task.hpp"

#include <exception>
#include <utility>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tgkit {

template <class Handler>
class WithSlot {
 public:
  using cancellation_slot_type = boost::asio::cancellation_slot;

  WithSlot(Handler handler, boost::asio::cancellation_slot slot) : handler_(std::move(handler)), slot_(slot) {}

  cancellation_slot_type get_cancellation_slot() const noexcept { return slot_; }
  void operator()(std::exception_ptr error) { std::move(handler_)(std::move(error)); }

 private:
  Handler handler_;
  boost::asio::cancellation_slot slot_;
};

inline auto next_turn(Executor executor) {
  return boost::asio::post(executor, boost::asio::use_awaitable_t<Executor>());
}

}  // namespace tgkit
