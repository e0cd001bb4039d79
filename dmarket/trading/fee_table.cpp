#include "dmarket/trading/fee_table.hpp"

#include "dmarket/trading/price_range.hpp"

#include <algorithm>

namespace dmarket::trading {

bool plausible(const TitleFees& fees) { return fees.least_fee >= Money() && fees.least_fee <= most_price; }

FeeRate rate_at(const TitleFees& fees, Money price, Time sold) {
  std::optional<FeeRate> dearest;
  for (const auto& window : fees.windows) {
    if (covers(window, price, sold)) dearest = std::max(dearest.value_or(window.rate), window.rate);
  }
  return dearest.value_or(fees.default_rate);
}

Money fee_at(const TitleFees& fees, Money price, Time sold) {
  return std::max(fees.least_fee, fee_on(price, rate_at(fees, price, sold)));
}

Money net_at(const TitleFees& fees, Money price, Time sold) { return price - fee_at(fees, price, sold); }

void FeeTable::add(std::string_view title, FeeWindow window) {
  auto found = windows_.find(title);
  if (found == windows_.end()) found = windows_.emplace(std::string(title), std::vector<FeeWindow>()).first;
  found->second.push_back(window);
}

TitleFees FeeTable::of(std::string_view title) const {
  TitleFees fees{default_rate_, least_fee_, read_at_, {}};
  const auto found = windows_.find(title);
  if (found != windows_.end()) fees.windows = found->second;
  return fees;
}

}  // namespace dmarket::trading
