#pragma once
// What keeps work in order: updates of one key are handled, messages of one key are sent, one after the other.
#include <cstddef>
#include <cstdint>

namespace tgkit::bot {

// All zeros: no order.
struct OrderKey {
  std::int64_t chat = 0;
  std::int64_t user = 0;
  friend bool operator==(const OrderKey&, const OrderKey&) = default;
};

struct OrderKeyHash {
  std::size_t operator()(const OrderKey& key) const noexcept {
    const auto mixed =
        static_cast<std::uint64_t>(key.chat) * 0x9e3779b97f4a7c15U ^ static_cast<std::uint64_t>(key.user);
    return static_cast<std::size_t>(mixed ^ mixed >> 32U);
  }
};

}  // namespace tgkit::bot
