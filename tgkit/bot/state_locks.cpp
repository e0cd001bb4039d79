#include "tgkit/bot/state_locks.hpp"

#include "tgkit/storage/state_key_hash.hpp"

#include <algorithm>

namespace tgkit::bot {

const void* StateLocks::other_holder(const void* holder, std::size_t key) const {
  for (const Claim& claim : held_)
    if (claim.key == key && claim.holder != holder) return claim.holder;
  return nullptr;
}

// Directly, or by way of others that wait. It ends, since nobody is let in who would close a circle.
bool StateLocks::waits_for(const void* waiting, const void* holder) const {
  if (waiting == holder) return true;
  return std::ranges::any_of(wanted_, [&](const Claim& wish) {
    if (wish.holder != waiting) return false;
    const void* next = other_holder(waiting, wish.key);
    return next != nullptr && waits_for(next, holder);
  });
}

bool StateLocks::try_acquire(const void* holder, const std::vector<storage::StateKey>& keys) {
  const std::size_t before = held_.size();
  for (const storage::StateKey& state : keys) {
    const std::size_t key = storage::StateKeyHash{}(state);
    if (other_holder(holder, key) != nullptr) {
      held_.resize(before);
      return false;
    }
    held_.push_back({key, holder});
  }
  return true;
}

Task<bool> StateLocks::acquire(const void* holder, std::vector<storage::StateKey> keys) {
  bool alone = true;
  for (const storage::StateKey& state : keys) {
    const std::size_t key = storage::StateKeyHash{}(state);
    while (const void* other = other_holder(holder, key)) {
      if (waits_for(other, holder)) {
        alone = false;
        break;
      }
      // A wait that is broken off takes its wish back.
      struct Wish {
        std::vector<Claim>& wanted;
        const void* holder;
        ~Wish() {
          std::erase_if(wanted, [this](const Claim& claim) { return claim.holder == holder; });
        }
      };
      wanted_.push_back({key, holder});
      const Wish wish{wanted_, holder};
      co_await released_.wait();
    }
    held_.push_back({key, holder});
  }
  co_return alone;
}

void StateLocks::release(const void* holder) noexcept {
  std::erase_if(held_, [holder](const Claim& claim) { return claim.holder == holder; });
  if (!wanted_.empty()) released_.wake_all();
}

}  // namespace tgkit::bot
