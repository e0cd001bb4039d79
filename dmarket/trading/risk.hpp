#pragma once
// What speaks against an opportunity without forbidding it.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dmarket::trading {

// What a person should know before following an opportunity.
enum class Risk : std::uint8_t {
  few_sales,             // fewer than 10
  unstable_price,        // deviation above 25 %
  falling_price,         // the newest sales lie more than 10 % below the earlier ones
  many_offers,           // 50 or more compete
  slow_sale,             // 7 days or more from sale to sale
  fee_ends_before_sale,  // a reduced fee covers the price now but not when the sale is expected; reckoned with the
                         // default
  at_fee_border,         // a cent more would cost a higher fee
  old_sales,             // the newest sale is older than 7 days
};
inline constexpr std::size_t risk_count = static_cast<std::size_t>(Risk::old_sales) + 1;
std::string_view name_of(Risk risk);
std::string_view to_text(Risk risk);

class Risks {
 public:
  constexpr Risks& add(Risk risk) {
    bits_ |= 1U << static_cast<unsigned>(risk);
    return *this;
  }
  constexpr bool has(Risk risk) const { return (bits_ >> static_cast<unsigned>(risk) & 1U) != 0; }
  constexpr bool none() const { return bits_ == 0; }
  friend constexpr bool operator==(Risks, Risks) = default;

 private:
  unsigned bits_ = 0;
};

}  // namespace dmarket::trading
