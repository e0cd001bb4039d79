#include "tgkit/bot/jobs_schedule.hpp"

#include <stdexcept>
#include <utility>

#include <date/tz.h>
#include <fmt/format.h>

namespace tgkit::bot {

namespace {

using std::chrono::seconds;

date::local_days date_of(date::local_seconds local) { return std::chrono::floor<date::days>(local); }

// Around a gap there are two candidates: the moment after it, and the last second before it.
std::optional<date::sys_seconds> beside_gap(date::local_days day, const date::local_info& gap) {
  const date::sys_seconds after = gap.first.end;
  if (date_of(date::local_seconds((after + gap.second.offset).time_since_epoch())) == day) return after;
  const date::sys_seconds before = after - seconds(1);
  if (date_of(date::local_seconds((before + gap.first.offset).time_since_epoch())) == day) return before;
  return std::nullopt;
}

}  // namespace

bool time_zone_known(const std::string& name) {
  try {
    date::locate_zone(name);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::optional<WallTime> moment_of(std::int64_t day, TimeOfDay at, const std::string& zone) {
  const date::local_days date{date::days(day)};
  const date::local_seconds local = date + std::chrono::hours(at.hour) + std::chrono::minutes(at.minute);
  const date::local_info info = date::locate_zone(zone)->get_info(local);
  if (info.result == date::local_info::nonexistent) return beside_gap(date, info);
  // Of two, `first` is the earlier; of one it is the only one.
  return date::sys_seconds(local.time_since_epoch() - info.first.offset);
}

std::int64_t local_day(WallTime at, const std::string& zone) {
  const seconds offset = date::locate_zone(zone)->get_info(at).offset;
  return std::chrono::floor<date::days>(at + offset).time_since_epoch().count();
}

Schedule::Schedule(seconds interval, TimeOfDay at, std::string zone, std::string text)
    : interval_(interval), at_(at), zone_(std::move(zone)), text_(std::move(text)) {}

Schedule Schedule::every(seconds interval) {
  if (interval < seconds(1)) throw std::logic_error("a job's interval is at least a second");
  return Schedule(interval, TimeOfDay(), "", fmt::format("every {} s", interval.count()));
}

Schedule Schedule::daily(TimeOfDay at, std::string zone) {
  if (at.hour < 0 || at.hour > 23 || at.minute < 0 || at.minute > 59)
    throw std::logic_error("a job's time of day is from 00:00 to 23:59");
  if (!time_zone_known(zone)) throw std::logic_error("a job's time zone \"" + zone + "\" is not known");
  std::string text = fmt::format("daily at {:02}:{:02} in {}", at.hour, at.minute, zone);
  return Schedule(seconds(0), at, std::move(zone), std::move(text));
}

// Zones leave out one date at a time.
Occurrence Schedule::on_or_after(std::int64_t day) const {
  while (true) {
    if (const std::optional<WallTime> at = moment_of(day, at_, zone_)) return {*at, day};
    ++day;
  }
}

Occurrence Schedule::first(WallTime now) const {
  if (interval_ > seconds(0)) return {now + interval_, 0};
  const Occurrence today = on_or_after(local_day(now, zone_));
  return today.at >= now ? today : on_or_after(today.day + 1);
}

Occurrence Schedule::next(const Occurrence& last, WallTime now) const {
  if (interval_ > seconds(0)) {
    if (last.at > now) return {last.at + interval_, 0};
    const auto missed = (now - last.at) / interval_;
    return {last.at + interval_ * (missed + 1), 0};
  }
  Occurrence next = on_or_after(last.day + 1);
  if (next.at > now) return next;
  next = on_or_after(local_day(now, zone_));
  return next.at > now ? next : on_or_after(next.day + 1);
}

Occurrence Schedule::settled(const Occurrence& pending, WallTime now) const {
  if (interval_ > seconds(0)) return pending.at > now + interval_ ? first(now) : pending;
  const Occurrence latest = on_or_after(local_day(now, zone_) + 1);
  return pending.day > latest.day ? first(now) : on_or_after(pending.day);
}

}  // namespace tgkit::bot
