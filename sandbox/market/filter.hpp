#pragma once
// Which rows a list shows and in which order.
#include "sandbox/market/state.hpp"
#include "sandbox/market/window.hpp"

namespace sandbox::market {

// A limit outside 1...100 or a cursor that is none of ours.
std::optional<Refusal> check(const Paging& paging, int largest);

bool admits(const Filter& filter, const TitleInfo& info);  // not game and prefix; false: no copy of it is admitted
bool looks_at_copies(const Filter& filter);                // false: admits() of every copy is true
bool admits(const Filter& filter, const Copy& copy, Time now);
bool admits(const Filter& filter, Money price);

struct Ordering {
  OrderBy by;
  bool descending;
  // `rank`: of the title in the order of titles. `discount`: in percent, where the list can be ordered by it.
  std::uint64_t value(std::int64_t price, Time created, Time updated, std::int32_t float_value, std::uint32_t rank,
                      int discount = 0) const;
};

}  // namespace sandbox::market
