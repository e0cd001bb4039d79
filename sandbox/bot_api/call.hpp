#pragma once
// One Bot API call while it is carried out, and the parts that many methods share.
#include "sandbox/bot_api/answer.hpp"
#include "sandbox/bot_api/arguments.hpp"
#include "sandbox/chat/world.hpp"

#include <string>
#include <string_view>

namespace sandbox {

struct Call {
  World& world;
  Bot& bot;
  const Arguments& arguments;
  std::string_view method;  // in its documented spelling

  const std::string& text(std::string_view name) const { return arguments.text(name); }
  std::int64_t integer(std::string_view name, std::int64_t fallback = 0) const;
  bool flag(std::string_view name) const { return arguments.flag(name); }
};

// All throw Refusal.
Chat& readable_chat(Call& call, std::string_view name = "chat_id");      // one the bot may ask about
Chat& writable_chat(Call& call);                                         // one the bot may write into now
Message& own_message(Call& call, Chat& chat, std::string_view purpose);  // by message_id; purpose: "edit"
std::int64_t required_user(Call& call);                                  // user_id of somebody known
json::object required_object(Call& call, std::string_view name);
std::string required(Call& call, std::string_view name);                      // parameter "x" is required
std::optional<json::value> json_argument(Call& call, std::string_view name);  // nullopt: not given; refuses broken JSON

}  // namespace sandbox
