#include "tests/bot/support/updates.hpp"

#include "tgkit/json/append.hpp"
#include "tgkit/telegram/json.hpp"

namespace tests {

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  tgkit::json::append_string(out, text);
  return out;
}

std::string from(const Place& place) {
  return R"({"id":)" + std::to_string(place.user) + R"(,"is_bot":false,"first_name":"Ann","language_code":)" +
         quoted(place.language) + "}";
}

std::string chat(const Place& place) {
  return R"({"id":)" + std::to_string(place.chat) + R"(,"type":)" + quoted(place.chat_type) + "}";
}

std::string command_entity(std::string_view text) {
  if (!text.starts_with('/')) return {};
  const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
  return R"(,"entities":[{"type":"bot_command","offset":0,"length":)" + std::to_string(end) + "}]";
}

}  // namespace

std::string message_with(std::int64_t update_id, std::string_view members, const Place& place) {
  return R"({"update_id":)" + std::to_string(update_id) + R"(,"message":{"message_id":)" + std::to_string(update_id) +
         R"(,"date":1790000000,"from":)" + from(place) + R"(,"chat":)" + chat(place) + "," + std::string(members) +
         "}}";
}

std::string message_json(std::int64_t update_id, std::string_view text, const Place& place) {
  return message_with(update_id, R"("text":)" + quoted(text) + command_entity(text), place);
}

std::string press_json(std::int64_t update_id, std::string_view data, const Place& place) {
  return R"({"update_id":)" + std::to_string(update_id) + R"(,"callback_query":{"id":"q)" + std::to_string(update_id) +
         R"(","from":)" + from(place) + R"(,"chat_instance":"c","data":)" + quoted(data) +
         R"(,"message":{"message_id":50,"date":1790000000,"chat":)" + chat(place) + R"(,"text":"pick"}}})";
}

tgkit::telegram::Update update(const std::string& json) {
  return tgkit::telegram::from_json<tgkit::telegram::Update>(json);
}

tgkit::bot::Event event(const std::string& json) { return tgkit::bot::Event(update(json)); }

std::string batch(const std::vector<std::string>& updates) {
  std::string body = R"({"ok":true,"result":[)";
  for (std::size_t i = 0; i < updates.size(); ++i) body += (i ? "," : "") + updates[i];
  return body + "]}";
}

}  // namespace tests
