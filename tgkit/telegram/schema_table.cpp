#include "tgkit/telegram/schema_table.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace tgkit::telegram::schema {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

const Field* find_in(std::span<const Field> fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

template <class T>
const T* find_named(std::span<const T> all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Field* Object::find(std::string_view name) const { return find_in(fields, name); }
const Field* Method::find(std::string_view parameter) const { return find_in(parameters, parameter); }

const Method* find_method(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string, const Method*> map;
    for (const Method& method : methods()) map.emplace(lower(method.name), &method);
    return map;
  }();
  const auto found = by_name.find(lower(name));
  return found == by_name.end() ? nullptr : found->second;
}

const Object* find_object(std::string_view name) { return find_named(objects(), name); }
const Union* find_union(std::string_view name) { return find_named(unions(), name); }

}  // namespace tgkit::telegram::schema
