#pragma once
// A log whose entries are numbered from 1 without gaps; the newest are kept.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace sandbox {

template <class Entry, std::uint64_t Entry::*number>
class NumberedLog {
 public:
  explicit NumberedLog(std::size_t keep) : keep_(keep) {}

  const Entry& append(Entry entry) {  // gives it its number
    entry.*number = ++last_;
    entries_.push_back(std::move(entry));
    if (entries_.size() > keep_) entries_.pop_front();
    return entries_.back();
  }
  std::size_t capacity() const { return keep_; }
  std::uint64_t last() const { return last_; }
  std::uint64_t oldest() const { return entries_.empty() ? last_ + 1 : entries_.front().*number; }
  const std::deque<Entry>& entries() const { return entries_; }
  static std::uint64_t number_of(const Entry& entry) { return entry.*number; }
  // The first entry above `n`, as a position in entries().
  std::size_t first_above(std::uint64_t n) const {
    if (n < oldest()) return 0;
    return static_cast<std::size_t>(std::min<std::uint64_t>(n - oldest() + 1, entries_.size()));
  }

 private:
  std::size_t keep_;
  std::deque<Entry> entries_;
  std::uint64_t last_ = 0;
};

}  // namespace sandbox
