#include "tgkit/bot/outbox.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/timeout.hpp"
#include "tgkit/bot/send_decisions.hpp"
#include "tgkit/telegram/json_reader.hpp"

#include <functional>
#include <random>
#include <stdexcept>

namespace tgkit::bot {

namespace {

using telegram::json::Reader;

// How late a report may come before it is made at once: what was sent and not reported is sent again after a crash.
constexpr std::size_t most_unreported = 256;

SendLane lane_of(std::string_view method) { return method.starts_with("answer") ? SendLane::answer : SendLane::reply; }

double chance() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

// The chat_id's value as it stands in the text; empty when there is none.
std::string_view raw_chat(std::string_view json) {
  Reader reader(json);
  std::string_view key, value;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    const bool wanted = key == "chat_id";
    if (!reader.raw(value)) return {};
    if (wanted) return value;
  }
  return {};
}

}  // namespace

std::int64_t chat_of(std::string_view json) {
  const std::string_view value = raw_chat(json);
  if (value.empty()) return 0;
  Reader reader(value);
  std::int64_t id = 0;
  if (reader.integer(id)) return id;
  return static_cast<std::int64_t>(std::hash<std::string_view>{}(value) | 1U);
}

std::string with_chat(std::string json, std::int64_t chat) {
  const std::string_view value = raw_chat(json);
  if (value.empty()) return json;
  json.replace(static_cast<std::size_t>(value.data() - json.data()), value.size(), std::to_string(chat));
  return json;
}

Outbox::Outbox(Executor executor, Clock& clock, ops::Log& log, storage::Store& store, ops::Metrics& metrics, Send send,
               OutboxSettings settings)
    : clock_(clock),
      log_(log),
      store_(store),
      send_(std::move(send)),
      settings_(settings),
      sent_(metrics.counter("tgkit_outbox_total", ops::Labels("outcome", "sent"))),
      refused_(metrics.counter("tgkit_outbox_total", ops::Labels("outcome", "refused"))),
      uncertain_(metrics.counter("tgkit_outbox_total", ops::Labels("outcome", "uncertain"))),
      repeated_(metrics.counter("tgkit_outbox_total", ops::Labels("outcome", "repeated"))),
      crew_(
          executor, settings.most_sends, [this] { return !late_ && queue_.has_ready(); },
          [this](Crew::Member&) { return send_one(queue_.next()); }),
      reports_(executor, [this](const std::exception_ptr&) {
        log_.error("delivered messages could not be reported to the store");
      }) {
  ops::Gauge& size = metrics.gauge("tgkit_outbox_size");
  metrics.before_scrape([this, &size] { size.set(static_cast<double>(waiting_)); });
}

Outbox::~Outbox() = default;

Task<> Outbox::start() { co_return; }

std::vector<std::unique_ptr<Outgoing>> Outbox::prepare(std::vector<telegram::Request> requests, std::int64_t chat,
                                                       std::string_view trace) {
  std::vector<std::unique_ptr<Outgoing>> messages;
  messages.reserve(requests.size());
  for (telegram::Request& request : requests) {
    auto outgoing = std::make_unique<Outgoing>();
    storage::OutboxMessage& message = outgoing->message;
    const std::int64_t named = chat_of(request.json);
    message.id = store_.next_message_id();
    message.chat_id = named != 0 ? named : chat;
    message.lane = static_cast<std::int32_t>(lane_of(request.method));
    message.method = std::move(request.method);
    message.body = std::move(request.json);
    outgoing->files = std::move(request.files);
    outgoing->kept = outgoing->files.empty();
    outgoing->trace = trace;
    messages.push_back(std::move(outgoing));
  }
  return messages;
}

void Outbox::accept(std::vector<std::unique_ptr<Outgoing>> messages) {
  for (std::unique_ptr<Outgoing>& outgoing : messages) enqueue(std::move(outgoing));
}

void Outbox::resume(std::vector<storage::OutboxMessage> unsent) {
  for (storage::OutboxMessage& message : unsent) {
    auto outgoing = std::make_unique<Outgoing>();
    outgoing->message = std::move(message);
    enqueue(std::move(outgoing));
  }
}

void Outbox::enqueue(std::unique_ptr<Outgoing> outgoing) {
  outgoing->urgent = outgoing->message.lane == static_cast<std::int32_t>(SendLane::answer);
  // An answer to a press need not wait for the chat's messages.
  if (!outgoing->urgent) outgoing->key = OrderKey{outgoing->message.chat_id, 0};
  ++waiting_;
  queue_.push(std::move(outgoing));
  crew_.call();
}

Task<> Outbox::room() {
  while (waiting_ >= settings_.most_waiting) co_await changed_.wait();
}

