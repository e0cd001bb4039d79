#include "sandbox/dmarket/paging_faults.hpp"

#include "sandbox/json.hpp"
#include "tgkit/net/query.hpp"

namespace sandbox {
namespace {

struct ListKeys {
  const char *entries, *cursor, *asked;  // members of the answer, parameter of the request
};
constexpr ListKeys lists[] = {{"items", "cursor", "cursor"},
                              {"Trades", "Cursor", "Cursor"},
                              {"titles", "cursor", "cursor"},
                              {"aggregatedPrices", "nextCursor", "cursor"}};

std::string asked_cursor(const ListKeys& keys, std::string_view query, std::string_view body) {
  const auto parameters = tgkit::net::parse_query(query);
  if (const auto value = tgkit::net::query_value(parameters, keys.asked)) return std::string(*value);
  const auto value = parse_json(body);
  return value && value->is_object() ? member_text(value->get_object(), keys.asked) : std::string();
}

}  // namespace

std::string with_paging_fault(Fault::Action action, std::string_view query, std::string_view body, std::string answer) {
  if (action != Fault::Action::empty_page && action != Fault::Action::same_cursor) return answer;
  auto value = parse_json(answer);
  json::object* object = value ? value->if_object() : nullptr;
  if (!object) return answer;
  for (const ListKeys& keys : lists) {
    if (!object->contains(keys.entries) || !object->contains(keys.cursor)) continue;
    const std::string asked = asked_cursor(keys, query, body);
    if (action == Fault::Action::empty_page) {
      (*object)[keys.entries] = json::array();
      if (member_text(*object, keys.cursor).empty()) (*object)[keys.cursor] = "WyJtb3JlIl0=";
    } else if (!asked.empty()) {
      (*object)[keys.cursor] = asked;
    }
    return to_plain_json(*value);
  }
  return answer;
}

}  // namespace sandbox
