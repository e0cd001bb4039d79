#include "tgkit/bot/jobs.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/crash_point.hpp"
#include "tgkit/async/timeout.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/bot/work_commit.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

namespace tgkit::bot {

namespace {

using ops::Field;

// The wall clock of a machine that keeps its time is moved by less between two looks.
constexpr auto setback = std::chrono::seconds{1};

// FNV-1a. The same for every run of one occurrence, also in the next process: it is found under one trace id.
std::int64_t number_of(const JobTimer& timer) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const std::string text = timer.key.job + '\n' + timer.key.key + '\n' + std::to_string(timer.record.at);
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return static_cast<std::int64_t>(hash >> 1U);
}

Event event_of(const JobTimer& timer) {
  telegram::Update update;
  update.update_id = number_of(timer);
  return Event(std::move(update));
}

bool timed_out(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const TimedOut&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

Jobs::Jobs(Executor executor, const Environment& environment, Outbox& outbox, ops::Metrics& metrics, JobTable table,
           JobsSettings settings)
    : environment_(environment),
      outbox_(outbox),
      metrics_(metrics),
      table_(std::move(table)),
      settings_(settings),
      crew_(
          executor, settings.most_running, [this] { return started_ && !stopping_ && queue_.has_due(wall()); },
          [this](Crew::Member&) { return handle(queue_.take(wall())); }) {
  table_.seal(*environment.services);
  metrics.before_scrape([this] { measure(); });
}

Jobs::~Jobs() = default;

void Jobs::measure() {
  metrics_.gauge("tgkit_jobs_waiting").set(static_cast<double>(queue_.size()));
  metrics_.gauge("tgkit_jobs_due").set(static_cast<double>(queue_.due(wall())));
  metrics_.gauge("tgkit_jobs_running").set(static_cast<double>(queue_.running()));
  metrics_.gauge("tgkit_jobs_set_aside").set(static_cast<double>(aside_.size()));
}

void Jobs::count(const std::string& job, std::string_view outcome) {
  ops::Labels labels("job", job);
  metrics_.counter("tgkit_job_runs_total", labels.with("outcome", std::string(outcome))).increment();
}

// --- start and stop

void Jobs::resume(std::vector<storage::UnfinishedTimer> timers) {
  for (const storage::UnfinishedTimer& found : timers) {
    std::optional<JobTimer> timer = read_timer(found.key, found.record);
    if (!timer) {
      timer.emplace();
      timer->key = found.key;
      timer->record.set_aside = "the store's record of it cannot be read";
    }
    timer->begun = found.begun;
    take_over(std::move(*timer));
  }
}

// Of an earlier run, and perhaps of another version of the program.
void Jobs::take_over(JobTimer timer) {
  const Job* job = table_.find(timer.key.job);
  const bool has_schedule = !timer.record.schedule.empty();
  const bool fits = job && (job->schedule() != nullptr) == has_schedule;
  if (has_schedule && !fits) {
    changes_.push_back(timer.cancel());
    return;
  }
  if (timer.record.set_aside.empty() && !fits)
    timer.record.set_aside = job ? "its job has a schedule of its own" : "no job of this name is registered";
  if (timer.record.set_aside.empty()) return queue_.set(std::move(timer));
  environment_.log->error("a job's timer is set aside", Field("job", timer.key.job), Field("key", timer.key.key),
                          Field("reason", timer.record.set_aside));
  storage::TimerKey key = timer.key;
  aside_.insert_or_assign(std::move(key), std::move(timer));
}

// The one timer of a job that has a schedule.
void Jobs::wire(const Job& job) {
  const storage::TimerKey key{job.name(), ""};
  const Schedule& schedule = *job.schedule();
  if (const auto aside = aside_.find(key); aside != aside_.end()) {
    if (aside->second.record.schedule == schedule.text()) return;
    aside_.erase(aside);
  }
  JobTimer timer;
  timer.key = key;
  const JobTimer* waiting = queue_.find(key);
  const bool same = waiting && waiting->record.schedule == schedule.text();
  if (same) timer = *waiting;
  if (same && timer.record.failures > 0) return;  // its retry stands
  const Occurrence next = same ? schedule.settled(timer.record.occurrence(), wall()) : schedule.first(wall());
  timer.record.set(next);
  timer.record.schedule = schedule.text();
  timer.due = wall_time(timer.record.at);
  if (same && waiting->due == timer.due && waiting->record.day == next.day) return;
  environment_.log->info("job scheduled", Field("job", job.name()), Field("schedule", schedule.text()),
                         Field("due", unix_milliseconds(timer.due) / 1000));
  changes_.push_back(timer.write());
  queue_.set(std::move(timer));
}

Task<> Jobs::start() {
  for (const auto& job : table_.all())
    if (job->schedule()) wire(*job);
  if (!changes_.empty()) {
    storage::Commit commit;
    commit.timers = std::move(changes_);
    changes_.clear();
    co_await environment_.store->commit(std::move(commit));
  }
  started_ = true;
  last_look_ = wall();
  look();
}

Task<> Jobs::idle() {
  while (queue_.running() > 0) co_await ended_.wait();
}

void Jobs::limit_stop(Duration limit) { settings_.drain = std::min(settings_.drain, ops::wait_within(limit)); }

Task<> Jobs::stop() {
  stopping_ = true;
  timer_.cancel();
  bool in_time = true;
  try {
    co_await with_timeout(*environment_.clock, settings_.drain, idle());
  } catch (...) {  // its limit has passed, or the lifecycle's
    in_time = false;
  }
  if (!in_time) {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
    broken_off_ = true;
    crew_.interrupt();
  }
  co_await crew_.dismiss();
  if (left_ > 0) throw std::runtime_error(std::to_string(left_) + " jobs are left for the next start");
}

// --- the clock

// Wall time decides, and it may be set at any moment: the timer of the monotonic clock is only a reminder to look.
void Jobs::arm() {
  if (!started_ || stopping_) return;
  const WallTime now = wall();
  const std::optional<WallTime> next = queue_.earliest_after(now);
  if (!next) return timer_.cancel();
  const Duration wait = std::clamp<Duration>(*next - now, std::chrono::milliseconds{1}, settings_.look);
  timer_ = environment_.clock->call_in(wait, [this] { look(); });
}

void Jobs::look() {
  if (!started_ || stopping_) return;
  const WallTime now = wall();
  if (now + setback < last_look_) after_setback(now);
  last_look_ = now;
  crew_.call();
  arm();
}

void Jobs::after_setback(WallTime now) {
  environment_.log->warn("the wall clock was set back",
                         Field("seconds", std::chrono::duration_cast<std::chrono::seconds>(last_look_ - now).count()));
  queue_.change([&](JobTimer& timer) {
    const Job* job = table_.find(timer.key.job);
    if (!job || !job->schedule() || timer.record.failures > 0) return false;
    timer.record.set(job->schedule()->settled(timer.record.occurrence(), now));
    timer.due = wall_time(timer.record.at);
    return true;
  });
}

// --- timers of commits

bool Jobs::takes_timers(std::string_view name) const {
  const Job* job = table_.find(name);
  return job && !job->schedule();
}

void Jobs::supersede(const std::vector<storage::TimerWrite>& timers) {
  for (const storage::TimerWrite& write : timers) queue_.supersede(write.key);
}

void Jobs::accept(const std::vector<storage::TimerWrite>& timers) {
  for (const storage::TimerWrite& write : timers) {
    aside_.erase(write.key);
    std::optional<JobTimer> timer;
    if (write.record) timer = read_timer(write.key, *write.record);
    if (timer)
      queue_.set(std::move(*timer));
    else
      queue_.cancel(write.key);
  }
  look();
}

// --- a run

// Returns in any case. What is not concluded, because a stop broke it off, stands in the store as before.
Task<> Jobs::handle(std::unique_ptr<JobTimer> timer) {
  const Job& job = *table_.find(timer->key.job);
  const Event event = event_of(*timer);
  Context ctx(environment_, event, job.route());
  JobRun info;
  info.job = timer->key.job;
  info.key = timer->key.key;
  info.scheduled = wall_time(timer->record.at);
  info.attempt = timer->record.failures + timer->begun + 1;
  ctx.set_job(info);
  bool left = false;
  try {
    Conclusion conclusion = co_await attend(job, *timer, ctx);
    crash_point("job_handled");
    co_await conclude(*timer, std::move(conclusion), ctx);
  } catch (const std::exception& error) {
    left = true;
    ctx.log().warn("job left for the next start", Field("job", job.name()),
                   Field("reason", is_cancellation(error) ? "stopped" : error.what()));
  }
  if (left) {
    ++left_;
    environment_.store->take_back_run(timer->key);
  }
  queue_.finished(timer->key);
  ended_.wake_all();
  arm();
}

Task<Jobs::Conclusion> Jobs::attend(const Job& job, const JobTimer& timer, Context& ctx) {
  Conclusion conclusion;
  const auto late = std::chrono::duration<double>(wall() - timer.due).count();
  switch (judge(timer, job.options(), wall())) {
    case Verdict::run:
      metrics_.histogram("tgkit_job_late_seconds", ops::Labels("job", job.name())).observe(late);
      conclusion = co_await run(job, timer, ctx);
      break;
    case Verdict::skip:
      ctx.log().warn("a missed run is left out", Field("job", job.name()), Field("late_seconds", late));
      conclusion.next = after_run(timer, job.schedule(), wall());
      conclusion.outcome = "skipped";
      break;
    case Verdict::set_aside:
      conclusion.next = timer;
      conclusion.next->record.set_aside =
          "the process ended " + std::to_string(timer.begun) + " times while it was being run";
      conclusion.aside = true;
      conclusion.outcome = "set_aside";
      break;
  }
  co_return conclusion;
}

// Throws only when a stop has broken the handler off.
Task<Jobs::Conclusion> Jobs::run(const Job& job, const JobTimer& timer, Context& ctx) {
  environment_.store->begin_run(timer.key);
  crash_point("job_begun");
  const TimePoint begin = environment_.clock->now();
  std::exception_ptr failure;
  try {
    co_await with_timeout(*environment_.clock, job.options().timeout, job.run(ctx, timer));
  } catch (...) {
    failure = std::current_exception();
  }
  if (broken_off_) throw std::runtime_error("stopped");  // whatever it makes of that
  const std::chrono::duration<double> took = environment_.clock->now() - begin;
  metrics_.histogram("tgkit_job_seconds", ops::Labels("job", job.name())).observe(took.count());
  Conclusion conclusion;
  if (failure) {
    conclusion = fail(job, timer, ctx, failure);
  } else {
    conclusion.next = after_run(timer, job.schedule(), wall());
    ctx.log().info("job done", Field("job", job.name()), Field("attempt", ctx.job()->attempt),
                   Field("ms", static_cast<std::int64_t>(took.count() * 1000)));
  }
  co_return conclusion;
}

Jobs::Conclusion Jobs::fail(const Job& job, const JobTimer& timer, Context& ctx, const std::exception_ptr& failure) {
  ctx.discard();
  AfterFailure after = after_failure(timer, job.schedule(), job.options(), wall());
  ctx.log().error("job failed", Field("job", job.name()), Field("attempt", ctx.job()->attempt),
                  Field("error", exception_type(failure)), Field("reason", loggable_reason(failure)),
                  Field("next", to_text(after.what)));
  Conclusion conclusion;
  conclusion.outcome = timed_out(failure) ? "timed_out" : "failed";
  conclusion.next = std::move(after.timer);
  conclusion.aside = after.what == Failure::set_aside;
  if (conclusion.aside)
    conclusion.next->record.set_aside =
        "it failed " + std::to_string(conclusion.next->record.failures) + " times, last by " + exception_type(failure);
  return conclusion;
}

// One commit for what the handler has decided and for the timer's own future. Where somebody else, or the handler
// itself, decides about this timer, that counts.
Task<> Jobs::conclude(const JobTimer& timer, Conclusion conclusion, Context& ctx) {
  storage::TimerWrite own = conclusion.next ? conclusion.next->write() : timer.cancel();
  storage::Commit with;
  co_await commit_work(environment_, outbox_, ctx, std::move(with), std::move(own));
  count(timer.key.job, conclusion.outcome);
  if (!conclusion.next || queue_.superseded(timer.key)) co_return;
  if (!conclusion.aside) {
    queue_.set(std::move(*conclusion.next));
    co_return;
  }
  ctx.log().error("a job's timer is set aside", Field("job", timer.key.job), Field("key", timer.key.key),
                  Field("reason", conclusion.next->record.set_aside));
  aside_.insert_or_assign(timer.key, std::move(*conclusion.next));
}

// --- what was set aside

std::vector<Jobs::SetAside> Jobs::set_aside() const {
  std::vector<SetAside> all;
  for (const auto& [key, timer] : aside_) all.push_back({key, timer.record.set_aside});
  return all;
}

Task<bool> Jobs::retry(storage::TimerKey timer) {
  const auto found = aside_.find(timer);
  if (found == aside_.end()) co_return false;
  const bool has_schedule = !found->second.record.schedule.empty();
  if (!has_schedule && !takes_timers(timer.job)) co_return false;
  JobTimer again = found->second;
  again.record.set_aside.clear();
  again.record.failures = again.begun = 0;
  again.due = wall();
  storage::Commit commit;
  commit.timers.push_back(again.write());
  const std::vector<storage::TimerWrite> written = commit.timers;
  co_await environment_.store->commit(std::move(commit));
  accept(written);
  co_return true;
}

Task<bool> Jobs::drop(storage::TimerKey timer) {
  const auto found = aside_.find(timer);
  if (found == aside_.end()) co_return false;
  storage::Commit commit;
  commit.timers.push_back(found->second.cancel());
  co_await environment_.store->commit(std::move(commit));
  aside_.erase(timer);
  co_return true;
}

}  // namespace tgkit::bot
