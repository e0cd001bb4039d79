#include "tgkit/bot/intake.hpp"

#include "tgkit/async/crash_point.hpp"
#include "tgkit/telegram/json.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace tgkit::bot {

struct Intake::Counters {
  explicit Counters(ops::Metrics& registry)
      : metrics(registry),
        duplicate(registry.counter("tgkit_updates_duplicate_total")),
        quarantined(registry.counter("tgkit_updates_quarantined_total", ops::Labels("reason", "unreadable"))),
        dropped(registry.counter("tgkit_updates_dropped_total", ops::Labels("reason", "pending"))),
        last_update(registry.gauge("tgkit_last_update_timestamp_seconds")) {}

  void update(telegram::UpdateKind kind) {
    ops::Counter*& counter = by_kind[static_cast<std::size_t>(kind)];
    if (!counter) counter = &metrics.counter("tgkit_updates_total", ops::Labels("kind", std::string(to_text(kind))));
    counter->increment();
  }

  ops::Metrics& metrics;
  ops::Counter &duplicate, &quarantined, &dropped;
  ops::Gauge& last_update;
  std::array<ops::Counter*, telegram::update_kind_names.size()> by_kind{};
};

struct Intake::Sorted {
  std::vector<telegram::Update> parsed;
  std::vector<storage::InboxUpdate> written;
  std::vector<std::string_view> texts;
  std::vector<Duration> ages;  // at least
  std::vector<storage::QuarantinedUpdate> unreadable;
  std::size_t passed_over = 0;
};

namespace {

storage::QuarantinedUpdate unreadable_update(std::int64_t id, std::string_view bytes, std::string reason) {
  storage::QuarantinedUpdate update;
  update.update_id = id;
  update.body = bytes;
  update.reason = std::move(reason);
  return update;
}

storage::QuarantinedUpdate unreadable_update(const telegram::BadUpdate& bad) {
  std::int64_t id = 0;
  if (!telegram::read_update_id(bad.bytes, id)) id = 0;
  return unreadable_update(id, bad.bytes, bad.reason);
}

std::int64_t unix_seconds(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
}

double seconds(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

}  // namespace

Intake::Intake(Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store, Dispatcher& dispatcher,
               PendingPolicy pending)
    : clock_(clock),
      log_(log),
      store_(store),
      dispatcher_(dispatcher),
      counters_(std::make_unique<Counters>(metrics)),
      pending_(pending) {}

Intake::~Intake() = default;

void Intake::sort_in(Sorted& sorted, const telegram::RawUpdate& raw) {
  telegram::Update parsed;
  try {
    parsed = telegram::from_json<telegram::Update>(raw.json);
  } catch (const telegram::ParseError& error) {
    sorted.unreadable.push_back(unreadable_update(raw.update_id, raw.json, error.what()));
    pending_.unreadable();
    return;
  }
  PendingFate fate = pending_.judge(parsed, unix_seconds(clock_));
  // Taken before, and only its confirmation was lost: it is no longer pending.
  if (fate != PendingFate::handle && store_.knows(raw.update_id)) fate = pending_.was_known(fate);
  if (fate == PendingFate::pass_over) {
    ++sorted.passed_over;
    return;
  }
  storage::InboxUpdate update;
  update.update_id = raw.update_id;
  update.body = raw.json;
  sorted.parsed.push_back(std::move(parsed));
  sorted.written.push_back(std::move(update));
  sorted.texts.push_back(raw.json);
  sorted.ages.push_back(fate == PendingFate::too_old ? Dispatcher::too_old : Duration::zero());
}

Intake::Sorted Intake::sort(const std::vector<telegram::RawUpdate>& updates,
                            const std::vector<telegram::BadUpdate>& bad) {
  Sorted sorted;
  sorted.parsed.reserve(updates.size());
  sorted.written.reserve(updates.size());
  sorted.texts.reserve(updates.size());
  sorted.ages.reserve(updates.size());
  for (const telegram::RawUpdate& raw : updates) sort_in(sorted, raw);
  for (const telegram::BadUpdate& element : bad) {
    if (element.bytes.empty()) continue;
    sorted.unreadable.push_back(unreadable_update(element));
    pending_.unreadable();
  }
  return sorted;
}

void Intake::say_pending() {
  const std::optional<PendingUpdates::Summary> summary = pending_.take_summary();
  if (!summary) return;
  log_.info(summary->dropped > 0 ? "pending updates dropped" : "pending updates taken",
            ops::Field("updates", summary->dropped), ops::Field("found", summary->found),
            ops::Field("old_presses", summary->presses), ops::Field("policy", to_text(pending_.policy())));
}

Task<Taken> Intake::take(std::vector<telegram::RawUpdate> updates, std::vector<telegram::BadUpdate> bad) {
  crash_point("taken");
  Sorted sorted = sort(updates, bad);
  Taken taken;
  taken.unreadable = sorted.unreadable.size();
  taken.passed_over = sorted.passed_over;
  if (sorted.passed_over > 0) counters_->dropped.increment(static_cast<double>(sorted.passed_over));
  say_pending();
  if (!sorted.unreadable.empty()) co_await set_aside(std::move(sorted.unreadable));
  if (sorted.written.empty()) co_return taken;
  const std::vector<bool> fresh = co_await store_.append(std::move(sorted.written));
  crash_point("appended");
  for (std::size_t i = 0; i < sorted.parsed.size(); ++i) {
    counters_->update(sorted.parsed[i].kind());
    if (fresh[i]) {
      ++taken.fresh;
      dispatcher_.take(std::move(sorted.parsed[i]), sorted.texts[i], sorted.ages[i]);
    } else {
      ++taken.duplicates;
      counters_->duplicate.increment();
    }
  }
  view_.updates += sorted.parsed.size();
  view_.last_update = clock_.wall();
  counters_->last_update.set(seconds(*view_.last_update));
  co_return taken;
}

Task<> Intake::set_aside(std::vector<storage::QuarantinedUpdate> unreadable) {
  const std::int64_t now = unix_seconds(clock_);
  for (storage::QuarantinedUpdate& update : unreadable) {
    update.at = now;
    counters_->quarantined.increment();
    log_.error("update set aside", ops::Field("update", update.update_id), ops::Field("bytes", update.body.size()),
               ops::Field("reason", update.reason));
  }
  storage::Commit commit;
  commit.quarantined = std::move(unreadable);
  co_await store_.commit(std::move(commit));
}

}  // namespace tgkit::bot
