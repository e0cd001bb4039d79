#include "sandbox/bot_api/markup.hpp"

#include "sandbox/bot_api/answer.hpp"
#include "sandbox/bot_api/arguments.hpp"
#include "sandbox/entities/links.hpp"
#include "sandbox/entities/unicode.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t most_callback_bytes = 64;
constexpr std::size_t most_inline_buttons = 100;
constexpr std::size_t most_keyboard_buttons = 300;

bool truthy(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value) return false;
  if (value->is_bool()) return value->get_bool();
  return value->is_string() && lenient_flag(std::string_view(value->get_string().data(), value->get_string().size()));
}

std::string button_text(const json::object& button, std::string_view what) {
  const json::value* text = button.if_contains("text");
  if (!text) throw bad_request(fmt::format("can't parse {}: Can't find field \"text\"", what));
  if (!text->is_string()) throw bad_request(fmt::format("can't parse {}: Field \"text\" must be of type String", what));
  std::string label(text->get_string().data(), text->get_string().size());
  if (!is_valid_utf8(label)) throw bad_request(fmt::format("{} text must be encoded in UTF-8", what));
  return label;
}

const json::array& rows_of(const json::object& markup, std::string_view key) {
  const json::array* rows = member_array(markup, key);
  if (!rows) throw bad_request(fmt::format("Field \"{}\" must be of type Array", key));
  return *rows;
}

void copy(const json::object& from, json::object& to, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const json::value* value = from.if_contains(key)) to[key] = *value;
  }
}

json::object inline_button(const json::value& value) {
  constexpr std::string_view what = "inline keyboard button";
  if (!value.is_object()) throw bad_request("can't parse inline keyboard button: Expected an Object");
  const json::object& button = value.get_object();
  json::object out{{"text", button_text(button, what)}};
  if (out["text"].get_string().empty()) throw bad_request("inline keyboard button text must be non-empty");
  copy(button, out, {"icon_custom_emoji_id", "style"});
  if (button.contains("callback_data")) {
    const std::string data = member_text(button, "callback_data");
    if (data.empty() || data.size() > most_callback_bytes) throw bad_request("BUTTON_DATA_INVALID");
    out["callback_data"] = data;
    return out;
  }
  if (button.contains("url")) {
    const std::string url = member_text(button, "url");
    const auto link = check_link(url);
    if (!link) throw bad_request(fmt::format("inline keyboard button URL '{}' is invalid: {}", url, link.error()));
    out["url"] = *link;
    return out;
  }
  for (const char* kind : {"web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
                           "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled"}) {
    if (const json::value* content = button.if_contains(kind)) {
      out[kind] = *content;
      return out;
    }
  }
  throw bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
}

json::value keyboard_button(const json::value& value) {
  if (value.is_string()) return json::object{{"text", value}};
  if (!value.is_object())
    throw bad_request("can't parse keyboard button: Keyboard button must be a String or an Object");
  const json::object& button = value.get_object();
  json::object out{{"text", button_text(button, "keyboard button")}};
  copy(button, out,
       {"request_contact", "request_location", "request_poll", "request_users", "request_chat", "request_managed_bot",
        "web_app", "icon_custom_emoji_id", "style"});
  return out;
}

template <class Button>
json::array read_rows(const json::array& rows, std::string_view what, std::size_t most, Button read) {
  json::array out;
  std::size_t count = 0;
  for (const json::value& row : rows) {
    if (!row.is_array()) throw bad_request(fmt::format("can't parse {}: Expected an Array of Arrays", what));
    json::array out_row;
    for (const json::value& button : row.get_array()) out_row.push_back(read(button));
    count += out_row.size();
    if (!out_row.empty()) out.push_back(std::move(out_row));
  }
  if (count > most) throw bad_request("reply markup is too long");
  return out;
}

}  // namespace

ReplyMarkup read_markup(const std::string& text) {
  ReplyMarkup markup;
  if (text.empty()) return markup;
  const auto value = parse_json(text);
  if (!value) throw bad_request("can't parse reply keyboard markup JSON object");
  if (!value->is_object()) throw bad_request("object expected as reply markup");
  const json::object& object = value->get_object();
  markup.given = true;
  if (object.contains("inline_keyboard")) {
    json::array rows =
        read_rows(rows_of(object, "inline_keyboard"), "inline keyboard", most_inline_buttons, inline_button);
    if (!rows.empty()) markup.inline_keyboard = json::object{{"inline_keyboard", std::move(rows)}};
  } else if (object.contains("keyboard")) {
    json::array rows = read_rows(rows_of(object, "keyboard"), "keyboard", most_keyboard_buttons, keyboard_button);
    if (rows.empty()) return markup;
    json::object keyboard{{"keyboard", std::move(rows)}};
    copy(object, keyboard,
         {"is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"});
    markup.keyboard = std::move(keyboard);
  } else if (truthy(object, "remove_keyboard")) {
    markup.remove_keyboard = true;
  } else if (truthy(object, "force_reply")) {
    json::object reply{{"force_reply", true}};
    copy(object, reply, {"input_field_placeholder", "selective"});
    markup.keyboard = std::move(reply);
  } else {
    markup.given = false;
  }
  return markup;
}

}  // namespace sandbox
