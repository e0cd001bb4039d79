#include "sandbox/market/worth.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr std::int64_t least = 3'000, most = 2'000'000'000;

std::int32_t first_excess(const Traits& traits) {
  if (!traits.pumped) return 0;
  return static_cast<std::int32_t>(500'000 + static_cast<std::int64_t>(mixed(traits.seed, 0xb0b) % 1'300'000));
}

}  // namespace

Traits traits_of(std::uint64_t world_seed, std::uint32_t title, std::int64_t first_worth) {
  Traits traits;
  traits.seed = mixed(world_seed, 0x7a17, title);
  traits.first_worth = first_worth;
  Random random(traits.seed);
  const std::int64_t kind = random.below(100);
  if (kind < 20) {
    traits.sales_per_year = random.between(4, 60);  // thin
  } else if (kind < 78) {
    traits.sales_per_year = random.between(60, 1'100);
  } else if (kind < 97) {
    traits.sales_per_year = random.between(1'100, 8'000);
  } else {
    traits.sales_per_year = random.between(8'000, 30'000);
  }
  if (first_worth > 10'000'000) traits.sales_per_year = std::max<std::int64_t>(4, traits.sales_per_year / 8);
  traits.volatility = static_cast<int>(random.between(1'000, 7'000));
  traits.spread = static_cast<int>(random.between(40'000, 200'000));
  traits.pumped = random.chance(30'000);
  return traits;
}

Worth::Worth(const Traits& traits)
    : random_(mixed(traits.seed, 0x3047)),
      core_(traits.first_worth),
      anchor_(traits.first_worth),
      excess_(first_excess(traits)) {}

std::int64_t Worth::now() const { return std::clamp(core_ + scaled(core_, excess_), least, most); }

void Worth::advance(const Traits& traits, std::int64_t hours) {
  while (hours_ < hours) step(traits);
}

void Worth::step(const Traits& traits) {
  if (hours_ >= trend_until_) {
    const bool calm = random_.chance(500'000);
    trend_ = calm ? 0 : static_cast<std::int32_t>(random_.bell() * 6 / 10);  // about 1.4 % a day, one deviation
    trend_until_ = hours_ + static_cast<std::int32_t>(random_.between(48, 480));
    if (excess_ == 0 && random_.chance(12'000)) peak_ = static_cast<std::int32_t>(random_.between(500'000, 1'800'000));
  }
  anchor_ = std::clamp(anchor_ + scaled(anchor_, trend_), least, most);
  const std::int64_t noise = random_.bell() * traits.volatility / 1'000;
  core_ = std::clamp(core_ + scaled(core_, noise + trend_) + (anchor_ - core_) / 60, least, most);
  if (peak_ > 0) {
    excess_ += peak_ / 30 + 1;
    if (excess_ >= peak_) peak_ = 0;
  } else if (excess_ > 0) {
    excess_ -= excess_ / 70 + 1;
  }
  ++hours_;
}

void Worth::scale(std::int64_t millionths) {
  core_ = std::clamp(scaled(core_, millionths), least, most);
  anchor_ = std::clamp(scaled(anchor_, millionths), least, most);
}

PastWorth::PastWorth(const Traits& traits) {
  Random random(mixed(traits.seed, 0x9a57));
  pump_days_ = traits.pumped ? static_cast<int>(random.between(3, 8)) : 0;
  const std::int64_t excess = first_excess(traits);
  const std::int64_t trend = random.chance(500'000) ? 0 : random.bell() * 2;  // millionths a day
  std::int64_t core = traits.first_worth, anchor = core;
  for (int day = 0; day <= 366; ++day) {
    const std::int64_t lifted = day <= pump_days_ ? excess * (pump_days_ + 1 - day) / (pump_days_ + 1) : 0;
    days_[static_cast<std::size_t>(day)] = std::clamp(core + scaled(core, lifted), least, most);
    anchor = std::clamp(anchor + scaled(anchor, trend), least, most);
    core = std::clamp(core + scaled(core, random.bell() * traits.volatility * 4 / 1'000) + (anchor - core) / 8, least,
                      most);
  }
}

}  // namespace sandbox::market
