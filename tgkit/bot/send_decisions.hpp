#pragma once
// What becomes of a message after a try to send it. Pure.
#include "tgkit/async/clock.hpp"
#include "tgkit/telegram/error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tgkit::bot {

enum class SendStep {
  refused,    // Telegram said no for good: the message leaves the outbox
  uncertain,  // it may have arrived: not repeated, since nothing recognises a double
  again,      // after `pause`
  moved,      // again at once, to `chat_id`: the group became a supergroup
};

struct SendVerdict {
  SendStep step = SendStep::refused;
  Duration pause{0};
  std::int64_t chat_id = 0;
  bool worth_a_warning = true;  // false for what is normal: a button answered too late, an edit that changes nothing
};

// Doing it twice is doing it once: edits, deletes, answers, settings.
bool is_repeatable(std::string_view method);

// `tries`: how often it was tried, this time included. `jitter`: 0..1.
SendVerdict judge(const telegram::Error& error, unsigned tries, double jitter);

}  // namespace tgkit::bot
