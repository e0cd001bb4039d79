#pragma once
// The world in memory: people, bots, chats, files, and the log of what happened. Whoever acts in it (the Bot API for
// bots, the control API for people) goes through here, so that updates are queued and events told in one place.
#include "sandbox/chat/chat.hpp"
#include "sandbox/chat/event_log.hpp"
#include "sandbox/chat/file_store.hpp"
#include "sandbox/chat/inline_queries.hpp"
#include "sandbox/chat/payments.hpp"
#include "sandbox/chat/people.hpp"
#include "sandbox/chat/signal.hpp"
#include "sandbox/chat/world_clock.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/webhook/rules.hpp"
#include "tgkit/async/clock.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

struct Author {
  std::int64_t id = 0;
  bool is_bot = false;
};

struct CallbackQuery {
  std::int64_t bot = 0;
  std::int64_t user = 0;
  ChatKey chat;
  std::int64_t message_id = 0;
  UnixSeconds asked = 0;
  bool answered = false;
  std::string text;
  bool show_alert = false;
  std::string url;
  std::int64_t cache_time = 0;
};

struct WorldOptions {
  std::size_t keep_messages = 20'000;  // of each chat
  std::size_t keep_events = 20'000;
  WebhookRules webhook;
};

// Not thread-safe: used on the loop's thread only.
class World {
 public:
  // `real` is the machine's clock.
  World(tgkit::Executor executor, tgkit::Clock& real, Faults& faults, WorldOptions options);

  // What happens in the world goes by clock(); what protects callers and the control API's waits by real_clock().
  WorldClock& clock() { return clock_; }
  tgkit::Clock& real_clock() { return clock_.real(); }
  UnixSeconds now() const;
  double exact_now() const;  // with milliseconds
  // Keeps a caller waiting, until so much time has passed on the machine's clock or on the world's.
  tgkit::Task<> hold(tgkit::Duration duration);

  // People and bots.
  User& put_user(User user);  // new or changed
  const User* user(std::int64_t id) const;
  const User* user(std::string_view username) const;
  Bot& ensure_bot(std::int64_t id);
  Bot* bot(std::int64_t id);
  Bot* bot(std::string_view username);
  void bot_changed(const Bot& bot);
  const std::map<std::int64_t, User>& users() const { return users_; }
  const std::map<std::int64_t, std::unique_ptr<Bot>>& bots() const { return bots_; }
  json::object person_json(std::int64_t id) const;  // of a user or a bot; a deleted account when unknown

  // Chats.
  Chat& private_chat(std::int64_t user, std::int64_t bot);  // begun when it does not exist
  Chat& create_chat(std::string type, std::string title, std::string username);
  Chat* chat(ChatKey key);
  Chat* chat(std::string_view username);
  std::map<ChatKey, std::unique_ptr<Chat>>& chats() { return chats_; }
  json::object chat_json(const Chat& chat) const;
  void chat_changed(const Chat& chat);
  // Joins, leaves, is promoted, blocks ... : updates for the bots concerned, an event for the page.
  void set_member(Chat& chat, Author who, std::string status, Author by);
  void set_blocked(Chat& chat, bool blocked);
  json::object member_json(std::int64_t id, const Member& member) const;

  // Messages. `content` holds everything but message_id, from, chat and date.
  Message& post(Chat& chat, Author author, json::object content, std::optional<UnixSeconds> date = std::nullopt);
  void edit(Chat& chat, Message& message, json::object changed);  // `changed`: the whole message
  void remove(Chat& chat, const std::vector<std::int64_t>& message_ids);
  void set_keyboard(Chat& chat, json::value keyboard);
  void set_pinned(Chat& chat, std::int64_t message_id);

  // Queues an update unless the bot does not want its kind. Returns the update_id, 0 when none was made.
  std::int64_t deliver(Bot& bot, const std::string& kind, const std::string& object, UnixSeconds expires);

  const WebhookRules& webhook_rules() const { return options_.webhook; }
  // Registers another webhook, or none; whoever delivers is told.
  void set_webhook(Bot& bot, Webhook webhook);
  void on_webhook(std::function<void(Bot&)> listener) { webhook_listener_ = std::move(listener); }

  // Buttons.
  std::string press(Chat& chat, const Message& message, std::int64_t user, std::int64_t bot, const std::string& data);
  CallbackQuery* callback_query(const std::string& id);

  // What happened.
  const Event& tell(std::string kind, const Chat* chat, std::int64_t bot, std::string details);
  EventLog& events() { return events_; }
  Signal& changed() { return changed_; }  // an event, a recorded call, a poll that begins, an update confirmed

  FileStore& files() { return files_; }
  Payments& payments() { return payments_; }
  InlineQueries& inline_queries() { return inline_queries_; }

  // Ends every wait; what still comes is not held open any more.
  void stop();
  bool stopping() const { return stopping_; }

 private:
  std::int64_t queue_update(Bot& bot, const std::string& kind, const std::string& object, UnixSeconds expires);
  void deliver_message(Chat& chat, const Message& message, const json::object& object, bool edited);
  bool sees(const Bot& bot, const Chat& chat, const json::object& message) const;
  void tell_member(Chat& chat, Author who, const Member& before, const Member& after, Author by);

  tgkit::Executor executor_;
  WorldClock clock_;
  Faults& faults_;
  WorldOptions options_;
  std::map<std::int64_t, User> users_;
  std::map<std::int64_t, std::unique_ptr<Bot>> bots_;
  std::map<ChatKey, std::unique_ptr<Chat>> chats_;
  std::map<std::string, CallbackQuery> callback_queries_;
  std::uint64_t callbacks_ = 0;
  std::int64_t groups_ = 0;
  FileStore files_;
  Payments payments_;
  InlineQueries inline_queries_;
  EventLog events_;
  Signal changed_;
  std::function<void(Bot&)> webhook_listener_;
  bool stopping_ = false;
};

}  // namespace sandbox
