// Changing and removing messages.
#include "sandbox/bot_api/markup.hpp"
#include "sandbox/bot_api/media.hpp"
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/text.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr UnixSeconds deletable_for = 48 * 3600;

struct Editing {
  Chat& chat;
  Message& message;
  json::object object;
};

Editing begin_edit(Call& call) {
  if (call.arguments.has("inline_message_id")) throw bad_request("MESSAGE_ID_INVALID");
  Chat& chat = writable_chat(call);
  Message& message = own_message(call, chat, "edit");
  return Editing{chat, message, message.object()};
}

// The inline keyboard of an edit: what is not given is removed, as the real server does.
void put_keyboard(Call& call, json::object& object) {
  const ReplyMarkup markup = read_markup(call.text("reply_markup"));
  if (!markup.keyboard.is_null() || markup.remove_keyboard) throw bad_request("inline keyboard expected");
  object.erase("reply_markup");
  if (!markup.inline_keyboard.is_null()) object["reply_markup"] = markup.inline_keyboard;
}

Result finish_edit(Call& call, Editing& editing) {
  json::object before = editing.message.object();
  before.erase("edit_date");
  json::object after = editing.object;
  after.erase("edit_date");
  if (before == after) {
    throw bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message");
  }
  // edit_date stands behind date, as the real server writes it
  json::object ordered;
  for (auto& member : after) {
    ordered[member.key()] = std::move(member.value());
    if (member.key() == "date") ordered["edit_date"] = call.world.now();
  }
  call.world.edit(editing.chat, editing.message, std::move(ordered));
  return editing.message.text;
}

Result edit_message_text(Call& call) {
  Editing editing = begin_edit(call);
  json::object content;
  put_text(call, content);
  if (!editing.object.contains("text")) throw bad_request("there is no text in the message to edit");
  editing.object.erase("entities");
  editing.object.erase("link_preview_options");
  for (auto& member : content) editing.object[member.key()] = std::move(member.value());
  if (const auto preview = json_argument(call, "link_preview_options"); preview && preview->is_object()) {
    editing.object["link_preview_options"] = *preview;
  }
  put_keyboard(call, editing.object);
  return finish_edit(call, editing);
}

bool takes_caption(const json::object& message) {
  for (const char* kind : {"photo", "video", "animation", "audio", "document", "voice"}) {
    if (message.contains(kind)) return true;
  }
  return false;
}

Result edit_message_caption(Call& call) {
  Editing editing = begin_edit(call);
  if (!takes_caption(editing.object)) throw bad_request("there is no caption in the message to edit");
  editing.object.erase("caption");
  editing.object.erase("caption_entities");
  put_caption(call, editing.object);
  put_keyboard(call, editing.object);
  return finish_edit(call, editing);
}

Result edit_message_media(Call& call) {
  Editing editing = begin_edit(call);
  const json::object media = required_object(call, "media");
  json::object content = media_content(call, media);
  for (const char* key : {"photo", "video", "animation", "audio", "document", "caption", "caption_entities", "text",
                          "entities", "has_media_spoiler", "show_caption_above_media"}) {
    editing.object.erase(key);
  }
  for (auto& member : content) editing.object[member.key()] = std::move(member.value());
  put_keyboard(call, editing.object);
  return finish_edit(call, editing);
}

Result edit_message_reply_markup(Call& call) {
  Editing editing = begin_edit(call);
  put_keyboard(call, editing.object);
  return finish_edit(call, editing);
}

Result stop_poll(Call& call) {
  Editing editing = begin_edit(call);
  const json::object* poll = member_object(editing.object, "poll");
  if (!poll) throw bad_request("message with poll to stop not found");
  if (member_bool(*poll, "is_closed")) throw bad_request("poll has already been closed");
  editing.object["poll"].get_object()["is_closed"] = true;
  put_keyboard(call, editing.object);
  const json::value stopped = editing.object["poll"];
  finish_edit(call, editing);
  return to_wire(stopped);
}

