#pragma once
// What every sending method ends with: the reply, the keyboard, protection, and the message in the chat.
#include "sandbox/bot_api/call.hpp"
#include "sandbox/bot_api/markup.hpp"

namespace sandbox {

// Posts `content` as the bot's message. Reads reply_parameters, reply_markup and protect_content of the call.
Message& send(Call& call, Chat& chat, json::object content);
// The parts, for albums: whatever can be refused is refused before the first message is posted.
json::object reply_members(Call& call, Chat& chat);
Message& post_message(Call& call, Chat& chat, const json::object& reply, json::object content,
                      const ReplyMarkup& markup);

}  // namespace sandbox
