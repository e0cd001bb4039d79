#pragma once
// From the inbox to the handlers: updates of one key one after the other, keys side by side, presses and payments
// before the rest of other keys, and no more in flight than agreed. What was being handled when the process died runs
// one after the other, so that whichever kills it again is told from its neighbours. When a handler has ended, its
// state, "this update is done" and its messages become ONE commit; then the outbox has the messages.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/crew.hpp"
#include "tgkit/bot/keyed_queue.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::bot {

struct DispatcherSettings {
  std::size_t most_updates = 512;               // in flight; beyond it room() waits. A batch may overshoot once
  std::size_t most_bytes = 16u << 20;           // of their JSON
  std::size_t most_handlers = 128;              // that run side by side
  Duration timeout = std::chrono::seconds{30};  // of a handler whose route names none
  Duration drain = std::chrono::seconds{8};     // how long stop() waits for what is in flight
  std::uint32_t most_attempts = 3;              // of an update that was being handled when the process died
  // What cannot wait as long as a handler may run, each from the moment when the update was taken.
  Duration press_answer = std::chrono::seconds{5};         // answered with nothing while its handler goes on
  Duration press_life = std::chrono::seconds{15};          // not acted on if its handler has not begun by then
  Duration pre_checkout_answer = std::chrono::seconds{8};  // refused; Telegram waits for 10 s
};

class Dispatcher final : public ops::Service {
 public:
  Dispatcher(Executor executor, const Environment& environment, const Router& router, Outbox& outbox,
             ops::Metrics& metrics, DispatcherSettings settings);
  ~Dispatcher() override;

  std::string_view name() const override { return "dispatcher"; }
  Task<> start() override;
  void limit_stop(Duration limit) override;
  // Finishes what is in flight, spawned tasks included. Throws std::runtime_error when the limit passes; what is left
  // is in the inbox and is handled after the next start. From then on nothing is committed any more, whatever a handler
  // makes of being broken off: what it answers then would be about our stop.
  Task<> stop() override;

  Task<> room();  // returns when more may be taken
  // One that was appended to the inbox; `json` is its text. One at which a filter throws, or that has ended the process
  // too often, is set aside.
  // `age`: how long ago it was taken, or at least so long.
  void take(telegram::Update update, std::string_view json, Duration age = Duration::zero());
  static constexpr Duration too_old = std::chrono::hours{1};    // age of a press of which nobody knows when it was made
  Task<> resume(std::vector<storage::InboxUpdate> unfinished);  // of an earlier run, before anything is taken

  std::size_t in_flight() const noexcept { return in_flight_; }

 private:
  struct Job;
  struct Running;

  Task<> set_aside(std::int64_t id, std::string body, std::string reason, ops::Counter& counter);
  Task<> set_aside_if_possible(std::int64_t id, std::string body, std::string reason, ops::Counter& counter);
  Task<> handle(Crew::Member& member, std::unique_ptr<Job> job);
  Task<> run_handler(Running& running, Context& ctx);
  Task<> work(Crew::Member& member, Job& job, Context& ctx);
  void await_answer(Job& job, TimePoint until);
  void await_no_answer(Job& job);
  void watch_answers();
  void answer_early(Job& job);
  Task<> commit(const Job& job, Context& ctx);
  void release(const Job& job);
  void watch_deadlines();
  void check_deadlines();
  Task<> drained();
  bool full() const noexcept;

  const Environment& environment_;
  const Router& router_;
  Outbox& outbox_;
  DispatcherSettings settings_;
  ops::Histogram& wait_seconds_;
  ops::Counter &worn_out_, &unmatched_;               // set aside
  ops::Counter &late_presses_, &late_pre_checkouts_;  // answered by us
  KeyedQueue<Job> queue_;
  Crew crew_;
  std::size_t in_flight_ = 0, bytes_ = 0;
  std::list<Running*> running_;
  Clock::Timer deadline_timer_;
  TimePoint next_deadline_{};
  std::set<std::pair<TimePoint, Job*>> unanswered_;  // by when each has to be answered
  Clock::Timer answer_timer_;
  TimePoint next_answer_{};
  WaitList changed_;
  bool stopping_ = false;
  bool broken_off_ = false;  // by a stop that could not wait for them: the handlers under way
};

}  // namespace tgkit::bot
