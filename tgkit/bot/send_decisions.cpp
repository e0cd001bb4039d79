#include "tgkit/bot/send_decisions.hpp"

#include <algorithm>
#include <array>

namespace tgkit::bot {

namespace {

constexpr unsigned most_moves = 3;  // a chat moves once; a peer that always says "moved" does not hold us
constexpr unsigned most_repeats = 5;

// Doubles from one second to one minute, of which a part is left to chance.
Duration growing_pause(unsigned tries, double jitter) {
  const Duration bound =
      std::min<Duration>(std::chrono::minutes{1}, std::chrono::seconds{1} * (1U << std::min(tries - 1, 6U)));
  const double part = 0.5 + 0.5 * std::clamp(jitter, 0.0, 1.0);
  return std::chrono::duration_cast<Duration>(bound * part);
}

bool is_no_news(const telegram::Error& error) {
  const bool deleted_already = error.is_message_gone() && error.method().starts_with("delete");
  return error.is_query_too_old() || error.is_not_modified() || deleted_already || error.is_blocked();
}

}  // namespace

bool is_repeatable(std::string_view method) {
  constexpr std::array<std::string_view, 10> beginnings = {"edit",           "delete", "answer", "set", "pin",
                                                           "sendChatAction", "unpin",  "stop",   "ban", "unban"};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return method.starts_with(beginning); });
}

SendVerdict judge(const telegram::Error& error, unsigned tries, unsigned moves, double jitter) {
  SendVerdict verdict;
  if (error.outcome() == telegram::Outcome::sent) {
    verdict.step = SendStep::sent;
  } else if (error.is_flood()) {
    verdict.step = SendStep::flooded;
    verdict.pause = error.retry_after().value_or(std::chrono::seconds{1});
  } else if (error.migrate_to_chat_id() && moves < most_moves) {
    verdict.step = SendStep::moved;
    verdict.chat_id = *error.migrate_to_chat_id();
  } else if (error.is_unauthorized()) {
    // The poller ends the program for it; with a new token the message can still go out.
    verdict.step = SendStep::again;
    verdict.pause = std::chrono::minutes{1};
  } else if (error.outcome() == telegram::Outcome::unknown && !is_repeatable(error.method())) {
    verdict.step = SendStep::unknown;
  } else if (error.retryable()) {
    verdict.step = SendStep::again;
    verdict.pause = growing_pause(tries, jitter);
  } else {
    verdict.step = error.is_blocked() ? SendStep::unreachable : SendStep::refused;
    verdict.worth_a_warning = !is_no_news(error);
  }
  return verdict;
}

bool is_worth_another_way(const telegram::Error& error, IfRefused policy) {
  switch (policy) {
    case IfRefused::send_anew:
      return error.is_edit_refused();
    case IfRefused::leave_topic:
      return error.is_topic_gone();
    case IfRefused::give_up:
      break;
  }
  return false;
}

bool FloodStreak::another(std::int64_t chat) {
  if (chats_.size() < most_ && std::ranges::find(chats_, chat) == chats_.end()) chats_.push_back(chat);
  return chats_.size() >= most_;
}

std::optional<Duration> repeat_pause(unsigned unknowns, double jitter) {
  if (unknowns > most_repeats) return std::nullopt;
  return growing_pause(unknowns, jitter);
}

}  // namespace tgkit::bot