void check_deletable(Call& call, const Chat& chat, const Message& message) {
  const Member* member = chat.member(call.bot.id);
  const bool may_delete_others = chat.is_private() || (member && member->administrator());
  const bool own = message.sender == call.bot.id;
  const bool too_old = call.world.now() - message.date > deletable_for;
  if ((!own && !may_delete_others) || (too_old && !(member && member->administrator()))) {
    throw bad_request("message can't be deleted for everyone");
  }
}

Result delete_message(Call& call) {
  Chat& chat = readable_chat(call);
  const std::int64_t id = call.integer("message_id");
  if (id == 0) throw bad_request("message identifier is not specified");
  const Message* message = chat.alive(id);
  if (!message) throw bad_request("message to delete not found");
  check_deletable(call, chat, *message);
  call.world.remove(chat, {id});
  return std::string("true");
}

Result delete_messages(Call& call) {
  Chat& chat = readable_chat(call);
  const auto value = json_argument(call, "message_ids");
  if (!value || !value->is_array() || value->get_array().empty())
    throw bad_request("message identifiers are not specified");
  if (value->get_array().size() > 100) throw bad_request("too many message identifiers specified");
  std::vector<std::int64_t> ids;
  for (const json::value& item : value->get_array()) {
    if (!item.is_int64()) throw bad_request("message identifier is invalid");
    if (const Message* message = chat.alive(item.get_int64())) {  // those that are gone are passed over
      check_deletable(call, chat, *message);
      ids.push_back(message->id);
    }
  }
  call.world.remove(chat, ids);
  return std::string("true");
}

Result pin_chat_message(Call& call) {
  Chat& chat = writable_chat(call);
  const std::int64_t id = call.integer("message_id");
  const Message* message = chat.alive(id);
  if (!message) throw bad_request("message to pin not found");
  const Member* member = chat.member(call.bot.id);
  if (!chat.is_private() && !(member && member->administrator())) {
    throw bad_request("not enough rights to manage pinned messages in the chat");
  }
  json::object pinned = message->object();
  pinned.erase("reply_to_message");
  call.world.set_pinned(chat, id);
  call.world.post(chat, Author{call.bot.id, true}, json::object{{"pinned_message", std::move(pinned)}});
  return std::string("true");
}

Result unpin_chat_message(Call& call) {
  Chat& chat = writable_chat(call);
  const std::int64_t id = call.integer("message_id");
  if (id != 0 && !chat.alive(id)) throw bad_request("message to unpin not found");
  if (id == 0 || id == chat.pinned) call.world.set_pinned(chat, 0);
  return std::string("true");
}

Result unpin_all(Call& call) {
  call.world.set_pinned(writable_chat(call), 0);
  return std::string("true");
}

Result set_message_reaction(Call& call) {
  Chat& chat = writable_chat(call);
  const Message* message = chat.alive(call.integer("message_id"));
  if (!message) throw bad_request("message to react not found");
  json::value reactions = json::array();
  if (const auto value = json_argument(call, "reaction")) reactions = *value;
  if (!reactions.is_array()) throw bad_request("can't parse reaction types: Expected an Array of ReactionType");
  call.world.tell("reaction", &chat, call.bot.id,
                  fmt::format(R"(,"message_id":{},"reactions":{})", message->id, to_wire(reactions)));
  return std::string("true");
}

constexpr Method methods[] = {{"editMessageText", edit_message_text},
                              {"editMessageCaption", edit_message_caption},
                              {"editMessageMedia", edit_message_media},
                              {"editMessageReplyMarkup", edit_message_reply_markup},
                              {"stopPoll", stop_poll},
                              {"deleteMessage", delete_message},
                              {"deleteMessages", delete_messages},
                              {"pinChatMessage", pin_chat_message},
                              {"unpinChatMessage", unpin_chat_message},
                              {"unpinAllChatMessages", unpin_all},
                              {"setMessageReaction", set_message_reaction}};

}  // namespace

std::span<const Method> edit_methods() { return methods; }

}  // namespace sandbox
