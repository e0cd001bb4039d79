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

std::uint64_t thrown(std::uint64_t& seed) {  // splitmix64
  std::uint64_t z = (seed += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

void lose_fields(json::value& value, std::uint64_t& seed) {
  if (json::array* array = value.if_array()) {
    for (json::value& item : *array) lose_fields(item, seed);
    return;
  }
  json::object* object = value.if_object();
  if (!object) return;
  json::object kept;
  for (auto& member : *object) {
    const std::uint64_t dice = thrown(seed) % 4;
    if (dice == 0) continue;
    if (dice > 1) lose_fields(member.value(), seed);
    kept[member.key()] = dice == 1 ? json::value(nullptr) : std::move(member.value());
  }
  *object = std::move(kept);
}

}  // namespace

std::string with_missing_fields(const std::string& text, std::uint64_t seed) {
  auto value = parse_json(text);
  if (!value) return text;
  lose_fields(*value, seed);
  return to_plain_json(*value);
}

std::string with_extra_keys(const std::string& text) {
  auto value = parse_json(text);
  if (!value) return text;
  add_keys(*value);
  return escape_non_ascii(to_plain_json(*value));
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
