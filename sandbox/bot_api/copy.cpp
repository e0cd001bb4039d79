// Forwarding and copying messages.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/sending.hpp"
#include "sandbox/bot_api/text.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

struct Source {
  Chat& chat;
  json::object message;
};

Source find_source(Call& call, std::int64_t message_id, const char* purpose) {
  Chat& chat = readable_chat(call, "from_chat_id");
  if (message_id == 0) throw bad_request("message identifier is not specified");
  const Message* message = chat.alive(message_id);
  if (!message) throw bad_request(fmt::format("message to {} not found", purpose));
  Source source{chat, message->object()};
  if (source.message.contains("has_protected_content"))
    throw bad_request(fmt::format("message can't be {}", purpose[0] == 'c' ? "copied" : "forwarded"));
  return source;
}

json::object content_of(const json::object& message) {
  json::object content;
  for (const auto& member : message) {
    const json::string_view key = member.key();
    const bool frame = key == "message_id" || key == "from" || key == "chat" || key == "date" || key == "edit_date" ||
                       key == "reply_to_message" || key == "reply_markup" || key == "media_group_id" ||
                       key == "sender_chat" || key == "external_reply" || key == "quote";
    if (!frame) content[key] = member.value();
  }
  return content;
}

Message& forward_one(Call& call, Chat& chat, std::int64_t message_id) {
  const Source source = find_source(call, message_id, "forward");
  json::object content;
  json::object origin{{"type", "user"}, {"date", source.message.at("date")}};
  if (const json::object* from = member_object(source.message, "from")) {
    origin["sender_user"] = *from;
    content["forward_from"] = *from;  // undocumented, still written
  } else {
    origin["type"] = "channel";
    origin["chat"] = source.message.at("chat");
    origin["message_id"] = message_id;
  }
  content["forward_date"] = source.message.at("date");
  if (const json::object* earlier = member_object(source.message, "forward_origin")) origin = *earlier;
  content["forward_origin"] = std::move(origin);
  json::object rest = content_of(source.message);
  for (auto& member : rest) {
    if (!content.contains(member.key())) content[member.key()] = std::move(member.value());
  }
  return post_message(call, chat, json::object{}, std::move(content), ReplyMarkup{});
}

Message& copy_one(Call& call, Chat& chat, std::int64_t message_id, bool with_changes) {
  const Source source = find_source(call, message_id, "copy");
  json::object content = content_of(source.message);
  for (const char* key : {"forward_origin", "forward_date", "forward_from"}) content.erase(key);
  if (with_changes && call.arguments.has("caption") && !content.contains("text")) {
    content.erase("caption");
    content.erase("caption_entities");
    put_caption(call, content);
  }
  return with_changes ? send(call, std::move(content))
                      : post_message(call, chat, json::object{}, std::move(content), ReplyMarkup{});
}

std::string message_id_json(const Message& message) { return fmt::format("{{\"message_id\":{}}}", message.id); }

Result forward_message(Call& call) {
  Chat& chat = writable_chat(call);
  return forward_one(call, chat, call.integer("message_id")).text;
}

Result copy_message(Call& call) {
  Chat& chat = writable_chat(call);
  return message_id_json(copy_one(call, chat, call.integer("message_id"), true));
}

std::vector<std::int64_t> read_ids(Call& call) {
  const auto value = json_argument(call, "message_ids");
  if (!value || !value->is_array() || value->get_array().empty())
    throw bad_request("message identifiers are not specified");
  if (value->get_array().size() > 100) throw bad_request("too many message identifiers specified");
  std::vector<std::int64_t> ids;
  for (const json::value& item : value->get_array()) {
    if (!item.is_int64()) throw bad_request("message identifier is invalid");
    if (!ids.empty() && item.get_int64() <= ids.back()) {
      throw bad_request("message identifiers must be in a strictly increasing order");
    }
    ids.push_back(item.get_int64());
  }
  return ids;
}

// Messages that cannot be found are passed over, unless none is left.
Result each(Call& call, bool forward) {
  Chat& chat = writable_chat(call);
  Chat& from = readable_chat(call, "from_chat_id");
  std::string list;
  for (const std::int64_t id : read_ids(call)) {
    if (!from.alive(id)) continue;
    const Message& message = forward ? forward_one(call, chat, id) : copy_one(call, chat, id, false);
    list += (list.empty() ? "" : ",") + message_id_json(message);
  }
  if (list.empty()) throw bad_request(forward ? "there are no messages to forward" : "there are no messages to copy");
  return "[" + list + "]";
}

Result forward_messages(Call& call) { return each(call, true); }
Result copy_messages(Call& call) { return each(call, false); }

constexpr Method methods[] = {{"forwardMessage", forward_message},
                              {"copyMessage", copy_message},
                              {"forwardMessages", forward_messages},
                              {"copyMessages", copy_messages}};

}  // namespace

std::span<const Method> copy_methods() { return methods; }

}  // namespace sandbox
