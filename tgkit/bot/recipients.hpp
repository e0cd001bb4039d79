#pragma once
// What sending has taught about chats: which cannot be reached (the person has blocked the bot or is gone, the bot was
// thrown out) and which have moved to another id. Few chats have a mark, so all are in memory; in the store they lie in
// a fixed number of state records, of which a commit rewrites those that have changed.
#include "tgkit/storage/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tgkit::bot {

class Recipients {
 public:
  bool unreachable(std::int64_t chat) const;
  std::size_t unreachable_count() const noexcept { return unreachable_; }
  bool mark(std::int64_t chat);   // cannot be reached; false: known already
  bool clear(std::int64_t chat);  // is there again; false: was not marked

  // Where messages for this chat go: itself, unless it has moved.
  std::int64_t current(std::int64_t chat) const;
  void moved(std::int64_t from, std::int64_t to);

  // All records, for the store's load(); read() takes its answer, in the same order. What cannot be read is taken as
  // empty: it is learnt again.
  static std::vector<storage::StateKey> keys();
  void read(const std::vector<std::optional<storage::StateRecord>>& records);

  bool changed() const noexcept { return changed_ > 0; }
  std::vector<storage::StateWrite> take_writes();                       // of what has changed since
  void give_back(const std::vector<storage::StateWrite>& not_written);  // they will be written again

 private:
  struct Shard {
    std::unordered_set<std::int64_t> unreachable;
    std::unordered_map<std::int64_t, std::int64_t> moved;
    bool changed = false;
  };
  static constexpr std::size_t shards = 64;
  static std::size_t number_of(std::int64_t chat);
  Shard& shard_of(std::int64_t chat) { return shards_[number_of(chat)]; }
  const Shard& shard_of(std::int64_t chat) const { return shards_[number_of(chat)]; }
  void touch(Shard& shard);

  std::array<Shard, shards> shards_;
  std::size_t unreachable_ = 0, moved_ = 0, changed_ = 0;
};

}  // namespace tgkit::bot
