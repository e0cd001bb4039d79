#pragma once
// Updates that piled up at Telegram while the bot was away: which of them are still handled. What lies in our own inbox
// is not pending; it is finished in any case.
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tgkit::telegram {
struct Update;
}

namespace tgkit::bot {

enum class Pending { keep, drop, recent };

struct PendingPolicy {
  PendingPolicy(Pending what_ = Pending::keep,
                std::chrono::seconds recent_ = {})  // NOLINT(google-explicit-constructor)
      : what(what_), recent(recent_) {}
  Pending what;
  std::chrono::seconds recent;  // Pending::recent: those that are not older
};
std::string to_text(const PendingPolicy& policy);  // "drop", "recent:300"

// Lost updates of these kinds would be lost money, or leave what is stored about a chat wrong for good: payments,
// subscriptions, business connections, who has blocked the bot, groups that became supergroups.
bool is_always_kept(const telegram::Update& update);

// When it happened, as far as Telegram says so. Unix seconds.
std::optional<std::int64_t> date_of(const telegram::Update& update);

enum class PendingFate {
  handle,
  too_old,    // a press: nobody knows when it was made. It is answered that it must be made again
  pass_over,  // dropped
};
// `now`: Unix seconds. Without a date an update counts as recent: rather one too many than one lost.
PendingFate fate_of(const PendingPolicy& policy, const telegram::Update& update, std::int64_t now);

// Counts the pending updates down while they are taken, oldest first.
class PendingUpdates {
 public:
  explicit PendingUpdates(PendingPolicy policy) : policy_(policy) {}

  const PendingPolicy& policy() const noexcept { return policy_; }
  // So many wait at Telegram; the updates taken from now on are these, then new ones.
  void found(std::int64_t count);
  // The same where the policy does not apply: only presses are judged.
  void found_staying(std::int64_t count);
  // For a while nothing was taken: presses that come now may be old, until caught_up().
  void was_away() { presses_may_be_old_ = true; }
  void caught_up() { presses_may_be_old_ = false; }
  void none_left();  // Telegram has no more, whatever was found

  bool open() const noexcept { return left_ > 0; }
  PendingFate judge(const telegram::Update& update, std::int64_t now);  // the next one taken
  PendingFate was_known(PendingFate fate);  // the one just judged had been taken before: it is not counted
  void unreadable() { count(nullptr); }     // the next one could not be read

  // Once, when the last pending update has been judged.
  struct Summary {
    std::int64_t found = 0, dropped = 0, presses = 0;
  };
  std::optional<Summary> take_summary();

 private:
  void count(std::int64_t* what);

  PendingPolicy policy_;
  bool stays_ = false, presses_may_be_old_ = false;
  std::int64_t left_ = 0;
  Summary summary_;
};

}  // namespace tgkit::bot
