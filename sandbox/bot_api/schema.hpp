#pragma once
// What the schema of the Bot API says about a call: whether it exists, whether its parameters fit, and what kind of
// object it returns.
#include "sandbox/bot_api/arguments.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

// The documented spelling of a method; nullopt: there is no such method.
std::optional<std::string_view> documented_method(std::string_view name);

bool takes_chat(std::string_view method);  // chat_id is required
bool returns_message(std::string_view method);

// Throws Refusal when a required parameter is missing or one that must be JSON is not.
void check_against_schema(std::string_view method, const Arguments& arguments);

// A smallest object of the method's return type, for methods that are checked and not simulated.
std::string plausible_result(std::string_view method);

}  // namespace sandbox
