#pragma once
// What a title is worth by itself, hour by hour: a price that wanders about an anchor, an anchor that follows trends,
// and now and then a pump that lifts it and lets it fall. Depends on the seed alone, never on what anybody trades.
#include "sandbox/market/random.hpp"
#include "sandbox/market/types.hpp"

namespace sandbox::market {

// How a title behaves; fixed for its life.
struct Traits {
  std::uint64_t seed = 0;
  std::int64_t first_worth = 0;     // thousandths of a cent
  std::int64_t sales_per_year = 0;  // roughly
  int volatility = 0;               // millionths per hour, one deviation
  int spread = 0;                   // millionths between worth and the dearest target that makes sense
  bool pumped = false;              // its price was lifted shortly before the world began
};
Traits traits_of(std::uint64_t world_seed, std::uint32_t title, std::int64_t first_worth);

class Worth {
 public:
  explicit Worth(const Traits& traits);

  void advance(const Traits& traits, std::int64_t hours);  // since the world began; never back
  std::int64_t now() const;                                // thousandths of a cent, at least 3000
  void scale(std::int64_t millionths);
  bool pumped() const { return excess_ > 100'000; }

 private:
  void step(const Traits& traits);

  Random random_;
  std::int64_t core_, anchor_;
  std::int32_t hours_ = 0;
  std::int32_t trend_ = 0;  // millionths per hour
  std::int32_t trend_until_ = 0;
  std::int32_t excess_ = 0;  // of a pump, millionths
  std::int32_t peak_ = 0;    // rising until then; 0: falling or none
};

// What it was worth in the middle of a day before the world began: day 1 ends with the beginning. Requires 1 <= day <=
// 365.
class PastWorth {
 public:
  explicit PastWorth(const Traits& traits);
  std::int64_t on(int day) const { return days_[static_cast<std::size_t>(day)]; }
  bool pumped_on(int day) const { return day <= pump_days_; }

 private:
  std::array<std::int64_t, 367> days_{};
  int pump_days_ = 0;
};

}  // namespace sandbox::market
