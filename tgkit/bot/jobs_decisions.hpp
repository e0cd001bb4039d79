#pragma once
// What is to be done with a timer whose time has come, and with one whose run has failed. Pure.
#include "tgkit/bot/jobs_record.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tgkit::bot {

// A run that could not be at its time, because the bot did not run or the clock jumped.
enum class Missed {
  run_once,  // as soon as possible, once for however many were missed
  skip,
};

struct JobOptions {
  Missed missed = Missed::run_once;
  Duration tolerance = std::chrono::minutes{1};     // later than this is missed
  Duration timeout = std::chrono::seconds{30};      // of one run
  std::uint32_t attempts = 3;                       // of one occurrence, when runs fail or end the process
  Duration first_pause = std::chrono::seconds{10};  // before the second attempt; doubles with every further one
  Duration most_pause = std::chrono::minutes{10};
};

enum class Verdict { run, skip, set_aside };
Verdict judge(const JobTimer& timer, const JobOptions& options, WallTime now);

// The timer after its run; nullopt: it is not needed any more.
std::optional<JobTimer> after_run(JobTimer timer, const Schedule* schedule, WallTime now);  // or a run left out

enum class Failure { again, given_up, set_aside };
std::string_view to_text(Failure failure);
struct AfterFailure {
  JobTimer timer;
  Failure what = Failure::again;
};
// Again after a pause while attempts are left. Then what runs once is set aside, and what has a schedule goes on with
// its next occurrence; so it does when that comes before the pause is over.
AfterFailure after_failure(JobTimer timer, const Schedule* schedule, const JobOptions& options, WallTime now);

}  // namespace tgkit::bot
