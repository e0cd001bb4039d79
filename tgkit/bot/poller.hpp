#pragma once
// THE ENTRY for long polling: takes updates from Telegram, has them written down in the inbox, and only then asks for
// more, which confirms them. A bad one is set aside with its bytes and never stops its neighbours.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/dispatcher.hpp"
#include "tgkit/bot/intake.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/bot/poll_decisions.hpp"
#include "tgkit/bot/token_proof.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/client.hpp"
#include "tgkit/telegram/split_updates.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

struct PollerSettings {
  Duration press_life = std::chrono::seconds{15};  // presses that wait at Telegram after a longer absence are too old
  std::chrono::seconds hold{30};                   // how long Telegram may keep getUpdates open, at most 50
  int limit = 100;                                 // updates per call, 1..100
  std::vector<std::string> allowed_updates;
  PollPauses pauses;
  TokenProof token;  // asked when getUpdates is refused for the token
  OwnershipSettings ownership;
};

// What the poller has seen, for health: observed, never assumed.
struct PollerView {
  bool ready = false;                   // updates are reaching us
  std::optional<TimePoint> last_round;  // when getUpdates last came back
  std::uint64_t deaf = 0;               // dead connections dropped
  PollOutcome last_outcome = PollOutcome::ok;
};

class Poller final : public ops::Service {
 public:
  // telegram::Client::get_updates_raw in a program, a script in a test.
  using GetUpdates = std::function<Task<std::string>(telegram::PollRequest)>;
  // By getWebhookInfo and deleteWebhook, which disturb no poll; both throw telegram::Error.
  struct Beside {
    std::function<Task<AtTelegram>()> look;
    std::function<Task<>()> remove_webhook;
  };

  Poller(Executor executor, Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store,
         Dispatcher& dispatcher, Outbox& outbox, Intake& intake, GetUpdates get_updates, Beside beside,
         PollerSettings settings);
  ~Poller() override;

  std::string_view name() const override { return "poller"; }
  void supervise(Failed failed) override { failed_ = std::move(failed); }
  Task<> start() override;
  // Breaks the open poll off; a batch that has arrived is still written down and handed over.
  Task<> stop() override;

  // Tells Telegram what has been taken, by one short call, unless the last poll has said it; to be called when the
  // taken updates are done. Failing is harmless: they come again and are recognised.
  Task<> confirm();

  // Takes what waits at Telegram, as Intake::pending() was told, and confirms it: for a bot that is about to have a
  // webhook. Instead of start(). Throws ops::StartError when Telegram does not know the token.
  Task<> take_pending();

  const PollerView& view() const noexcept { return view_; }
  Ownership& ownership() noexcept { return ownership_; }
  const Ownership& ownership() const noexcept { return ownership_; }

 private:
  struct Counters;

  Task<> run();
  Task<bool> try_to_confirm();
  Task<> round();
  Task<> look_on();
  void note_ownership(const PollDecision& decision, PollOutcome outcome, std::string_view reason);
  Task<std::string> ask();
  Task<> accept(std::string body);
  Task<> write_down();
  void note_what_waits(bool got_some, bool was_all);
  Task<> wait_for_store(std::string_view reason);
  Task<> pass_over(const telegram::SplitUpdates& split);
  Task<> act(const PollDecision& decision, PollOutcome outcome, std::string_view reason);
  Task<> act_on(const telegram::Error& error, Duration taken);
  Task<> prove_token(std::string_view refusal);

  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Dispatcher& dispatcher_;
  Outbox& outbox_;
  Intake& intake_;
  GetUpdates get_updates_;
  Beside beside_;
  PollerSettings settings_;
  PollDecisions decisions_;
  Ownership ownership_;
  std::unique_ptr<Counters> counters_;
  TaskGroup loop_;
  Failed failed_;
  PollerView view_;
  std::int64_t offset_ = 0;
  std::int64_t asked_ = 0;  // the offset of the last poll, unless that failed: Telegram knows it
  bool stopping_ = false;
  bool on_trial_ = false;                       // see PollDecision::trial
  bool watching_ = false;                       // see PollDecision::watch
  bool unwritten_ = false;                      // the last batch is not in the file: it must not be confirmed
  bool waiting_ = false;                        // at a point where a stop may break it off
  bool set_kinds_ = true;                       // allowed_updates are sent once: Telegram keeps them
  std::optional<std::string> unreadable_head_;  // of a batch without a readable update, seen once
};

// Confirms the offset when it is stopped. Started before the dispatcher, so that it is stopped after the drain.
class OffsetConfirmation final : public ops::Service {
 public:
  explicit OffsetConfirmation(Poller& poller) : poller_(poller) {}
  std::string_view name() const override { return "offset"; }
  Task<> start() override;
  Task<> stop() override;

 private:
  Poller& poller_;
};

}  // namespace tgkit::bot
