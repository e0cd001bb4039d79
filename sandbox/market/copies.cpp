#include "sandbox/market/copies.hpp"

namespace sandbox::market {
namespace {

constexpr std::uint8_t firsts[] = {0, 1, 8, 13, 18, 23}, lasts[] = {0, 7, 12, 17, 22, 27};

bool rare(Phase phase) { return phase >= Phase::ruby; }
bool is_gamma(const TitleInfo& info) { return info.name.ends_with("Gamma Doppler"); }

Phase random_phase(const TitleInfo& info, Random& random) {
  if (!info.has_phases) return Phase::none;
  if (!random.chance(80'000)) return static_cast<Phase>(random.between(1, 4));
  if (is_gamma(info)) return Phase::emerald;
  constexpr Phase gems[] = {Phase::ruby, Phase::sapphire, Phase::black_pearl};
  return gems[random.below(3)];
}

std::int64_t phase_premium(Phase phase) {
  constexpr std::int64_t premiums[] = {1'000'000, 1'000'000, 1'120'000, 1'000'000, 1'080'000,
                                       3'200'000, 3'600'000, 4'000'000, 2'400'000};
  return premiums[static_cast<std::size_t>(phase)];
}

std::int64_t part_premium(const TitleInfo& info, FloatPart part) {
  if (part.number == 0) return 1'000'000;
  const int rank = part.number - first_part(info.exterior).number;
  return rank == 0 ? 1'110'000 : rank == 1 ? 1'040'000 : 1'000'000;
}

std::int64_t seed_premium(std::uint16_t seed) { return seed >= 1 && seed <= 8 ? 1'350'000 : 1'000'000; }

std::int64_t product(std::int64_t a, std::int64_t b, std::int64_t c) { return scaled(scaled(a, b), c); }

}  // namespace

FloatPart first_part(Exterior exterior) { return {firsts[static_cast<std::size_t>(exterior)]}; }
FloatPart last_part(Exterior exterior) { return {lasts[static_cast<std::size_t>(exterior)]}; }

std::uint16_t paint_index(const TitleInfo& info, Phase phase) {
  if (!info.has_float) return 0;
  std::uint64_t hash = 0;
  for (const char c : info.name) hash = mixed(hash, static_cast<unsigned char>(c));
  return static_cast<std::uint16_t>(1 + hash % 1'180 + static_cast<std::uint64_t>(phase));
}

Copy random_copy(const TitleInfo& info, Random& random, Time now) {
  Copy copy;
  if (info.has_float) {
    const std::int32_t from = float_part_from(first_part(info.exterior)), to = float_part_to(last_part(info.exterior));
    copy.float_value = static_cast<std::int32_t>(from + random.below(to - from));
    copy.paint_seed = static_cast<std::uint16_t>(random.between(1, 1'000));
    copy.phase = random_phase(info, random);
  }
  if (info.game == Game::cs2 && random.chance(400'000)) copy.unlock_at = now + random.between(3'600, 7 * 86'400);
  return copy;
}

std::int64_t premium(const TitleInfo& info, const Copy& copy) {
  return product(phase_premium(copy.phase), part_premium(info, copy.float_part()), seed_premium(copy.paint_seed));
}

Demand random_demand(const TitleInfo& info, Random& random) {
  Demand demand;
  if (!info.has_float) return demand;
  const std::int64_t kind = random.below(20);
  if (kind < 14) return demand;
  if (info.has_phases && kind < 18) {
    demand.phase = random_phase(info, random);
  } else if (kind < 19) {
    const int first = first_part(info.exterior).number;
    demand.float_part.number = static_cast<std::uint8_t>(first + random.below(3));
  } else {
    demand.paint_seed = static_cast<std::uint16_t>(random.between(1, 1'000));
  }
  return demand;
}

std::int64_t premium(const TitleInfo& info, const Demand& demand) {
  return product(phase_premium(demand.phase), part_premium(info, demand.float_part), seed_premium(demand.paint_seed));
}

bool possible(const TitleInfo& info, const Demand& demand) {
  if (demand.generic()) return true;
  if (!info.has_float || demand.paint_seed > 1'000) return false;
  if (demand.phase != Phase::none) {
    if (!info.has_phases) return false;
    if (rare(demand.phase) && (demand.phase == Phase::emerald) != is_gamma(info)) return false;
  }
  const auto part = demand.float_part;
  return part.number == 0 || (part >= first_part(info.exterior) && part <= last_part(info.exterior));
}

}  // namespace sandbox::market
