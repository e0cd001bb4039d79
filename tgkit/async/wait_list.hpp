#pragma once
// Coroutines that wait until somebody wakes them, first come first served. What Event, Queue and the connection pool
// are made of; prefer those.
#include "tgkit/async/task.hpp"

#include <cstddef>
#include <functional>
#include <list>

#include <boost/system/error_code.hpp>

namespace tgkit {

// Not thread-safe: used on the loop's thread only. Destroying it cancels those who wait.
class WaitList {
 public:
  WaitList() = default;
  ~WaitList();
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;

  // Returns when woken; throws boost::system::system_error (operation_aborted) when cancelled. One who was woken is
  // no longer cancelled here, so that what the waker handed over with the wake-up is not lost.
  Task<> wait();

  // The woken run at a later turn of the loop.
  bool wake_one();  // false: nobody waits
  void wake_all();

  bool empty() const noexcept { return waiting_.empty(); }
  std::size_t size() const noexcept { return waiting_.size(); }

 private:
  struct Cancel;
  using Resume = std::move_only_function<void(boost::system::error_code)>;
  struct Waiting {
    Executor executor;
    boost::asio::cancellation_slot slot;
    Resume resume;
  };
  using Position = std::list<Waiting>::iterator;

  void finish(Position position, boost::system::error_code result);

  std::list<Waiting> waiting_;
};

}  // namespace tgkit
