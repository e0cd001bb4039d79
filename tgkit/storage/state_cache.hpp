#pragma once
// States of busy owners on the loop's side, bounded by bytes: the least recently used leave first. It holds only what
// is durable; while a key is being written the cache has no answer for it. Internal to the storage.
#include "tgkit/storage/state_key_hash.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace tgkit::storage {

class StateCache {
 public:
  explicit StateCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  StateCache(const StateCache&) = delete;
  StateCache& operator=(const StateCache&) = delete;

  // Null: unknown, ask the database. A pointer to nullopt: known to be absent.
  const std::optional<StateRecord>* find(const StateKey& key);
  bool being_written(const StateKey& key) const;

  // What the database answered. Ignored when the key is being written, since that is newer.
  void fill(StateKey&& key, const std::optional<StateRecord>& record);

  // begin_write, then exactly one of written and not_written, in the order of the writes.
  void begin_write(const StateKey& key);
  void written(const StateKey& key, std::optional<StateRecord>&& record);
  void not_written(const StateKey& key);

  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Entry {
    std::optional<StateRecord> record;
    const StateKey* key = nullptr;
    Entry* newer = nullptr;
    Entry* older = nullptr;
    std::uint32_t writes = 0;  // under way; such an entry is not in the chain
    bool known = false;
  };
  using Map = std::unordered_map<StateKey, Entry, StateKeyHash>;

  void link(Entry& entry);
  void unlink(Entry& entry);
  void end_write(Map::iterator it);
  void trim();
  static std::size_t cost(const Entry& entry);

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;  // of the entries in the chain
  Map entries_;
  Entry* newest_ = nullptr;
  Entry* oldest_ = nullptr;
};

}  // namespace tgkit::storage
