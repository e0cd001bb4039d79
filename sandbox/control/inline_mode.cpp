// People who ask a bot from the input field of any chat.
#include "sandbox/control/request.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

InlineQuery& named_query(const ControlRequest& request) {
  InlineQuery* query = request.world.inline_queries().find(request.text("inline_query_id"));
  if (!query) throw ControlError("no such inline query: use the id that /control/inline gave", 404);
  return *query;
}

const json::object& named_result(const ControlRequest& request, const InlineQuery& query) {
  const std::string id = request.text("result_id");
  for (const json::value& result : query.results) {
    if (member_text(result.get_object(), "id") == id) return result.get_object();
  }
  throw ControlError(fmt::format("the bot offered no result \"{}\"; GET /control/inline-state shows what it did", id));
}

// What the chosen result says: its own text, else its title.
json::object content_of(const json::object& result, const Bot& bot) {
  const json::object* written = member_object(result, "input_message_content");
  json::object content{{"via_bot", bot.as_json()}};
  content["text"] =
      written ? member_text(*written, "message_text", "[inline]") : member_text(result, "title", "[inline]");
  if (const json::object* markup = member_object(result, "reply_markup")) content["reply_markup"] = *markup;
  return content;
}

}  // namespace

std::string ask_inline(const ControlRequest& request) {
  const User& user = named_user(request);
  Bot& bot = named_bot(request);
  if (!bot.supports_inline_queries) {
    throw ControlError(
        "this bot has no inline mode; switch it on: /control/bots with \"supports_inline_queries\": true");
  }
  InlineQuery query;
  query.bot = bot.id;
  query.user = user.id;
  query.query = request.text("query");
  query.asked = request.world.now();
  const std::string id = request.world.inline_queries().begin(query);
  json::object update{{"id", id}, {"from", user.as_json()}, {"query", query.query}, {"offset", request.text("offset")}};
  if (request.has("chat_type")) update["chat_type"] = request.text("chat_type");
  request.world.deliver(bot, "inline_query", to_wire(update), query.asked + InlineQueries::answer_within);
  return with_seq(request, fmt::format("\"inline_query_id\":\"{}\"", id));
}

std::string inline_state(const ControlRequest& request) {
  const InlineQuery& query = named_query(request);
  return to_wire(
      json::object{{"answered", query.answered}, {"results", query.results}, {"next_offset", query.next_offset}});
}

std::string choose_inline(const ControlRequest& request) {
  const InlineQuery& query = named_query(request);
  const json::object& result = named_result(request, query);
  World& world = request.world;
  Bot& bot = *world.bot(query.bot);
  Chat& chat = request.has("chat") ? named_chat(request) : world.private_chat(query.user, query.bot);
  const Message& message = world.post(chat, Author{query.user, false}, content_of(result, bot));
  const std::string text = message.text;
  const json::object chosen{
      {"result_id", request.text("result_id")}, {"from", world.person_json(query.user)}, {"query", query.query}};
  world.deliver(bot, "chosen_inline_result", to_wire(chosen), world.now() + 600);
  return with_seq(request, "\"message\":" + text);
}

}  // namespace sandbox
