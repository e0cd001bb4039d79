#include "tgkit/async/wait_list.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tgkit {

// Sits in the coroutine's cancellation slot, which may be triggered twice before the coroutine has run.
struct WaitList::Cancel {
  WaitList* list;
  Position position;
  bool done = false;

  void operator()(boost::asio::cancellation_type) {
    if (std::exchange(done, true)) return;
    list->finish(position, boost::asio::error::operation_aborted);
  }
};

WaitList::~WaitList() {
  while (!waiting_.empty()) {
    waiting_.front().slot.clear();
    finish(waiting_.begin(), boost::asio::error::operation_aborted);
  }
}

Task<> WaitList::wait() {
  auto initiate = [this](auto handler) {
    const Executor executor = boost::asio::get_associated_executor(handler);
    const boost::asio::cancellation_slot slot = boost::asio::get_associated_cancellation_slot(handler);
    waiting_.push_back(Waiting{executor, slot, Resume(std::move(handler))});
    if (waiting_.back().slot.is_connected()) {
      waiting_.back().slot.emplace<Cancel>(Cancel{this, std::prev(waiting_.end())});
    }
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>, void(boost::system::error_code)>(
      initiate, boost::asio::use_awaitable_t<Executor>());
}

bool WaitList::wake_one() {
  if (waiting_.empty()) return false;
  waiting_.front().slot.clear();
  finish(waiting_.begin(), {});
  return true;
}

void WaitList::wake_all() {
  for (std::size_t count = waiting_.size(); count > 0; --count) wake_one();
}

// Posted, never called: the waker must not find itself inside the code of the one it wakes.
void WaitList::finish(Position position, boost::system::error_code result) {
  const Executor executor = position->executor;
  Resume resume = std::move(position->resume);
  waiting_.erase(position);
  boost::asio::post(executor, [resume = std::move(resume), result]() mutable { resume(result); });
}

}  // namespace tgkit
