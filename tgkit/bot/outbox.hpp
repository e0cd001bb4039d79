#pragma once
// Sends what handlers have queued and the store has kept, in the order that send_queue.hpp promises and at Telegram's
// pace (pacing.hpp) if wanted. What becomes of a message that was not simply sent:
//
// * surely not sent (no byte had left, a 429): it is sent again. A 429 holds its chat, and nobody else, for exactly as
//   long as Telegram asks; one that is not about a chat holds everything, but for a minute at most, and answers only if
//   an answer has met it.
// * unknown (the connection broke later, the process was killed meanwhile): its policy decides, see delivery.hpp.
// * refused: logged and given up. A chat that cannot be reached is marked; alerts and broadcasts leave it alone from
//   then on, replies do not: they show that the person is back, as every update from the chat does.
// * the group has become a supergroup: this and every other message for it goes to the new id.
// * an edit behind which a newer one of the same message waits: dropped.
//
// What a crash leaves behind is sent after the next start, but for what was on its way at that moment: its fate is
// unknown, its policy decides. (A power cut may take the marks of what was on its way: such messages are sent again.)
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/crew.hpp"
#include "tgkit/bot/delivery.hpp"
#include "tgkit/bot/outgoing.hpp"
#include "tgkit/bot/recipients.hpp"
#include "tgkit/bot/send_decisions.hpp"
#include "tgkit/bot/send_queue.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/call_options.hpp"
#include "tgkit/telegram/error.hpp"
#include "tgkit/telegram/request.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

class Event;

struct OutboxSettings {
  std::size_t most_sends = 128;                           // side by side
  std::size_t most_waiting = 5'000;                       // beyond it room() waits
  Duration report_after = std::chrono::milliseconds{50};  // delivered messages are reported to the store in groups
  Duration drain = std::chrono::seconds{5};
  // nullopt: nothing is paced, for a Bot API server of one's own and for measurements. run() paces what goes to
  // api.telegram.org when nothing is said here.
  std::optional<PacingSettings> pacing;
  // A flood limit is waited out to the second, however long. Beyond this the chat's messages are parked: that is logged
  // once, and they no longer count for room().
  Duration long_wait = std::chrono::minutes{5};
  std::size_t floods_in_a_row = 8;  // of different chats, with nothing sent between: the limit is about everything
  OnUnknown on_unknown;             // for IfUnknown::ask; empty: report
};

// What became of a message, for a SendWatcher.
enum class SendResult { sent, refused, unreachable, unknown, not_sent };

// Who follows messages that the store does not keep, since it keeps account of them itself.
class SendWatcher {
 public:
  virtual ~SendWatcher() = default;
  // The message leaves when this has returned true; false withdraws it. Throws StorageError: not yet.
  virtual Task<bool> begins(std::int64_t message_id) = 0;
  // It surely was not sent, and waits for another try, which begins() will be asked about again.
  virtual void held(std::int64_t message_id) = 0;
  virtual void ended(std::int64_t message_id, SendResult result) = 0;  // once for each message that was not withdrawn
};

class Outbox final : public ops::Service {
 public:
  // How a request leaves: telegram::Client::call in a program, a script in a test.
  using Send = std::function<Task<std::string>(telegram::Request, telegram::CallOptions)>;

  Outbox(Executor executor, Clock& clock, ops::Log& log, storage::Store& store, ops::Metrics& metrics, Send send,
         OutboxSettings settings);
  ~Outbox() override;

  std::string_view name() const override { return "outbox"; }
  // Reads what is known about recipients. The store is open. Throws StorageError.
  Task<> start() override;
  // Sends what can be sent now, then reports. What must wait (a flood limit, a broken network, a pace beyond the limit)
  // and broadcasts stay in the store. Throws std::runtime_error when the limit passes while something is on its way:
  // that is broken off, and what had not left completely stays in the store, too.
  void limit_stop(Duration limit) override;
  Task<> stop() override;

