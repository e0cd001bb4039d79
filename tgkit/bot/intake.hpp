#pragma once
// What both entries do with the updates that Telegram gives them: each is parsed by itself, one that cannot be read is
// set aside with its bytes and the reason, the others enter the inbox, and those that were not known go to the
// dispatcher. What waited at Telegram while the bot was away is judged by the pending policy before. The way the
// updates came is the entries' business.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/dispatcher.hpp"
#include "tgkit/bot/pending.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/split_updates.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace tgkit::bot {

// What has been taken in, for health: observed, never assumed.
struct IntakeView {
  std::optional<WallTime> last_update;
  std::uint64_t updates = 0;  // those that could be read; duplicates count
};

// What became of the updates of one call.
struct Taken {
  Taken() = default;
  std::size_t fresh = 0, duplicates = 0, unreadable = 0, passed_over = 0;
};

class Intake {
 public:
  Intake(Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store, Dispatcher& dispatcher,
         PendingPolicy pending = Pending::keep);
  ~Intake();

  // Telegram may be told that they have arrived when Store::durable() has returned after this. Throws
  // storage::StorageError; what had become of the updates by then is recognised when they come again. The views of
  // `updates` and `bad` must stay valid until it returns; elements of `bad` without bytes are passed over. Ask the
  // dispatcher for room before.
  Task<Taken> take(std::vector<telegram::RawUpdate> updates, std::vector<telegram::BadUpdate> bad);

  // How many updates wait at Telegram is said here by who has asked it.
  PendingUpdates& pending() noexcept { return pending_; }
  void say_pending();  // logs what became of the pending updates, once, when all have been judged

  const IntakeView& view() const noexcept { return view_; }

 private:
  struct Counters;
  struct Sorted;
  void sort_in(Sorted& sorted, const telegram::RawUpdate& raw);
  Sorted sort(const std::vector<telegram::RawUpdate>& updates, const std::vector<telegram::BadUpdate>& bad);
  Task<> set_aside(std::vector<storage::QuarantinedUpdate> unreadable);

  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Dispatcher& dispatcher_;
  std::unique_ptr<Counters> counters_;
  PendingUpdates pending_;
  IntakeView view_;
};

}  // namespace tgkit::bot
