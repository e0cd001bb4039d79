#pragma once
// Hash of a state's key, for the maps of the stores.
#include "tgkit/storage/store.hpp"

#include <functional>
#include <string_view>

namespace tgkit::storage {

struct StateKeyHash {
  std::size_t operator()(const StateKey& key) const noexcept {
    const std::size_t owner = std::hash<std::string_view>{}(key.owner);
    return owner ^ (std::hash<std::string_view>{}(key.type) + 0x9e3779b97f4a7c15U + (owner << 6) + (owner >> 2));
  }
};

constexpr bool expired(const StateRecord& record, std::int64_t now) noexcept {
  return record.expires_at != 0 && record.expires_at <= now;
}

}  // namespace tgkit::storage
