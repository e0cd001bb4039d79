#include "sandbox/bot_api/schema.hpp"

#include "sandbox/bot_api/answer.hpp"
#include "sandbox/json.hpp"
#include "tgkit/telegram/schema_table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sandbox {
namespace {

namespace schema = tgkit::telegram::schema;
using schema::Basic;
using schema::ValueType;

constexpr int deepest = 12;

bool is_structure(const ValueType& type) {
  return type.depth > 0 || type.basic == Basic::object || type.basic == Basic::one_of;
}

// Only parameters that can be nothing but JSON are checked: the rest is read leniently.
const ValueType* json_only(const schema::Field& field) {
  if (field.types.empty() || !std::all_of(field.types.begin(), field.types.end(), is_structure)) return nullptr;
  return field.types.size() == 1 ? &field.types.front() : nullptr;
}

void check_object(const json::object& value, const schema::Object& type, int depth);

void check_value(const json::value& value, const ValueType& type, unsigned level, std::string_view name, int depth) {
  if (depth > deepest) return;
  if (level < type.depth) {
    if (!value.is_array()) throw bad_request(fmt::format("can't parse {}: expected an Array", name));
    for (const json::value& item : value.get_array()) check_value(item, type, level + 1, name, depth + 1);
  } else if (type.basic == Basic::object) {
    if (!value.is_object()) throw bad_request(fmt::format("can't parse {}: expected an Object", type.object->name));
    check_object(value.get_object(), *type.object, depth + 1);
  }
}

void check_object(const json::object& value, const schema::Object& type, int depth) {
  for (const schema::Field& field : type.fields) {
    const json::value* member = value.if_contains(json::string_view(field.name.data(), field.name.size()));
    if (!member) {
      if (field.required) {
        throw bad_request(fmt::format("can't parse {}: Can't find field \"{}\"", type.name, field.name));
      }
    } else if (const ValueType* only = json_only(field)) {
      check_value(*member, *only, 0, field.name, depth);
    }
  }
}

json::value minimal(const schema::Field& field, int depth);

json::object minimal_object(const schema::Object& type, int depth) {
  json::object object;
  if (depth > deepest) return object;
  for (const schema::Field& field : type.fields) {
    if (!field.required) continue;
    object[json::string_view(field.name.data(), field.name.size())] = minimal(field, depth + 1);
  }
  return object;
}

json::value minimal_value(const ValueType& type, int depth) {
  if (type.depth > 0) return json::array();
  switch (type.basic) {
    case Basic::object:
      return minimal_object(*type.object, depth);
    case Basic::one_of:
      if (depth > deepest || type.one_of->members.empty()) return json::object();
      return minimal_value(type.one_of->members.front().type, depth + 1);
    case Basic::integer:
    case Basic::number:
      return 0;
    case Basic::boolean:
      return false;
    case Basic::true_flag:
      return true;
    default:
      return json::string();
  }
}

json::value minimal(const schema::Field& field, int depth) {
  const std::string_view text = !field.constant.empty() ? field.constant
                                : !field.known.empty()  ? field.known.front()
                                                        : std::string_view{};
  const bool is_text =
      !field.types.empty() && field.types.front().depth == 0 && field.types.front().basic == Basic::string;
  if (is_text) return json::string(text.data(), text.size());
  return field.types.empty() ? json::value() : minimal_value(field.types.front(), depth);
}

}  // namespace

std::optional<std::string_view> documented_method(std::string_view name) {
  const schema::Method* method = schema::find_method(name);
  if (!method) return std::nullopt;
  return method->name;
}

bool takes_chat(std::string_view name) {
  const schema::Method* method = schema::find_method(name);
  const schema::Field* chat = method ? method->find("chat_id") : nullptr;
  return chat && chat->required;
}

bool returns_message(std::string_view name) {
  const schema::Method* method = schema::find_method(name);
  if (!method || method->returns.empty()) return false;
  const ValueType& type = method->returns.front();
  return type.depth == 0 && type.basic == Basic::object && type.object->name == "Message";
}

void check_against_schema(std::string_view name, const Arguments& arguments) {
  const schema::Method* method = schema::find_method(name);
  if (!method) return;
  for (const schema::Field& field : method->parameters) {
    const bool given = arguments.has(field.name) || arguments.file(field.name);
    if (!given && field.required) throw bad_request(fmt::format("parameter \"{}\" is required", field.name));
    const ValueType* only = given ? json_only(field) : nullptr;
    if (!only) continue;
    const auto value = parse_json(arguments.text(field.name));
    if (!value) throw bad_request(fmt::format("can't parse {} JSON object", field.name));
    check_value(*value, *only, 0, field.name, 0);
  }
}

std::string plausible_result(std::string_view name) {
  const schema::Method* method = schema::find_method(name);
  if (!method || method->returns.empty()) return "true";
  return to_wire(minimal_value(method->returns.front(), 0));
}

}  // namespace sandbox
