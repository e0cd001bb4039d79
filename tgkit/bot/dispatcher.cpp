#include "tgkit/bot/dispatcher.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/crash_point.hpp"
#include "tgkit/async/timeout.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/bot/work_commit.hpp"
#include "tgkit/telegram/json.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

namespace tgkit::bot {

namespace {

using telegram::UpdateKind;

bool is_urgent(const Event& event) {
  if (event.message() != nullptr && event.message()->successful_payment) return true;
  switch (event.kind()) {
    case UpdateKind::callback_query:
    case UpdateKind::pre_checkout_query:
    case UpdateKind::shipping_query:
      return true;
    default:
      return false;
  }
}

// Never all zeros unless no order is wanted: an update without chat or user waits for its like.
OrderKey key_of(const Event& event, OrderBy order) {
  const std::int64_t chat = event.chat_id() != 0 ? event.chat_id() : event.user_id();
  switch (order) {
    case OrderBy::chat:
      return {chat, chat == 0 ? -1 : 0};
    case OrderBy::user:
      return {0, event.user_id() != 0 ? event.user_id() : -1};
    case OrderBy::chat_and_user:
      return {chat, event.user_id() != 0 ? event.user_id() : -1};
    case OrderBy::none:
      break;
  }
  return {};
}

std::int64_t unix_seconds(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
}

struct BrokenOff : std::runtime_error {
  BrokenOff() : runtime_error("stopped") {}
};

}  // namespace

struct Dispatcher::Job {
  Job(telegram::Update update, std::size_t bytes_, const Environment& environment, const Router& router)
      : event(std::move(update)),
        route(&router.find(environment.matching, event)),
        key(key_of(event, route->info().order)),
        urgent(is_urgent(event)),
        bytes(bytes_),
        taken(environment.clock->now()),
        since(taken) {}

  bool is_press() const { return event.callback_query() != nullptr; }
  bool is_pre_checkout() const { return static_cast<bool>(event.update().pre_checkout_query); }

