#pragma once
// What the store keeps of a timer beside its key: how a job's next run came to be and what it is to do. Pure.
#include "tgkit/bot/jobs_schedule.hpp"
#include "tgkit/bot/state_codec.hpp"
#include "tgkit/storage/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tgkit::bot {

struct JobRecord {
  std::string schedule;        // Schedule::text(); empty: it runs once
  std::int64_t at = 0;         // when it was to run, Unix milliseconds; retries are later
  std::int64_t day = 0;        // Occurrence::day
  std::uint32_t failures = 0;  // runs of this occurrence that ended by an error
  std::uint32_t version = 1;   // of the payload
  std::string payload;         // the job's struct, encoded; empty: it takes none
  std::string set_aside;       // why it is not run any more; empty: it is

  Occurrence occurrence() const;
  void set(const Occurrence& occurrence);  // a fresh one: without failures
};

// A timer as it waits in memory.
struct JobTimer {
  storage::TimerKey key;
  JobRecord record;
  WallTime due{};           // of the next try
  std::uint32_t begun = 0;  // runs that ended with the process

  storage::TimerWrite write() const;   // sets it
  storage::TimerWrite cancel() const;  // takes it away
};

std::int64_t unix_milliseconds(WallTime time);
WallTime wall_time(std::int64_t unix_milliseconds);

// nullopt: its value is not what write() makes.
std::optional<JobTimer> read_timer(const storage::TimerKey& key, const storage::TimerRecord& record);

}  // namespace tgkit::bot

template <>
struct tgkit::bot::Stored<tgkit::bot::JobRecord> {
  using R = tgkit::bot::JobRecord;
  static constexpr auto fields = std::tuple(field("schedule", &R::schedule), field("at", &R::at), field("day", &R::day),
                                            field("failures", &R::failures), field("version", &R::version),
                                            field("payload", &R::payload), field("set_aside", &R::set_aside));
};
