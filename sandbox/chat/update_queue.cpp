#include "sandbox/chat/update_queue.hpp"

#include <algorithm>
#include <limits>

namespace sandbox {
namespace {

// Limits of Telegram's queue.
constexpr std::size_t most_updates = 100'000;
constexpr std::size_t most_bytes = 128u << 20;
constexpr std::size_t most_update_bytes = 512u << 10;
constexpr std::size_t most_answer_bytes = 4u << 20;
constexpr std::int64_t furthest_behind = 100'000;
constexpr std::int64_t furthest_ahead = 10;
constexpr UnixSeconds new_number_after = 7 * 86'400;

std::uint64_t mix(std::uint64_t& state) {  // splitmix64
  std::uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace

std::int64_t UpdateQueue::next_id(UnixSeconds now) {
  if (next_ == 0 || (entries_.empty() && now - last_push_ > new_number_after)) {
    next_ = 2'000'001 + static_cast<std::int64_t>(mix(random_) % (1'000'000'000 - 2'000'001));
  }
  last_push_ = now;
  return next_++;
}

std::int64_t UpdateQueue::push(const std::string& kind, const std::string& object, UnixSeconds now,
                               UnixSeconds expires) {
  return push_raw("{\"update_id\":{id},\n\"" + kind + "\":" + object + "}", now, expires);
}

std::int64_t UpdateQueue::push_raw(std::string text, UnixSeconds now, UnixSeconds expires) {
  drop_expired(now);
  if (text.size() > most_update_bytes || entries_.size() >= most_updates || bytes_ + text.size() > most_bytes) return 0;
  const std::int64_t id = next_id(now);
  if (const std::size_t at = text.find("{id}"); at != std::string::npos) text.replace(at, 4, std::to_string(id));
  bytes_ += text.size();
  earliest_expiry_ = entries_.empty() ? expires : std::min(earliest_expiry_, expires);
  entries_.push_back({id, ++serials_, expires, std::move(text)});
  return id;
}

void UpdateQueue::repeat_last() {
  if (entries_.empty()) return;
  Entry copy = entries_.back();
  copy.serial = ++serials_;
  bytes_ += copy.text.size();
  entries_.push_back(std::move(copy));
}

void UpdateQueue::forget_below(std::int64_t id) {
  while (!entries_.empty() && entries_.front().id < id) {
    bytes_ -= entries_.front().text.size();
    entries_.pop_front();
  }
}

void UpdateQueue::drop_expired(UnixSeconds now) {
  if (entries_.empty() || now < earliest_expiry_) return;
  std::erase_if(entries_, [&](const Entry& entry) {
    if (entry.expires > now) return false;
    bytes_ -= entry.text.size();
    return true;
  });
  earliest_expiry_ = std::numeric_limits<UnixSeconds>::max();
  for (const Entry& entry : entries_) earliest_expiry_ = std::min(earliest_expiry_, entry.expires);
}

std::vector<std::string> UpdateQueue::take(std::int64_t offset, std::size_t limit, UnixSeconds now) {
  drop_expired(now);
  if (offset < 0) {
    const auto keep = static_cast<std::size_t>(std::min<std::int64_t>(-offset, furthest_behind));
    if (entries_.size() > keep) forget_below(entries_[entries_.size() - keep].id);
  } else if (offset > 0) {
    const std::int64_t head = entries_.empty() ? next_ : entries_.front().id;
    const bool out_of_range = offset > next_ + furthest_ahead || offset < head - furthest_behind;
    if (!out_of_range) forget_below(offset);
  }
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const Entry& entry : entries_) {
    if (texts.size() >= limit || (bytes + entry.text.size() > most_answer_bytes && !texts.empty())) break;
    bytes += entry.text.size();
    texts.push_back(entry.text);
  }
  return texts;
}

std::deque<QueuedUpdate>::iterator UpdateQueue::at_or_after(std::uint64_t serial) {
  return std::lower_bound(entries_.begin(), entries_.end(), serial,
                          [](const Entry& entry, std::uint64_t wanted) { return entry.serial < wanted; });
}

const QueuedUpdate* UpdateQueue::after(std::uint64_t serial, UnixSeconds now) {
  drop_expired(now);
  const auto entry = at_or_after(serial + 1);
  return entry == entries_.end() ? nullptr : &*entry;
}

const QueuedUpdate* UpdateQueue::find(std::uint64_t serial, UnixSeconds now) {
  drop_expired(now);
  const auto entry = at_or_after(serial);
  return entry == entries_.end() || entry->serial != serial ? nullptr : &*entry;
}

void UpdateQueue::forget(std::uint64_t serial) {
  const auto entry = at_or_after(serial);
  if (entry == entries_.end() || entry->serial != serial) return;
  bytes_ -= entry->text.size();
  entries_.erase(entry);
}

std::size_t UpdateQueue::size(UnixSeconds now) {
  drop_expired(now);
  return entries_.size();
}

void UpdateQueue::clear() {
  entries_.clear();
  bytes_ = 0;
}

}  // namespace sandbox
