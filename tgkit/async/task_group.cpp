#include "tgkit/async/task_group.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/wait_list.hpp"

#include <list>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tgkit {

namespace {

Task<> at_next_turn(Executor executor, Task<> task) {
  co_await boost::asio::post(executor, boost::asio::use_awaitable_t<Executor>());
  co_await std::move(task);
}

}  // namespace

struct TaskGroup::Impl {
  Impl(Executor executor_, OnError on_error_) : executor(executor_), on_error(std::move(on_error_)) {}

  void finished(std::list<boost::asio::cancellation_signal>::iterator task, const std::exception_ptr& error) {
    running.erase(task);
    if (error && !is_cancellation(error)) on_error(error);
    if (running.empty()) joiners.wake_all();
  }

  Executor executor;
  OnError on_error;
  std::list<boost::asio::cancellation_signal> running;
  WaitList joiners;
};

TaskGroup::TaskGroup(Executor executor, OnError on_error)
    : impl_(std::make_shared<Impl>(executor, std::move(on_error))) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(Task<> task) {
  const auto position = impl_->running.emplace(impl_->running.end());
  boost::asio::co_spawn(
      impl_->executor, at_next_turn(impl_->executor, std::move(task)),
      boost::asio::bind_cancellation_slot(position->slot(), [impl = impl_, position](const std::exception_ptr& error) {
        impl->finished(position, error);
      }));
}

void TaskGroup::cancel() {
  for (auto& signal : impl_->running) signal.emit(boost::asio::cancellation_type::all);
}

Task<> TaskGroup::join() {
  const std::shared_ptr<Impl> impl = impl_;
  while (!impl->running.empty()) co_await impl->joiners.wait();
}

std::size_t TaskGroup::size() const noexcept { return impl_->running.size(); }

}  // namespace tgkit
