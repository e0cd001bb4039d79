#pragma once
// What a handler and a middleware work with: the update, and what is to become true when the work is committed.
//
// reply(), send(), edit() and answer_callback() queue: the calls leave in this order after the handler's work has been
// committed together with its state, or not at all. `co_await ctx.api().send_message(...)` sends at once, for the few
// handlers that need the result.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/delivery.hpp"
#include "tgkit/bot/event.hpp"
#include "tgkit/bot/matching.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/route.hpp"
#include "tgkit/bot/services.hpp"
#include "tgkit/bot/state_codec.hpp"
#include "tgkit/bot/state_locks.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::telegram {
class Api;
class SendMessage;
class EditMessageText;
}  // namespace tgkit::telegram

namespace tgkit::bot {

class Jobs;
class Route;
class Texts;

// What all contexts of one bot share. Whoever makes it keeps everything alive until the dispatcher has stopped.
struct Environment {
  telegram::Api* api = nullptr;
  Clock* clock = nullptr;
  ops::Log* log = nullptr;
  storage::Store* store = nullptr;
  StateLocks* locks = nullptr;
  TaskGroup* tasks = nullptr;  // what Context::spawn starts
  Jobs* jobs = nullptr;        // null: no timers can be set
  const Services* services = nullptr;
  const Texts* texts = nullptr;
  Matching matching;
};

// The log with the update's trace id in every line.
class TraceLog {
 public:
  TraceLog(ops::Log& log, std::string_view trace) : log_(&log), trace_(trace) {}
  template <class... F>
  void debug(std::string_view event, const F&... f) const {
    write(ops::Level::debug, event, f...);
  }
  template <class... F>
  void info(std::string_view event, const F&... f) const {
    write(ops::Level::info, event, f...);
  }
  template <class... F>
  void warn(std::string_view event, const F&... f) const {
    write(ops::Level::warn, event, f...);
  }
  template <class... F>
  void error(std::string_view event, const F&... f) const {
    write(ops::Level::error, event, f...);
  }
  template <class... F>
  void write(ops::Level level, std::string_view event, const F&... f) const {
    log_->write(level, event, ops::Field("trace", trace_), f...);
  }

 private:
  ops::Log* log_;
  std::string_view trace_;
};

// A run of a job, as its handler sees it.
struct JobRun {
  std::string_view job, key;
  WallTime scheduled{};       // when it was to run; now is later, and much later when it was missed
  std::uint32_t attempt = 1;  // of this occurrence
};

// How the handling went, for middleware that looks back.
enum class Outcome { handled, unmatched, refused, failed, timed_out };
std::string_view to_text(Outcome outcome);

// Lives while one update is handled; on the loop's thread only.
class Context {
 public:
  Context(const Environment& environment, const Event& event, const Route& route);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // --- the update ---
  const Event& event() const noexcept { return event_; }
  const telegram::Update& update() const noexcept { return event_.update(); }
  const telegram::Message* message() const noexcept { return event_.message(); }
  const telegram::CallbackQuery* callback_query() const noexcept { return event_.callback_query(); }
  const telegram::User* user() const noexcept { return event_.user(); }
  const telegram::Chat* chat() const noexcept { return event_.chat(); }
  std::int64_t user_id() const noexcept { return event_.user_id(); }
  std::int64_t chat_id() const noexcept { return event_.chat_id(); }
  std::string_view text() const noexcept { return event_.text(); }
  Role role() const { return environment_.matching.role_of(user_id()); }

  // The person's language: Telegram's code, unless a middleware or handler knows better.
  std::string_view language() const noexcept {
    return language_.empty() ? event_.language() : std::string_view(language_);
  }
  void set_language(std::string language) { language_ = std::move(language); }

