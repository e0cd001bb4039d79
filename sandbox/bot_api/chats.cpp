// Asking about chats and their members, and acting on them.
#include "sandbox/bot_api/methods.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

json::object permissions() {
  json::object object;
  for (const char* name :
       {"can_send_messages", "can_send_media_messages", "can_send_audios", "can_send_documents", "can_send_photos",
        "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
        "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"}) {
    object[name] = true;
  }
  return object;
}

Result get_chat(Call& call) {
  const Chat& chat = readable_chat(call);
  json::object object = call.world.chat_json(chat);
  if (!chat.username.empty()) object["active_usernames"] = json::array{json::string(chat.username)};
  if (!chat.description.empty()) object["description"] = chat.description;
  if (!chat.is_private()) object["permissions"] = permissions();
  object["accent_color_id"] = 0;
  object["max_reaction_count"] = 11;
  object["accepted_gift_types"] = json::object{{"unlimited_gifts", true},
                                               {"limited_gifts", true},
                                               {"unique_gifts", true},
                                               {"premium_subscription", true},
                                               {"gifts_from_channels", true}};
  if (const Message* pinned = chat.find(chat.pinned); pinned && !pinned->deleted)
    object["pinned_message"] = pinned->object();
  return to_wire(object);
}

Chat& group(Call& call) {
  Chat& chat = readable_chat(call);
  if (chat.is_private()) throw bad_request("chat not found");
  return chat;
}

Result get_chat_member(Call& call) {
  const Chat& chat = readable_chat(call);
  const std::int64_t user = required_user(call);
  if (chat.is_private()) {
    const bool inside = user == chat.key.chat || user == call.bot.id;
    if (!inside) throw bad_request("user not found");
    return to_wire(call.world.member_json(user, Member{"member", user == call.bot.id}));
  }
  const Member* member = chat.member(user);
  return to_wire(call.world.member_json(user, member ? *member : Member{"left", false}));
}

Result get_chat_member_count(Call& call) {
  const Chat& chat = readable_chat(call);
  if (chat.is_private()) return std::string("2");
  return std::to_string(std::count_if(chat.members.begin(), chat.members.end(),
                                      [](const auto& entry) { return entry.second.present(); }));
}

Result get_chat_administrators(Call& call) {
  const Chat& chat = readable_chat(call);
  if (chat.is_private()) throw bad_request("there are no administrators in the private chat");
  json::array list;
  for (const auto& [id, member] : chat.members) {
    if (member.administrator() && (!member.is_bot || id == call.bot.id))
      list.push_back(call.world.member_json(id, member));
  }
  return to_wire(json::value(std::move(list)));
}

Result leave_chat(Call& call) {
  Chat& chat = readable_chat(call);
  if (chat.is_private()) throw bad_request("chat can't be left");
  const Author self{call.bot.id, true};
  call.world.post(chat, self, json::object{{"left_chat_member", call.bot.as_json()}});
  call.world.set_member(chat, self, "left", self);
  return std::string("true");
}

void require_administrator(Call& call, const Chat& chat) {
  const Member* member = chat.member(call.bot.id);
  if (!member || !member->administrator()) throw bad_request("not enough rights to restrict/unrestrict chat member");
}

Result change_member(Call& call, const char* status) {
  Chat& chat = group(call);
  const std::int64_t user = required_user(call);
  require_administrator(call, chat);
  const Member* member = chat.member(user);
  if (member && member->status == "creator") throw bad_request("can't remove chat owner");
  call.world.set_member(chat, Author{user, call.world.bot(user) != nullptr}, status, Author{call.bot.id, true});
  return std::string("true");
}

Result ban_chat_member(Call& call) { return change_member(call, "kicked"); }
Result unban_chat_member(Call& call) { return change_member(call, "left"); }
Result promote_chat_member(Call& call) { return change_member(call, "administrator"); }

Result set_chat_title(Call& call) {
  Chat& chat = group(call);
  require_administrator(call, chat);
  if (!call.arguments.has("title")) throw bad_request("title must be non-empty");
  chat.title = call.text("title");
  call.world.chat_changed(chat);
  call.world.post(chat, Author{call.bot.id, true}, json::object{{"new_chat_title", chat.title}});
  return std::string("true");
}

Result set_chat_description(Call& call) {
  Chat& chat = group(call);
  require_administrator(call, chat);
  if (chat.description == call.text("description")) throw bad_request("chat description is not modified");
  chat.description = call.text("description");
  return std::string("true");
}

constexpr Method methods[] = {{"getChat", get_chat},
                              {"getChatMember", get_chat_member},
                              {"getChatMemberCount", get_chat_member_count},
                              {"getChatMembersCount", get_chat_member_count},
                              {"getChatAdministrators", get_chat_administrators},
                              {"leaveChat", leave_chat},
                              {"banChatMember", ban_chat_member},
                              {"kickChatMember", ban_chat_member},
                              {"unbanChatMember", unban_chat_member},
                              {"promoteChatMember", promote_chat_member},
                              {"setChatTitle", set_chat_title},
                              {"setChatDescription", set_chat_description}};

}  // namespace

std::span<const Method> chat_methods() { return methods; }

}  // namespace sandbox
