#include "sandbox/bot_api/sending.hpp"

namespace sandbox {
namespace {

struct ReplyTo {
  std::int64_t message_id = 0;
  std::string chat;
  bool optional = false;
  std::string quote;
};

ReplyTo read_reply(Call& call) {
  ReplyTo reply;
  if (const auto value = json_argument(call, "reply_parameters")) {
    if (!value->is_object()) throw bad_request("object expected as reply parameters");
    const json::object& object = value->get_object();
    reply.message_id = member_int(object, "message_id").value_or(0);
    reply.optional = member_bool(object, "allow_sending_without_reply");
    reply.quote = member_text(object, "quote");
    if (const json::value* chat = object.if_contains("chat_id")) {
      reply.chat = chat->is_string() ? member_text(object, "chat_id") : json::serialize(*chat);
    }
    return reply;
  }
  reply.message_id = call.integer("reply_to_message_id");  // undocumented, still accepted
  reply.optional = call.flag("allow_sending_without_reply");
  return reply;
}

// Groups show a selective keyboard to the one replied to and to those mentioned.
json::array shown_to(const json::object& content) {
  json::array users;
  if (const json::object* replied = member_object(content, "reply_to_message")) {
    if (const json::object* from = member_object(*replied, "from")) users.push_back(from->at("id"));
  }
  return users;
}

void show_keyboard(World& world, Chat& chat, const ReplyMarkup& markup, const json::object& content, std::int64_t id) {
  if (markup.remove_keyboard) {
    if (!chat.keyboard.is_null()) world.set_keyboard(chat, nullptr);
  } else if (!markup.keyboard.is_null()) {
    json::object keyboard = markup.keyboard.get_object();
    keyboard["message_id"] = id;
    if (member_bool(keyboard, "selective") && !chat.is_private()) keyboard["for"] = shown_to(content);
    world.set_keyboard(chat, std::move(keyboard));
  }
}

}  // namespace

json::object reply_members(Call& call, Chat& chat) {
  json::object members;
  const ReplyTo reply = read_reply(call);
  if (reply.message_id <= 0) return members;
  Chat* source = &chat;
  if (!reply.chat.empty() && lenient_integer(reply.chat) != chat.key.chat) {
    source = reply.chat.starts_with('@') ? call.world.chat(std::string_view(reply.chat))
                                         : call.world.chat(ChatKey{lenient_integer(reply.chat), 0});
  }
  const Message* replied = source ? source->alive(reply.message_id) : nullptr;
  if (!replied) {
    if (reply.optional) return members;
    throw bad_request("message to be replied not found");
  }
  json::object object = replied->object();
  object.erase("reply_to_message");  // only one level deep
  if (source == &chat) {
    members["reply_to_message"] = std::move(object);
  } else {
    members["external_reply"] = json::object{{"chat", call.world.chat_json(*source)}, {"message_id", reply.message_id}};
  }
  if (!reply.quote.empty()) {
    members["quote"] = json::object{{"text", reply.quote}, {"position", 0}, {"is_manual", true}};
  }
  return members;
}

Message& post_message(Call& call, Chat& chat, const json::object& reply, json::object content,
                      const ReplyMarkup& markup) {
  json::object members = reply;
  for (auto& member : content) members[member.key()] = std::move(member.value());
  if (!markup.inline_keyboard.is_null()) members["reply_markup"] = markup.inline_keyboard;
  if (call.flag("protect_content")) members["has_protected_content"] = true;
  const json::object seen = members;
  Message& message = call.world.post(chat, Author{call.bot.id, true}, std::move(members));
  show_keyboard(call.world, chat, markup, seen, message.id);
  return message;
}

Message& send(Call& call, json::object content) {
  const ReplyMarkup markup = read_markup(call.text("reply_markup"));
  Chat& chat = writable_chat(call);
  const json::object reply = reply_members(call, chat);
  return post_message(call, chat, reply, std::move(content), markup);
}

}  // namespace sandbox
