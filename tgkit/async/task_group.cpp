#include "tgkit/async/task_group.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/spawn.hpp"
#include "tgkit/async/wait_list.hpp"

#include <list>

namespace tgkit {

namespace {

struct Running {
  boost::asio::cancellation_signal signal;
  bool started = false;
  bool cancelled = false;  // before it had started

  void cancel() {
    if (started) {
      signal.emit(boost::asio::cancellation_type::all);
    } else {
      cancelled = true;
    }
  }
};

Task<> at_next_turn(Executor executor, Running& running, Task<> task) {
  co_await next_turn(executor);
  running.started = true;
  if (running.cancelled) running.cancel();
  co_await std::move(task);
}

}  // namespace

struct TaskGroup::Impl {
  Impl(Executor executor_, OnError on_error_) : executor(executor_), on_error(std::move(on_error_)) {}

  void finished(std::list<Running>::iterator task, const std::exception_ptr& error) {
    running.erase(task);
    if (error && !is_cancellation(error)) on_error(error);
    if (running.empty()) joiners.wake_all();
  }

  Executor executor;
  OnError on_error;
  std::list<Running> running;
  WaitList joiners;
};

TaskGroup::TaskGroup(Executor executor, OnError on_error)
    : impl_(std::make_shared<Impl>(executor, std::move(on_error))) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(Task<> task) {
  const auto position = impl_->running.emplace(impl_->running.end());
  auto finished = [impl = impl_, position](const std::exception_ptr& error) { impl->finished(position, error); };
  boost::asio::co_spawn(impl_->executor, at_next_turn(impl_->executor, *position, std::move(task)),
                        WithSlot(std::move(finished), position->signal.slot()));
}

void TaskGroup::cancel() {
  for (Running& running : impl_->running) running.cancel();
}

Task<> TaskGroup::join() {
  const std::shared_ptr<Impl> impl = impl_;
  while (!impl->running.empty()) co_await impl->joiners.wait();
}

std::size_t TaskGroup::size() const noexcept { return impl_->running.size(); }

}  // namespace tgkit
