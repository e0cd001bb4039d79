#pragma once
// The chat an update is about, for faults that concern one chat only. Pure.
#include "sandbox/json.hpp"

#include <cstdint>
#include <string_view>

namespace sandbox {

// `content`: the JSON text below the update's kind. 0: none; of a button press the chat of its message, else the
// person.
std::int64_t chat_of_update(std::string_view content);
std::int64_t chat_of_update(const json::object& content);

}  // namespace sandbox
