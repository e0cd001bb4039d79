#pragma once
// The sandbox's time: runs with the machine's, or stands still and is moved by hand.
#include "tgkit/async/clock.hpp"

namespace sandbox {

// Not thread-safe: used on the loop's thread only.
class WorldClock final : public tgkit::Clock {
 public:
  explicit WorldClock(tgkit::Clock& real) : real_(real) {}

  tgkit::TimePoint now() const override { return running_ ? real_.now() + ahead_ : now_; }
  tgkit::WallTime wall() const override { return running_ ? real_.wall() + wall_ahead_ : wall_; }
  tgkit::Clock& real() { return real_; }
  bool running() const { return running_; }
  tgkit::Duration ahead() const { return wall() - real_.wall(); }  // of the machine's clock; below zero: behind

  void stop();  // stands still from now on
  void run();   // goes on from where it stands
  // Of a clock that stands still: moves to the next deadline, but not beyond `target`, and runs what is due there.
  // True: it stands at `target` and nothing is due.
  bool step(tgkit::TimePoint target);

 private:
  void earliest_changed() override;
  void move_to(tgkit::TimePoint when);

  tgkit::Clock& real_;
  bool running_ = true;
  tgkit::Duration ahead_{0}, wall_ahead_{0};  // while it runs
  tgkit::TimePoint now_{};                    // while it stands
  tgkit::WallTime wall_{};
  tgkit::Clock::Timer alarm_;
};

}  // namespace sandbox
