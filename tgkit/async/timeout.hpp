#pragma once
// A limit on how long a coroutine may take.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace tgkit {

class TimedOut : public std::runtime_error {
 public:
  TimedOut() : std::runtime_error("timed out") {}
};

// Runs `task`; when `limit` has passed it is cancelled, and once it has ended this throws TimedOut. A task that
// finishes all the same, or fails by itself, counts as what it did. Cancelling the caller cancels the task.
Task<> with_timeout(Clock& clock, Duration limit, Task<> task);

namespace detail {
template <class T>
Task<> keep_result(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await std::move(task));
}
}  // namespace detail

template <class T>
Task<T> with_timeout(Clock& clock, Duration limit, Task<T> task) {
  std::optional<T> result;
  co_await with_timeout(clock, limit, detail::keep_result(std::move(task), result));
  co_return std::move(*result);
}

}  // namespace tgkit
