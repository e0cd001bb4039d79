#pragma once
// reply_markup: checked as the real server checks it.
#include "sandbox/json.hpp"

#include <optional>
#include <string>

namespace sandbox {

struct ReplyMarkup {
  json::value inline_keyboard;  // null, or {"inline_keyboard":[...]}: part of the message
  json::value keyboard;         // null, or a ReplyKeyboardMarkup or ForceReply for below the input field
  bool remove_keyboard = false;
  bool given = false;
};

// `text` is the parameter as it came, empty when missing. Throws Refusal.
ReplyMarkup read_markup(const std::string& text);

}  // namespace sandbox
