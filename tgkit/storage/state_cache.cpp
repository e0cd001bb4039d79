#include "tgkit/storage/state_cache.hpp"

#include <utility>

namespace tgkit::storage {
namespace {

constexpr std::size_t in_place = 15;  // a shorter std::string owns no memory

std::size_t heap(const std::string& text) { return text.capacity() > in_place ? text.capacity() + 16 : 0; }

}  // namespace

std::size_t StateCache::cost(const Entry& entry) {
  constexpr std::size_t node = sizeof(Map::value_type) + 4 * sizeof(void*);  // link, hash, bucket, allocator's header
  return node + heap(entry.key->owner) + heap(entry.key->type) + (entry.record ? heap(entry.record->value) : 0);
}

void StateCache::link(Entry& entry) {
  bytes_ += cost(entry);
  entry.newer = nullptr;
  entry.older = newest_;
  if (newest_ != nullptr) newest_->newer = &entry;
  newest_ = &entry;
  if (oldest_ == nullptr) oldest_ = &entry;
}

void StateCache::unlink(Entry& entry) {
  bytes_ -= cost(entry);
  (entry.newer != nullptr ? entry.newer->older : newest_) = entry.older;
  (entry.older != nullptr ? entry.older->newer : oldest_) = entry.newer;
}

const std::optional<StateRecord>* StateCache::find(const StateKey& key) {
  const auto it = entries_.find(key);
  if (it == entries_.end() || it->second.writes > 0) return nullptr;
  Entry& entry = it->second;
  if (&entry != newest_) {
    unlink(entry);
    link(entry);
  }
  return &entry.record;
}

bool StateCache::being_written(const StateKey& key) const {
  const auto it = entries_.find(key);
  return it != entries_.end() && it->second.writes > 0;
}

void StateCache::fill(StateKey&& key, const std::optional<StateRecord>& record) {
  const auto [it, added] = entries_.try_emplace(std::move(key));
  if (!added) return;
  Entry& entry = it->second;
  entry.key = &it->first;
  entry.known = true;
  entry.record = record;
  link(entry);
  trim();
}

void StateCache::begin_write(const StateKey& key) {
  const auto [it, added] = entries_.try_emplace(key);
  Entry& entry = it->second;
  if (added) {
    entry.key = &it->first;
  } else if (entry.writes == 0) {
    unlink(entry);
  }
  ++entry.writes;
}

void StateCache::written(const StateKey& key, std::optional<StateRecord>&& record) {
  const auto it = entries_.find(key);
  it->second.record = std::move(record);
  it->second.known = true;
  end_write(it);
}

void StateCache::not_written(const StateKey& key) {
  const auto it = entries_.find(key);
  it->second.known = false;  // it may hold what an earlier write replaced: the database knows
  end_write(it);
}

void StateCache::end_write(Map::iterator it) {
  Entry& entry = it->second;
  if (--entry.writes > 0) return;
  if (!entry.known) {
    entries_.erase(it);
    return;
  }
  link(entry);
  trim();
}

void StateCache::trim() {
  while (bytes_ > most_bytes_ && oldest_ != nullptr) {
    Entry& entry = *oldest_;
    unlink(entry);
    entries_.erase(entries_.find(*entry.key));
  }
}

}  // namespace tgkit::storage
