#include "sandbox/faults/spoil.hpp"

#include "sandbox/json.hpp"

#include <string_view>

namespace sandbox {
namespace {

constexpr std::string_view bad_bytes = "\xff\xc3(\xed\xa0\x80";  // never valid, an unfinished pair, a lone surrogate

void add_keys(json::value& value) {
  if (json::array* array = value.if_array()) {
    for (json::value& item : *array) add_keys(item);
  } else if (json::object* object = value.if_object()) {
    for (auto& member : *object) add_keys(member.value());
    (*object)["key_of_next_year"] =
        json::object{{"number", 1.5}, {"list", json::array{1, "two", nullptr}}, {"flag", true}};
    (*object)["unknown_number"] = 9'007'199'254'740'993;
  }
}

}  // namespace

std::string with_extra_keys(const std::string& text) {
  auto value = parse_json(text);
  if (!value) return text;
  add_keys(*value);
  return to_wire(*value);
}

std::string with_bad_utf8(std::string text) {
  for (const std::string_view start :
       {"\"text\":\"", "\"caption\":\"", "\"data\":\"", "\"description\":\"", "\"first_name\":\"", "\":\""}) {
    const std::size_t at = text.find(start);
    if (at != std::string::npos) return text.insert(at + start.size(), bad_bytes);
  }
  return text;
}

}  // namespace sandbox