  // Gives the calls ids and places; nothing is sent before accept(). A call that names no chat belongs to `chat`.
  // Alerts and broadcasts for chats that cannot be reached are dropped here.
  std::vector<std::unique_ptr<Outgoing>> prepare(std::vector<QueuedCall> calls, std::int64_t chat,
                                                 std::string_view trace);
  std::vector<std::unique_ptr<Outgoing>> prepare(std::vector<telegram::Request> requests, std::int64_t chat,
                                                 std::string_view trace);
  void accept(std::vector<std::unique_ptr<Outgoing>> messages);  // committed
  void resume(std::vector<storage::OutboxMessage> unsent);       // of an earlier run
  // For work that is no update's: keeps the calls in the store and sends them. Throws StorageError.
  Task<> send(std::vector<QueuedCall> calls, std::string trace);
  // A message for accept() of which `watcher`, which must outlive it, keeps account instead of the store. It is not
  // sent any more once stop() was called.
  std::unique_ptr<Outgoing> prepare_watched(telegram::Request request, Delivery delivery, SendWatcher& watcher);

  // Alerts and broadcasts wait (in the store, as others do) until it is said that they do not.
  void hold_unasked(bool hold);

  // An update came: its chat can be reached, or, if it says so, cannot, or has moved.
  void heard(const Event& event);
  const Recipients& recipients() const noexcept { return recipients_; }

  // Ids for the next commit's `delivered`: whoever takes them commits them or gives them back.
  std::vector<std::int64_t> take_delivered() { return std::exchange(delivered_, {}); }
  void give_back(const std::vector<std::int64_t>& delivered);

  Task<> room();
  std::size_t size() const noexcept { return waiting_; }  // accepted and not finished

 private:
  using Paused = std::list<std::pair<std::unique_ptr<Outgoing>, Clock::Timer>>;
  struct Attempt;

  std::unique_ptr<Outgoing> make(telegram::Request request, const Delivery& delivery, std::int64_t chat);
  void readdress(Outgoing& outgoing, std::int64_t chat) const;
  void resume_begun(std::unique_ptr<Outgoing> outgoing);
  void count_in(const Outgoing& outgoing);
  void enqueue(std::unique_ptr<Outgoing> outgoing);
  bool has_work();
  void go_on();
  void arm();

  Task<> send_one(std::unique_ptr<Outgoing> outgoing);
  bool mark(Outgoing& outgoing);
  void say_marks_full();
  void unmark(Outgoing& outgoing);
  Task<> begin(Outgoing& outgoing, Attempt& attempt);
  void after(std::unique_ptr<Outgoing> outgoing, const Attempt& attempt);
  void after_error(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error);
  void after_flood(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error, Duration asked);
  void after_another_way(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error);
  void after_move(std::unique_ptr<Outgoing> outgoing, std::int64_t chat);
  void follow(std::int64_t old, std::int64_t chat);
  void of_unknown_fate(std::unique_ptr<Outgoing> outgoing, std::string_view reason);
  IfUnknown policy_of(const Outgoing& outgoing, std::string_view reason);
  void leave_alone(std::int64_t chat);
  void pause(std::unique_ptr<Outgoing> outgoing, Duration duration);
  void broken_off(std::unique_ptr<Outgoing> outgoing, bool left);
  void finish(std::unique_ptr<Outgoing> outgoing, SendResult result, ops::Counter& outcome);
  void done(std::unique_ptr<Outgoing> outgoing, SendResult result, ops::Counter& outcome);
  void report_soon();
  Task<> report();
  Task<> drained(TimePoint until);
  void measure();
  void log_failure(const Outgoing& outgoing, std::string_view event, std::string_view reason, ops::Level level);

  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Send send_;
  OutboxSettings settings_;
  ops::Counter &sent_, &refused_, &unreachable_, &unknown_, &repeated_, &coalesced_, &dropped_;
  std::array<ops::Gauge*, send_lanes> depth_{};
  ops::Gauge &age_, &unreachable_chats_;
  Recipients recipients_;
  SendQueue queue_;
  FloodStreak floods_;
  Paused paused_;  // of no chat, so that they hold none
  Crew crew_;
  TaskGroup reports_;
  std::vector<std::int64_t> delivered_;
  Clock::Timer report_timer_, due_timer_;
  TimePoint due_{};
  WaitList changed_;
  std::array<std::size_t, send_lanes> in_lane_{};  // accepted and not finished
  std::size_t waiting_ = 0;                        // their sum
  std::size_t sending_ = 0;                        // on their way right now
  bool stopping_ = false;                          // what has to wait is left to the next start
  std::optional<TimePoint> marks_full_said_;       // that the store takes no more marks
  bool unasked_held_ = false;
  bool late_ = false;  // the stop's limit has passed: nothing more is sent
};

}  // namespace tgkit::bot
