#include "tgkit/bot/poller.hpp"

#include "tgkit/async/backoff.hpp"
#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/crash_point.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/telegram/split_updates.hpp"

#include <exception>
#include <random>

namespace tgkit::bot {

struct Poller::Counters {
  explicit Counters(ops::Metrics& registry)
      : metrics(registry), last_poll(registry.gauge("tgkit_last_poll_timestamp_seconds")) {}

  void round(PollOutcome outcome) {
    ops::Counter*& counter = by_outcome[static_cast<std::size_t>(outcome)];
    if (!counter)
      counter = &metrics.counter("tgkit_poll_rounds_total", ops::Labels("outcome", std::string(to_text(outcome))));
    counter->increment();
  }

  ops::Metrics& metrics;
  ops::Gauge& last_poll;
  std::array<ops::Counter*, poll_outcomes> by_outcome{};
};

namespace {

// The offset behind elements of which none can be read. One without a number moves it by one: the head of Telegram's
// queue is never below the offset, so that nothing else is passed over. 0: it is not known.
std::int64_t offset_behind(const std::vector<telegram::BadUpdate>& bad, std::int64_t offset) {
  for (const telegram::BadUpdate& element : bad) {
    std::int64_t id = 0;
    if (element.bytes.empty()) continue;  // the array has no end: nothing that could be confirmed
    if (telegram::read_update_id(element.bytes, id))
      offset = id + 1;
    else if (offset != 0)
      ++offset;
  }
  return offset;
}

// Telegram cuts its answers at about 4 MiB: one that is smaller, and has fewer updates than asked for, is all there
// was.
constexpr std::size_t most_in_one_answer = 3u << 20;

// Another instance that is still there polls again within this time.
constexpr std::chrono::seconds trial_hold{5};

double seconds(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

std::uint64_t seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

}  // namespace

Poller::Poller(Executor executor, Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store,
               Dispatcher& dispatcher, Outbox& outbox, Intake& intake, GetUpdates get_updates, Beside beside,
               PollerSettings settings)
    : clock_(clock),
      log_(log),
      store_(store),
      dispatcher_(dispatcher),
      outbox_(outbox),
      intake_(intake),
      get_updates_(std::move(get_updates)),
      beside_(std::move(beside)),
      settings_(std::move(settings)),
      decisions_(settings_.pauses, seed()),
      ownership_(settings_.ownership),
      counters_(std::make_unique<Counters>(metrics)),
      loop_(executor, [this](const std::exception_ptr& error) {
        view_.ready = false;
        if (failed_) failed_(error);
      }) {}

Poller::~Poller() = default;

Task<> Poller::start() {
  loop_.spawn(run());
  co_return;
}

Task<> Poller::stop() {
  stopping_ = true;
  view_.ready = false;
  if (waiting_) loop_.cancel();
  co_await loop_.join();
}

Task<> Poller::run() {
  while (!stopping_) {
    if (watching_)
      co_await look_on();
    else
      co_await round();
  }
}

// A getUpdates would end the other's poll; this question disturbs nobody.
Task<> Poller::look_on() {
  waiting_ = true;
  std::optional<AtTelegram> seen;
  std::optional<telegram::Error> failure;
  PollDecision decision;
  try {
    seen = co_await beside_.look();
    ownership_.reached(clock_.now());
    decision = decisions_.looked(seen, clock_.now());
    if (!decision.watch && seen->webhook) co_await beside_.remove_webhook();
  } catch (const telegram::Error& error) {
    failure = error;
  }
  if (failure && failure->is_unauthorized()) {
    co_await act_on(*failure, Duration::zero());
    co_return;
  }
  if (failure) decision = decisions_.looked(std::nullopt, clock_.now());
  watching_ = decision.watch;
  if (!watching_ && seen->waiting) log_.warn("updates wait at Telegram and nobody takes them: polling again");
  if (decision.pause > Duration::zero() && !stopping_) co_await clock_.sleep_for(decision.pause);
}

Task<> Poller::round() {
  waiting_ = true;
  co_await dispatcher_.room();
  co_await outbox_.room();
  if (stopping_) co_return;
  const TimePoint asked = clock_.now();
  if (view_.last_round && asked - *view_.last_round > settings_.press_life) intake_.pending().was_away();
  std::optional<telegram::Error> failure;
  std::string body;
  try {
    body = co_await ask();
  } catch (const telegram::Error& error) {
    failure = error;
  }
  if (failure) {
    co_await act_on(*failure, clock_.now() - asked);
    co_return;
  }
  waiting_ = false;
  view_.last_round = clock_.now();
  counters_->last_poll.set(seconds(clock_.wall()));
  std::string store_failure;
  try {
    co_await accept(std::move(body));
  } catch (const storage::StorageError& error) {
    store_failure = error.what();
  }
  // Not written down, not confirmed: it comes again.
  if (!store_failure.empty()) co_await wait_for_store(store_failure);
}

// The batch is confirmed by the next poll: before it, all of it has to be in the file. Handlers work on it meanwhile;
// what they decide becomes true in the store together with it or after it. Only a stop ends this without success.
Task<> Poller::write_down() {
  unwritten_ = true;
  while (unwritten_ && !stopping_) {
    std::string failure;
    try {
      co_await store_.durable();
      unwritten_ = false;
      waiting_ = false;
      crash_point("written");
    } catch (const storage::StorageError& error) {
      failure = error.what();
    }
    if (!failure.empty()) co_await wait_for_store(failure);
  }
}

Task<> Poller::wait_for_store(std::string_view reason) {
  waiting_ = true;
  co_await act(decisions_.failed(PollOutcome::store, {}, clock_.now()), PollOutcome::store, reason);
}

Task<std::string> Poller::ask() {
  telegram::PollRequest poll;
  poll.offset = offset_;
  poll.limit = settings_.limit;
  // The first poll, and the first after trouble, does not wait: whether updates reach us is known at once.
  poll.hold = view_.ready ? settings_.hold : std::chrono::seconds{0};
  if (on_trial_) poll.hold = trial_hold;
  if (set_kinds_) poll.allowed_updates = settings_.allowed_updates;
  asked_ = offset_;
  std::string body = co_await get_updates_(std::move(poll));
  set_kinds_ = false;
  co_return body;
}

Task<> Poller::act_on(const telegram::Error& error, Duration taken) {
  asked_ = 0;
  if (error.kind() == telegram::Error::Kind::answered) ownership_.reached(clock_.now());
  const PollOutcome outcome = classify(error, taken, settings_.hold);
  if (outcome == PollOutcome::deaf) ++view_.deaf;
  // Whoever polled or set a webhook meanwhile may have asked for other kinds.
  if (outcome == PollOutcome::conflict) set_kinds_ = true;
  const Duration retry_after = error.retry_after().value_or(std::chrono::seconds{0});
  const PollDecision decision = decisions_.failed(outcome, retry_after, clock_.now());
  if (decision.act == PollDecision::Act::prove) co_await prove_token(error.what());
  co_await act(decision, outcome, error.what());
}

// Returns when it is not proven.
Task<> Poller::prove_token(std::string_view refusal) {
  view_.ready = false;
  const std::string reason(refusal);
  log_.warn("Telegram refuses the bot's token: asking again before this is believed", ops::Field("reason", reason));
  const bool refused = co_await token_is_refused(clock_, settings_.token);
  if (!refused) co_return;
  counters_->round(PollOutcome::refused);
  log_.error("Telegram refuses the bot's token; polling ends", ops::Field("reason", reason));
  throw ops::StartError(ops::exit_code::token_refused, "Telegram does not know this bot's token: " + reason);
}

Task<> Poller::act(const PollDecision& decision, PollOutcome outcome, std::string_view reason) {
  counters_->round(outcome);
  view_.ready = decision.ready && !stopping_;
  view_.last_outcome = outcome;
  on_trial_ = decision.trial;
  watching_ = decision.watch;
  note_ownership(decision, outcome, reason);
  if (decision.say) {
    const double pause = std::chrono::duration<double>(decision.pause).count();
    if (outcome == PollOutcome::ok)
      log_.info("polling");
    else if (outcome == PollOutcome::conflict)
      log_.warn("another instance polls for this bot, or a webhook is set: stepping down until it is gone",
                ops::Field("pause", pause), ops::Field("reason", reason));
    else
      log_.warn("polling has trouble", ops::Field("kind", to_text(outcome)), ops::Field("pause", pause),
                ops::Field("reason", reason));
  }
  if (decision.pause > Duration::zero() && !stopping_) co_await clock_.sleep_for(decision.pause);
}

void Poller::note_ownership(const PollDecision& decision, PollOutcome outcome, std::string_view reason) {
  const TimePoint now = clock_.now();
  if (outcome == PollOutcome::conflict)
    ownership_.step_down("another instance polls for this bot, or a webhook is set: " + std::string(reason));
  else if (outcome == PollOutcome::ok && decision.ready)
    ownership_.entered(now, decisions_.came_back(now));
}

// From here to the end nothing is broken off by a stop: what Telegram has given is written down and handed over.
Task<> Poller::accept(std::string body) {
  telegram::SplitUpdates split = telegram::split_updates(body);
  if (split.no_result) {
    waiting_ = true;
    const std::string_view reason = split.bad.empty() ? std::string_view("no result") : split.bad.front().reason;
    co_await act(decisions_.failed(PollOutcome::server, {}, clock_.now()), PollOutcome::server, reason);
    co_return;
  }
  if (split.updates.empty() && !split.bad.empty()) {
    co_await pass_over(split);
    co_return;
  }
  // What stands behind the last readable one is not confirmed with it and comes again, as the head of the queue.
  if (!split.bad.empty())
    std::erase_if(split.bad, [last = split.updates.back().json.data()](const telegram::BadUpdate& element) {
      return element.bytes.empty() || element.bytes.data() > last;
    });
  const bool was_all =
      split.updates.size() < static_cast<std::size_t>(settings_.limit) && body.size() < most_in_one_answer;
  const std::optional<std::int64_t> last =
      split.updates.empty() ? std::nullopt : std::optional(split.updates.back().update_id);
  if (last) {
    co_await intake_.take(std::move(split.updates), std::move(split.bad));
    co_await write_down();
    if (unwritten_) co_return;
  }
  note_what_waits(last.has_value(), was_all);
  // The queue's order counts, not the largest number: after a week of silence Telegram begins anew at random.
  if (last) offset_ = *last + 1;
  co_await act(decisions_.completed(clock_.now()), PollOutcome::ok, {});
}

// What waited at Telegram is told from what is new by its number, and by an answer without updates.
void Poller::note_what_waits(bool got_some, bool was_all) {
  PendingUpdates& pending = intake_.pending();
  if (!got_some) {
    pending.none_left();
    intake_.say_pending();
  } else if (was_all && !pending.open()) {
    pending.caught_up();
  }
}

Task<> Poller::take_pending() {
  while (intake_.pending().open() && !stopping_) co_await round();
  // What was passed over is known to nobody: unconfirmed, it would come again as new.
  Backoff pauses(Backoff::Settings{});
  bool confirmed = co_await try_to_confirm();
  while (!confirmed && !stopping_) {
    co_await clock_.sleep_for(pauses.next());
    confirmed = co_await try_to_confirm();
  }
}

// Nothing in the batch can be read. An answer that was only damaged on its way comes whole the next time; what comes
// twice is set aside and passed over, or nothing behind it would ever come.
Task<> Poller::pass_over(const telegram::SplitUpdates& split) {
  const std::int64_t behind = offset_behind(split.bad, offset_);
  const std::string head(split.bad.front().bytes);
  if (unreadable_head_ == head && behind != offset_) {
    co_await intake_.take({}, split.bad);
    offset_ = behind;
    unreadable_head_.reset();
    co_await act(decisions_.completed(clock_.now()), PollOutcome::ok, {});
    co_return;
  }
  unreadable_head_ = head;
  waiting_ = true;
  const std::string reason = "no update of the answer can be read: " + split.bad.front().reason;
  co_await act(decisions_.failed(PollOutcome::server, {}, clock_.now()), PollOutcome::server, reason);
}

Task<> Poller::confirm() {
  const bool confirmed = co_await try_to_confirm();
  if (!confirmed) log_.warn("the last updates could not be confirmed; they will come again and be recognised");
}

// False: it may succeed later.
Task<bool> Poller::try_to_confirm() {
  // Telegram holds a call back that repeats the offset of the one before.
  if (offset_ == 0 || offset_ == asked_) co_return true;
  if (view_.last_outcome == PollOutcome::conflict) co_return true;  // a poll of ours would break off the other's
  telegram::PollRequest poll;
  poll.offset = offset_;
  poll.limit = 1;
  poll.hold = std::chrono::seconds{0};
  try {
    co_await get_updates_(std::move(poll));
  } catch (const telegram::Error& error) {
    log_.warn("Telegram was not told what has been taken", ops::Field("reason", error.what()));
    co_return !error.retryable();
  }
  co_return true;
}

Task<> OffsetConfirmation::start() { co_return; }
Task<> OffsetConfirmation::stop() { co_await poller_.confirm(); }

}  // namespace tgkit::bot
