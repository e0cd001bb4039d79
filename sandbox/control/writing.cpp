// What people do in chats: write, edit, press.
#include "sandbox/bot_api/media.hpp"
#include "sandbox/bot_api/text.hpp"
#include "sandbox/control/request.hpp"
#include "sandbox/entities/format.hpp"

#include <fmt/format.h>
#include <sodium.h>

namespace sandbox {
namespace {

std::string from_base64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  std::size_t length = 0;
  const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                       text.size(), " \r\n", &length, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (failed != 0) throw ControlError("the file is no base64");
  bytes.resize(length);
  return bytes;
}

Chat& chat_to_write(const ControlRequest& request, const User& user) {
  const std::int64_t named = request.has("chat") ? id_of(request, request.body.at("chat")) : user.id;
  if (named == user.id) {
    Chat& chat = request.world.private_chat(user.id, named_bot(request).id);
    if (chat.blocked) throw ControlError("this person has blocked the bot; unblock it first (/control/block)");
    return chat;
  }
  Chat& chat = named_chat(request);
  const Member* member = chat.member(user.id);
  if (!member || !member->present()) throw ControlError("this person is not in that chat; add them (/control/chats)");
  if (chat.is_channel() && !member->administrator()) throw ControlError("only administrators write into a channel");
  return chat;
}

// Explicit entities are taken as given: a person's app has made them.
void put_text_of_person(const ControlRequest& request, const char* key, const char* entities_key,
                        json::object& content) {
  const std::string text = request.text(key);
  if (text.empty()) return;
  const auto formatted = format_text(text);
  if (!formatted) throw ControlError(fmt::format("\"{}\": {}", key, formatted.error()));
  if (const json::array* entities = member_array(request.body, entities_key)) {
    content[key] = text;
    if (!entities->empty()) content[entities_key] = *entities;
    return;
  }
  content[key] = formatted->text;
  if (!formatted->entities.empty()) content[entities_key] = entities_json(request.world, *formatted);
}

void put_file_of_person(const ControlRequest& request, json::object& content) {
  for (const char* kind : {"photo", "document", "video", "audio", "voice", "animation", "sticker", "video_note"}) {
    const UploadedFile* upload = request.uploads.file(kind);
    if (!upload && !request.has(kind)) continue;
    std::string bytes = upload ? upload->content : from_base64(request.text(kind));
    std::string name = upload && !upload->name.empty() ? upload->name : request.text("file_name");
    std::string mime = upload && !upload->content_type.empty() ? upload->content_type : request.text("mime_type");
    if (bytes.empty()) throw ControlError("the file is empty");
    const StoredFile& file = request.world.files().add(kind, std::move(name), std::move(mime), std::move(bytes));
    if (std::string_view(kind) == "photo" && file.width == 0)
      throw ControlError("the photo is no PNG, JPEG, GIF or WebP file");
    put_media(request.world, kind, file, request.body, content);
    put_text_of_person(request, "caption", "caption_entities", content);
    return;
  }
}

std::optional<json::object> object_of(const ControlRequest& request, const char* key) {
  if (const json::object* object = member_object(request.body, key)) return *object;
  const auto parsed = parse_json(request.text(key));
  if (parsed && parsed->is_object()) return parsed->get_object();
  return std::nullopt;
}

void put_other_content(const ControlRequest& request, json::object& content) {
  if (auto contact = object_of(request, "contact")) content["contact"] = std::move(*contact);
  if (auto location = object_of(request, "location")) content["location"] = std::move(*location);
  if (request.has("dice")) content["dice"] = json::object{{"emoji", request.text("dice")}, {"value", 4}};
}

json::object reply_of_person(const ControlRequest& request, Chat& chat) {
  json::object members;
  if (!request.has("reply_to")) return members;
  const Message* replied = chat.alive(request.number("reply_to"));
  if (!replied) throw ControlError("\"reply_to\" names no message of this chat");
  json::object object = replied->object();
  object.erase("reply_to_message");
  members["reply_to_message"] = std::move(object);
  return members;
}

// A one-time keyboard goes away when one of its buttons was used.
void use_keyboard(World& world, Chat& chat, const json::object& content) {
  const json::object* keyboard = chat.keyboard.if_object();
  if (!keyboard) return;
  if (keyboard->contains("force_reply")) {
    world.set_keyboard(chat, nullptr);
    return;
  }
  const json::array* rows = member_array(*keyboard, "keyboard");
  if (!rows || !member_bool(*keyboard, "one_time_keyboard")) return;
  const std::string text = member_text(content, "text");
  for (const json::value& row : *rows) {
    for (const json::value& button : row.as_array()) {
      if (member_text(button.as_object(), "text") == text) {
        world.set_keyboard(chat, nullptr);
        return;
      }
    }
  }
}

struct Button {
  const Message* message = nullptr;
  json::object button;
};

std::optional<json::object> find_button(const ControlRequest& request, const Message& message) {
  const json::object object = message.object();
  const json::object* markup = member_object(object, "reply_markup");
  const json::array* rows = markup ? member_array(*markup, "inline_keyboard") : nullptr;
  if (!rows) return std::nullopt;
  std::int64_t row_number = 0;
  for (const json::value& row : *rows) {
    std::int64_t column = 0;
    for (const json::value& value : row.as_array()) {
      const json::object& button = value.as_object();
      const bool by_place =
          request.has("row") && request.number("row") == row_number && request.number("col") == column;
      const bool by_data = request.has("data") && member_text(button, "callback_data") == request.text("data") &&
                           button.contains("callback_data");
      const bool by_text = request.has("text") && member_text(button, "text") == request.text("text");
      if (by_place || by_data || by_text) return button;
      ++column;
    }
    ++row_number;
  }
  return std::nullopt;
}

Button button_to_press(const ControlRequest& request, Chat& chat) {
  if (!request.has("row") && !request.has("data") && !request.has("text")) {
    throw ControlError("name the button: \"data\", \"text\", or \"row\" and \"col\"");
  }
  if (request.has("message_id")) {
    const Message* message = chat.alive(request.number("message_id"));
    if (!message) throw ControlError("\"message_id\" names no message of this chat");
    if (auto button = find_button(request, *message)) return Button{message, std::move(*button)};
    throw ControlError("this message has no such button; GET /control/transcript shows its buttons");
  }
  const auto& messages = chat.messages();
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (message->deleted) continue;
    if (auto button = find_button(request, *message)) return Button{&*message, std::move(*button)};
  }
  throw ControlError("no message of this chat has such a button; GET /control/transcript shows what there is");
}

}  // namespace

