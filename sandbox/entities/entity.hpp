#pragma once

// What a formatted piece of text is made of: the text and the entities over it, as the Bot API carries them.
// Plain values: the standard library only, no JSON.

#include <cstdint>
#include <string>
#include <vector>

namespace sandbox {

// A MessageEntity. `type` is the wire's word ("bold", "text_link", ...); offset and length count UTF-16 code units.
struct Entity {
  std::string type;
  std::int64_t offset = 0;
  std::int64_t length = 0;
  std::string url;               // text_link
  std::int64_t user_id = 0;      // text_mention; the server turns it into a User
  std::string language;          // pre, may be empty
  std::string custom_emoji_id;   // custom_emoji
  std::int64_t unix_time = 0;    // date_time
  std::string date_time_format;  // date_time, may be empty

  std::int64_t end() const { return offset + length; }
  bool operator==(const Entity&) const = default;
};

struct FormattedText {
  std::string text;  // UTF-8
  std::vector<Entity> entities;

  bool operator==(const FormattedText&) const = default;
};

}  // namespace sandbox
