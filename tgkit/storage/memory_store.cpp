#include "tgkit/storage/memory_store.hpp"

#include "tgkit/storage/seen_updates.hpp"
#include "tgkit/storage/state_key_hash.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

namespace tgkit::storage {
namespace {

enum class Phase { created, open, closed };

}  // namespace

struct MemoryStore::Impl {
  Impl(Clock& clock_, const Settings& settings)
      : clock(clock_), seen(settings.dedupe_window), most_quarantined(settings.most_quarantined) {}

  std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
  }
  void require_open() const {
    if (phase == Phase::created) throw StorageError("memory store: used before it was opened");
    if (phase == Phase::closed) throw StorageError("memory store: used after it was closed");
  }
  void write(StateWrite& change) {
    if (change.record) {
      states.insert_or_assign(std::move(change.key), std::move(*change.record));
    } else {
      states.erase(change.key);
    }
  }
  // A full look at all states, as rarely as there are states: constant work per commit on average.
  void sweep_sometimes() {
    if (++commits_since_sweep < std::max<std::size_t>(1024, states.size())) return;
    commits_since_sweep = 0;
    std::erase_if(states, [at = now()](const auto& entry) { return expired(entry.second, at); });
  }

  Clock& clock;
  Phase phase = Phase::created;
  SeenUpdates seen;
  std::unordered_map<StateKey, StateRecord, StateKeyHash> states;
  void set_aside(QuarantinedUpdate bad) {
    bad.number = ++last_number;
    std::erase_if(quarantined, [&](const QuarantinedUpdate& other) {
      return bad.update_id != 0 && other.update_id == bad.update_id && other.body == bad.body;
    });
    quarantined.push_back(std::move(bad));
    if (quarantined.size() > most_quarantined) quarantined.pop_front();
  }
  bool release(std::int64_t number) {
    return std::erase_if(quarantined, [number](const QuarantinedUpdate& bad) { return bad.number == number; }) > 0;
  }

  std::deque<QuarantinedUpdate> quarantined;  // the oldest first
  std::int64_t last_number = 0;
  std::map<std::int64_t, BookEntry> entries;
  std::size_t most_quarantined;
  std::size_t commits_since_sweep = 0;
};

MemoryStore::MemoryStore(Clock& clock) : MemoryStore(clock, Settings()) {}
MemoryStore::MemoryStore(Clock& clock, Settings settings) : impl_(std::make_unique<Impl>(clock, settings)) {}
MemoryStore::~MemoryStore() = default;

Task<Unfinished> MemoryStore::open() {
  if (impl_->phase != Phase::created) throw StorageError("memory store: opened twice");
  impl_->phase = Phase::open;
  co_return Unfinished();
}

Task<std::vector<bool>> MemoryStore::append(std::vector<InboxUpdate> updates) {
  impl_->require_open();
  std::vector<bool> fresh;
  fresh.reserve(updates.size());
  for (const InboxUpdate& update : updates) fresh.push_back(impl_->seen.take(update.update_id));
  co_return fresh;
}

Task<> MemoryStore::durable() {
  impl_->require_open();
  co_return;
}

void MemoryStore::count_attempt(std::int64_t) {}
void MemoryStore::take_back_attempt(std::int64_t) {}
std::uint32_t MemoryStore::attempts(std::int64_t) const { return 0; }
bool MemoryStore::knows(std::int64_t update_id) const {
  impl_->require_open();
  return impl_->seen.knows(update_id);
}
bool MemoryStore::begin_send(std::int64_t) { return true; }
void MemoryStore::take_back_send(std::int64_t) {}
void MemoryStore::begin_run(const TimerKey&) {}
void MemoryStore::take_back_run(const TimerKey&) {}

Task<std::vector<std::optional<StateRecord>>> MemoryStore::load(std::vector<StateKey> keys) {
  impl_->require_open();
  std::vector<std::optional<StateRecord>> found(keys.size());
  const std::int64_t now = impl_->now();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto it = impl_->states.find(keys[i]);
    if (it != impl_->states.end() && !expired(it->second, now)) found[i] = it->second;
  }
  co_return found;
}

Task<> MemoryStore::commit(Commit commit) {
  impl_->require_open();
  for (StateWrite& change : commit.writes) impl_->write(change);
  for (const std::int64_t id : commit.done) impl_->seen.done(id);
  for (QuarantinedUpdate& bad : commit.quarantined) impl_->set_aside(std::move(bad));
  for (BookEntry& entry : commit.entries) {
    const std::int64_t number = entry.number;
    impl_->entries.try_emplace(number, std::move(entry));
  }
  impl_->sweep_sometimes();
  co_return;
}

Task<std::vector<QuarantinedUpdate>> MemoryStore::quarantine(std::size_t most, std::int64_t before) {
  impl_->require_open();
  std::vector<QuarantinedUpdate> found;
  for (auto bad = impl_->quarantined.rbegin(); bad != impl_->quarantined.rend() && found.size() < most; ++bad)
    if (before <= 0 || bad->number < before) found.push_back(*bad);
  co_return found;
}

Task<std::optional<QuarantinedUpdate>> MemoryStore::find_quarantined(std::int64_t number) {
  impl_->require_open();
  const auto found = std::ranges::find(impl_->quarantined, number, &QuarantinedUpdate::number);
  if (found == impl_->quarantined.end()) co_return std::nullopt;
  co_return *found;
}

Task<std::size_t> MemoryStore::drop_quarantined(std::vector<std::int64_t> numbers) {
  impl_->require_open();
  std::size_t dropped = 0;
  for (const std::int64_t number : numbers) dropped += impl_->release(number) ? 1 : 0;
  co_return dropped;
}

Task<bool> MemoryStore::replay(std::int64_t number, InboxUpdate update) {
  impl_->require_open();
  if (!impl_->release(number)) co_return false;
  impl_->seen.restore_unfinished(update.update_id);
  co_return true;
}

Task<std::vector<BookEntry>> MemoryStore::entries(std::string book, std::int64_t after, std::size_t most) {
  impl_->require_open();
  std::vector<BookEntry> found;
  for (auto entry = impl_->entries.upper_bound(after); entry != impl_->entries.end() && found.size() < most; ++entry)
    if (entry->second.book == book) found.push_back(entry->second);
  co_return found;
}

Task<> MemoryStore::probe() {
  impl_->require_open();
  co_return;
}

Task<> MemoryStore::close() {
  impl_->require_open();
  impl_->phase = Phase::closed;
  co_return;
}

}  // namespace tgkit::storage
