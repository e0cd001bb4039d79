#pragma once
// Sends what handlers have queued and the store has kept: in order per chat, chats side by side, answers to presses
// first. What surely was not sent is tried again; what may have been sent is not; what Telegram refuses is logged and
// given up. What a crash leaves behind is sent after the next start.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/crew.hpp"
#include "tgkit/bot/keyed_queue.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/call_options.hpp"
#include "tgkit/telegram/error.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

// Smaller goes first. Alerts and broadcasts will stand behind the replies.
enum class SendLane : std::int32_t { answer = 0, reply = 1 };

struct OutboxSettings {
  std::size_t most_sends = 128;                           // side by side
  std::size_t most_waiting = 5'000;                       // beyond it room() waits
  Duration report_after = std::chrono::milliseconds{50};  // delivered messages are reported to the store in groups
  Duration drain = std::chrono::seconds{5};
};

// A message on its way out.
struct Outgoing {
  storage::OutboxMessage message;
  std::vector<telegram::Part>
      files;          // uploads are not kept by the store: such a message goes out, but not after a crash
  std::string trace;  // empty for those of an earlier run
  OrderKey key;
  bool urgent = false;
  bool kept = true;  // by the store
  unsigned tries = 0;
  std::unique_ptr<Outgoing> next;
};

class Outbox final : public ops::Service {
 public:
  // How a request leaves: telegram::Client::call in a program, a script in a test.
  using Send = std::function<Task<std::string>(telegram::Request, telegram::CallOptions)>;

  Outbox(Executor executor, Clock& clock, ops::Log& log, storage::Store& store, ops::Metrics& metrics, Send send,
         OutboxSettings settings);
  ~Outbox() override;

  std::string_view name() const override { return "outbox"; }
  Task<> start() override;
  // Sends what can be sent now, then reports. What must wait (a flood limit, a broken network) stays in the store.
  // Throws std::runtime_error when the limit passes: sends under way are broken off, and those of which not all bytes
  // had left stay in the store, too.
  Task<> stop() override;

  // Gives the requests ids and places; nothing is sent before accept(). A request that names no chat belongs to `chat`.
  std::vector<std::unique_ptr<Outgoing>> prepare(std::vector<telegram::Request> requests, std::int64_t chat,
                                                 std::string_view trace);
  void accept(std::vector<std::unique_ptr<Outgoing>> messages);  // committed
  void resume(std::vector<storage::OutboxMessage> unsent);       // of an earlier run

  // Ids for the next commit's `delivered`: whoever takes them commits them or gives them back.
  std::vector<std::int64_t> take_delivered() { return std::exchange(delivered_, {}); }
  void give_back(const std::vector<std::int64_t>& delivered);

  Task<> room();
  std::size_t size() const noexcept { return waiting_; }  // accepted and not finished

 private:
  using Paused = std::list<std::pair<std::unique_ptr<Outgoing>, Clock::Timer>>;

  Task<> send_one(std::unique_ptr<Outgoing> outgoing);
  void after_error(std::unique_ptr<Outgoing> outgoing, const telegram::Error& error);
  void pause(std::unique_ptr<Outgoing> outgoing, Duration duration);
  void broken_off(std::unique_ptr<Outgoing> outgoing, bool left);
  void finish(std::unique_ptr<Outgoing> outgoing, ops::Counter& outcome);
  void enqueue(std::unique_ptr<Outgoing> outgoing);
  void report_soon();
  Task<> report();
  Task<> drained();
  void log_failure(const Outgoing& outgoing, std::string_view event, const telegram::Error& error, ops::Level level);

  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Send send_;
  OutboxSettings settings_;
  ops::Counter &sent_, &refused_, &uncertain_, &repeated_;
  KeyedQueue<Outgoing> queue_;
  Paused paused_;
  Crew crew_;
  TaskGroup reports_;
  std::vector<std::int64_t> delivered_;
  Clock::Timer report_timer_;
  WaitList changed_;
  std::size_t waiting_ = 0;  // accepted and not finished
  std::size_t sending_ = 0;  // on their way right now
  bool stopping_ = false;    // what has to wait is left to the next start
  bool late_ = false;        // the stop's limit has passed: nothing more is sent
};

// The chat that a call's parameters name: its id, a number made of its @name, or 0.
std::int64_t chat_of(std::string_view json);
// The same parameters for another chat.
std::string with_chat(std::string json, std::int64_t chat);

}  // namespace tgkit::bot
