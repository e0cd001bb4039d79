#pragma once
// Which update ids were taken: the unfinished ones, and the last ones that were done, so that one delivered twice is
// recognised. Bounded by count and not by value, since Telegram may restart the ids at random after a quiet week.
// Internal to the storage.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

namespace tgkit::storage {

class SeenUpdates {
 public:
  explicit SeenUpdates(std::size_t window) : window_(window) {}

  // False: it was taken before. Otherwise it is unfinished from now on.
  bool take(std::int64_t update_id) {
    if (!updates_.try_emplace(update_id, Update{true, true}).second) return false;
    order_.push_back(update_id);
    trim();
    return true;
  }
  void done(std::int64_t update_id) {
    const auto update = updates_.find(update_id);
    if (update == updates_.end()) return;
    update->second.unfinished = false;
    if (!update->second.in_window) updates_.erase(update);
  }

  // What an earlier run has left: first the window, the oldest first, then the unfinished ones.
  void restore_seen(std::int64_t update_id) {
    if (take(update_id)) done(update_id);
  }
  void restore_unfinished(std::int64_t update_id) { updates_[update_id].unfinished = true; }

  bool knows(std::int64_t update_id) const { return updates_.contains(update_id); }
  bool is_done(std::int64_t update_id) const {
    const auto update = updates_.find(update_id);
    return update != updates_.end() && !update->second.unfinished;
  }
  std::size_t size() const noexcept { return updates_.size(); }

 private:
  struct Update {
    bool unfinished = false;
    bool in_window = false;
  };

  void trim() {
    while (order_.size() > window_) {
      const auto oldest = updates_.find(order_.front());
      order_.pop_front();
      oldest->second.in_window = false;
      if (!oldest->second.unfinished) updates_.erase(oldest);
    }
  }

  std::size_t window_;
  std::unordered_map<std::int64_t, Update> updates_;
  std::deque<std::int64_t> order_;  // of those in the window
};

}  // namespace tgkit::storage
