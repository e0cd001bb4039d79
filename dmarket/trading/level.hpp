#pragma once
// The five classes of price, each with the least profit that is worth the trouble. Lower edge inclusive, upper
// exclusive.
#include "dmarket/money.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dmarket::trading {

enum class Level : std::uint8_t { boost, standard, medium, advanced, pro };

struct LevelRule {
  Level level;
  std::string_view name;
  Money from, to;
  BasisPoints least_percent;  // after the fee
};

inline constexpr std::array<LevelRule, 5> levels{{
    {Level::boost, "boost", Money::cents(50), Money::cents(300), BasisPoints(150)},
    {Level::standard, "standard", Money::cents(300), Money::cents(1'000), BasisPoints(300)},
    {Level::medium, "medium", Money::cents(1'000), Money::cents(3'000), BasisPoints(500)},
    {Level::advanced, "advanced", Money::cents(3'000), Money::cents(10'000), BasisPoints(700)},
    {Level::pro, "pro", Money::cents(10'000), Money::cents(100'000), BasisPoints(1'000)},
}};

const LevelRule& rule_of(Level level);
std::string_view to_text(Level level);
// The level that a price to buy at belongs to.
std::optional<Level> level_of(Money price);
std::optional<Level> parse_level(std::string_view name);

// Some of the levels.
class LevelSet {
 public:
  constexpr LevelSet() = default;  // none
  static constexpr LevelSet all() {
    LevelSet set;
    set.bits_ = (1U << levels.size()) - 1;
    return set;
  }
  constexpr LevelSet& add(Level level) {
    bits_ |= 1U << static_cast<unsigned>(level);
    return *this;
  }
  constexpr bool has(Level level) const { return (bits_ >> static_cast<unsigned>(level) & 1U) != 0; }
  friend constexpr bool operator==(LevelSet, LevelSet) = default;

 private:
  unsigned bits_ = 0;
};

}  // namespace dmarket::trading
