#pragma once
// Two updates that use the same state wait for each other, whatever their order keys: one person may write in two chats
// at once. Held from the loading of a state to the end of the commit.
#include "tgkit/async/wait_list.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <vector>

namespace tgkit::bot {

// Not thread-safe: used on the loop's thread only. Keys are told apart by their hashes; two that are alike by chance
// wait in vain, and nothing else happens.
class StateLocks {
 public:
  // At once, when no other holder has any of the keys; otherwise none is taken.
  bool try_acquire(const void* holder, const std::vector<storage::StateKey>& keys);
  // Returns when no other holder has any of the keys. Two that wait for what the other has would wait for ever: the one
  // who comes last goes on without, and false is returned.
  Task<bool> acquire(const void* holder, std::vector<storage::StateKey> keys);
  void release(const void* holder) noexcept;  // all of its keys

 private:
  struct Claim {
    std::size_t key;
    const void* holder;
  };

  const void* other_holder(const void* holder, std::size_t key) const;
  bool waits_for(const void* waiting, const void* holder) const;

  std::vector<Claim> held_, wanted_;  // as many as handlers run: few enough to look through
  WaitList released_;
};

}  // namespace tgkit::bot
