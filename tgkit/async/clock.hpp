#pragma once
// Time as the program sees it: a monotonic clock for durations, wall time for dates, and one-shot timers on both.
// Everything that waits takes a Clock, so that a test can move time by hand (ManualClock).
#include "tgkit/async/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace tgkit {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::steady_clock::time_point;  // monotonic: for durations and deadlines
using WallTime = std::chrono::system_clock::time_point;   // UTC: for dates that people and servers see

// Not thread-safe: used on the loop's thread only.
class Clock {
 public:
  class Timer;  // owns one pending callback; destroying it cancels

  Clock();
  virtual ~Clock();
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  virtual TimePoint now() const = 0;
  virtual WallTime wall() const = 0;

  // Calls `callback` once on the loop's thread when now() has reached `when`, never inside call_at(). It must not
  // throw.
  [[nodiscard]] Timer call_at(TimePoint when, std::move_only_function<void()> callback);
  [[nodiscard]] Timer call_in(Duration after, std::move_only_function<void()> callback);

  // Throws boost::system::system_error (operation_aborted) when the awaiting coroutine is cancelled.
  Task<> sleep_until(TimePoint when);
  Task<> sleep_for(Duration duration);

 protected:
  using Key = std::pair<TimePoint, std::uint64_t>;

  virtual void earliest_changed() = 0;  // the earliest pending deadline is another one now
  std::optional<TimePoint> earliest() const;
  void fire_due(TimePoint now);  // runs every callback whose deadline is not later than `now`, in order

 private:
  struct Pending;
  std::shared_ptr<Pending> pending_;
};

// Move-only handle. One that outlives its Clock is never pending.
class Clock::Timer {
 public:
  Timer() = default;
  Timer(Timer&& other) noexcept;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer();
  void cancel() noexcept;
  bool pending() const noexcept;

 private:
  friend class Clock;
  Timer(std::shared_ptr<Pending> clock, Key key) : clock_(std::move(clock)), key_(key) {}
  std::shared_ptr<Pending> clock_;
  Key key_{};
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(Executor executor);
  ~SystemClock() override;
  TimePoint now() const override;
  WallTime wall() const override;

 private:
  void earliest_changed() override;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Stands still until it is moved. Callbacks run inside advance(), in the order of their deadlines, each at its own
// time; coroutines that slept go on at the next turn of the loop.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start = WallTime{std::chrono::seconds{1'790'000'000}});
  TimePoint now() const override { return now_; }
  WallTime wall() const override { return wall_; }
  void advance(Duration by);
  void set_wall(WallTime wall) { wall_ = wall; }  // as an operator or NTP does: now() and timers stay as they are

 private:
  void earliest_changed() override {}
  TimePoint now_{};
  WallTime wall_;
};

}  // namespace tgkit
