#include "sandbox/dmarket/switches.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

struct FlagName {
  const char* name;
  bool ApiSwitches::*field;
};
constexpr FlagName flags[] = {{"limits", &ApiSwitches::limits},
                              {"limit_headers", &ApiSwitches::limit_headers},
                              {"limit_body", &ApiSwitches::limit_body},
                              {"retry_after", &ApiSwitches::retry_after},
                              {"integers_as_text", &ApiSwitches::integers_as_text},
                              {"allow_future_dates", &ApiSwitches::allow_future_dates},
                              {"sales_say_order", &ApiSwitches::sales_say_order},
                              {"show_protected_money", &ApiSwitches::show_protected_money},
                              {"closed_without_fee", &ApiSwitches::closed_without_fee},
                              {"closed_without_price", &ApiSwitches::closed_without_price}};

struct NumberName {
  const char* name;
  std::int64_t ApiSwitches::*field;
  std::int64_t least, most;
};
constexpr NumberName numbers[] = {{"titles_limit", &ApiSwitches::titles_limit, 1, 100'000},
                                  {"missing_percent", &ApiSwitches::missing_percent, 0, 100},
                                  {"missing_seed", &ApiSwitches::missing_seed, 0, INT64_MAX}};

}  // namespace

std::optional<std::string> change_switches(ApiSwitches& switches, const json::object& wanted) {
  const json::object known = switches_json(switches);
  for (const auto& member : wanted) {
    if (!known.contains(member.key())) return fmt::format("there is no switch \"{}\"", std::string(member.key()));
  }
  ApiSwitches changed = switches;
  for (const FlagName& flag : flags) {
    const json::value* value = wanted.if_contains(flag.name);
    if (!value) continue;
    if (!value->is_bool()) return fmt::format("\"{}\" must be true or false", flag.name);
    changed.*flag.field = value->get_bool();
  }
  for (const NumberName& number : numbers) {
    if (!wanted.contains(number.name)) continue;
    const auto value = member_int(wanted, number.name);
    if (!value || *value < number.least || *value > number.most) {
      return fmt::format("\"{}\" must be {}..{}", number.name, number.least, number.most);
    }
    changed.*number.field = *value;
  }
  switches = changed;
  return std::nullopt;
}

json::object switches_json(const ApiSwitches& switches) {
  json::object all;
  for (const FlagName& flag : flags) all[flag.name] = switches.*flag.field;
  for (const NumberName& number : numbers) all[number.name] = switches.*number.field;
  return all;
}

}  // namespace sandbox
