#pragma once
// What every sending method ends with: the reply, the keyboard, protection, and the message in the chat.
#include "sandbox/bot_api/call.hpp"
#include "sandbox/bot_api/markup.hpp"

namespace sandbox {

// Posts `content` as the bot's message into chat_id. Reads reply_markup, then the chat, then reply_parameters: the real
// server complains about content and keyboard before it looks at the chat.
Message& send(Call& call, json::object content);
// The parts, for albums: whatever can be refused is refused before the first message is posted.
json::object reply_members(Call& call, Chat& chat);
Message& post_message(Call& call, Chat& chat, const json::object& reply, json::object content,
                      const ReplyMarkup& markup);

}  // namespace sandbox
