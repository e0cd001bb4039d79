#include "tgkit/bot/outgoing.hpp"

#include "tgkit/json/append.hpp"
#include "tgkit/json/reader.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace tgkit::bot {

namespace {

using json::Reader;

constexpr std::int64_t beyond_ids = std::int64_t{1} << 54;  // ids have up to 52 bits
constexpr int policy_shift = 8, refusal_shift = 16;

// The value of a parameter as it stands in the text; empty when there is none.
std::string_view raw_value(std::string_view json, std::string_view name) {
  Reader reader(json);
  std::string_view key, value;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    const bool wanted = key == name;
    if (!reader.raw(value)) return {};
    if (wanted) return value;
  }
  return {};
}

// A number in place of a name: beyond all ids.
std::int64_t number_of(std::string_view name) {
  return beyond_ids | static_cast<std::int64_t>(std::hash<std::string_view>{}(name) >> 11U);
}

}  // namespace

std::string_view to_text(SendLane lane) {
  constexpr std::array<std::string_view, send_lanes> names = {"answer", "reply", "alert", "broadcast"};
  return names[static_cast<std::size_t>(lane)];
}

SendLane usual_lane(std::string_view method) {
  return method.starts_with("answer") ? SendLane::answer : SendLane::reply;
}

std::int32_t to_stored(SendLane lane, IfUnknown if_unknown, IfRefused if_refused) {
  return static_cast<std::int32_t>(lane) | static_cast<std::int32_t>(if_unknown) << policy_shift |
         static_cast<std::int32_t>(if_refused) << refusal_shift;
}

SendLane lane_of(std::int32_t stored) {
  const auto lane = static_cast<std::size_t>(stored & 0xFF);
  return lane < send_lanes ? static_cast<SendLane>(lane) : SendLane::reply;
}

IfUnknown if_unknown_of(std::int32_t stored) {
  const std::int32_t policy = stored >> policy_shift & 0xFF;
  return policy == 1 ? IfUnknown::repeat : policy == 2 ? IfUnknown::ask : IfUnknown::report;
}

IfRefused if_refused_of(std::int32_t stored) {
  const std::int32_t policy = stored >> refusal_shift & 0xFF;
  return policy == 1 ? IfRefused::send_anew : policy == 2 ? IfRefused::leave_topic : IfRefused::give_up;
}

std::int64_t chat_of(std::string_view json) {
  const std::string_view value = raw_value(json, "chat_id");
  if (value.empty()) {
    const std::string_view inline_message = raw_value(json, "inline_message_id");
    return inline_message.empty() ? 0 : number_of(inline_message);
  }
  Reader reader(value);
  std::int64_t id = 0;
  if (reader.integer(id)) return id;
  return -number_of(value);
}

bool is_chat_id(std::int64_t chat) noexcept { return chat != 0 && chat < beyond_ids && chat > -beyond_ids; }

std::string with_chat(std::string json, std::int64_t chat) {
  const std::string_view value = raw_value(json, "chat_id");
  if (!value.empty()) {
    json.replace(static_cast<std::size_t>(value.data() - json.data()), value.size(), std::to_string(chat));
    return json;
  }
  const std::size_t open = json.find('{');
  if (open == std::string::npos) return json;
  const bool alone = json.find_first_not_of(" \t\r\n", open + 1) == json.find('}', open);
  return json.insert(open + 1, "\"chat_id\":" + std::to_string(chat) + (alone ? "" : ","));
}

std::string without(std::string json, std::string_view name) {
  std::string rest = "{";
  Reader reader(json);
  std::string_view key, value;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    const std::string found(key);
    if (!reader.raw(value)) return json;
    if (found == name) continue;
    if (rest.size() > 1) rest += ',';
    json::append_string(rest, found);
    rest += ':';
    rest += value;
  }
  return rest + '}';
}

bool go_another_way(Outgoing& outgoing) {
  storage::OutboxMessage& message = outgoing.message;
  const IfRefused way = std::exchange(outgoing.if_refused, IfRefused::give_up);
  if (way == IfRefused::leave_topic && !raw_value(message.body, "message_thread_id").empty()) {
    message.body = without(std::move(message.body), "message_thread_id");
    return true;
  }
  const bool can_be_new = outgoing.edit == EditKind::text && !raw_value(message.body, "chat_id").empty();
  if (way != IfRefused::send_anew || !can_be_new) return false;
  message.method = "sendMessage";
  message.body = without(std::move(message.body), "message_id");
  outgoing.edit = EditKind::none;
  outgoing.edited = 0;
  return true;
}

EditKind edit_kind(std::string_view method) {
  constexpr std::string_view beginning = "editMessage";
  if (!method.starts_with(beginning)) return EditKind::none;
  constexpr std::array<std::pair<std::string_view, EditKind>, 5> kinds = {{{"Text", EditKind::text},
                                                                           {"Caption", EditKind::caption},
                                                                           {"ReplyMarkup", EditKind::markup},
                                                                           {"Media", EditKind::media},
                                                                           {"LiveLocation", EditKind::location}}};
  const auto* found = std::ranges::find(kinds, method.substr(beginning.size()), &decltype(kinds)::value_type::first);
  return found == kinds.end() ? EditKind::none : found->second;
}

std::int64_t edited_message(std::string_view json) {
  std::int64_t id = 0;
  Reader reader(raw_value(json, "message_id"));
  return reader.integer(id) ? id : 0;
}

bool supersedes(EditKind newer, EditKind older) {
  if (older == EditKind::none) return false;
  switch (newer) {
    case EditKind::none:
      return false;
    case EditKind::media:
      return true;
    case EditKind::text:
      return older == EditKind::text || older == EditKind::markup;
    case EditKind::caption:
      return older == EditKind::caption || older == EditKind::markup;
    case EditKind::markup:
    case EditKind::location:
      return older == newer;
  }
  return false;
}

}  // namespace tgkit::bot
