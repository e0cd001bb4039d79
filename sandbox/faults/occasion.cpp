#include "sandbox/faults/occasion.hpp"

namespace sandbox {
namespace {

std::int64_t id_in(const json::object& object, std::string_view key) {
  const json::object* holder = member_object(object, key);
  return holder ? member_int(*holder, "id").value_or(0) : 0;
}

}  // namespace

std::int64_t chat_of_update(std::string_view content) {
  const auto value = parse_json(content);
  const json::object* object = value ? value->if_object() : nullptr;
  return object ? chat_of_update(*object) : 0;
}

std::int64_t chat_of_update(const json::object& content) {
  if (const std::int64_t chat = id_in(content, "chat"); chat != 0) return chat;
  const json::object* message = member_object(content, "message");
  if (const std::int64_t chat = message ? id_in(*message, "chat") : 0; chat != 0) return chat;
  return id_in(content, "from");
}

}  // namespace sandbox
