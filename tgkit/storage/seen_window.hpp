#pragma once
// The last update ids that were appended, so that one delivered twice is recognised. Bounded by count and not by
// value, since Telegram may restart the ids at random after a quiet week.
#include <cstdint>
#include <deque>
#include <unordered_set>

namespace tgkit::storage {

class SeenWindow {
 public:
  explicit SeenWindow(std::size_t most) : most_(most) {}

  // False: it is in the window already. The window may exceed its bound until trim().
  bool insert(std::int64_t update_id) {
    if (!ids_.insert(update_id).second) return false;
    order_.push_back(update_id);
    return true;
  }
  // Takes back the last insertions, when what they stood for was not written.
  void undo(std::size_t count) {
    for (; count > 0 && !order_.empty(); --count) {
      ids_.erase(order_.back());
      order_.pop_back();
    }
  }
  void trim() {
    while (order_.size() > most_) {
      ids_.erase(order_.front());
      order_.pop_front();
    }
  }
  std::size_t size() const noexcept { return order_.size(); }

 private:
  std::size_t most_;
  std::unordered_set<std::int64_t> ids_;
  std::deque<std::int64_t> order_;
};

}  // namespace tgkit::storage
