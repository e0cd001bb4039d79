#pragma once
// Moments and durations of the decisions: whole seconds, as the exchange counts. Nothing here reads a clock; the caller
// says what time it is. Sums stop at the ends of the range instead of wrapping.
#include <chrono>
#include <cstdint>
#include <limits>

namespace dmarket::trading {

using Seconds = std::chrono::duration<std::int64_t>;
using Time = std::chrono::time_point<std::chrono::system_clock, Seconds>;

constexpr Time time_of(std::int64_t unix_seconds) { return Time(Seconds(unix_seconds)); }
constexpr std::int64_t unix_seconds(Time time) { return time.time_since_epoch().count(); }

constexpr Seconds minutes(std::int64_t count) { return Seconds(count * 60); }
constexpr Seconds hours(std::int64_t count) { return Seconds(count * 3'600); }
constexpr Seconds days(std::int64_t count) { return Seconds(count * 86'400); }

// Whether a decision can be made at that moment: outside of these years the clock is broken.
constexpr bool is_plausible(Time now) { return now >= time_of(1'500'000'000) && now <= time_of(7'000'000'000); }

constexpr Time later(Time from, Seconds by) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(unix_seconds(from), by.count(), &sum)) {
    sum = by.count() < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }
  return time_of(sum);
}

// How long ago `then` was; negative when it is still to come.
constexpr Seconds since(Time now, Time then) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(unix_seconds(now), unix_seconds(then), &difference)) {
    difference =
        unix_seconds(now) < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }
  return Seconds(difference);
}

}  // namespace dmarket::trading
