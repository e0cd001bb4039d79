#include "tgkit/bot/addressed.hpp"

#include "tgkit/bot/command.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/telegram/types/message.hpp"

#include <algorithm>
#include <array>

namespace tgkit::bot {

namespace {

// What a person has written or sent; everything else is Telegram's own word about the chat, kinds of the future, too.
bool has_content(const telegram::Message& m) {
  const bool file = !m.photo.empty() || m.video || m.document || m.audio || m.voice || m.animation || m.sticker ||
                    m.video_note || m.story || m.live_photo || m.paid_media;
  return m.text || m.caption || m.rich_message || file || m.contact || m.location || m.venue || m.dice || m.poll ||
         m.game || m.checklist;
}

bool is_another_bot(const telegram::Message& m) { return m.from && m.from->is_bot && !m.sender_chat; }

// In a topic that we opened, every message "replies" to its opening.
bool replies_to(const telegram::Message& m, std::int64_t user) {
  const auto& to = m.reply_to_message;
  return user != 0 && to && to->from && to->from->id == user && !to->forum_topic_created;
}

}  // namespace

bool is_addressed(const Matching& matching, const Event& event, bool takes_command) {
  if (event.callback_query() != nullptr) return true;
  if (event.kind() != telegram::UpdateKind::message) return false;
  const telegram::Message& message = *event.message();
  if (!has_content(message) || message.is_automatic_forward || is_another_bot(message)) return false;
  if (event.chat_kind() == ChatKind::private_chat) return true;
  if (replies_to(message, matching.id)) return true;
  const std::optional<CommandText>& command = event.command();
  return command && may_mean_us(matching, *command) && (takes_command || !command->bot.empty());
}

bool is_addressed(const Context& ctx) {
  return is_addressed(ctx.matching(), ctx.event(), !ctx.route().command.empty());
}

bool is_service_account(std::int64_t user_id) noexcept {
  constexpr std::array<std::int64_t, 3> accounts = {777000, 1087968824, 136817688};
  return std::ranges::find(accounts, user_id) != accounts.end();
}

bool may_name_number(const Event& event) {
  const bool as_a_chat = event.message() != nullptr && event.message()->sender_chat;
  return event.chat_kind() == ChatKind::private_chat && !as_a_chat && !is_service_account(event.user_id());
}

std::int64_t speaker_of(const Event& event) {
  if (event.message() != nullptr && event.message()->sender_chat) return event.message()->sender_chat->id;
  return event.user_id();
}

}  // namespace tgkit::bot
