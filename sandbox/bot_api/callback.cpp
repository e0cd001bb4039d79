// Answers to pressed buttons.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/entities/unicode.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr UnixSeconds answerable_for = 150;  // as long as the update itself lives; Telegram documents no deadline
constexpr std::size_t most_text = 200;

Result answer_callback_query(Call& call) {
  CallbackQuery* query = call.world.callback_query(call.text("callback_query_id"));
  const bool usable =
      query && query->bot == call.bot.id && !query->answered && call.world.now() - query->asked <= answerable_for;
  if (!usable) throw bad_request("query is too old and response timeout expired or query ID is invalid");
  if (utf8_length(call.text("text")) > most_text) throw bad_request("MESSAGE_TOO_LONG");
  query->answered = true;
  query->text = call.text("text");
  query->show_alert = call.flag("show_alert");
  query->url = call.text("url");
  query->cache_time = call.integer("cache_time");
  call.world.tell("callback_answer", call.world.chat(query->chat), call.bot.id,
                  fmt::format(R"(,"user":{},"callback_query_id":{},"message_id":{},"text":{},"show_alert":{},"url":{})",
                              query->user, quote(call.text("callback_query_id")), query->message_id, quote(query->text),
                              query->show_alert, quote(query->url)));
  return std::string("true");
}

constexpr Method methods[] = {{"answerCallbackQuery", answer_callback_query}};

}  // namespace

std::span<const Method> callback_methods() { return methods; }

}  // namespace sandbox
