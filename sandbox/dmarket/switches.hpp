#pragma once
// What nobody outside knows of the exchange's API, or what tests want both ways: each a switch. What concerns the
// market itself is in sandbox/market/rules.hpp.
#include "sandbox/json.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sandbox {

struct ApiSwitches {
  bool limits = true;                 // rate limits are kept
  bool limit_headers = true;          // every answer says what is left
  bool limit_body = true;             // 429 says why, as the gateway would; else its body is empty
  bool retry_after = false;           // 429 says when
  bool integers_as_text = true;       // 64-bit integers of the v2 lists; else numbers, as documented
  bool allow_future_dates = false;    // else a date more than 120 s ahead is refused like one too old
  bool sales_say_order = false;       // last-sales names a sale to a target "Order", as documented; else "Target"
  bool show_protected_money = true;   // the balance holds the undocumented usdTradeProtected
  bool closed_without_fee = false;    // closed sales name no Fee
  bool closed_without_price = false;  // closed trades name no Price
  std::int64_t titles_limit = 100;    // titles of one aggregated-prices call
  std::int64_t missing_percent = 2;   // how often a field of no weight is null or missing
  std::int64_t missing_seed = 1;
};

// Takes over what `wanted` names; the rest stays. The text says what is wrong, and then nothing has changed.
std::optional<std::string> change_switches(ApiSwitches& switches, const json::object& wanted);
json::object switches_json(const ApiSwitches& switches);

}  // namespace sandbox
