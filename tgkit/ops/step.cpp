#include "tgkit/ops/step.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace tgkit::ops {

struct Step::State {
  boost::asio::cancellation_signal signal;
  std::function<void()> changed;
  std::exception_ptr error;
  bool ended = false;
};

Step::Step(Executor executor, Task<> task, std::function<void()> changed) : state_(std::make_shared<State>()) {
  state_->changed = std::move(changed);
  boost::asio::co_spawn(
      executor, std::move(task),
      boost::asio::bind_cancellation_slot(state_->signal.slot(), [state = state_](const std::exception_ptr& error) {
        state->ended = true;
        state->error = error;
        state->changed();
      }));
}

bool Step::ended() const noexcept { return state_->ended; }

std::exception_ptr Step::error() const noexcept { return state_->error; }

void Step::cancel() { state_->signal.emit(boost::asio::cancellation_type::all); }

}  // namespace tgkit::ops