  // --- what is queued for the commit ---
  // To the chat (and forum topic) the update came from. The result takes the call's optional parameters at once:
  // ctx.reply("<b>12</b>").html().reply_markup(...); it is valid until the next call on the context. How a call is
  // delivered, where the usual is not wanted, stands in delivery.hpp.
  // Throws std::logic_error when the update has no chat.
  telegram::SendMessage& reply(std::string_view text, Delivery delivery = {});
  // The text of the message whose button was pressed; a new message when that one is gone or cannot be edited any more.
  // Throws std::logic_error when there is none.
  telegram::EditMessageText& edit(std::string_view text);
  // Any call object, or a Request, to whatever chat it names.
  template <class Call>
  void send(Call call, Delivery delivery = {}) {
    queue(request_of(std::move(call)), delivery);
  }
  template <class Call>
  requires requires(Call& call) { call.request(); }
  void reply(Call call, Delivery delivery = {}) { queue(call.request(), delivery); }
  // At most once per press; a press that no handler answers is answered with nothing, which ends its spinner.
  void answer_callback(std::string_view text = {}, bool alert = false);
  // To a pre-checkout query: agrees, or refuses with a text for the person. At most once. It leaves with the commit, as
  // everything here does: a handler that is not done in time finds that it was refused (see DispatcherSettings). A
  // query that no route takes, or that a middleware keeps from its handler, is refused.
  void answer_pre_checkout(std::string_view error = {});
  // callback_data of a button that carries `payload`: see payload.hpp.
  template <class T>
  std::string press(const T& payload) const {
    return pack(environment_.matching.key, payload);
  }
  // A timer: the job that is registered for T (jobs_table.hpp) runs with `payload` after a delay or at a moment. Set
  // with the commit; kept through restarts. One of the same key is replaced; without a key each is one of its own.
  // Returns the key. Throws std::logic_error when no such job is registered.
  template <StoredState T>
  std::string after(Duration delay, const T& payload, std::string_view key = {}) {
    return at(clock().wall() + std::chrono::ceil<WallTime::duration>(delay), payload, key);
  }
  template <StoredState T>
  std::string at(WallTime when, const T& payload, std::string_view key = {}) {
    return set_timer(Stored<T>::name, key, when, stored_version<T>(), encode_state(payload));
  }
  // Takes it away with the commit; a run that has begun goes on.
  template <StoredState T>
  void cancel(std::string_view key) {
    cancel_timer(Stored<T>::name, key);
  }
  // Forgets everything queued so far: what a failure boundary does before it answers.
  void discard();

  // --- the world ---
  telegram::Api& api() const noexcept { return *environment_.api; }
  Clock& clock() const noexcept { return *environment_.clock; }
  TraceLog log() const noexcept { return TraceLog(*environment_.log, trace()); }
  std::string_view trace() const noexcept { return std::string_view(trace_, sizeof trace_); }
  const Services& services() const noexcept { return *environment_.services; }
  const Texts& texts() const noexcept { return *environment_.texts; }
  const Matching& matching() const noexcept { return environment_.matching; }
  // Work that goes on after the handler; a stop waits for it. It must not touch this context.
  void spawn(Task<> task);

  // --- the job ---
  const JobRun* job() const noexcept { return job_ ? &*job_ : nullptr; }  // null: it is an update

  // --- the route ---
  const RouteInfo& route() const noexcept;
  Outcome outcome() const noexcept { return outcome_; }
  void set_outcome(Outcome outcome) noexcept { outcome_ = outcome; }

  // The press or pre-checkout query has its answer already: nothing more is queued for it, and what was is withdrawn.
  // Called by the framework when a handler is late, and by handlers that answered through api().
  void answered_early();
  bool was_answered_early() const noexcept { return answered_early_; }

  // --- for the parts of the framework ---
  const Route& current() const noexcept { return *route_; }
  void set_route(const Route& route) noexcept { route_ = &route; }
  void queue(telegram::Request request, Delivery delivery = {});
  void write(storage::StateWrite write);              // the last one of a key counts
  void write_in_any_case(storage::StateWrite write);  // also when what was queued is discarded
  storage::Store& store() const noexcept { return *environment_.store; }
  // Those not loaded yet, in one go; waits for other updates that have them. They are ours until the context ends.
  Task<> load(std::vector<storage::StateKey> keys);
  // What is kept, without waiting for updates that use it and without keeping others from it: to look, not to write.
  Task<std::optional<storage::StateRecord>> peek(storage::StateKey key);
  const storage::StateRecord* loaded(const storage::StateKey& key) const;  // null: there is none
  std::vector<QueuedCall> take_requests();                                 // with the answer that a press still lacks
  std::vector<storage::StateWrite> take_writes();
  std::vector<storage::TimerWrite> take_timers() { return std::move(timers_); }
  void set_job(const JobRun& run) { job_ = run; }

 private:
  static telegram::Request request_of(telegram::Request request) { return request; }
  template <class Call>
  requires requires(Call& call) { call.request(); }
  static telegram::Request request_of(Call call) { return call.request(); }
  std::string set_timer(std::string_view job, std::string_view key, WallTime when, std::uint32_t version,
                        std::string payload);
  void cancel_timer(std::string_view job, std::string_view key);
  struct OpenCall;  // the call last handed out, still taking parameters
  void close_open_call();

  const Environment& environment_;
  const Event& event_;
  const Route* route_;
  Outcome outcome_ = Outcome::handled;
  bool answered_ = false;        // by something queued, or early
  bool answered_early_ = false;  // it was sent already
  bool has_locks_ = false;
  char trace_[12];
  std::string language_;
  std::unique_ptr<OpenCall> open_;
  std::vector<QueuedCall> requests_;
  std::vector<storage::StateWrite> writes_, sure_writes_;
  std::vector<storage::TimerWrite> timers_;
  std::optional<JobRun> job_;
  std::vector<std::pair<storage::StateKey, std::optional<storage::StateRecord>>> loaded_;
};

}  // namespace tgkit::bot
