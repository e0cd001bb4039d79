#include "tgkit/bot/event.hpp"

#include "tgkit/telegram/types/boost.hpp"
#include "tgkit/telegram/types/bot.hpp"
#include "tgkit/telegram/types/business.hpp"
#include "tgkit/telegram/types/callback_query.hpp"
#include "tgkit/telegram/types/chat_member.hpp"
#include "tgkit/telegram/types/inline_query.hpp"
#include "tgkit/telegram/types/message.hpp"
#include "tgkit/telegram/types/payment.hpp"
#include "tgkit/telegram/types/poll.hpp"
#include "tgkit/telegram/types/reaction.hpp"

namespace tgkit::bot {

namespace {

ChatKind kind_of(const telegram::Chat& chat) {
  if (chat.type == "private") return ChatKind::private_chat;
  if (chat.type == "group") return ChatKind::group;
  if (chat.type == "supergroup") return ChatKind::supergroup;
  if (chat.type == "channel") return ChatKind::channel;
  return ChatKind::none;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

const telegram::User* pointer(const telegram::User& user) { return &user; }
const telegram::User* pointer(const telegram::Box<telegram::User>& user) { return user.get(); }

}  // namespace

std::optional<CommandText> command_of(const telegram::Message& message) {
  if (!message.text || message.entities.empty()) return std::nullopt;
  const telegram::MessageEntity& entity = message.entities.front();
  if (entity.type != "bot_command" || entity.offset != 0 || entity.length < 2) return std::nullopt;
  // Offsets count UTF-16 units; a command is ASCII, so they are bytes here. Anything else is not a command of ours.
  const std::string_view text = *message.text;
  const auto length = static_cast<std::size_t>(entity.length);
  if (length > text.size() || text.front() != '/') return std::nullopt;
  const std::string_view whole = text.substr(1, length - 1);
  const std::size_t at = whole.find('@');
  CommandText command;
  command.name = whole.substr(0, at);
  if (at != std::string_view::npos) command.bot = whole.substr(at + 1);
  command.arguments = trimmed(text.substr(length));
  return command;
}

Event::Event(telegram::Update update) : update_(std::move(update)), kind_(update_.kind()) {
  const telegram::Update& u = update_;
  for (const auto* box : {&u.message, &u.edited_message, &u.channel_post, &u.edited_channel_post, &u.business_message,
                          &u.edited_business_message, &u.guest_message}) {
    if (*box) look_up_message(**box);  // at most one kind is there
  }
  if (u.callback_query) look_up_press(*u.callback_query);
  if (!message_ && !press_) look_up_rest();
}

void Event::look_up_message(const telegram::Message& message) {
  message_ = &message;
  set_chat(message.chat);
  if (message.from) set_user(*message.from);
  if (message.is_topic_message && message.message_thread_id) topic_id_ = *message.message_thread_id;
  if (message.text) text_ = *message.text;
  command_ = command_of(message);
}

void Event::look_up_press(const telegram::CallbackQuery& press) {
  press_ = &press;
  set_user(press.from);
  if (!press.message) return;
  if (const auto* message = press.message->get_if<telegram::Message>()) {
    pressed_message_ = message;
    pressed_message_id_ = message->message_id;
    if (message->is_topic_message && message->message_thread_id) topic_id_ = *message->message_thread_id;
    set_chat(message->chat);
  } else if (const auto* gone = press.message->get_if<telegram::InaccessibleMessage>()) {
    pressed_message_id_ = gone->message_id;
    set_chat(gone->chat);
  }
}

void Event::look_up_rest() {
  const auto look = [this](const auto& box) {
    if (!box) return;
    const auto& object = *box;
    if constexpr (requires { object.chat.id; }) set_chat(object.chat);
    if constexpr (requires { pointer(object.from); }) {
      if (const telegram::User* user = pointer(object.from)) set_user(*user);
    } else if constexpr (requires { pointer(object.user); }) {
      if (const telegram::User* user = pointer(object.user)) set_user(*user);
    }
  };
  const telegram::Update& u = update_;
  look(u.inline_query);
  look(u.chosen_inline_result);
  look(u.shipping_query);
  look(u.pre_checkout_query);
  look(u.purchased_paid_media);
  look(u.poll_answer);
  look(u.my_chat_member);
  look(u.chat_member);
  look(u.chat_join_request);
  look(u.message_reaction);
  look(u.message_reaction_count);
  look(u.chat_boost);
  look(u.removed_chat_boost);
  look(u.business_connection);
  look(u.deleted_business_messages);
  look(u.managed_bot);
  look(u.subscription);
  look(u.stopped_message_generation);
}

void Event::set_user(const telegram::User& user) {
  user_ = &user;
  user_id_ = user.id;
  if (user.language_code) language_ = *user.language_code;
}

void Event::set_chat(const telegram::Chat& chat) {
  chat_ = &chat;
  chat_id_ = chat.id;
  chat_kind_ = kind_of(chat);
}

}  // namespace tgkit::bot
