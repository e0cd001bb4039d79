#pragma once
// One message to many: slowly enough, behind everything else, and through restarts.
//
//   Task<> announce(Context& ctx, Rest text, Use<Broadcasts> broadcasts) {
//     telegram::SendMessage call(ctx.chat_id(), text.value);  // another chat is put in for each recipient
//     co_await broadcasts->start(std::string(ctx.trace()), call.request(), everybody());
//     ctx.reply("It goes out.");
//   }
//
// What is promised: each recipient's message is sent once. A result per recipient is kept in the store; before a
// message leaves it is written down that it does, so that a kill in the middle neither skips nor repeats anybody. Of
// those whose message was on its way at that moment nobody can know: they are counted as unknown (or sent again, with
// IfUnknown::repeat). The update's trace as id makes a handler that runs again after a crash start nothing twice.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/async/wait_list.hpp"
#include "tgkit/bot/broadcast_ledger.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

struct BroadcastProgress {
  std::string id;
  BroadcastState state = BroadcastState::running;
  std::size_t total = 0;
  BroadcastCounts counts;
};

struct BroadcastSettings {
  std::size_t ahead = 64;                               // messages of one broadcast that stand in the outbox
  Duration drain = std::chrono::seconds{5};             // how long stop() waits for those on their way
  std::chrono::seconds keep = std::chrono::hours{720};  // results, after the end
  Duration tell_every = std::chrono::seconds{5};
  // For whoever watches: at every change of state, and while it runs at most this often. Must not throw.
  std::function<void(const BroadcastProgress&)> on_progress;
};

// Not thread-safe: used on the loop's thread only. Every call throws storage::StorageError when the store cannot do it;
// then nothing has changed.
class Broadcasts final : public ops::Service {
 public:
  Broadcasts(Executor executor, Clock& clock, ops::Log& log, storage::Store& store, ops::Metrics& metrics,
             Outbox& outbox, BroadcastSettings settings);
  ~Broadcasts() override;

  std::string_view name() const override { return "broadcasts"; }
  Task<> start() override;  // goes on with those that an earlier run has left
  // Waits for messages on their way; those still out at the limit are unknown to the next run.
  void limit_stop(Duration limit) override;
  Task<> stop() override;

  // False: there is one of this id already. Throws std::invalid_argument for a call with uploads: send the file once
  // and broadcast its file_id. IfUnknown::ask counts as report.
  Task<bool> start(std::string id, telegram::Request call, std::vector<std::int64_t> chats,
                   IfUnknown if_unknown = IfUnknown::report);
  // Nothing more leaves but what is on its way. False: no such broadcast, or it has ended.
  Task<bool> pause(std::string id);
  Task<bool> resume(std::string id);
  Task<bool> cancel(std::string id);  // for good

  Task<std::optional<BroadcastProgress>> progress(
      std::string id);                                       // also of those that have ended, while they are kept
  Task<std::vector<BroadcastUser>> results(std::string id);  // in the order given; empty: no such broadcast
  std::vector<BroadcastProgress> active() const;             // running and paused

 private:
  class Run;

  Task<> drive(Run& run);
  void fill(Run& run);
  Task<bool> save(Run& run);
  Task<> end(Run& run);
  Task<bool> change(std::string id, BroadcastState state);
  Task<std::optional<BroadcastHead>> load_head(std::string id);
  Task<std::unique_ptr<Run>> load(std::string id);
  void launch(std::unique_ptr<Run> run);
  void tell(Run& run, bool changed);
  storage::StateWrite list_write() const;
  Task<bool> begin(std::string id, telegram::Request call, std::vector<std::int64_t> chats, IfUnknown if_unknown);
  std::size_t on_their_way() const;
  Task<> quiet();

  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Outbox& outbox_;
  BroadcastSettings settings_;
  std::map<BroadcastResult, ops::Counter*> counters_;
  std::map<std::string, std::unique_ptr<Run>, std::less<>> runs_;  // not ended
  std::set<std::string, std::less<>> listed_;                      // ids of those and of those that begin
  WaitList arrived_;                                               // something that was on its way
  TaskGroup tasks_;
  bool stopping_ = false;
};

}  // namespace tgkit::bot
