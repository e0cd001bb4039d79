#pragma once
// Coroutines that somebody owns: they can be cancelled together and waited for. Nothing is detached.
#include "tgkit/async/task.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace tgkit {

// Not thread-safe: used on the loop's thread only. Must outlive its coroutines: join() before it is destroyed.
class TaskGroup {
 public:
  using OnError = std::function<void(std::exception_ptr)>;

  // `on_error` gets what a spawned coroutine threw (cancellation excepted); it must not throw.
  TaskGroup(Executor executor, OnError on_error);
  ~TaskGroup();

  void spawn(Task<> task);  // starts at the next turn of the loop
  void cancel();            // every running coroutine sees operation_aborted at its current or next wait
  Task<> join();            // returns when none is running
  std::size_t size() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tgkit
