#include "sandbox/control/request.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace sandbox {
namespace {

std::string known_bots(const World& world) {
  std::string list;
  for (const auto& [id, bot] : world.bots())
    list += fmt::format("{}{} (@{})", list.empty() ? "" : ", ", id, bot->username);
  return list.empty() ? "none yet: a bot comes into being when its token is used, or by POST /control/bots" : list;
}

std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string().data(), value.get_string().size()) : json::serialize(value);
}

}  // namespace

std::int64_t ControlRequest::number(std::string_view key, std::int64_t fallback) const {
  if (!has(key)) return fallback;
  const auto value = member_int(body, key);
  if (!value) throw ControlError(fmt::format("\"{}\" must be a whole number", key));
  return *value;
}

double ControlRequest::seconds(std::string_view key, double fallback) const {
  if (const std::string value = text(key); !value.empty()) return std::strtod(value.c_str(), nullptr);
  return member_number(body, key, fallback);
}

bool ControlRequest::flag(std::string_view key, bool fallback) const {
  if (const std::string value = text(key); !value.empty()) return lenient_flag(value);
  return member_bool(body, key, fallback);
}

std::int64_t id_of(const ControlRequest& request, const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  const std::string name = as_text(value);
  if (const std::int64_t number = lenient_integer(name); number != 0) return number;
  if (const User* user = request.world.user(std::string_view(name))) return user->id;
  if (const Bot* bot = request.world.bot(std::string_view(name))) return bot->id;
  throw ControlError(fmt::format("nobody is called \"{}\"; GET /control/state lists everybody", name));
}

const User& named_user(const ControlRequest& request, std::string_view key) {
  const json::value* value = request.body.if_contains(json::string_view(key.data(), key.size()));
  if (!value) throw ControlError(fmt::format("\"{}\" is missing: give the id or the user name of a person", key));
  const User* user = request.world.user(id_of(request, *value));
  if (!user) throw ControlError(fmt::format("no person {}; create one with POST /control/users", as_text(*value)));
  return *user;
}

Bot& named_bot(const ControlRequest& request) {
  if (const json::value* value = request.body.if_contains("bot")) {
    Bot* bot = request.world.bot(id_of(request, *value));
    if (!bot) throw ControlError(fmt::format("no bot {}; known: {}", as_text(*value), known_bots(request.world)));
    return *bot;
  }
  const auto& bots = request.world.bots();
  if (bots.size() == 1) return *bots.begin()->second;
  throw ControlError(fmt::format("\"bot\" is missing: say which; known: {}", known_bots(request.world)));
}

Chat& named_chat(const ControlRequest& request) {
  const json::value* value = request.body.if_contains("chat");
  if (!value) throw ControlError("\"chat\" is missing: give its number");
  if (value->is_string() && value->get_string().starts_with("@")) {
    if (Chat* chat = request.world.chat(std::string_view(as_text(*value)))) return *chat;
  }
  const std::int64_t id = id_of(request, *value);
  if (id < 0) {
    if (Chat* chat = request.world.chat(ChatKey{id, 0})) return *chat;
    throw ControlError(fmt::format("no chat {}; create one with POST /control/chats", id));
  }
  if (request.has("bot")) {
    if (Chat* chat = request.world.chat(ChatKey{id, named_bot(request).id})) return *chat;
    throw ControlError(fmt::format("{} has no private chat with this bot yet; write into it first", id));
  }
  std::vector<Chat*> candidates;
  for (const auto& [bot, entry] : request.world.bots()) {
    if (Chat* chat = request.world.chat(ChatKey{id, bot})) candidates.push_back(chat);
  }
  if (candidates.size() == 1) return *candidates.front();
  throw ControlError(candidates.empty() ? fmt::format("no private chat {} yet; write into it first", id)
                                        : "several bots have this private chat: add \"bot\"");
}

std::string with_seq(const ControlRequest& request, const std::string& members) {
  return fmt::format("{{\"seq\":{}{}{}}}", request.seq, members.empty() ? "" : ",", members);
}

}  // namespace sandbox
