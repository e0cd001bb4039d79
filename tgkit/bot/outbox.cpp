#include "tgkit/bot/outbox.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/crash_point.hpp"
#include "tgkit/async/timeout.hpp"
#include "tgkit/bot/event.hpp"
#include "tgkit/telegram/types/chat_member.hpp"
#include "tgkit/telegram/types/message.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

namespace tgkit::bot {

namespace {

// How late a report may come before it is made at once: what was sent and not reported is of unknown fate after a
// crash.
constexpr std::size_t most_unreported = 256;
// What looks like a limit on everything may be one on a method, and those can last for hours.
constexpr Duration longest_hold_of_all = std::chrono::minutes{1};
constexpr Duration store_pause = std::chrono::seconds{1};
constexpr Duration say_again = std::chrono::minutes{1};
constexpr std::size_t most_parked = 3;  // times most_waiting: parked messages are in memory, too

double chance() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

ops::Counter& outcome(ops::Metrics& metrics, std::string name) {
  return metrics.counter("tgkit_outbox_total", ops::Labels("outcome", std::move(name)));
}

bool is_unwanted_by_unreachable(SendLane lane) { return lane >= SendLane::alert; }

// Twice would be wrong, and the store has to know.
bool is_delicate(const Outgoing& outgoing) {
  return outgoing.kept && outgoing.if_unknown != IfUnknown::repeat && !is_repeatable(outgoing.message.method);
}

}  // namespace

// One try to send a message.
struct Outbox::Attempt {
  void failed(const std::exception& error) {
    cancelled = is_cancellation(error);
    if (!cancelled) fault = error.what();
  }
  std::optional<telegram::Error> failure;
  std::string fault;       // of ours: it would come again
  bool begun = true;       // false: the watcher or the store did not let it go
  bool withdrawn = false;  // by the watcher
  bool cancelled = false;  // by a stop
  bool left = false;       // all of it
};

Outbox::Outbox(Executor executor, Clock& clock, ops::Log& log, storage::Store& store, ops::Metrics& metrics, Send send,
               OutboxSettings settings)
    : clock_(clock),
      log_(log),
      store_(store),
      send_(std::move(send)),
      settings_(std::move(settings)),
      sent_(outcome(metrics, "sent")),
      refused_(outcome(metrics, "refused")),
      unreachable_(outcome(metrics, "unreachable")),
      unknown_(outcome(metrics, "unknown")),
      repeated_(outcome(metrics, "repeated")),
      coalesced_(outcome(metrics, "coalesced")),
      dropped_(outcome(metrics, "dropped")),
      age_(metrics.gauge("tgkit_outbox_age_seconds")),
      unreachable_chats_(metrics.gauge("tgkit_outbox_unreachable_chats")),
      queue_(settings_.pacing),
      floods_(settings_.floods_in_a_row),
      crew_(
          executor, settings_.most_sends, [this] { return has_work(); },
          [this](Crew::Member&) { return send_one(queue_.next(queue_.paces() ? clock_.now() : TimePoint())); }),
      reports_(executor, [this](const std::exception_ptr&) {
        log_.error("delivered messages could not be reported to the store");
      }) {
  for (std::size_t lane = 0; lane < send_lanes; ++lane)
    depth_[lane] =
        &metrics.gauge("tgkit_outbox_size", ops::Labels("lane", std::string(to_text(static_cast<SendLane>(lane)))));
  metrics.before_scrape([this] { measure(); });
}

Outbox::~Outbox() = default;

void Outbox::measure() {
  for (std::size_t lane = 0; lane < send_lanes; ++lane) depth_[lane]->set(static_cast<double>(in_lane_[lane]));
  const std::optional<TimePoint> oldest = queue_.oldest();
  age_.set(oldest ? std::chrono::duration<double>(clock_.now() - *oldest).count() : 0);
  unreachable_chats_.set(static_cast<double>(recipients_.unreachable_count()));
}

Task<> Outbox::start() {
  const std::vector<std::optional<storage::StateRecord>> records = co_await store_.load(Recipients::keys());
  recipients_.read(records);
}

void Outbox::readdress(Outgoing& outgoing, std::int64_t chat) const {
  if (chat_of(outgoing.message.body) != 0) outgoing.message.body = with_chat(std::move(outgoing.message.body), chat);
  outgoing.message.chat_id = chat;
}

std::unique_ptr<Outgoing> Outbox::make(telegram::Request request, const Delivery& delivery, std::int64_t chat) {
  auto outgoing = std::make_unique<Outgoing>();
  storage::OutboxMessage& message = outgoing->message;
  const std::int64_t named = chat_of(request.json);
  outgoing->lane = delivery.lane.value_or(usual_lane(request.method));
  outgoing->if_unknown = delivery.if_unknown;
  message.id = store_.next_message_id();
  message.chat_id = named != 0 ? named : chat;
  outgoing->if_refused = delivery.if_refused;
  message.lane = to_stored(outgoing->lane, outgoing->if_unknown, outgoing->if_refused);
  message.method = std::move(request.method);
  message.body = std::move(request.json);
  outgoing->files = std::move(request.files);
  outgoing->kept = outgoing->files.empty();
  if (const std::int64_t now = recipients_.current(named); now != named) readdress(*outgoing, now);
  return outgoing;
}

std::vector<std::unique_ptr<Outgoing>> Outbox::prepare(std::vector<QueuedCall> calls, std::int64_t chat,
                                                       std::string_view trace) {
  std::vector<std::unique_ptr<Outgoing>> messages;
  messages.reserve(calls.size());
  for (QueuedCall& call : calls) {
    std::unique_ptr<Outgoing> outgoing = make(std::move(call.request), call.delivery, chat);
    if (is_unwanted_by_unreachable(outgoing->lane) && recipients_.unreachable(outgoing->message.chat_id)) {
      dropped_.increment();
      continue;
    }
    outgoing->trace = trace;
    messages.push_back(std::move(outgoing));
  }
  return messages;
}

std::vector<std::unique_ptr<Outgoing>> Outbox::prepare(std::vector<telegram::Request> requests, std::int64_t chat,
                                                       std::string_view trace) {
  std::vector<QueuedCall> calls;
  calls.reserve(requests.size());
  for (telegram::Request& request : requests) calls.emplace_back(std::move(request));
  return prepare(std::move(calls), chat, trace);
}

void Outbox::accept(std::vector<std::unique_ptr<Outgoing>> messages) {
  for (std::unique_ptr<Outgoing>& outgoing : messages) enqueue(std::move(outgoing));
}

void Outbox::resume(std::vector<storage::OutboxMessage> unsent) {
  for (storage::OutboxMessage& message : unsent) {
    auto outgoing = std::make_unique<Outgoing>();
    outgoing->message = std::move(message);
    outgoing->lane = lane_of(outgoing->message.lane);
    outgoing->if_unknown = if_unknown_of(outgoing->message.lane);
    outgoing->if_refused = if_refused_of(outgoing->message.lane);
    const std::int64_t chat = outgoing->message.chat_id;
    if (const std::int64_t now = recipients_.current(chat); now != chat) readdress(*outgoing, now);
    // Edits are not marked: of one that is, the text was being sent as a new message.
    const bool delicate = is_delicate(*outgoing) || edit_kind(outgoing->message.method) != EditKind::none;
    if (outgoing->message.begun && delicate)
      resume_begun(std::move(outgoing));
    else
      enqueue(std::move(outgoing));
  }
}

// The process ended while it was being sent.
void Outbox::resume_begun(std::unique_ptr<Outgoing> outgoing) {
  constexpr std::string_view reason = "the process ended while it was being sent";
  if (policy_of(*outgoing, reason) == IfUnknown::repeat) {
    log_failure(*outgoing, "message may have been sent; sending it again", reason, ops::Level::info);
    return enqueue(std::move(outgoing));
  }
  log_failure(*outgoing, "message may have been sent; not repeated", reason, ops::Level::warn);
  count_in(*outgoing);
  done(std::move(outgoing), SendResult::unknown, unknown_);
}

Task<> Outbox::send(std::vector<QueuedCall> calls, std::string trace) {
  std::vector<std::unique_ptr<Outgoing>> messages = prepare(std::move(calls), 0, trace);
  storage::Commit commit;
  for (const auto& outgoing : messages)
    if (outgoing->kept) commit.messages.push_back(outgoing->message);
  if (!commit.messages.empty()) co_await store_.commit(std::move(commit));
  accept(std::move(messages));
}

std::unique_ptr<Outgoing> Outbox::prepare_watched(telegram::Request request, Delivery delivery, SendWatcher& watcher) {
  std::unique_ptr<Outgoing> outgoing = make(std::move(request), delivery, 0);
  outgoing->kept = false;
  outgoing->watcher = &watcher;
  return outgoing;
}

void Outbox::count_in(const Outgoing& outgoing) {
  ++waiting_;
  ++in_lane_[static_cast<std::size_t>(outgoing.lane)];
}

void Outbox::enqueue(std::unique_ptr<Outgoing> outgoing) {
  count_in(*outgoing);
  outgoing->since = clock_.now();
  outgoing->edit = edit_kind(outgoing->message.method);
  if (outgoing->edit != EditKind::none) {
    outgoing->edited = edited_message(outgoing->message.body);
    while (std::unique_ptr<Outgoing> older = queue_.take_superseded(*outgoing))
      done(std::move(older), SendResult::not_sent, coalesced_);
  }
  queue_.push(std::move(outgoing));
  crew_.call();
}

void Outbox::heard(const Event& event) {
  if (event.chat_id() == 0) return;
  if (event.kind() == telegram::UpdateKind::my_chat_member) {
    const std::string_view status = event.update().my_chat_member->new_chat_member.type();
    if (status == "kicked" || status == "left") return leave_alone(event.chat_id());
  } else if (event.message() && event.message()->migrate_to_chat_id) {
    return follow(event.chat_id(), *event.message()->migrate_to_chat_id);
  }
  if (recipients_.clear(event.chat_id())) report_soon();
}

Task<> Outbox::room() {
  while (waiting_ - queue_.parked() >= settings_.most_waiting || waiting_ >= most_parked * settings_.most_waiting)
    co_await changed_.wait();
}

bool Outbox::has_work() {
  if (late_) return false;
  if (queue_.has_ready(queue_.paces() ? clock_.now() : TimePoint())) return true;
  arm();
  return false;
}

void Outbox::go_on() {
  crew_.call();
  if (stopping_) changed_.wake_all();
}

// One timer for everything that waits for a time.
void Outbox::arm() {
  const std::optional<TimePoint> due = queue_.next_due();
  if (!due || (due_timer_.pending() && due_ <= *due)) return;
  due_ = *due;
  due_timer_ = clock_.call_at(due_, [this] {
    queue_.release_due(clock_.now());
    go_on();
    arm();
  });
}

Task<> Outbox::send_one(std::unique_ptr<Outgoing> outgoing) {
  ++outgoing->tries;
  ++sending_;
  Attempt attempt;
  if (outgoing->watcher) co_await begin(*outgoing, attempt);
  attempt.begun = attempt.begun && mark(*outgoing);
  if (attempt.begun) {
    telegram::Request request(outgoing->message.method, outgoing->message.body, outgoing->files);
    telegram::CallOptions options;
    options.trace_id = outgoing->trace;
    options.on_upload = [&attempt](std::uint64_t done, std::optional<std::uint64_t> total) {
      attempt.left = attempt.left || done == total;
    };
    try {
      crash_point("sending");
      co_await send_(std::move(request), std::move(options));
      crash_point("sent");
    } catch (const telegram::Error& error) {
      attempt.failure = error;
    } catch (const std::exception& error) {
      attempt.failed(error);
    }
  }
  --sending_;
  after(std::move(outgoing), attempt);
}

// From here on it may be sent, whatever happens to the process. False: the store takes no more marks, not now.
bool Outbox::mark(Outgoing& outgoing) {
  if (outgoing.marked || !is_delicate(outgoing)) return true;
  outgoing.marked = store_.begin_send(outgoing.message.id);
  if (!outgoing.marked) say_marks_full();
  return outgoing.marked;
}

void Outbox::say_marks_full() {
  const TimePoint now = clock_.now();
  if (marks_full_said_ && now - *marks_full_said_ < say_again) return;
  marks_full_said_ = now;
  log_.error("messages wait until the store has written which were delivered: check the disk");
}

// It surely was not, and waits.
void Outbox::unmark(Outgoing& outgoing) {
  if (outgoing.watcher) outgoing.watcher->held(outgoing.message.id);
  if (std::exchange(outgoing.marked, false)) store_.take_back_send(outgoing.message.id);
}

Task<> Outbox::begin(Outgoing& outgoing, Attempt& attempt) {
  attempt.begun = false;
  try {
    attempt.begun = co_await outgoing.watcher->begins(outgoing.message.id);
    attempt.withdrawn = !attempt.begun;
  } catch (const storage::StorageError& error) {
    log_.error("message not sent: the store cannot write that it leaves", ops::Field("reason", error.what()));
  } catch (const std::exception& error) {
    attempt.failed(error);
  }
}

void Outbox::after(std::unique_ptr<Outgoing> outgoing, const Attempt& attempt) {
  if (attempt.failure) return after_error(std::move(outgoing), *attempt.failure);
  if (attempt.cancelled) return broken_off(std::move(outgoing), attempt.left);
  if (!attempt.fault.empty()) {
    log_failure(*outgoing, "message given up", attempt.fault, ops::Level::error);
    return finish(std::move(outgoing), SendResult::unknown, unknown_);
  }
  if (attempt.withdrawn) {
    outgoing->watcher = nullptr;
    return finish(std::move(outgoing), SendResult::not_sent, dropped_);
  }
  if (!attempt.begun) return pause(std::move(outgoing), store_pause);
  floods_.sent();
  finish(std::move(outgoing), SendResult::sent, sent_);
}

// By a stop whose limit has passed. Telegram acts on whole requests only, and what may be done twice may be kept
// anyway.
void Outbox::broken_off(std::unique_ptr<Outgoing> outgoing, bool left) {
  const bool repeatable = outgoing->if_unknown == IfUnknown::repeat || is_repeatable(outgoing->message.method);
  left = left && !(outgoing->kept && repeatable);
  if (!left && outgoing->kept) {
    unmark(*outgoing);
    return pause(std::move(outgoing), Duration::zero());
  }
  constexpr std::string_view reason = "stopped while it was being sent";
  if (left || !outgoing->watcher)
    log_failure(*outgoing, left ? "message may have been sent; not repeated" : "upload not sent and not kept", reason,
                ops::Level::warn);
  if (left)
    finish(std::move(outgoing), SendResult::unknown, unknown_);
  else
    finish(std::move(outgoing), SendResult::not_sent, refused_);
}

void Outbox::after_error(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error) {
  const SendVerdict verdict = judge(error, outgoing->tries, outgoing->moves, chance());
  const ops::Level level = verdict.worth_a_warning ? ops::Level::warn : ops::Level::debug;
  switch (verdict.step) {
    case SendStep::sent:
      log_failure(*outgoing, "message sent, but its answer was damaged", error.what(), ops::Level::info);
      return finish(std::move(outgoing), SendResult::sent, sent_);
    case SendStep::refused:
      if (is_worth_another_way(error, outgoing->if_refused) && go_another_way(*outgoing))
        return after_another_way(std::move(outgoing), error);
      log_failure(*outgoing, "message refused", error.what(), level);
      return finish(std::move(outgoing), SendResult::refused, refused_);
    case SendStep::unreachable: {
      log_failure(*outgoing, "message refused: the chat cannot be reached", error.what(), level);
      const std::int64_t chat = outgoing->message.chat_id;
      finish(std::move(outgoing), SendResult::unreachable, unreachable_);
      return leave_alone(chat);
    }
    case SendStep::unknown:
      return of_unknown_fate(std::move(outgoing), error.what());
    case SendStep::moved:
      return after_move(std::move(outgoing), verdict.chat_id);
    case SendStep::flooded:
      return after_flood(std::move(outgoing), error, verdict.pause);
    case SendStep::again:
      log_failure(*outgoing, "message not sent; trying again", error.what(), ops::Level::info);
      repeated_.increment();
      unmark(*outgoing);
      return pause(std::move(outgoing), verdict.pause);
  }
}

void Outbox::after_flood(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error, Duration asked) {
  const TimePoint now = clock_.now(), until = now + asked;
  if (!outgoing->flooded_since) outgoing->flooded_since = now;
  const bool is_long = until - *outgoing->flooded_since > settings_.long_wait;
  if (!is_long)
    log_failure(*outgoing, "message not sent; trying again", error.what(), ops::Level::info);
  else if (!std::exchange(outgoing->said, true))
    log_failure(*outgoing, "a flood limit lasts long: the chat's messages are kept until it ends", error.what(),
                ops::Level::warn);
  repeated_.increment();
  unmark(*outgoing);
  // A call that names no chat meets no chat's limit. Presses and payments wait for their own limits only: their time
  // is short.
  const std::int64_t chat = chat_of(outgoing->message.body);
  if (chat == 0 || floods_.another(chat))
    queue_.hold_all(now + std::min(asked, longest_hold_of_all),
                    usual_lane(outgoing->message.method) == SendLane::answer);
  if (chat != 0) queue_.hold(outgoing->message.chat_id, until, true, is_long);
  if (chat == 0 || !is_ordered(*outgoing)) {
    pause(std::move(outgoing), asked);
  } else {
    queue_.put_back(std::move(outgoing));
    go_on();
  }
  if (is_long) changed_.wake_all();  // parked ones make room
}

void Outbox::after_move(std::unique_ptr<Outgoing> outgoing, std::int64_t chat) {
  const std::int64_t old = outgoing->message.chat_id;
  ++outgoing->moves;
  repeated_.increment();
  unmark(*outgoing);
  if (is_ordered(*outgoing)) queue_.finished(old);
  readdress(*outgoing, chat);
  queue_.push_front(std::move(outgoing));
  follow(old, chat);
}

// Surely not sent as it was: it stays first of its chat, as something else.
void Outbox::after_another_way(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error) {
  log_failure(*outgoing, "message refused where it was to appear; trying another way", error.what(), ops::Level::info);
  repeated_.increment();
  unmark(*outgoing);
  if (queue_.paces())
    outgoing->cost = send_cost(outgoing->message.method, outgoing->message.body, outgoing->message.chat_id);
  queue_.put_back(std::move(outgoing));
  go_on();
}

void Outbox::follow(std::int64_t old, std::int64_t chat) {
  if (is_chat_id(old) && recipients_.current(old) != chat) {
    log_.info("a chat has moved", ops::Field("from", old), ops::Field("to", chat));
    recipients_.moved(old, chat);
    report_soon();
  }
  std::vector<std::unique_ptr<Outgoing>> others;
  while (std::unique_ptr<Outgoing> other = queue_.take_waiting(old, SendLane::answer))
    others.push_back(std::move(other));
  for (std::unique_ptr<Outgoing>& other : others) {
    if (other->lane != SendLane::answer) readdress(*other, chat);
    queue_.push(std::move(other));
  }
  go_on();
}

void Outbox::of_unknown_fate(std::unique_ptr<Outgoing> outgoing, std::string_view reason) {
  const std::optional<Duration> again = repeat_pause(++outgoing->unknowns, chance());
  if (again && policy_of(*outgoing, reason) == IfUnknown::repeat) {
    log_failure(*outgoing, "message may have been sent; sending it again", reason, ops::Level::info);
    repeated_.increment();
    return pause(std::move(outgoing), *again);
  }
  log_failure(*outgoing, "message may have been sent; not repeated", reason, ops::Level::warn);
  finish(std::move(outgoing), SendResult::unknown, unknown_);
}

IfUnknown Outbox::policy_of(const Outgoing& outgoing, std::string_view reason) {
  if (outgoing.if_unknown != IfUnknown::ask || !settings_.on_unknown) return outgoing.if_unknown;
  const storage::OutboxMessage& message = outgoing.message;
  try {
    return settings_.on_unknown({message.id, message.chat_id, message.method, message.body, reason});
  } catch (const std::exception& error) {
    log_failure(outgoing, "the bot could not say whether to send again", error.what(), ops::Level::error);
    return IfUnknown::report;
  }
}

void Outbox::leave_alone(std::int64_t chat) {
  if (!is_chat_id(chat) || !recipients_.mark(chat)) return;
  log_.info("a chat cannot be reached: alerts and broadcasts leave it alone until it is heard from",
            ops::Field("chat", chat));
  while (std::unique_ptr<Outgoing> unwanted = queue_.take_waiting(chat, SendLane::alert))
    done(std::move(unwanted), SendResult::unreachable, dropped_);
  report_soon();
}

// Holds its chat, and nobody else, until the time has come.
void Outbox::pause(std::unique_ptr<Outgoing> outgoing, Duration duration) {
  if (is_ordered(*outgoing)) {
    queue_.hold(outgoing->message.chat_id, clock_.now() + duration, false, false);
    queue_.put_back(std::move(outgoing));
    return go_on();
  }
  const auto place = paused_.emplace(paused_.end(), std::move(outgoing), Clock::Timer());
  if (stopping_) return changed_.wake_all();
  place->second = clock_.call_in(duration, [this, place] {
    queue_.put_back(std::move(place->first));
    paused_.erase(place);
    crew_.call();
  });
}

void Outbox::finish(std::unique_ptr<Outgoing> outgoing, SendResult result, ops::Counter& outcome) {
  if (is_ordered(*outgoing)) queue_.finished(outgoing->message.chat_id);
  done(std::move(outgoing), result, outcome);
  crew_.call();
}

// It leaves the outbox; it is not on its way.
void Outbox::done(std::unique_ptr<Outgoing> outgoing, SendResult result, ops::Counter& outcome) {
  outcome.increment();
  if (outgoing->kept) {
    delivered_.push_back(outgoing->message.id);
    report_soon();
  }
  if (outgoing->watcher) outgoing->watcher->ended(outgoing->message.id, result);
  --in_lane_[static_cast<std::size_t>(outgoing->lane)];
  --waiting_;
  changed_.wake_all();
}

void Outbox::give_back(const std::vector<std::int64_t>& delivered) {
  if (delivered.empty()) return;
  delivered_.insert(delivered_.begin(), delivered.begin(), delivered.end());
  report_soon();
}

// Most ids ride along with the dispatcher's next commit; the timer is for the last ones of a burst.
void Outbox::report_soon() {
  if (delivered_.size() >= most_unreported) {
    reports_.spawn(report());
  } else if (!report_timer_.pending()) {
    report_timer_ = clock_.call_in(settings_.report_after, [this] { reports_.spawn(report()); });
  }
}

Task<> Outbox::report() {
  const std::vector<std::int64_t> ids = take_delivered();
  const std::vector<storage::StateWrite> writes = recipients_.take_writes();
  if (ids.empty() && writes.empty()) co_return;
  storage::Commit commit;
  commit.delivered = ids;
  commit.writes = writes;
  try {
    co_await store_.commit(std::move(commit));
  } catch (const storage::StorageError& error) {
    log_.error("delivered messages not reported; trying again", ops::Field("reason", error.what()));
    delivered_.insert(delivered_.begin(), ids.begin(), ids.end());
    recipients_.give_back(writes);
    if (!stopping_) report_timer_ = clock_.call_in(store_pause, [this] { reports_.spawn(report()); });
  }
}

void Outbox::log_failure(const Outgoing& outgoing, std::string_view event, std::string_view reason, ops::Level level) {
  log_.write(level, event, ops::Field("trace", outgoing.trace), ops::Field("chat", outgoing.message.chat_id),
             ops::Field("message", outgoing.message.id), ops::Field("method", outgoing.message.method),
             ops::Field("tries", outgoing.tries), ops::Field("reason", reason));
}

Task<> Outbox::drained(TimePoint until) {
  const auto can_go = [this, until] {
    if (sending_ > 0 || queue_.has_ready(clock_.now())) return true;
    // What stands behind a paused message of its chat has to wait with it.
    const std::optional<TimePoint> paced = queue_.next_paced();
    return paced && *paced <= until;
  };
  while (can_go()) co_await changed_.wait();
}

void Outbox::limit_stop(Duration limit) { settings_.drain = std::min(settings_.drain, ops::wait_within(limit)); }

void Outbox::hold_unasked(bool hold) {
  unasked_held_ = hold;
  if (stopping_) return;
  if (hold) {
    queue_.close(SendLane::alert);
  } else {
    queue_.open();
    crew_.call();
  }
}

Task<> Outbox::stop() {
  bool in_time = true;
  stopping_ = true;
  queue_.close(unasked_held_ ? SendLane::alert : SendLane::broadcast);
  for (auto& [outgoing, timer] : paused_) timer.cancel();
  try {
    co_await with_timeout(clock_, settings_.drain, drained(clock_.now() + settings_.drain));
  } catch (const TimedOut&) {
    in_time = sending_ == 0;
  }
  late_ = true;
  due_timer_.cancel();
  if (!in_time) crew_.interrupt();
  co_await crew_.dismiss();
  report_timer_.cancel();
  co_await reports_.join();
  co_await report();
  if (waiting_ > 0) log_.warn("messages left for the next start", ops::Field("messages", waiting_));
  if (!in_time) throw std::runtime_error("sending was broken off; " + std::to_string(waiting_) + " messages are kept");
}

}  // namespace tgkit::bot
