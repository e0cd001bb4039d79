#pragma once
// One page of a list.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dmarket {

template <class Item_>
struct Page {
  using Item = Item_;
  std::vector<Item> items;
  std::optional<std::int64_t> total;  // all matches, however many are on this page
  std::string cursor;                 // where the next page begins; empty at the end
  bool listed = true;                 // the answer held the list; without it, that nothing was listed says nothing
  bool has_nulls = false;             // entries that say nothing at all were left out of `items`
};

enum class SortDirection { ascending, descending };

}  // namespace dmarket
