#include "tgkit/bot/intake.hpp"

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
        last_update(registry.gauge("tgkit_last_update_timestamp_seconds")) {}

  void update(telegram::UpdateKind kind) {
    ops::Counter*& counter = by_kind[static_cast<std::size_t>(kind)];
    if (!counter) counter = &metrics.counter("tgkit_updates_total", ops::Labels("kind", std::string(to_text(kind))));
    counter->increment();
  }

  ops::Metrics& metrics;
  ops::Counter &duplicate, &quarantined;
  ops::Gauge& last_update;
  std::array<ops::Counter*, telegram::update_kind_names.size()> by_kind{};
};

namespace {

struct Sorted {
  std::vector<telegram::Update> parsed;
  std::vector<storage::InboxUpdate> written;
  std::vector<std::string_view> texts;
  std::vector<storage::QuarantinedUpdate> unreadable;
};

storage::QuarantinedUpdate unreadable_update(std::int64_t id, std::string_view bytes, std::string reason) {
  storage::QuarantinedUpdate update;
  update.update_id = id;
  update.body = bytes;
  update.reason = std::move(reason);
  return update;
}

void sort_in(Sorted& sorted, const telegram::RawUpdate& raw) {
  try {
    sorted.parsed.push_back(telegram::from_json<telegram::Update>(raw.json));
  } catch (const telegram::ParseError& error) {
    sorted.unreadable.push_back(unreadable_update(raw.update_id, raw.json, error.what()));
    return;
  }
  storage::InboxUpdate update;
  update.update_id = raw.update_id;
  update.body = raw.json;
  sorted.written.push_back(std::move(update));
  sorted.texts.push_back(raw.json);
}

void sort_in(Sorted& sorted, const telegram::BadUpdate& bad) {
  if (bad.bytes.empty()) return;
  std::int64_t id = 0;
  if (!telegram::read_update_id(bad.bytes, id)) id = 0;
  sorted.unreadable.push_back(unreadable_update(id, bad.bytes, bad.reason));
}

Sorted sort(const std::vector<telegram::RawUpdate>& updates, const std::vector<telegram::BadUpdate>& bad) {
  Sorted sorted;
  sorted.parsed.reserve(updates.size());
  sorted.written.reserve(updates.size());
  sorted.texts.reserve(updates.size());
  for (const telegram::RawUpdate& raw : updates) sort_in(sorted, raw);
  for (const telegram::BadUpdate& element : bad) sort_in(sorted, element);
  return sorted;
}

double seconds(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

}  // namespace

Intake::Intake(Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store, Dispatcher& dispatcher)
    : clock_(clock),
      log_(log),
      store_(store),
      dispatcher_(dispatcher),
      counters_(std::make_unique<Counters>(metrics)) {}

Intake::~Intake() = default;

Task<Taken> Intake::take(std::vector<telegram::RawUpdate> updates, std::vector<telegram::BadUpdate> bad) {
  Sorted sorted = sort(updates, bad);
  Taken taken;
  taken.unreadable = sorted.unreadable.size();
  if (!sorted.unreadable.empty()) co_await set_aside(std::move(sorted.unreadable));
  if (sorted.written.empty()) co_return taken;
  const std::vector<bool> fresh = co_await store_.append(std::move(sorted.written));
  for (std::size_t i = 0; i < sorted.parsed.size(); ++i) {
    counters_->update(sorted.parsed[i].kind());
    if (fresh[i]) {
      ++taken.fresh;
      dispatcher_.take(std::move(sorted.parsed[i]), sorted.texts[i]);
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
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
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
