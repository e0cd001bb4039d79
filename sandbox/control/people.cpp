// Creating and changing people, bots and chats.
#include "sandbox/control/request.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

std::int64_t free_user_id(const World& world) {
  std::int64_t id = 100'000'001;
  while (world.users().contains(id)) ++id;
  return id;
}

std::vector<std::int64_t> id_list(const ControlRequest& request, const char* key) {
  std::vector<std::int64_t> ids;
  if (const json::array* list = member_array(request.body, key)) {
    for (const json::value& item : *list) ids.push_back(id_of(request, item));
  }
  return ids;
}

Author author_of(const ControlRequest& request, std::int64_t id) {
  if (request.world.bot(id)) return Author{id, true};
  if (request.world.user(id)) return Author{id, false};
  throw ControlError(fmt::format("no person or bot {}; create one with POST /control/users or /control/bots", id));
}

void join(const ControlRequest& request, Chat& chat, std::int64_t id, const std::string& status, Author by) {
  const Author who = author_of(request, id);
  request.world.set_member(chat, who, status, by);
  if (chat.is_channel()) return;
  const json::object person = request.world.person_json(id);
  request.world.post(
      chat, by,
      json::object{
          {"new_chat_participant", person}, {"new_chat_member", person}, {"new_chat_members", json::array{person}}});
}

void create_members(const ControlRequest& request, Chat& chat) {
  const Author creator = author_of(request, named_user(request, "creator").id);
  chat.members[creator.id] = Member{"creator", false};
  const auto admins = id_list(request, "admins");
  for (const char* key : {"members", "bots"}) {
    for (const std::int64_t id : id_list(request, key)) {
      const bool admin = std::find(admins.begin(), admins.end(), id) != admins.end();
      join(request, chat, id, admin ? "administrator" : "member", creator);
    }
  }
}

void change_members(const ControlRequest& request, Chat& chat) {
  Author by{0, false};
  for (const auto& [id, member] : chat.members) {
    if (member.status == "creator") by = Author{id, false};
  }
  if (request.has("by")) by = author_of(request, named_user(request, "by").id);
  for (const std::int64_t id : id_list(request, "add")) join(request, chat, id, "member", by);
  for (const std::int64_t id : id_list(request, "remove")) {
    const Author who = author_of(request, id);
    const json::object person = request.world.person_json(id);
    if (!chat.is_channel()) {
      request.world.post(chat, by, json::object{{"left_chat_participant", person}, {"left_chat_member", person}});
    }
    request.world.set_member(chat, who, "kicked", by);
  }
  for (const std::int64_t id : id_list(request, "promote")) {
    request.world.set_member(chat, author_of(request, id), "administrator", by);
  }
  for (const std::int64_t id : id_list(request, "demote")) {
    request.world.set_member(chat, author_of(request, id), "member", by);
  }
  if (request.has("title")) {
    chat.title = request.text("title");
    request.world.chat_changed(chat);
    request.world.post(chat, by, json::object{{"new_chat_title", chat.title}});
  }
}

}  // namespace

std::string put_user(const ControlRequest& request) {
  User user;
  user.id = request.number("id", free_user_id(request.world));
  if (const User* known = request.world.user(user.id)) user = *known;
  if (user.id <= 0 || request.world.bot(user.id)) throw ControlError("\"id\" must be above 0 and no bot's");
  if (request.has("first_name")) user.first_name = request.text("first_name");
  if (request.has("last_name")) user.last_name = request.text("last_name");
  if (request.has("username")) user.username = request.text("username");
  if (request.has("language_code")) user.language_code = request.text("language_code");
  user.is_premium = request.flag("is_premium", user.is_premium);
  if (user.first_name.empty()) throw ControlError("\"first_name\" is missing");
  return with_seq(request, "\"user\":" + to_wire(request.world.put_user(user).as_json()));
}

std::string put_bot(const ControlRequest& request) {
  const std::int64_t id = request.number("id");
  if (id <= 0) throw ControlError("\"id\" is missing: the number before the colon of its token");
  if (request.world.user(id)) throw ControlError("\"id\" is a person's");
  Bot& bot = request.world.ensure_bot(id);
  if (request.has("username")) bot.username = request.text("username");
  if (request.has("first_name")) bot.first_name = request.text("first_name");
  bot.can_read_all_group_messages = request.flag("can_read_all_group_messages", bot.can_read_all_group_messages);
  bot.supports_inline_queries = request.flag("supports_inline_queries", bot.supports_inline_queries);
  request.world.bot_changed(bot);
  return with_seq(request, "\"bot\":" + bot_entry(request, bot));
}

std::string put_chat(const ControlRequest& request) {
  if (request.has("chat")) {
    Chat& chat = named_chat(request);
    if (chat.is_private()) throw ControlError("a private chat has no members to change; use /control/block");
    change_members(request, chat);
    return with_seq(request, "\"chat\":" + chat_entry(request, chat));
  }
  const std::string type = request.text("type");
  if (type != "group" && type != "supergroup" && type != "channel") {
    throw ControlError("\"type\" must be group, supergroup or channel");
  }
  if (request.text("title").empty()) throw ControlError("\"title\" is missing");
  named_user(request, "creator");
  Chat& chat = request.world.create_chat(type, request.text("title"), type == "group" ? "" : request.text("username"));
  create_members(request, chat);
  request.world.chat_changed(chat);
  return with_seq(request, "\"chat\":" + chat_entry(request, chat));
}

std::string block(const ControlRequest& request) {
  Chat& chat = request.world.private_chat(named_user(request).id, named_bot(request).id);
  request.world.set_blocked(chat, request.flag("blocked", true));
  return with_seq(request, "");
}

}  // namespace sandbox
