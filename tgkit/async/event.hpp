#pragma once
// Something that happens once (or, with Reset::automatic, again and again) and that coroutines wait for.
#include "tgkit/async/task.hpp"
#include "tgkit/async/wait_list.hpp"

namespace tgkit {

// Not thread-safe: used on the loop's thread only. Must outlive those who wait for it.
class Event {
 public:
  enum class Reset {
    manual,    // set() lets everybody through until reset()
    automatic  // set() lets one through: the first who waits, or the next who comes
  };
  explicit Event(Reset reset = Reset::manual) : reset_(reset) {}

  // Returns at once when set; throws boost::system::system_error (operation_aborted) when cancelled.
  Task<> wait();

  void set();
  void reset() noexcept { set_ = false; }
  bool is_set() const noexcept { return set_; }

 private:
  Reset reset_;
  bool set_ = false;
  WaitList waiting_;
};

}  // namespace tgkit
