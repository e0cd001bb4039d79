// Sending what needs no file: text, places, contacts, polls, dice, chat actions.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/sending.hpp"
#include "sandbox/bot_api/text.hpp"
#include "sandbox/entities/unicode.hpp"

#include <charconv>
#include <set>

#include <fmt/format.h>

namespace sandbox {
namespace {

Result send_message(Call& call) {
  json::object content;
  put_text(call, content);
  if (const auto preview = json_argument(call, "link_preview_options"); preview && preview->is_object()) {
    content["link_preview_options"] = *preview;
  } else if (call.flag("disable_web_page_preview")) {
    content["link_preview_options"] = json::object{{"is_disabled", true}};
  }
  return send(call, std::move(content)).text;
}

double coordinate(Call& call, const char* name, double most) {
  if (!call.arguments.has(name)) throw bad_request(fmt::format("{} is empty", name));
  const std::string& text = call.text(name);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw bad_request("can't parse location: number expected");
  if (value < -most || value > most) throw bad_request("invalid location specified");
  return value;
}

json::object location(Call& call) {
  const double latitude = coordinate(call, "latitude", 90);
  return json::object{{"latitude", latitude}, {"longitude", coordinate(call, "longitude", 180)}};
}

Result send_location(Call& call) {
  json::object place = location(call);
  if (const std::int64_t period = call.integer("live_period"); period != 0) {
    if (period < 60 || (period > 86'400 && period != 0x7FFFFFFF))
      throw bad_request("wrong live location period specified");
    place["live_period"] = period;
  }
  return send(call, json::object{{"location", std::move(place)}}).text;
}

Result send_venue(Call& call) {
  const json::object place = location(call);
  json::object venue{{"location", place}, {"title", required(call, "title")}, {"address", required(call, "address")}};
  for (const char* key : {"foursquare_id", "foursquare_type", "google_place_id", "google_place_type"}) {
    if (call.arguments.has(key)) venue[key] = call.text(key);
  }
  return send(call, json::object{{"venue", std::move(venue)}, {"location", place}}).text;
}

Result send_contact(Call& call) {
  if (!call.arguments.has("phone_number")) throw bad_request("phone number is empty");
  if (!call.arguments.has("first_name")) throw bad_request("first name is empty");
  json::object contact{{"phone_number", call.text("phone_number")}, {"first_name", call.text("first_name")}};
  for (const char* key : {"last_name", "vcard"}) {
    if (call.arguments.has(key)) contact[key] = call.text(key);
  }
  return send(call, json::object{{"contact", std::move(contact)}}).text;
}

json::array poll_options(Call& call) {
  const auto value = json_argument(call, "options");
  if (!value || !value->is_array()) throw bad_request("can't parse options JSON object");
  json::array options;
  for (const json::value& item : value->get_array()) {
    std::string text = item.is_object() ? member_text(item.get_object(), "text") : std::string{};
    if (item.is_string()) text = std::string(item.get_string().data(), item.get_string().size());
    if (text.empty()) throw bad_request("poll options must be non-empty");
    if (utf8_length(text) > 100) throw bad_request("poll options length must not exceed 100");
    options.push_back(json::object{{"text", text}, {"voter_count", 0}});
  }
  if (options.empty()) throw bad_request("poll must have at least 1 option");
  if (options.size() > 12) throw bad_request("poll can't have more than 12 options");
  return options;
}

Result send_poll(Call& call) {
  if (!call.arguments.has("question")) throw bad_request("poll question is empty");
  if (utf8_length(call.text("question")) > 300) throw bad_request("poll question length must not exceed 300");
  const bool quiz = call.text("type") == "quiz";
  json::object poll{
      {"id", std::to_string(5'000'000'000'000'000'000 + static_cast<std::int64_t>(call.world.events().last()) * 977)},
      {"question", call.text("question")},
      {"options", poll_options(call)},
      {"total_voter_count", 0},
      {"is_closed", call.flag("is_closed")},
      {"is_anonymous", !call.arguments.has("is_anonymous") || call.flag("is_anonymous")},
      {"type", quiz ? "quiz" : "regular"},
      {"allows_multiple_answers", call.flag("allows_multiple_answers")}};
  if (quiz) {
    const std::int64_t correct = call.integer("correct_option_id", -1);
    if (correct < 0 || correct >= static_cast<std::int64_t>(poll["options"].get_array().size())) {
      throw bad_request("wrong correct option ID specified");
    }
    poll["correct_option_id"] = correct;
  }
  return send(call, json::object{{"poll", std::move(poll)}}).text;
}

Result send_dice(Call& call) {
  static const std::map<std::string, int> faces{{"🎲", 6}, {"🎯", 6}, {"🎳", 6}, {"🏀", 5}, {"⚽", 5}, {"🎰", 64}};
  const std::string emoji = call.arguments.has("emoji") ? call.text("emoji") : "🎲";
  const auto found = faces.find(emoji);
  if (found == faces.end()) throw bad_request("wrong dice emoji specified");
  const auto value = 1 + static_cast<std::int64_t>(call.world.events().last() * 7) % found->second;
  return send(call, json::object{{"dice", json::object{{"emoji", emoji}, {"value", value}}}}).text;
}

Result send_chat_action(Call& call) {
  static const std::set<std::string> actions{
      "typing",        "upload_photo",      "record_video",      "upload_video",     "record_voice",
      "upload_voice",  "record_audio",      "upload_audio",      "upload_document",  "choose_sticker",
      "find_location", "record_video_note", "upload_video_note", "pick_up_location", "cancel"};
  Chat& chat = writable_chat(call);
  const std::string action = ascii_lower(call.text("action"));
  if (action.empty() || !actions.contains(action)) throw bad_request("wrong parameter action in request");
  call.world.tell("action", &chat, call.bot.id, ",\"action\":" + quote(action));
  return std::string("true");
}

Result send_message_draft(Call& call) {
  if (call.integer("draft_id") == 0) throw bad_request("draft identifier must be non-zero");
  json::object content;
  if (call.arguments.has("text")) put_text(call, content);
  Chat& chat = writable_chat(call);
  std::string details =
      fmt::format(R"(,"draft_id":{},"text":{})", call.integer("draft_id"), quote(member_text(content, "text")));
  if (const json::array* entities = member_array(content, "entities"))
    details += ",\"entities\":" + to_wire(json::value(*entities));
  call.world.tell("draft", &chat, call.bot.id, std::move(details));
  return std::string("true");
}

constexpr Method methods[] = {{"sendMessage", send_message},
                              {"sendLocation", send_location},
                              {"sendVenue", send_venue},
                              {"sendContact", send_contact},
                              {"sendPoll", send_poll},
                              {"sendDice", send_dice},
                              {"sendChatAction", send_chat_action},
                              {"sendMessageDraft", send_message_draft}};

}  // namespace

std::span<const Method> text_methods() { return methods; }

}  // namespace sandbox
