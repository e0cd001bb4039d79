#pragma once
// When a job runs again. Pure: it neither waits nor reads a clock. Wall time decides.
//
// Daily at a local time means: once on every date of that zone's calendar. Where the clock is put forward over the time
// of day, the job runs at the first moment after the gap (a gap that reaches over midnight: in the last second before
// it). Where the clock is put back and the time of day comes twice, it runs at the first. A date that a zone left out
// has no run.
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tgkit::bot {

struct TimeOfDay {
  int hour = 0;    // 0..23
  int minute = 0;  // 0..59
};

// One run that is to come.
struct Occurrence {
  WallTime at{};
  std::int64_t day = 0;  // of daily schedules: the local date, in days since 1970-01-01
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

class Schedule {
 public:
  static Schedule every(std::chrono::seconds interval);   // at least a second
  static Schedule daily(TimeOfDay at, std::string zone);  // an IANA name that time_zone_known()

  // What it says, the same for equal schedules: "every 300 s", "daily at 09:05 in Europe/Berlin".
  const std::string& text() const noexcept { return text_; }

  Occurrence first(WallTime now) const;  // every: an interval from now; daily: the next that is not over
  // The first one behind `last` that is still to come: of several that were missed, none is made up for.
  Occurrence next(const Occurrence& last, WallTime now) const;
  // A pending one as it is to be seen now: at the instant that today's time zone data names; and nearer, when it lies
  // farther off than any next run can, because the clock was set back.
  Occurrence settled(const Occurrence& pending, WallTime now) const;

 private:
  Schedule(std::chrono::seconds interval, TimeOfDay at, std::string zone, std::string text);
  Occurrence on_or_after(std::int64_t day) const;

  std::chrono::seconds interval_;  // 0: daily
  TimeOfDay at_;
  std::string zone_, text_;
};

bool time_zone_known(const std::string& name);

// The moment of a time of day on a local date; nullopt: the zone left this date out. `zone` must be known.
std::optional<WallTime> moment_of(std::int64_t day, TimeOfDay at, const std::string& zone);
std::int64_t local_day(WallTime at, const std::string& zone);

}  // namespace tgkit::bot
