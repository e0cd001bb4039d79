#pragma once
// Values of the Bot API appended to a JSON text.
#include "tgkit/json/append.hpp"

#include <string>

namespace tgkit::telegram {
class ChatId;
}

namespace tgkit::telegram::json {

using tgkit::json::append_boolean;
using tgkit::json::append_integer;
using tgkit::json::append_integers;
using tgkit::json::append_number;
using tgkit::json::append_string;
using tgkit::json::append_strings;
void append_chat_id(std::string& out, const ChatId& id);

}  // namespace tgkit::telegram::json
