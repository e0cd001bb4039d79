#pragma once
// Updates as Telegram would write them.
#include "tgkit/bot/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tests {

struct Place {
  std::int64_t user = 7;
  std::int64_t chat = 7;  // 0: the user's private chat
  std::string chat_type = "private";
  std::string language = "en";
};

// A text that begins with '/' gets its bot_command entity.
std::string message_json(std::int64_t update_id, std::string_view text, const Place& place = {});
// A message with further members, e.g. R"("photo":[...])".
std::string message_with(std::int64_t update_id, std::string_view members, const Place& place = {});
std::string press_json(std::int64_t update_id, std::string_view data, const Place& place = {});

tgkit::telegram::Update update(const std::string& json);
tgkit::bot::Event event(const std::string& json);

// {"ok":true,"result":[...]}
std::string batch(const std::vector<std::string>& updates);

}  // namespace tests
