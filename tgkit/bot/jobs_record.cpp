#include "tgkit/bot/jobs_record.hpp"

namespace tgkit::bot {

std::int64_t unix_milliseconds(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

WallTime wall_time(std::int64_t unix_milliseconds) { return WallTime(std::chrono::milliseconds(unix_milliseconds)); }

Occurrence JobRecord::occurrence() const { return {wall_time(at), day}; }

void JobRecord::set(const Occurrence& occurrence) {
  at = unix_milliseconds(occurrence.at);
  day = occurrence.day;
  failures = 0;
}

storage::TimerWrite JobTimer::write() const {
  storage::TimerWrite write;
  write.key = key;
  write.record = storage::TimerRecord{unix_milliseconds(due), encode_state(record)};
  return write;
}

storage::TimerWrite JobTimer::cancel() const {
  storage::TimerWrite write;
  write.key = key;
  return write;
}

std::optional<JobTimer> read_timer(const storage::TimerKey& key, const storage::TimerRecord& record) {
  std::optional<JobRecord> decoded = decode_state<JobRecord>(record.value);
  if (!decoded) return std::nullopt;
  JobTimer timer;
  timer.key = key;
  timer.record = std::move(*decoded);
  timer.due = wall_time(record.due);
  return timer;
}

}  // namespace tgkit::bot
