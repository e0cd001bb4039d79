// Sending files.
#include "sandbox/bot_api/media.hpp"
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/sending.hpp"
#include "sandbox/bot_api/text.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

// The parameters that describe a file, as the members of a media object.
json::object details_of(Call& call) {
  json::object details;
  for (const char* key : {"duration", "width", "height", "length"}) {
    if (call.arguments.has(key)) details[key] = call.integer(key);
  }
  for (const char* key : {"performer", "title", "emoji"}) {
    if (call.arguments.has(key)) details[key] = call.text(key);
  }
  return details;
}

template <char const* kind>
Result send_one(Call& call) {
  json::object content;
  put_media(call.world, kind, input_file(call, kind, call.text(kind), kind), details_of(call), content);
  const std::string_view name = kind;
  if (name != "sticker" && name != "video_note") put_caption(call, content);
  if (call.flag("has_spoiler")) content["has_media_spoiler"] = true;
  if (call.flag("show_caption_above_media")) content["show_caption_above_media"] = true;
  return send(call, std::move(content)).text;
}

constexpr char photo[] = "photo";
constexpr char document[] = "document";
constexpr char video[] = "video";
constexpr char audio[] = "audio";
constexpr char voice[] = "voice";
constexpr char animation[] = "animation";
constexpr char sticker[] = "sticker";
constexpr char video_note[] = "video_note";

// Documents and audios go only among themselves.
void check_album(const json::array& media) {
  if (media.empty()) throw bad_request("there are no messages to send");
  if (media.size() > 10) throw bad_request("too many messages to send as an album");
  std::string first;
  for (const json::value& item : media) {
    if (!item.is_object()) throw bad_request("can't parse InputMedia: Expected an Object");
    std::string kind = member_text(item.get_object(), "type");
    if (kind == "animation") throw bad_request("can't parse InputMedia: animation can't be sent in an album");
    if (kind == "video") kind = "photo";
    if (first.empty()) first = kind;
    if (kind != first) throw bad_request(fmt::format("{} can't be mixed with other media types", kind));
  }
}

Result send_media_group(Call& call) {
  const auto value = json_argument(call, "media");
  if (!value || !value->is_array()) throw bad_request("can't parse media JSON object");
  check_album(value->get_array());
  std::vector<json::object> contents;
  for (const json::value& item : value->get_array()) {
    try {
      contents.push_back(media_content(call, item.get_object()));
    } catch (const Refusal& refusal) {
      throw bad_request(fmt::format("failed to send message #{} with the error message \"{}\"", contents.size() + 1,
                                    std::string_view(refusal.what()).substr(std::string_view("Bad Request: ").size())));
    }
  }
  Chat& chat = writable_chat(call);
  const json::object reply = reply_members(call, chat);
  const std::string group = std::to_string(13'000'000'000'000'000 + chat.next_message_id() * 8 + chat.key.bot);
  std::string list = "[";
  for (json::object& content : contents) {
    if (contents.size() > 1) content["media_group_id"] = group;
    const Message& message = post_message(call, chat, reply, std::move(content), ReplyMarkup{});
    list += (list.size() > 1 ? "," : "") + message.text;
  }
  return list + "]";
}

constexpr Method methods[] = {
    {"sendPhoto", send_one<photo>},     {"sendDocument", send_one<document>},    {"sendVideo", send_one<video>},
    {"sendAudio", send_one<audio>},     {"sendVoice", send_one<voice>},          {"sendAnimation", send_one<animation>},
    {"sendSticker", send_one<sticker>}, {"sendVideoNote", send_one<video_note>}, {"sendMediaGroup", send_media_group}};

}  // namespace

std::span<const Method> media_methods() { return methods; }

}  // namespace sandbox
