#include "tgkit/async/clock.hpp"

#include <map>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tgkit {

// Shared with the timers, so that one that outlives its clock finds out.
struct Clock::Pending {
  Clock* clock;
  std::map<Key, std::move_only_function<void()>> callbacks;
  std::uint64_t next = 0;
};

Clock::Clock() : pending_(std::make_shared<Pending>()) { pending_->clock = this; }

Clock::~Clock() {
  pending_->clock = nullptr;
  // What a callback owns may own a Timer, whose end must not meet the map while it is being emptied.
  const auto dropped = std::exchange(pending_->callbacks, {});
}

Clock::Timer Clock::call_at(TimePoint when, std::move_only_function<void()> callback) {
  const Key key(when, pending_->next++);
  const auto [position, fresh] = pending_->callbacks.emplace(key, std::move(callback));
  if (position == pending_->callbacks.begin()) earliest_changed();
  return Timer(pending_, key);
}

Clock::Timer Clock::call_in(Duration after, std::move_only_function<void()> callback) {
  return call_at(now() + after, std::move(callback));
}

std::optional<TimePoint> Clock::earliest() const {
  if (pending_->callbacks.empty()) return std::nullopt;
  return pending_->callbacks.begin()->first.first;
}

// A callback may add and cancel others; one that adds itself again for a time that has come waits for the next call.
void Clock::fire_due(TimePoint now) {
  const std::shared_ptr<Pending> pending = pending_;
  const std::uint64_t limit = pending->next;
  auto position = pending->callbacks.begin();
  while (position != pending->callbacks.end() && position->first.first <= now) {
    if (position->first.second >= limit) {
      ++position;
      continue;
    }
    auto callback = std::move(position->second);
    pending->callbacks.erase(position);
    callback();
    position = pending->callbacks.begin();
  }
}

Clock::Timer::Timer(Timer&& other) noexcept : clock_(std::move(other.clock_)), key_(other.key_) {}

Clock::Timer& Clock::Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    cancel();
    clock_ = std::move(other.clock_);
    key_ = other.key_;
  }
  return *this;
}

Clock::Timer::~Timer() { cancel(); }

void Clock::Timer::cancel() noexcept {
  const std::shared_ptr<Pending> pending = std::move(clock_);
  if (!pending || pending->clock == nullptr) return;
  const auto position = pending->callbacks.find(key_);
  if (position == pending->callbacks.end()) return;
  const bool was_earliest = position == pending->callbacks.begin();
  const auto dropped = std::move(position->second);  // destroyed last: it may own other timers
  pending->callbacks.erase(position);
  if (was_earliest) pending->clock->earliest_changed();
}

bool Clock::Timer::pending() const noexcept { return clock_ && clock_->callbacks.contains(key_); }

namespace {

using Resume = std::move_only_function<void(boost::system::error_code)>;

// A coroutine that sleeps: woken by the clock or by its cancellation, whichever comes first.
struct Sleeper {
  Sleeper(Executor executor_, Resume resume_) : executor(executor_), resume(std::move(resume_)) {}

  void finish(boost::system::error_code result) {
    if (!resume) return;
    timer.cancel();
    boost::asio::post(executor, [resume = std::exchange(resume, {}), result]() mutable { resume(result); });
  }

  Executor executor;
  Resume resume;
  Clock::Timer timer;
};

}  // namespace

Task<> Clock::sleep_until(TimePoint when) {
  auto initiate = [this, when](auto handler) {
    const Executor executor = boost::asio::get_associated_executor(handler);
    const boost::asio::cancellation_slot slot = boost::asio::get_associated_cancellation_slot(handler);
    const auto sleeper = std::make_shared<Sleeper>(executor, Resume(std::move(handler)));
    if (when <= now()) return sleeper->finish({});
    sleeper->timer = call_at(when, [sleeper] { sleeper->finish({}); });
    if (auto cancel = slot; cancel.is_connected()) {
      cancel.assign([weak = std::weak_ptr(sleeper)](boost::asio::cancellation_type) {
        if (const auto alive = weak.lock()) alive->finish(boost::asio::error::operation_aborted);
      });
    }
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>, void(boost::system::error_code)>(
      initiate, boost::asio::use_awaitable_t<Executor>());
}

Task<> Clock::sleep_for(Duration duration) { return sleep_until(now() + duration); }

// One timer of the system for all callbacks. It is not moved to a later time when the earliest callback goes away: it
// then fires early once and is set anew, which is cheaper than setting it for every cancelled deadline.
struct SystemClock::Impl {
  using SystemTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                        boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

  Impl(SystemClock& clock_, Executor executor) : clock(&clock_), timer(executor) {}

  SystemClock* clock;
  SystemTimer timer;
  std::optional<TimePoint> armed;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);

  void arm(TimePoint when) {
    armed = when;
    timer.expires_at(when);
    timer.async_wait([this, alive = alive](boost::system::error_code error) {
      if (error || !*alive) return;  // set anew, or the clock is gone
      armed.reset();
      clock->fire_due(clock->now());
      if (*alive) clock->earliest_changed();
    });
  }
};

SystemClock::SystemClock(Executor executor) : impl_(std::make_unique<Impl>(*this, executor)) {}

SystemClock::~SystemClock() { *impl_->alive = false; }

TimePoint SystemClock::now() const { return std::chrono::steady_clock::now(); }

WallTime SystemClock::wall() const { return std::chrono::system_clock::now(); }

void SystemClock::earliest_changed() {
  const std::optional<TimePoint> first = earliest();
  if (!first) {
    impl_->armed.reset();
    impl_->timer.cancel();  // a pending wait would keep the loop running
  } else if (!impl_->armed || *first < *impl_->armed) {
    impl_->arm(*first);
  }
}

ManualClock::ManualClock(WallTime start) : wall_(start) {}

void ManualClock::advance(Duration by) {
  const TimePoint target = now_ + by;
  const WallTime start_wall = wall_;
  const TimePoint start = now_;
  const auto move_to = [&](TimePoint when) {
    now_ = when;
    wall_ = start_wall + std::chrono::duration_cast<WallTime::duration>(when - start);
  };
  for (auto first = earliest(); first && *first <= target; first = earliest()) {
    move_to(std::max(now_, *first));
    fire_due(now_);
  }
  move_to(target);
}

}  // namespace tgkit
