#include "tgkit/telegram/json_writer.hpp"

#include "tgkit/telegram/chat_id.hpp"

namespace tgkit::telegram::json {

void append_chat_id(std::string& out, const ChatId& id) {
  if (id.is_username()) {
    append_string(out, id.username());
  } else {
    append_integer(out, id.id());
  }
}

}  // namespace tgkit::telegram::json
