#pragma once
// The market's rules as the control API reads and changes them: names as in sandbox/market/rules.hpp.
#include "sandbox/json.hpp"
#include "sandbox/market/rules.hpp"

#include <optional>
#include <string>

namespace sandbox {

// Takes over what `wanted` names; the rest stays. The text says what is wrong, and then nothing has changed.
std::optional<std::string> change_rules(market::MarketRules& rules, const json::object& wanted);
json::object rules_json(const market::MarketRules& rules);

}  // namespace sandbox
