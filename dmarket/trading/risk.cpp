#include "dmarket/trading/risk.hpp"

#include <array>

namespace dmarket::trading {
namespace {

struct Named {
  std::string_view name, text;
};

constexpr std::array<Named, risk_count> risks{{
    {"few_sales", "few sales"},
    {"unstable_price", "the price is unstable"},
    {"falling_price", "the price is falling"},
    {"many_offers", "many offers compete"},
    {"slow_sale", "it sells slowly"},
    {"fee_ends_before_sale", "the reduced fee ends before the expected sale"},
    {"at_fee_border", "a cent more would pay a higher fee"},
    {"old_sales", "the newest sale is more than a week old"},
}};

}  // namespace

std::string_view name_of(Risk risk) { return risks[static_cast<std::size_t>(risk)].name; }
std::string_view to_text(Risk risk) { return risks[static_cast<std::size_t>(risk)].text; }

}  // namespace dmarket::trading
