#pragma once
// One page out of many rows: keeps the `limit` first ones behind the cursor, counts all, sorts only what it keeps.
#include "sandbox/market/values.hpp"

#include <algorithm>
#include <charconv>

namespace sandbox::market {

struct RowKey {
  std::uint64_t value = 0;  // what is ordered by; inverted for descending
  std::uint32_t title = 0, serial = 0;
  friend constexpr auto operator<=>(const RowKey&, const RowKey&) = default;
};

std::string cursor_text(const RowKey& key);
std::optional<RowKey> read_cursor(std::string_view text);

template <class Row>
class Window {
 public:
  // The cursor was checked. Requires limit > 0.
  Window(int limit, const std::string& cursor) : limit_(static_cast<std::size_t>(limit)) {
    if (!cursor.empty()) after_ = read_cursor(cursor);
  }

  void add(const RowKey& key, const Row& row) {
    ++total_;
    place(key, row);
  }
  void count(std::int64_t rows) { total_ += rows; }

  // As add(), without counting. False: this row and all behind it stand behind the page.
  bool place(const RowKey& key, const Row& row) {
    if (after_ && key <= *after_) return true;
    if (rows_.size() == limit_) {
      more_ = true;
      if (rows_.front().first < key) return false;
      std::pop_heap(rows_.begin(), rows_.end(), by_key);
      rows_.back() = {key, row};
    } else {
      rows_.push_back({key, row});
    }
    std::push_heap(rows_.begin(), rows_.end(), by_key);
    return true;
  }

  // The page, made by `make` from each row.
  template <class T, class Make>
  Page<T> page(Make make) {
    std::sort_heap(rows_.begin(), rows_.end(), by_key);
    Page<T> result;
    result.total = total_;
    for (const auto& [key, row] : rows_) result.items.push_back(make(row));
    if (more_) result.cursor = cursor_text(rows_.back().first);
    return result;
  }

 private:
  static bool by_key(const std::pair<RowKey, Row>& a, const std::pair<RowKey, Row>& b) { return a.first < b.first; }

  std::size_t limit_;
  std::optional<RowKey> after_;
  std::vector<std::pair<RowKey, Row>> rows_;
  std::int64_t total_ = 0;
  bool more_ = false;  // rows behind the page
};

}  // namespace sandbox::market
