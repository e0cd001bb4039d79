#pragma once
// Whether this instance is the one that acts for the bot. Pure: the entry (poller or webhook) says what it has seen,
// and whoever acts without being asked (trading, notices) asks before each step.
//
// Two instances with stores of their own can only be told apart by what Telegram does with them: the newer entry puts
// the older one out. So an instance that was put out stops at once, and one that has just come in waits for as long as
// the other may need to notice.
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace tgkit::bot {

struct OwnershipSettings {
  Duration settle = std::chrono::seconds{90};  // undisturbed before we are sure to be alone; 0: sure from the start
  Duration silence = std::chrono::minutes{5};  // without a word from Telegram: nobody can reach us
  std::function<void()> on_change;             // we stepped down, or are back; must not throw
};

class Ownership {
 public:
  explicit Ownership(OwnershipSettings settings) : settings_(std::move(settings)) {}

  // Telegram has answered or delivered. After a silence the entry counts as new: who knows who was there meanwhile.
  void reached(TimePoint now);
  // Updates come to us. While they do, saying it again changes nothing. `after_another`: another instance had them,
  // which may live on without Telegram, and then stops by itself after the silence only.
  void entered(TimePoint now, bool after_another = false);
  // Another instance has taken over. False: that is known already.
  bool step_down(std::string cause);

  bool stepped_down() const noexcept { return stepped_down_; }
  const std::string& cause() const noexcept { return cause_; }  // of the last time
  bool settled(TimePoint now) const;
  bool unreachable(TimePoint now) const;
  const OwnershipSettings& settings() const noexcept { return settings_; }
  void on_change(std::function<void()> act) { settings_.on_change = std::move(act); }

 private:
  void changed() const;

  OwnershipSettings settings_;
  std::optional<TimePoint> reached_, sure_from_;
  bool stepped_down_ = false;
  std::string cause_;
};

struct ComebackSettings {
  Duration look = std::chrono::seconds{5};  // between two looks at what waits at Telegram
  int looks = 3;                            // running, that found something: the other does not take it
  Duration longest = std::chrono::minutes{5};
  Duration quiet = std::chrono::minutes{10};  // after a comeback: a loss within it means that the other is well
};

// When an instance that gave way comes back: what waits at Telegram and stays there shows that nobody else is left.
class Comeback {
 public:
  explicit Comeback(ComebackSettings settings) : settings_(settings), pause_(settings.look) {}

  // We give way. After a comeback that did not last, the looks are further apart each time.
  void gave_way(TimePoint now);
  // True: come back now.
  bool looked(bool something_waits, TimePoint now);
  Duration pause() const noexcept { return pause_; }
  // We have come back and cannot be sure yet that the other is gone.
  bool on_probation(TimePoint now) const { return came_back_ && now - *came_back_ < settings_.quiet; }

 private:
  ComebackSettings settings_;
  Duration pause_;
  int running_ = 0;
  std::optional<TimePoint> came_back_;
};

}  // namespace tgkit::bot
