#pragma once
// How another thread tells the loop's thread that something is there for it. Internal to the storage.
//
// asio::post would do, but it wakes the loop while it holds the scheduler's mutex: an idle loop wakes up only to wait
// for that mutex, which costs two more changes of thread each time.
#include "tgkit/async/task.hpp"

#include <cstdint>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

namespace tgkit::storage {

class Doorbell {
 public:
  // Throws StorageError when there is no descriptor left.
  explicit Doorbell(const Executor& executor);

  // On any thread. Rings that nobody has heard yet are one.
  void ring() noexcept;

  // On the loop's thread: calls `heard` with an error code after the next ring, or at once after one that nobody heard;
  // the loop stays alive until then. One call at a time. When *this is destroyed, `heard` gets operation_aborted, or,
  // when it was on its way, is called all the same.
  template <class Heard>
  void wait(Heard heard) {
    descriptor_.async_read_some(boost::asio::buffer(&rings_, sizeof rings_),
                                [heard = std::move(heard)](const auto& error, std::size_t) mutable { heard(error); });
  }

 private:
  boost::asio::posix::basic_stream_descriptor<Executor> descriptor_;
  std::uint64_t rings_ = 0;
};

}  // namespace tgkit::storage
