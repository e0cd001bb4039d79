// Answers to what people ask from the input field of any chat.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/schema.hpp"

#include <set>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t most_results = 50;
constexpr std::size_t most_id = 64;      // bytes
constexpr std::size_t most_offset = 64;  // bytes

void check_results(const json::array& results) {
  if (results.size() > most_results) throw bad_request("RESULTS_TOO_MUCH");
  std::set<std::string> ids;
  for (const json::value& result : results) {
    if (!result.is_object()) throw bad_request("can't parse inline query result: Object expected");
    const std::string id = member_text(result.get_object(), "id");
    if (id.empty() || id.size() > most_id) throw bad_request("RESULT_ID_INVALID");
    if (!ids.insert(id).second) throw bad_request("RESULT_ID_DUPLICATE");
  }
}

Result answer_inline_query(Call& call) {
  const std::string id = call.text("inline_query_id");
  const auto results = json_argument(call, "results");
  if (!results || !results->is_array()) throw bad_request("parameter \"results\" is required");
  check_results(results->get_array());
  check_against_schema(call.method, call.arguments);
  if (call.text("next_offset").size() > most_offset) throw bad_request("NEXT_OFFSET_INVALID");
  InlineQuery* query = call.world.inline_queries().find(id);
  const bool usable = query && query->bot == call.bot.id && !query->answered &&
                      call.world.now() - query->asked <= InlineQueries::answer_within;
  if (!usable) throw bad_request("query is too old and response timeout expired or query ID is invalid");
  query->answered = true;
  query->results = results->get_array();
  query->next_offset = call.text("next_offset");
  call.world.tell(
      "inline_answer", nullptr, call.bot.id,
      fmt::format(R"(,"user":{},"inline_query_id":{},"count":{})", query->user, quote(id), query->results.size()));
  return std::string("true");
}

constexpr Method methods[] = {{"answerInlineQuery", answer_inline_query}};

}  // namespace

std::span<const Method> inline_methods() { return methods; }

}  // namespace sandbox
