#include "sandbox/market/ids.hpp"

#include "sandbox/market/random.hpp"

namespace sandbox::market {
namespace {

constexpr std::uint64_t factors[] = {0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u, 0xc2b2ae3d27d4eb4fu};

constexpr std::uint64_t inverse(std::uint64_t odd) {  // modulo 2^64; each round doubles the right bits
  std::uint64_t x = odd;
  for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
  return x;
}

constexpr std::uint64_t scrambled(std::uint64_t x) {
  for (const std::uint64_t factor : factors) {
    x *= factor;
    x ^= x >> 32;
  }
  return x;
}

constexpr std::uint64_t unscrambled(std::uint64_t x) {
  for (int i = 2; i >= 0; --i) {
    x ^= x >> 32;
    x *= inverse(factors[i]);
  }
  return x;
}
static_assert(unscrambled(scrambled(0x0123456789abcdefu)) == 0x0123456789abcdefu);

constexpr std::uint64_t check_mask = (std::uint64_t{1} << 58) - 1;

}  // namespace

// Version 4: 60 bits of the scrambled number stand around the version, four after the variant, then 58 bits of check.
Uuid Ids::make(const IdParts& parts) const {
  const std::uint64_t plain =
      static_cast<std::uint64_t>(parts.kind) << 56 | std::uint64_t{parts.title} << 32 | parts.serial;
  const std::uint64_t body = scrambled(plain ^ mixed(seed_));
  const std::uint64_t check = mixed(body, seed_) & check_mask;
  return Uuid{(body >> 16) << 16 | 0x4000u | (body >> 4 & 0xfff), std::uint64_t{2} << 62 | (body & 15) << 58 | check};
}

std::optional<IdParts> Ids::read(const Uuid& id, IdKind kind) const {
  const std::uint64_t body = (id.high >> 16) << 16 | (id.high & 0xfff) << 4 | (id.low >> 58 & 15);
  const std::uint64_t plain = unscrambled(body) ^ mixed(seed_);
  const IdParts parts{static_cast<IdKind>(plain >> 56), static_cast<std::uint32_t>(plain >> 32 & 0xffffff),
                      static_cast<std::uint32_t>(plain)};
  if (parts.kind != kind || make(parts) != id) return std::nullopt;
  return parts;
}

}  // namespace sandbox::market