Task<> Outbox::send_one(std::unique_ptr<Outgoing> outgoing) {
  ++outgoing->tries;
  ++sending_;
  telegram::Request request(outgoing->message.method, outgoing->message.body, outgoing->files);
  telegram::CallOptions options;
  options.trace_id = outgoing->trace;
  bool left = false;  // all of it
  options.on_upload = [&left](std::uint64_t done, std::optional<std::uint64_t> total) { left = left || done == total; };
  std::optional<telegram::Error> failure;
  bool cancelled = false, faulty = false;
  try {
    co_await send_(std::move(request), std::move(options));
  } catch (const telegram::Error& error) {
    failure = error;
  } catch (const std::exception& error) {
    cancelled = is_cancellation(error);
    faulty = !cancelled;  // a fault of ours: it would come again
    if (faulty)
      log_.error("message given up", ops::Field("trace", outgoing->trace),
                 ops::Field("method", outgoing->message.method), ops::Field("reason", error.what()));
  }
  --sending_;
  if (failure)
    after_error(std::move(outgoing), *failure);
  else if (cancelled)
    broken_off(std::move(outgoing), left);
  else
    finish(std::move(outgoing), faulty ? uncertain_ : sent_);
}

// By a stop whose limit has passed. Telegram acts on whole requests only, and what may be done twice may be kept
// anyway.
void Outbox::broken_off(std::unique_ptr<Outgoing> outgoing, bool left) {
  left = left && !(outgoing->kept && is_repeatable(outgoing->message.method));
  if (left || !outgoing->kept) {
    log_.warn(left ? "message may have been sent; not repeated" : "upload not sent and not kept",
              ops::Field("trace", outgoing->trace), ops::Field("chat", outgoing->message.chat_id),
              ops::Field("method", outgoing->message.method), ops::Field("reason", "stopped while it was being sent"));
    return finish(std::move(outgoing), left ? uncertain_ : refused_);
  }
  pause(std::move(outgoing), Duration::zero());
}

void Outbox::after_error(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error) {
  const SendVerdict verdict = judge(error, outgoing->tries, chance());
  switch (verdict.step) {
    case SendStep::refused:
      log_failure(*outgoing, "message refused", error, verdict.worth_a_warning ? ops::Level::warn : ops::Level::debug);
      return finish(std::move(outgoing), refused_);
    case SendStep::uncertain:
      log_failure(*outgoing, "message may have been sent; not repeated", error, ops::Level::warn);
      return finish(std::move(outgoing), uncertain_);
    case SendStep::moved:
      outgoing->message.body = with_chat(std::move(outgoing->message.body), verdict.chat_id);
      repeated_.increment();
      return queue_.put_back(std::move(outgoing));
    case SendStep::again:
      log_failure(*outgoing, "message not sent; trying again", error, ops::Level::info);
      repeated_.increment();
      return pause(std::move(outgoing), verdict.pause);
  }
}

// Holds its chat, and nobody else, until the time has come.
void Outbox::pause(std::unique_ptr<Outgoing> outgoing, Duration duration) {
  const auto place = paused_.emplace(paused_.end(), std::move(outgoing), Clock::Timer());
  if (stopping_) return changed_.wake_all();
  place->second = clock_.call_in(duration, [this, place] {
    queue_.put_back(std::move(place->first));
    paused_.erase(place);
    crew_.call();
  });
}

void Outbox::finish(std::unique_ptr<Outgoing> outgoing, ops::Counter& outcome) {
  outcome.increment();
  if (outgoing->kept) {
    delivered_.push_back(outgoing->message.id);
    report_soon();
  }
  queue_.finished(outgoing->key);
  --waiting_;
  changed_.wake_all();
  crew_.call();
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
  std::vector<std::int64_t> ids = take_delivered();
  if (ids.empty()) co_return;
  storage::Commit commit;
  commit.delivered = ids;
  try {
    co_await store_.commit(std::move(commit));
  } catch (const storage::StorageError& error) {
    log_.error("delivered messages not reported; trying again", ops::Field("reason", error.what()));
    delivered_.insert(delivered_.begin(), ids.begin(), ids.end());
    if (!stopping_) report_timer_ = clock_.call_in(std::chrono::seconds{1}, [this] { reports_.spawn(report()); });
  }
}

void Outbox::log_failure(const Outgoing& outgoing, std::string_view event, const telegram::Error& error,
                         ops::Level level) {
  log_.write(level, event, ops::Field("trace", outgoing.trace), ops::Field("chat", outgoing.message.chat_id),
             ops::Field("tries", outgoing.tries), ops::Field("reason", error.what()));
}

Task<> Outbox::drained() {
  // What stands behind a paused message of its chat has to wait with it.
  while (queue_.has_ready() || sending_ > 0) co_await changed_.wait();
}

Task<> Outbox::stop() {
  bool in_time = true;
  stopping_ = true;
  for (auto& [outgoing, timer] : paused_) timer.cancel();
  try {
    co_await with_timeout(clock_, settings_.drain, drained());
  } catch (const TimedOut&) {
    in_time = false;
    late_ = true;
    crew_.interrupt();
  }
  co_await crew_.dismiss();
  report_timer_.cancel();
  co_await reports_.join();
  co_await report();
  if (waiting_ > 0) log_.warn("messages left for the next start", ops::Field("messages", waiting_));
  if (!in_time) throw std::runtime_error("sending was broken off; " + std::to_string(waiting_) + " messages are kept");
}

}  // namespace tgkit::bot
