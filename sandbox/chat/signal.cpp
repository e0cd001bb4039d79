#include "sandbox/chat/signal.hpp"

#include <list>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace sandbox {

namespace asio = boost::asio;
using WaitTimer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             tgkit::Executor>;

struct Signal::Impl {
  // The timer never fires by itself: it is the place where the coroutine is parked.
  struct Waiter {
    explicit Waiter(tgkit::Executor executor) : parked(executor, WaitTimer::time_point::max()) {}
    WaitTimer parked;
    bool notified = false;
    bool late = false;
  };
  tgkit::Executor executor;
  tgkit::Clock& clock;
  tgkit::Clock* other;  // may be null
  std::list<std::shared_ptr<Waiter>> waiters;
};

Signal::Signal(tgkit::Executor executor, tgkit::Clock& clock) : impl_(new Impl{executor, clock, nullptr, {}}) {}
Signal::Signal(tgkit::Executor executor, tgkit::Clock& clock, tgkit::Clock& other)
    : impl_(new Impl{executor, clock, &other, {}}) {}
Signal::~Signal() { notify(); }

void Signal::notify() {
  std::list<std::shared_ptr<Impl::Waiter>> woken;
  woken.swap(impl_->waiters);
  for (const auto& waiter : woken) {
    waiter->notified = true;
    waiter->parked.cancel();
  }
}

tgkit::Task<bool> Signal::wait_until(tgkit::TimePoint deadline) {
  const auto impl = impl_;  // the signal may be destroyed while we wait
  if (impl->clock.now() >= deadline) co_return false;
  const auto waiter = std::make_shared<Impl::Waiter>(impl->executor);
  impl->waiters.push_back(waiter);
  const auto give_up = [waiter] {
    waiter->late = true;
    waiter->parked.cancel();
  };
  const auto timer = impl->clock.call_at(deadline, give_up);
  tgkit::Clock::Timer other_timer;
  if (impl->other) other_timer = impl->other->call_in(deadline - impl->clock.now(), give_up);
  boost::system::error_code error;
  co_await waiter->parked.async_wait(asio::redirect_error(asio::use_awaitable_t<tgkit::Executor>(), error));
  impl->waiters.remove(waiter);
  if (!waiter->notified && !waiter->late) throw boost::system::system_error(asio::error::operation_aborted);
  co_return waiter->notified;
}

}  // namespace sandbox
