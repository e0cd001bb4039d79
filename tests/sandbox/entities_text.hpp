#pragma once

// Writes formatted text in one line, so that a table of cases stays readable:
//   "Hello world | bold 0+5, text_link 6+5 https://a.b/"

#include "sandbox/entities/entity.hpp"

#include <string>

namespace tests {

inline std::string shown(const sandbox::Entity& entity) {
  std::string line = entity.type + ' ' + std::to_string(entity.offset) + '+' + std::to_string(entity.length);
  if (!entity.url.empty()) line += ' ' + entity.url;
  if (entity.user_id != 0) line += " user " + std::to_string(entity.user_id);
  if (!entity.language.empty()) line += " in " + entity.language;
  if (!entity.custom_emoji_id.empty()) line += " emoji " + entity.custom_emoji_id;
  if (entity.unix_time != 0) line += " at " + std::to_string(entity.unix_time) + ' ' + entity.date_time_format;
  return line;
}

inline std::string shown(const sandbox::FormattedText& formatted) {
  std::string line = formatted.text;
  const char* between = " | ";
  for (const sandbox::Entity& entity : formatted.entities) {
    line += between + shown(entity);
    between = ", ";
  }
  return line;
}

// An expected or its error, which is marked by "! ".
template <class Expected>
std::string shown(const Expected& result) requires requires {
  result.error();
}
{ return result ? shown(*result) : "! " + result.error(); }

struct Case {
  const char* input;
  const char* expected;
};

}  // namespace tests
