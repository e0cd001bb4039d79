#include "sandbox/bot_api/text.hpp"

#include "sandbox/entities/format.hpp"
#include "sandbox/entities/unicode.hpp"

namespace sandbox {
namespace {

constexpr std::size_t most_raw_bytes = 32u << 10;
constexpr std::size_t most_text = 4096;  // code points after parsing
constexpr std::size_t most_caption = 1024;

std::vector<Entity> read_entities(std::string_view text) {
  std::vector<Entity> entities;
  const auto value = parse_json(text);  // wrong entities are dropped without an error
  if (!value || !value->is_array()) return entities;
  for (const json::value& item : value->get_array()) {
    if (!item.is_object()) continue;
    const json::object& object = item.get_object();
    Entity entity;
    entity.type = member_text(object, "type");
    entity.offset = member_int(object, "offset").value_or(0);
    entity.length = member_int(object, "length").value_or(0);
    entity.url = member_text(object, "url");
    if (const json::object* user = member_object(object, "user")) entity.user_id = member_int(*user, "id").value_or(0);
    entity.language = member_text(object, "language");
    entity.custom_emoji_id = member_text(object, "custom_emoji_id");
    entity.unix_time = member_int(object, "unix_time").value_or(0);
    entity.date_time_format = member_text(object, "date_time_format");
    entities.push_back(std::move(entity));
  }
  return entities;
}

json::object entity_json(const World& world, const Entity& entity) {
  json::object object{{"offset", entity.offset}, {"length", entity.length}, {"type", entity.type}};
  if (entity.type == "text_link") object["url"] = entity.url;
  if (entity.type == "text_mention") object["user"] = world.person_json(entity.user_id);
  if (entity.type == "pre" && !entity.language.empty()) object["language"] = entity.language;
  if (entity.type == "custom_emoji") object["custom_emoji_id"] = entity.custom_emoji_id;
  if (entity.type == "date_time") {
    object["unix_time"] = entity.unix_time;
    if (!entity.date_time_format.empty()) object["date_time_format"] = entity.date_time_format;
  }
  return object;
}

FormattedText parsed(std::string_view text, std::string_view parse_mode, std::string_view entities, EmptyText empty) {
  if (text.size() > most_raw_bytes) throw bad_request("Text is too long");
  if (!is_valid_utf8(text)) throw bad_request("strings must be encoded in UTF-8");
  auto formatted = format_text(text, parse_mode, read_entities(entities), empty);
  if (!formatted) throw bad_request(formatted.error());
  return std::move(*formatted);
}

void put(const World& world, const FormattedText& formatted, const char* key, const char* entities_key,
         json::object& content) {
  content[key] = formatted.text;
  if (!formatted.entities.empty()) content[entities_key] = entities_json(world, formatted);
}

void put_caption_text(const World& world, std::string_view text, std::string_view parse_mode, std::string_view entities,
                      json::object& content) {
  if (text.empty()) return;
  const FormattedText formatted = parsed(text, parse_mode, entities, EmptyText::allowed);
  if (utf8_length(formatted.text) > most_caption) throw bad_request("message caption is too long");
  if (!formatted.text.empty()) put(world, formatted, "caption", "caption_entities", content);
}

}  // namespace

json::array entities_json(const World& world, const FormattedText& formatted) {
  json::array array;
  for (const Entity& entity : formatted.entities) array.push_back(entity_json(world, entity));
  return array;
}

void put_text(Call& call, json::object& content) {
  const std::string& text = call.text("text");
  if (text.empty()) throw bad_request("message text is empty");
  const FormattedText formatted = parsed(text, call.text("parse_mode"), call.text("entities"), EmptyText::refused);
  if (formatted.text.empty()) throw bad_request("message text is empty");
  if (utf8_length(formatted.text) > most_text) throw bad_request("message is too long");
  put(call.world, formatted, "text", "entities", content);
}

void put_caption(Call& call, json::object& content) {
  put_caption_text(call.world, call.text("caption"), call.text("parse_mode"), call.text("caption_entities"), content);
}

void put_caption(const World& world, const json::object& from, json::object& content) {
  const json::array* entities = member_array(from, "caption_entities");
  put_caption_text(world, member_text(from, "caption"), member_text(from, "parse_mode"),
                   entities ? json::serialize(*entities) : std::string{}, content);
}

}  // namespace sandbox
