#pragma once
// One update with everything filters, middleware and handlers ask for looked up once: who, where, which text, which
// command. Views and pointers lead into the update, which the event owns.
#include "tgkit/telegram/types/update.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tgkit::bot {

enum class ChatKind { none, private_chat, group, supergroup, channel };

// "/price@our_bot AK-47 12" cut by its bot_command entity.
struct CommandText {
  std::string_view name;       // "price", in the user's own case
  std::string_view bot;        // "our_bot", empty when not named
  std::string_view arguments;  // "AK-47 12", outer blanks removed
};

class Event {
 public:
  explicit Event(telegram::Update update);

  const telegram::Update& update() const noexcept { return update_; }
  std::int64_t update_id() const noexcept { return update_.update_id; }
  telegram::UpdateKind kind() const noexcept { return kind_; }

  // The new or edited message or post of this update; not the one a button hangs on. Null when there is none.
  const telegram::Message* message() const noexcept { return message_; }
  const telegram::CallbackQuery* callback_query() const noexcept { return press_; }
  // The message whose button was pressed; null when it is inaccessible or was sent inline.
  const telegram::Message* pressed_message() const noexcept { return pressed_message_; }
  std::int64_t pressed_message_id() const noexcept { return pressed_message_id_; }  // 0: none

  const telegram::User* user() const noexcept { return user_; }  // who acted; null for channel posts and polls
  const telegram::Chat* chat() const noexcept { return chat_; }  // where; null for inline queries and the like
  std::int64_t user_id() const noexcept { return user_id_; }     // 0: none
  std::int64_t chat_id() const noexcept { return chat_id_; }     // 0: none
  std::int64_t topic_id() const noexcept { return topic_id_; }   // of a forum; 0: none
  ChatKind chat_kind() const noexcept { return chat_kind_; }

  std::string_view text() const noexcept { return text_; }          // of message(); empty when it has none
  std::string_view language() const noexcept { return language_; }  // the user's IETF code, may be empty
  const std::optional<CommandText>& command() const noexcept { return command_; }

 private:
  void look_up_message(const telegram::Message& message);
  void look_up_press(const telegram::CallbackQuery& press);
  void look_up_rest();
  void set_user(const telegram::User& user);
  void set_chat(const telegram::Chat& chat);

  telegram::Update update_;
  telegram::UpdateKind kind_;
  const telegram::Message* message_ = nullptr;
  const telegram::CallbackQuery* press_ = nullptr;
  const telegram::Message* pressed_message_ = nullptr;
  const telegram::User* user_ = nullptr;
  const telegram::Chat* chat_ = nullptr;
  std::int64_t pressed_message_id_ = 0, user_id_ = 0, chat_id_ = 0, topic_id_ = 0;
  ChatKind chat_kind_ = ChatKind::none;
  std::string_view text_, language_;
  std::optional<CommandText> command_;
};

// The command that stands at the very start of the message, if a bot_command entity says so.
std::optional<CommandText> command_of(const telegram::Message& message);

}  // namespace tgkit::bot