std::string send_as_user(const ControlRequest& request) {
  const User& user = named_user(request);
  Chat& chat = chat_to_write(request, user);
  json::object content = reply_of_person(request, chat);
  const std::size_t framed = content.size();
  put_text_of_person(request, "text", "entities", content);
  put_file_of_person(request, content);
  put_other_content(request, content);
  if (content.size() == framed) throw ControlError("nothing to send: give text, a file, contact, location or dice");
  if (request.has("media_group_id")) content["media_group_id"] = request.text("media_group_id");
  const json::object seen = content;
  std::optional<UnixSeconds> date;
  if (request.has("date")) date = request.number("date");
  const Message& message = request.world.post(chat, Author{user.id, false}, std::move(content), date);
  const std::string text = message.text;
  use_keyboard(request.world, chat, seen);
  return with_seq(request, "\"message\":" + text);
}

std::string edit_as_user(const ControlRequest& request) {
  const User& user = named_user(request);
  Chat& chat = named_chat(request);
  Message* message = chat.alive(request.number("message_id"));
  if (!message || message->sender != user.id) throw ControlError("\"message_id\" names no message of this person");
  json::object object = message->object();
  const bool captioned = !object.contains("text");
  for (const char* key : {"text", "entities", "caption", "caption_entities"}) object.erase(key);
  put_text_of_person(request, captioned ? "caption" : "text", captioned ? "caption_entities" : "entities", object);
  object["edit_date"] = request.world.now();
  request.world.edit(chat, *message, std::move(object));
  return with_seq(request, "\"message\":" + message->text);
}

std::string delete_message(const ControlRequest& request) {
  Chat& chat = named_chat(request);
  const std::int64_t id = request.number("message_id");
  if (!chat.alive(id)) throw ControlError("\"message_id\" names no message of this chat");
  request.world.remove(chat, {id});
  return with_seq(request, "");
}

std::string press_button(const ControlRequest& request) {
  const User& user = named_user(request);
  ControlRequest in_chat = request;
  if (!request.has("chat")) in_chat.body["chat"] = user.id;
  Chat& chat = named_chat(in_chat);
  const Button pressed = button_to_press(request, chat);
  if (!pressed.button.contains("callback_data")) return with_seq(request, "\"button\":" + to_wire(pressed.button));
  const std::int64_t bot = chat.is_private() ? chat.key.bot : pressed.message->sender;
  const std::string id =
      request.world.press(chat, *pressed.message, user.id, bot, member_text(pressed.button, "callback_data"));
  return with_seq(request, fmt::format("\"callback_query_id\":\"{}\"", id));
}

std::string answer_state(const ControlRequest& request) {
  const CallbackQuery* query = request.world.callback_query(request.text("callback_query_id"));
  if (!query) throw ControlError("no such callback query: use the id that /control/press gave", 404);
  return to_wire(json::object{{"answered", query->answered},
                              {"text", query->text},
                              {"show_alert", query->show_alert},
                              {"url", query->url},
                              {"cache_time", query->cache_time}});
}

}  // namespace sandbox
