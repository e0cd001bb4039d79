#pragma once
// What becomes of a message after a try to send it. Pure.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/delivery.hpp"
#include "tgkit/telegram/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tgkit::bot {

enum class SendStep {
  sent,         // the answer was damaged, and says enough
  refused,      // Telegram said no for good: the message leaves the outbox
  unreachable,  // so it did, and will to every message for this chat: blocked, kicked, deactivated
  unknown,      // it may have arrived, and nothing would recognise a double: the message's policy decides
  again,        // surely not done, or harmless to do twice: after `pause`
  flooded,      // again after `pause`, and nothing else for this chat before
  moved,        // again at once, to `chat_id`: the group became a supergroup
};

struct SendVerdict {
  SendStep step = SendStep::refused;
  Duration pause{0};
  std::int64_t chat_id = 0;
  bool worth_a_warning = true;  // false for what is normal: a button answered too late, an edit that changes nothing
};

// Doing it twice is doing it once: edits, deletes, answers, settings.
bool is_repeatable(std::string_view method);

// `tries`: how often it was tried, this time included. `moves`: how often it was moved before. `jitter`: 0..1.
SendVerdict judge(const telegram::Error& error, unsigned tries, unsigned moves, double jitter);

// Whether the policy has something else to try after this refusal.
bool is_worth_another_way(const telegram::Error& error, IfRefused policy);

// Until a message whose fate is unknown is sent again. `unknowns`: how many of its tries were so, this one included.
// nullopt: it has been repeated so often that somebody should look.
std::optional<Duration> repeat_pause(unsigned unknowns, double jitter);

// Whether 429s are about all that we send rather than about single chats: so many different chats meet them, with
// nothing sent in between.
class FloodStreak {
 public:
  explicit FloodStreak(std::size_t most) : most_(most) {}
  bool another(std::int64_t chat);  // true: about all
  void sent() noexcept { chats_.clear(); }

 private:
  std::size_t most_;
  std::vector<std::int64_t> chats_;  // at most that many
};

}  // namespace tgkit::bot
