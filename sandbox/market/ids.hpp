#pragma once
// Ids that look like random UUIDs and carry what they name, so that half a million of them need no index.
#include "sandbox/market/types.hpp"

#include <optional>

namespace sandbox::market {

enum class IdKind : std::uint8_t { offer = 1, asset, target, order, transaction, deposit, transfer, person };

struct IdParts {
  IdKind kind = IdKind::offer;
  std::uint32_t title = 0;  // below 2^24
  std::uint32_t serial = 0;
  friend bool operator==(const IdParts&, const IdParts&) = default;
};

class Ids {
 public:
  explicit Ids(std::uint64_t seed) : seed_(seed) {}
  Uuid make(const IdParts& parts) const;
  Uuid make(IdKind kind, std::uint32_t title, std::uint32_t serial) const { return make(IdParts{kind, title, serial}); }
  // Empty: no id of this world, or of another kind.
  std::optional<IdParts> read(const Uuid& id, IdKind kind) const;

 private:
  std::uint64_t seed_;
};

}  // namespace sandbox::market
