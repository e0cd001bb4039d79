#include "tgkit/bot/jobs_decisions.hpp"

#include <algorithm>
#include <utility>

namespace tgkit::bot {

namespace {

Duration pause_before(std::uint32_t attempt, const JobOptions& options) {
  Duration pause = options.first_pause;
  for (std::uint32_t i = 2; i < attempt && pause < options.most_pause; ++i) pause *= 2;
  return std::min(pause, options.most_pause);
}

}  // namespace

std::string_view to_text(Failure failure) {
  switch (failure) {
    case Failure::again:
      return "it is tried again";
    case Failure::given_up:
      return "its next run is the one that is due next";
    case Failure::set_aside:
      return "it is set aside";
  }
  return "unknown";
}

Verdict judge(const JobTimer& timer, const JobOptions& options, WallTime now) {
  if (timer.begun >= options.attempts) return Verdict::set_aside;
  const bool first_try = timer.record.failures == 0 && timer.begun == 0;
  if (options.missed == Missed::skip && first_try && now - timer.due > options.tolerance) return Verdict::skip;
  return Verdict::run;
}

std::optional<JobTimer> after_run(JobTimer timer, const Schedule* schedule, WallTime now) {
  if (!schedule) return std::nullopt;
  timer.record.set(schedule->next(timer.record.occurrence(), now));
  timer.due = wall_time(timer.record.at);
  timer.begun = 0;
  return timer;
}

AfterFailure after_failure(JobTimer timer, const Schedule* schedule, const JobOptions& options, WallTime now) {
  timer.begun = 0;
  ++timer.record.failures;
  AfterFailure after;
  const WallTime again =
      now + std::chrono::duration_cast<WallTime::duration>(pause_before(timer.record.failures + 1, options));
  const bool attempts_left = timer.record.failures < options.attempts;
  if (attempts_left && (!schedule || again < schedule->next(timer.record.occurrence(), now).at)) {
    timer.due = again;
    after.timer = std::move(timer);
  } else if (schedule) {
    after.what = Failure::given_up;
    after.timer = *after_run(std::move(timer), schedule, now);
  } else {
    after.what = Failure::set_aside;
    after.timer = std::move(timer);
  }
  return after;
}

}  // namespace tgkit::bot
