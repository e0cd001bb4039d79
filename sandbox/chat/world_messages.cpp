// What the world does with messages: keeps them, tells the page, queues updates for the bots that see them.
#include "sandbox/chat/world.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr UnixSeconds day = 86'400;       // how long Telegram keeps messages for a bot
constexpr UnixSeconds press_lives = 150;  // and callback queries
constexpr std::size_t kept_queries = 10'000;

constexpr std::string_view service_keys[] = {"new_chat_members",     "left_chat_member",   "new_chat_title",
                                             "pinned_message",       "group_chat_created", "supergroup_chat_created",
                                             "channel_chat_created", "migrate_to_chat_id", "migrate_from_chat_id",
                                             "successful_payment"};

// The command at the very beginning of the text; empty: none.
std::string leading_command(const json::object& message) {
  const json::array* entities = member_array(message, "entities");
  if (!entities || entities->empty() || !entities->front().is_object()) return {};
  const json::object& first = entities->front().get_object();
  if (member_text(first, "type") != "bot_command" || member_int(first, "offset") != 0) return {};
  return member_text(message, "text").substr(0, static_cast<std::size_t>(member_int(first, "length").value_or(0)));
}

}  // namespace

// Privacy mode: in groups a bot sees commands, replies to it and service messages, unless it is an administrator or
// privacy mode is off.
bool World::sees(const Bot& bot, const Chat& chat, const json::object& message) const {
  if (chat.is_private() || chat.is_channel()) return true;
  const Member* member = chat.member(bot.id);
  if (bot.can_read_all_group_messages || (member && member->administrator())) return true;
  for (const std::string_view key : service_keys) {
    if (message.contains(json::string_view(key.data(), key.size()))) return true;
  }
  if (const json::object* replied = member_object(message, "reply_to_message")) {
    const json::object* from = member_object(*replied, "from");
    if (from && member_int(*from, "id") == bot.id) return true;
  }
  const std::string command = leading_command(message);
  if (command.empty()) return false;
  const std::size_t at = command.find('@');
  return at == std::string::npos || command.substr(at + 1) == bot.username;
}

void World::deliver_message(Chat& chat, const Message& message, const json::object& object, bool edited) {
  const std::string kind =
      chat.is_channel() ? (edited ? "edited_channel_post" : "channel_post") : (edited ? "edited_message" : "message");
  const UnixSeconds expires = (edited ? now() : message.date) + day;
  if (chat.is_private()) {
    if (Bot* other = bot(chat.key.bot)) deliver(*other, kind, message.text, expires);
    return;
  }
  for (const auto& [id, member] : chat.members) {
    Bot* other = member.is_bot && member.present() && id != message.sender ? bot(id) : nullptr;
    if (other && sees(*other, chat, object)) deliver(*other, kind, message.text, expires);
  }
}

Message& World::post(Chat& chat, Author author, json::object content, std::optional<UnixSeconds> date) {
  json::object object{{"message_id", chat.next_message_id()}};
  if (chat.is_channel()) {
    object["sender_chat"] = chat_json(chat);
  } else {
    object["from"] = person_json(author.id);
  }
  object["chat"] = chat_json(chat);
  object["date"] = date.value_or(now());
  for (auto& member : content) object[member.key()] = std::move(member.value());

  Message message;
  message.id = chat.next_message_id();
  message.sender = author.id;
  message.outgoing = !author.is_bot;
  message.date = date.value_or(now());
  message.text = to_wire(object);
  message.seq = events_.last() + 1;
  Message& stored = chat.append(std::move(message), options_.keep_messages);
  tell("message", &chat, author.is_bot ? author.id : 0,
       fmt::format(R"(,"outgoing":{},"message":{})", stored.outgoing, stored.text));
  if (!author.is_bot) deliver_message(chat, stored, object, false);
  return stored;
}

void World::edit(Chat& chat, Message& message, json::object changed) {
  message.text = to_wire(changed);
  ++message.edits;
  message.seq = events_.last() + 1;
  tell("edit", &chat, message.outgoing ? 0 : message.sender,
       fmt::format(R"(,"outgoing":{},"message":{})", message.outgoing, message.text));
  if (message.outgoing) deliver_message(chat, message, changed, true);
}

void World::remove(Chat& chat, const std::vector<std::int64_t>& message_ids) {
  std::string list;
  for (const std::int64_t id : message_ids) {
    Message* message = chat.alive(id);
    if (!message) continue;
    message->deleted = true;
    message->seq = events_.last() + 1;
    list += (list.empty() ? "" : ",") + std::to_string(id);
  }
  if (!list.empty()) tell("delete", &chat, 0, ",\"message_ids\":[" + list + "]");
}

void World::set_keyboard(Chat& chat, json::value keyboard) {
  chat.keyboard = std::move(keyboard);
  tell("keyboard", &chat, 0, ",\"keyboard\":" + to_wire(chat.keyboard));
}

void World::set_pinned(Chat& chat, std::int64_t message_id) {
  chat.pinned = message_id;
  tell("pin", &chat, 0, fmt::format(R"(,"message_id":{})", message_id));
}

std::string World::press(Chat& chat, const Message& message, std::int64_t user, std::int64_t bot_id,
                         const std::string& data) {
  const std::string id = std::to_string(4'000'000'000'000'000'000u + ++callbacks_ * 7'919u);
  if (callback_queries_.size() >= kept_queries) callback_queries_.erase(callback_queries_.begin());
  CallbackQuery query;
  query.bot = bot_id;
  query.user = user;
  query.chat = chat.key;
  query.message_id = message.id;
  query.asked = now();
  callback_queries_[id] = query;
  tell("press", &chat, bot_id,
       fmt::format(R"(,"user":{},"message_id":{},"callback_query_id":"{}","data":{})", user, message.id, id,
                   quote(data)));
  if (Bot* asked = bot(bot_id)) {
    const std::string object =
        fmt::format(R"({{"id":"{}","from":{},"message":{},"chat_instance":"{}","data":{}}})", id,
                    to_wire(person_json(user)), message.text, chat.key.chat * 31 + chat.key.bot, quote(data));
    deliver(*asked, "callback_query", object, now() + press_lives);
  }
  return id;
}

CallbackQuery* World::callback_query(const std::string& id) {
  const auto found = callback_queries_.find(id);
  return found == callback_queries_.end() ? nullptr : &found->second;
}

}  // namespace sandbox