  Event event;
  const Route* route;
  OrderKey key;
  bool urgent;
  bool suspect = false;  // it was being handled when the process died
  std::size_t bytes;
  TimePoint taken;                     // by this run of the program
  TimePoint since;                     // by any, as far as is known
  std::optional<TimePoint> answer_by;  // while it stands in unanswered_
  bool answered = false;               // early, by us
  Context* ctx = nullptr;              // while its handler runs
  std::unique_ptr<Job> next;
};

// A handler under way, as the deadline watch sees it.
struct Dispatcher::Running {
  Crew::Member& member;
  std::optional<TimePoint> deadline;
  bool timed_out = false;
};

Dispatcher::Dispatcher(Executor executor, const Environment& environment, const Router& router, Outbox& outbox,
                       ops::Metrics& metrics, DispatcherSettings settings)
    : environment_(environment),
      router_(router),
      outbox_(outbox),
      settings_(settings),
      wait_seconds_(metrics.histogram("tgkit_update_wait_seconds")),
      worn_out_(metrics.counter("tgkit_updates_quarantined_total", ops::Labels("reason", "attempts"))),
      unmatched_(metrics.counter("tgkit_updates_quarantined_total", ops::Labels("reason", "filter"))),
      late_presses_(metrics.counter("tgkit_early_answers_total", ops::Labels("kind", "press"))),
      late_pre_checkouts_(metrics.counter("tgkit_early_answers_total", ops::Labels("kind", "pre_checkout"))),
      crew_(
          executor, settings.most_handlers, [this] { return !stopping_ && queue_.has_ready(); },
          [this](Crew::Member& member) { return handle(member, queue_.next()); }) {
  ops::Gauge& in_flight = metrics.gauge("tgkit_updates_in_flight");
  metrics.before_scrape([this, &in_flight] { in_flight.set(static_cast<double>(in_flight_)); });
}

Dispatcher::~Dispatcher() = default;

Task<> Dispatcher::start() { co_return; }

bool Dispatcher::full() const noexcept {
  return in_flight_ >= settings_.most_updates || bytes_ >= settings_.most_bytes;
}

Task<> Dispatcher::room() {
  while (full()) co_await changed_.wait();
}

void Dispatcher::take(telegram::Update update, std::string_view json, Duration age) {
  const std::int64_t id = update.update_id;
  const std::uint32_t attempts = environment_.store->attempts(id);
  if (attempts >= settings_.most_attempts) {
    std::string reason = "the process ended " + std::to_string(attempts) + " times while it was being handled";
    environment_.tasks->spawn(set_aside_if_possible(id, std::string(json), std::move(reason), worn_out_));
    return;
  }
  std::unique_ptr<Job> job;
  try {
    job = std::make_unique<Job>(std::move(update), json.size(), environment_, router_);
  } catch (...) {
    std::string reason = "a filter failed: " + exception_type(std::current_exception());
    environment_.tasks->spawn(set_aside_if_possible(id, std::string(json), std::move(reason), unmatched_));
    return;
  }
  job->suspect = attempts > 0;
  outbox_.heard(job->event);
  job->since -= age;
  if (job->is_press()) await_answer(*job, job->since + settings_.press_life);
  if (job->is_pre_checkout()) await_answer(*job, job->since + settings_.pre_checkout_answer);
  ++in_flight_;
  bytes_ += json.size();
  queue_.push(std::move(job));
  crew_.call();
}

Task<> Dispatcher::resume(std::vector<storage::InboxUpdate> unfinished) {
  const std::int64_t now = unix_seconds(*environment_.clock);
  for (storage::InboxUpdate& update : unfinished) {
    std::string reason;
    try {
      const std::int64_t age = update.at == 0 ? 0 : std::max<std::int64_t>(0, now - update.at);
      take(telegram::from_json<telegram::Update>(update.body), update.body, std::chrono::seconds{age});
      continue;
    } catch (const telegram::ParseError& error) {
      reason = error.what();
    }
    co_await set_aside(update.update_id, std::move(update.body), std::move(reason), unmatched_);
  }
}

Task<> Dispatcher::set_aside(std::int64_t id, std::string body, std::string reason, ops::Counter& counter) {
  environment_.log->error("update set aside", ops::Field("update", id), ops::Field("reason", reason));
  counter.increment();
  storage::Commit commit;
  commit.done.push_back(id);
  commit.quarantined.push_back({id, std::move(body), std::move(reason), unix_seconds(*environment_.clock)});
  co_await environment_.store->commit(std::move(commit));
}

// Otherwise it stays in the inbox, and the next start meets it again.
Task<> Dispatcher::set_aside_if_possible(std::int64_t id, std::string body, std::string reason, ops::Counter& counter) {
  try {
    co_await set_aside(id, std::move(body), std::move(reason), counter);
  } catch (const storage::StorageError& error) {
    environment_.log->error("update left in the inbox", ops::Field("update", id), ops::Field("reason", error.what()));
  }
}

Task<> Dispatcher::handle(Crew::Member& member, std::unique_ptr<Job> job) {
  wait_seconds_.observe(std::chrono::duration<double>(environment_.clock->now() - job->taken).count());
  environment_.store->count_attempt(job->event.update_id());
  crash_point("begun");
  Context ctx(environment_, job->event, *job->route);
  try {
    co_await work(member, *job, ctx);
    if (broken_off_) throw BrokenOff();
    crash_point("handled");
    co_await commit(*job, ctx);
  } catch (const std::exception& error) {
    // Only a stop ends up here: the update stays in the inbox and is handled after the next start.
    environment_.log->warn("update left in the inbox", ops::Field("update", job->event.update_id()),
                           ops::Field("reason", is_cancellation(error) ? "stopped" : error.what()));
    environment_.store->take_back_attempt(job->event.update_id());
  }
  await_no_answer(*job);
  release(*job);
}

// What came too late is answered instead of handled: a person who pressed long ago does not expect anything any more,
// and a payment that was refused is not to be agreed to.
Task<> Dispatcher::work(Crew::Member& member, Job& job, Context& ctx) {
  await_no_answer(job);
  const TimePoint now = environment_.clock->now();
  if (job.is_pre_checkout() && job.answered) co_return ctx.answered_early();
  if (job.is_press() && now - job.since > settings_.press_life) {
    if (job.answered) co_return ctx.answered_early();
    late_presses_.increment();
    ctx.log().info("press not acted on: it is too old", ops::Field("route", ctx.route().name));
    co_return ctx.answer_callback(ctx.texts().press_again(ctx.language()));
  }
  job.ctx = &ctx;
  if (job.is_press()) await_answer(job, std::max(now, job.since + settings_.press_answer));
  if (job.is_pre_checkout()) await_answer(job, job.since + settings_.pre_checkout_answer);
  Running running{member, std::nullopt, false};
  co_await run_handler(running, ctx);
  await_no_answer(job);
  job.ctx = nullptr;
}

void Dispatcher::await_answer(Job& job, TimePoint until) {
  job.answer_by = until;
  unanswered_.emplace(until, &job);
  watch_answers();
}

void Dispatcher::await_no_answer(Job& job) {
  if (!job.answer_by) return;
  unanswered_.erase({*job.answer_by, &job});
  job.answer_by.reset();
}

// One timer for all, as for the deadlines; it may fire for one that is answered meanwhile.
void Dispatcher::watch_answers() {
  if (unanswered_.empty()) return;
  const TimePoint earliest = unanswered_.begin()->first;
  if (answer_timer_.pending() && next_answer_ <= earliest) return;
  next_answer_ = earliest;
  answer_timer_ = environment_.clock->call_at(earliest, [this] {
    const TimePoint now = environment_.clock->now();
    while (!unanswered_.empty() && unanswered_.begin()->first <= now) {
      Job& job = *unanswered_.begin()->second;
      await_no_answer(job);
      answer_early(job);
    }
    watch_answers();
  });
}

// Not kept by the store: it is worth nothing after a crash.
void Dispatcher::answer_early(Job& job) {
  Context ctx(environment_, job.event, *job.route);
  if (job.is_pre_checkout()) {
    ctx.answer_pre_checkout(ctx.texts().payment_late(ctx.language()));
    late_pre_checkouts_.increment();
    ctx.log().error("payment refused: its handler is late", ops::Field("route", job.route->info().name));
  } else {
    ctx.answer_callback(job.ctx ? std::string() : ctx.texts().press_again(ctx.language()));
    late_presses_.increment();
    ctx.log().warn("press answered before its handler has ended", ops::Field("route", job.route->info().name),
                   ops::Field("running", job.ctx != nullptr));
  }
  job.answered = true;
  if (job.ctx) job.ctx->answered_early();
  std::vector<std::unique_ptr<Outgoing>> answer =
      outbox_.prepare(ctx.take_requests(), job.event.chat_id(), ctx.trace());
  for (const auto& outgoing : answer) outgoing->kept = false;
  outbox_.accept(std::move(answer));
}

// Returns normally unless a stop has interrupted it.
Task<> Dispatcher::run_handler(Running& running, Context& ctx) {
  const RouteInfo& route = ctx.route();
  if (!route.long_running) {
    running.deadline = environment_.clock->now() + route.timeout.value_or(settings_.timeout);
  }
  const auto place = running_.insert(running_.end(), &running);
  watch_deadlines();
  std::exception_ptr failure;
  try {
    co_await router_.run(ctx);
  } catch (...) {
    failure = std::current_exception();
  }
  running_.erase(place);
  if (running.timed_out) {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
    ctx.log().error("handler timed out", ops::Field("route", ctx.route().name));
    ctx.set_outcome(Outcome::timed_out);
    ctx.discard();
    answer_person(ctx, ctx.texts().timed_out(ctx.language()));
  } else if (failure) {
    if (broken_off_) std::rethrow_exception(failure);
    answer_failure(ctx, failure);
  }
}

// One timer for all handlers: it is set to the earliest deadline and, when it fires, looks at every running handler.
// A handler that ends in time costs it nothing.
void Dispatcher::watch_deadlines() {
  const Running& latest = *running_.back();
  if (!latest.deadline) return;
  if (deadline_timer_.pending() && next_deadline_ <= *latest.deadline) return;
  next_deadline_ = *latest.deadline;
  deadline_timer_ = environment_.clock->call_at(next_deadline_, [this] { check_deadlines(); });
}

void Dispatcher::check_deadlines() {
  const TimePoint now = environment_.clock->now();
  std::optional<TimePoint> earliest;
  for (Running* running : running_) {
    if (!running->deadline || running->timed_out) continue;
    if (*running->deadline <= now) {
      running->timed_out = true;
      running->member.interrupt();
    } else if (!earliest || *running->deadline < *earliest) {
      earliest = running->deadline;
    }
  }
  if (!earliest) return;
  next_deadline_ = *earliest;
  deadline_timer_ = environment_.clock->call_at(next_deadline_, [this] { check_deadlines(); });
}

Task<> Dispatcher::commit(const Job& job, Context& ctx) {
  storage::Commit with;
  with.done.push_back(job.event.update_id());
  return commit_work(environment_, outbox_, ctx, std::move(with));
}

void Dispatcher::release(const Job& job) {
  queue_.finished(job);
  --in_flight_;
  bytes_ -= job.bytes;
  if (!full() || in_flight_ == 0) changed_.wake_all();
  crew_.call();
}

Task<> Dispatcher::drained() {
  while (in_flight_ > 0) co_await changed_.wait();
  co_await environment_.tasks->join();
}

void Dispatcher::limit_stop(Duration limit) { settings_.drain = std::min(settings_.drain, ops::wait_within(limit)); }

Task<> Dispatcher::stop() {
  bool in_time = true;
  try {
    co_await with_timeout(*environment_.clock, settings_.drain, drained());
  } catch (...) {  // its limit has passed, or the lifecycle's
    in_time = false;
  }
  stopping_ = true;
  const std::size_t left = in_flight_, tasks = environment_.tasks->size();
  if (!in_time) {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
    broken_off_ = true;
    crew_.interrupt();
    environment_.tasks->cancel();
    co_await environment_.tasks->join();
  }
  co_await crew_.dismiss();
  deadline_timer_.cancel();
  answer_timer_.cancel();
  if (!in_time)
    throw std::runtime_error(std::to_string(left) + " updates left in the inbox, " + std::to_string(tasks) +
                             " tasks given up");
}

}  // namespace tgkit::bot
