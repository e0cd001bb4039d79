#include "tgkit/bot/state.hpp"

#include "tgkit/bot/dialog.hpp"

namespace tgkit::bot {

// An update without a chat (an inline query) belongs to the person's private chat, whose id is the person's.
bool has_state_owner(const Event& event, StateScope scope) {
  if (scope == StateScope::chat) return event.chat_id() != 0 || event.user_id() != 0;
  return event.user_id() != 0;
}

storage::StateKey state_key(const Event& event, StateScope scope, std::string_view type) {
  if (!has_state_owner(event, scope))
    throw std::logic_error("state \"" + std::string(type) + "\" is asked for by an update without " +
                           (scope == StateScope::chat ? "chat" : "user"));
  const std::int64_t chat = event.chat_id() != 0 ? event.chat_id() : event.user_id();
  std::string owner;
  if (scope != StateScope::chat) owner = "u" + std::to_string(event.user_id());
  if (scope != StateScope::user) owner += "c" + std::to_string(chat);
  return {std::string(type), std::move(owner)};
}

namespace detail {

void throw_newer_state(const storage::StateKey& key, std::uint32_t found, std::uint32_t known) {
  throw NewerState("state \"" + key.type + "\" of " + key.owner + " has version " + std::to_string(found) +
                   ", newer than the " + std::to_string(known) + " known here");
}

void throw_unreadable_state(const storage::StateKey& key) {
  throw std::runtime_error("state \"" + key.type + "\" of " + key.owner + " is no JSON object; it was left as it is");
}

std::string step_condition(std::string_view dialog, std::int64_t step) {
  return "dialog " + std::string(dialog) + " at step " + std::to_string(step);
}

}  // namespace detail

}  // namespace tgkit::bot
