#pragma once
// Something that coroutines wait for: notify() wakes all that wait now.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"

#include <cstdint>
#include <memory>

namespace sandbox {

// Not thread-safe: used on the loop's thread only. Check your condition, then wait, then check again.
class Signal {
 public:
  Signal(tgkit::Executor executor, tgkit::Clock& clock);
  // A deadline has also passed when that much time has gone by on `other`.
  Signal(tgkit::Executor executor, tgkit::Clock& clock, tgkit::Clock& other);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  void notify();
  // Returns when notified (true) or when `deadline` has passed (false); throws when the coroutine is cancelled.
  tgkit::Task<bool> wait_until(tgkit::TimePoint deadline);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sandbox
