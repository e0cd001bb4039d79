#include "dmarket/trading/level.hpp"

namespace dmarket::trading {

const LevelRule& rule_of(Level level) { return levels[static_cast<std::size_t>(level)]; }

std::string_view to_text(Level level) { return rule_of(level).name; }

std::optional<Level> level_of(Money price) {
  for (const auto& rule : levels) {
    if (price >= rule.from && price < rule.to) return rule.level;
  }
  return std::nullopt;
}

std::optional<Level> parse_level(std::string_view name) {
  for (const auto& rule : levels) {
    if (rule.name == name) return rule.level;
  }
  return std::nullopt;
}

}  // namespace dmarket::trading
