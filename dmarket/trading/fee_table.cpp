#include "dmarket/trading/fee_table.hpp"

#include "dmarket/trading/price_range.hpp"

#include <algorithm>
#include <functional>
#include <optional>

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

// Where the title is, or where it belongs. There is always a free slot.
std::size_t FeeTable::slot_of(std::string_view title, std::size_t hash) const {
  const auto mask = slots_.size() - 1;
  auto at = hash & mask;
  while (slots_[at].entry != 0 && (slots_[at].hash != hash || entries_[slots_[at].entry - 1].title != title)) {
    at = (at + 1) & mask;
  }
  return at;
}

void FeeTable::grow() {
  std::vector<Slot> old(std::max<std::size_t>(slots_.size() * 2, 16));
  old.swap(slots_);
  for (const auto& slot : old) {
    if (slot.entry != 0) slots_[slot_of(entries_[slot.entry - 1].title, slot.hash)] = slot;
  }
}

void FeeTable::add(std::string_view title, FeeWindow window) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  const auto hash = std::hash<std::string_view>()(title);
  auto& slot = slots_[slot_of(title, hash)];
  if (slot.entry == 0) {
    entries_.push_back({std::string(title), {}});
    slot = {hash, entries_.size()};
  }
  entries_[slot.entry - 1].windows.push_back(window);
}

TitleFees FeeTable::of(std::string_view title) const {
  TitleFees fees{default_rate_, least_fee_, read_at_, {}};
  if (slots_.empty()) return fees;
  const auto& slot = slots_[slot_of(title, std::hash<std::string_view>()(title))];
  if (slot.entry != 0) fees.windows = entries_[slot.entry - 1].windows;
  return fees;
}

}  // namespace dmarket::trading
