#pragma once
// The methods that are simulated, by family. The rest is checked against the schema and answered plausibly.
#include "sandbox/bot_api/call.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sandbox {

struct Result {
  Result(std::string json_) : json(std::move(json_)) {}  // NOLINT: a result is its JSON
  Result(std::string json_, std::string description_) : json(std::move(json_)), description(std::move(description_)) {}
  std::string json;
  std::string description;
};

struct Method {
  std::string_view name;
  Result (*carry_out)(Call&);
};

std::span<const Method> bot_methods();       // me.cpp: getMe, logOut, close, names and descriptions
std::span<const Method> webhook_methods();   // webhook.cpp
std::span<const Method> text_methods();      // send.cpp: what needs no file
std::span<const Method> media_methods();     // send_media.cpp
std::span<const Method> copy_methods();      // copy.cpp: forward, copy
std::span<const Method> edit_methods();      // edit.cpp: edits, deletes, pins
std::span<const Method> callback_methods();  // callback.cpp
std::span<const Method> payment_methods();   // payments.cpp: invoices, pre-checkout
std::span<const Method> inline_methods();    // inline_mode.cpp
std::span<const Method> command_methods();   // commands.cpp: command lists, menu button
std::span<const Method> chat_methods();      // chats.cpp: getChat, members
std::span<const Method> file_methods();      // files.cpp: getFile, profile photos

const Method* find_method(std::string_view name);  // any case

}  // namespace sandbox
