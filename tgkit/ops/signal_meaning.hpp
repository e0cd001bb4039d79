#pragma once
// What a signal asks for, after those before it. Pure.
#include "tgkit/async/clock.hpp"

#include <csignal>
#include <optional>

namespace tgkit::ops {

enum class SignalMeaning {
  reload,     // SIGHUP, whenever it comes
  stop,       // the first of the others
  same_stop,  // told twice: a supervisor and a script between it and us pass the same wish on
  leave_now,  // a person who does not want to wait
};

class SignalReader {
 public:
  // Signals that ask to stop within this time of the first are that one.
  static constexpr Duration same_within = std::chrono::seconds{1};

  SignalMeaning read(int number, TimePoint now) {
    if (number == SIGHUP) return SignalMeaning::reload;
    if (!first_) {
      first_ = now;
      return SignalMeaning::stop;
    }
    return now - *first_ < same_within ? SignalMeaning::same_stop : SignalMeaning::leave_now;
  }

 private:
  std::optional<TimePoint> first_;
};

}  // namespace tgkit::ops
