#include "tgkit/storage/memory_store.hpp"

#include "tgkit/storage/seen_updates.hpp"
#include "tgkit/storage/state_key_hash.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tgkit::storage {
namespace {

enum class Phase { created, open, closed };

}  // namespace

struct MemoryStore::Impl {
  Impl(Clock& clock_, const Settings& settings) : clock(clock_), seen(settings.dedupe_window) {}

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
  std::vector<QuarantinedUpdate> quarantined;
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
void MemoryStore::begin_send(std::int64_t) {}
void MemoryStore::take_back_send(std::int64_t) {}

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
  for (QuarantinedUpdate& bad : commit.quarantined) impl_->quarantined.push_back(std::move(bad));
  impl_->sweep_sometimes();
  co_return;
}

Task<std::vector<QuarantinedUpdate>> MemoryStore::quarantine(std::size_t most) {
  impl_->require_open();
  const auto& all = impl_->quarantined;
  const std::size_t count = std::min(most, all.size());
  co_return std::vector<QuarantinedUpdate>(all.rbegin(), all.rbegin() + static_cast<std::ptrdiff_t>(count));
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
