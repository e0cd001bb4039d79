#pragma once
// One coroutine of a service that is waited for with a limit and can be given up. Internal to tgkit/ops.
#include "tgkit/async/clock.hpp"

#include <exception>
#include <functional>
#include <memory>

namespace tgkit::ops {

// Runs the coroutine from construction on; `changed` is called when it ends. Not thread-safe.
class Step {
 public:
  Step(Executor executor, Task<> task, std::function<void()> changed);

  bool ended() const noexcept;
  std::exception_ptr error() const noexcept;  // once ended: what it threw
  void cancel();                              // its current or next wait throws operation_aborted

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the coroutine, which may outlive this
};

}  // namespace tgkit::ops
