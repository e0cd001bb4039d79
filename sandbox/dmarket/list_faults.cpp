#include "sandbox/dmarket/list_faults.hpp"

#include "sandbox/dmarket/list_query.hpp"
#include "sandbox/json.hpp"

#include <algorithm>
#include <ctime>
#include <optional>

namespace sandbox {
namespace {

using Action = Fault::Action;

struct ListNames {
  const char *entries, *total;
};
constexpr ListNames shapes[] = {{"items", "total"}, {"Trades", "Total"}};

bool is_about_lists(Action action) {
  return action == Action::lag || action == Action::hide || action == Action::short_list || action == Action::null_ids;
}

// What names an entry: a target or an offer its own id, a trade its order's, what lies in an inventory its asset's.
template <class Object, class Use>
void each_id(Object& entry, Use use) {
  for (const char* name : {"targetId", "offerId", "OfferID", "TargetID", "AssetID"}) {
    if (auto* found = entry.if_contains(name)) use(*found);
  }
  auto* attributes = entry.if_contains("attributes");
  if (attributes == nullptr || !attributes->is_object()) return;
  if (auto* found = attributes->get_object().if_contains("id")) use(*found);
}

bool names_one_of(const json::object& entry, const std::vector<std::string>& ids) {
  bool named = ids.empty();
  each_id(entry, [&](const json::value& id) {
    named |= id.is_string() && std::ranges::find(ids, std::string(id.get_string())) != ids.end();
  });
  return named;
}

// As the lists write it: "2026-06-17T10:30:00Z", or Unix seconds.
std::optional<std::int64_t> moment_in(const std::string& text) {
  std::tm time{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) != nullptr) return timegm(&time);
  return whole_number(text);
}

bool is_newer(const json::object& entry, std::int64_t than) {
  for (const char* name : {"createdAt", "OfferClosedAt", "ClosedAt"}) {
    if (const auto made = moment_in(member_text(entry, name))) return *made > than;
  }
  return false;
}

bool is_hidden(const Fault& fault, std::int64_t now, const json::value& entry) {
  if (!entry.is_object() || fault.action == Action::null_ids) return false;
  if (fault.action == Action::lag) return is_newer(entry.get_object(), now - fault.lag);
  return names_one_of(entry.get_object(), fault.ids);
}

void leave_ids_null(const Fault& fault, json::array& entries) {
  for (json::value& entry : entries) {
    if (!entry.is_object() || !names_one_of(entry.get_object(), fault.ids)) continue;
    each_id(entry.get_object(), [](json::value& id) { id = nullptr; });
  }
}

void spoil(const Fault& fault, std::int64_t now, const ListNames& names, json::object& list) {
  json::array& entries = list.at(names.entries).as_array();
  if (fault.action == Action::null_ids) return leave_ids_null(fault, entries);
  const auto size = static_cast<std::int64_t>(entries.size());
  json::array shown;
  for (json::value& entry : entries) {
    if (!is_hidden(fault, now, entry)) shown.push_back(std::move(entry));
  }
  const std::int64_t hidden = size - static_cast<std::int64_t>(shown.size());
  entries = std::move(shown);
  const auto total = member_int(list, names.total);
  if (fault.action != Action::short_list && total) list[names.total] = std::to_string(*total - hidden);
}

}  // namespace

std::string with_list_fault(const Fault& fault, std::int64_t now, std::string answer) {
  if (!is_about_lists(fault.action)) return answer;
  auto value = parse_json(answer);
  json::object* object = value ? value->if_object() : nullptr;
  if (object == nullptr) return answer;
  for (const ListNames& names : shapes) {
    const json::value* entries = object->if_contains(names.entries);
    if (entries == nullptr || !entries->is_array()) continue;
    spoil(fault, now, names, *object);
    return to_plain_json(*value);
  }
  return answer;
}

}  // namespace sandbox
