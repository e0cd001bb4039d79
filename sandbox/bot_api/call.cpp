#include "sandbox/bot_api/call.hpp"

#include <limits>

#include <fmt/format.h>

namespace sandbox {

std::int64_t Call::integer(std::string_view name, std::int64_t fallback) const {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return arguments.integer(name, fallback, -most, most);
}

namespace {

std::string kind_word(const Chat& chat) { return chat.type == "group" ? "group" : chat.type; }

Chat* find_chat(Call& call, std::string_view id) {
  if (id.starts_with('@')) return call.world.chat(id);
  const std::int64_t number = lenient_integer(id);
  if (number > 0) return call.world.chat(ChatKey{number, call.bot.id});
  return call.world.chat(ChatKey{number, 0});
}

// The bot sees this person in some group, though they never wrote to each other.
bool has_met(Call& call, std::int64_t user) {
  for (const auto& [key, chat] : call.world.chats()) {
    if (chat->member(user) && chat->member(call.bot.id)) return true;
  }
  return false;
}

}  // namespace

namespace {

// Others take no notice of the parameter.
bool takes_topic(std::string_view method) {
  return method.starts_with("send") || method.starts_with("copy") || method.starts_with("forward");
}

}  // namespace

Chat& readable_chat(Call& call, std::string_view name) {
  const std::string& id = call.text(name);
  if (id.empty()) throw bad_request(fmt::format("{} is empty", name));
  if (Chat* chat = find_chat(call, id)) {
    const bool stranger = !chat->is_private() && chat->username.empty() && !chat->member(call.bot.id);
    if (!stranger) return *chat;
  }
  const std::int64_t number = lenient_integer(id);
  if (number > 0 && call.world.bot(number)) throw forbidden("bots can't send messages to bots");
  if (number > 0 && has_met(call, number)) throw forbidden("bot can't initiate conversation with a user");
  throw bad_request("chat not found");
}

Chat& writable_chat(Call& call) {
  Chat& chat = readable_chat(call);
  if (chat.is_private()) {
    if (chat.blocked) throw forbidden("bot was blocked by the user");
    return chat;
  }
  const Member* member = chat.member(call.bot.id);
  if (member && member->status == "kicked")
    throw forbidden(fmt::format("bot was kicked from the {} chat", kind_word(chat)));
  if (!member || !member->present())
    throw forbidden(fmt::format("bot is not a member of the {} chat", kind_word(chat)));
  if (chat.is_channel() && !member->administrator()) throw bad_request("need administrator rights in the channel chat");
  if (takes_topic(call.method) && call.integer("message_thread_id") > 0) throw bad_request("message thread not found");
  return chat;
}

Message& own_message(Call& call, Chat& chat, std::string_view purpose) {
  const std::int64_t id = call.integer("message_id");
  if (id == 0) throw bad_request("message identifier is not specified");
  Message* message = chat.alive(id);
  if (!message) throw bad_request(fmt::format("message to {} not found", purpose));
  if (message->sender != call.bot.id) throw bad_request(fmt::format("message can't be {}ed", purpose));
  return *message;
}

std::int64_t required_user(Call& call) {
  if (!call.arguments.has("user_id")) throw bad_request("invalid user_id specified");
  const std::int64_t id = call.integer("user_id");
  if (id <= 0) throw bad_request("invalid user_id specified");
  if (!call.world.user(id) && !call.world.bot(id)) throw bad_request("user not found");
  return id;
}

std::string required(Call& call, std::string_view name) {
  if (!call.arguments.has(name)) throw bad_request(fmt::format("parameter \"{}\" is required", name));
  return call.text(name);
}

std::optional<json::value> json_argument(Call& call, std::string_view name) {
  if (!call.arguments.has(name)) return std::nullopt;
  auto value = parse_json(call.text(name));
  if (!value) throw bad_request(fmt::format("can't parse {} JSON object", name));
  return value;
}

json::object required_object(Call& call, std::string_view name) {
  required(call, name);
  const auto value = json_argument(call, name);
  if (!value->is_object()) throw bad_request(fmt::format("object expected as {}", name));
  return value->get_object();
}

}  // namespace sandbox
