#include "tests/bot/support/scripted_store.hpp"

#include <algorithm>

namespace tests {

using namespace tgkit::storage;
using tgkit::Task;

Task<Unfinished> ScriptedStore::open() {
  Unfinished unfinished;
  for (const auto& [id, update] : inbox) unfinished.updates.push_back(update);
  for (const auto& [id, message] : outbox) {
    unfinished.messages.push_back(message);
    unfinished.messages.back().begun = sending.contains(id);
    last_message_id_ = std::max(last_message_id_, id);
  }
  for (const auto& [key, record] : timers) {
    const auto begun = runs.find(key);
    unfinished.timers.push_back({key, record, begun == runs.end() ? 0 : begun->second});
  }
  co_return unfinished;
}

Task<std::vector<bool>> ScriptedStore::append(std::vector<InboxUpdate> updates) {
  std::vector<bool> fresh;
  for (InboxUpdate& update : updates) {
    const bool is_new = seen.insert(update.update_id).second;
    fresh.push_back(is_new);
    if (is_new) inbox[update.update_id] = std::move(update);
  }
  co_return fresh;
}

Task<> ScriptedStore::durable() {
  if (before_durable) co_await before_durable();
  if (failing_durables > 0) {
    --failing_durables;
    throw StorageError("disk full");
  }
}

void ScriptedStore::count_attempt(std::int64_t update_id) { ++begun[update_id]; }
void ScriptedStore::take_back_attempt(std::int64_t update_id) { --begun[update_id]; }
std::uint32_t ScriptedStore::attempts(std::int64_t update_id) const {
  const auto found = begun.find(update_id);
  return found == begun.end() ? 0 : found->second;
}

Task<std::vector<std::optional<StateRecord>>> ScriptedStore::load(std::vector<StateKey> keys) {
  loads.push_back(keys.size());
  if (failing_loads > 0) {
    --failing_loads;
    throw StorageError("scripted");
  }
  std::vector<std::optional<StateRecord>> records;
  for (const StateKey& key : keys) {
    const auto found = states.find(key);
    records.push_back(found == states.end() ? std::nullopt : std::optional(found->second));
  }
  co_return records;
}

Task<> ScriptedStore::commit(Commit commit) {
  if (failing_commits > 0) {
    --failing_commits;
    throw StorageError("disk full");
  }
  for (const StateWrite& write : commit.writes) {
    if (write.record)
      states[write.key] = *write.record;
    else
      states.erase(write.key);
  }
  for (const std::int64_t id : commit.done) {
    inbox.erase(id);
    begun.erase(id);
  }
  for (const OutboxMessage& message : commit.messages) outbox[message.id] = message;
  for (const std::int64_t id : commit.delivered) {
    outbox.erase(id);
    sending.erase(id);
  }
  for (const QuarantinedUpdate& bad : commit.quarantined) {
    quarantined.push_back(bad);
    quarantined.back().number = ++last_quarantined;
  }
  for (const TimerWrite& timer : commit.timers) {
    if (timer.record)
      timers[timer.key] = *timer.record;
    else
      timers.erase(timer.key);
    runs.erase(timer.key);
  }
  commits.push_back(std::move(commit));
  co_return;
}

Task<std::vector<QuarantinedUpdate>> ScriptedStore::quarantine(std::size_t most, std::int64_t before) {
  std::vector<QuarantinedUpdate> found;
  for (auto bad = quarantined.rbegin(); bad != quarantined.rend() && found.size() < most; ++bad)
    if (before == 0 || bad->number < before) found.push_back(*bad);
  co_return found;
}

Task<std::optional<QuarantinedUpdate>> ScriptedStore::find_quarantined(std::int64_t number) {
  for (const QuarantinedUpdate& bad : quarantined)
    if (bad.number == number) co_return bad;
  co_return std::nullopt;
}

Task<std::size_t> ScriptedStore::drop_quarantined(std::vector<std::int64_t> numbers) {
  co_return std::erase_if(quarantined, [&](const QuarantinedUpdate& bad) {
    return std::ranges::find(numbers, bad.number) != numbers.end();
  });
}

Task<bool> ScriptedStore::replay(std::int64_t number, InboxUpdate update) {
  std::vector<std::int64_t> numbers(1, number);
  const std::size_t dropped = co_await drop_quarantined(std::move(numbers));
  if (dropped == 0) co_return false;
  begun.erase(update.update_id);
  seen.insert(update.update_id);
  inbox[update.update_id] = std::move(update);
  co_return true;
}

// Those of the commits that did not fail.
Task<std::vector<tgkit::storage::BookEntry>> ScriptedStore::entries(std::string book, std::int64_t after,
                                                                    std::size_t most) {
  std::vector<tgkit::storage::BookEntry> found;
  for (const Commit& commit : commits) {
    for (const tgkit::storage::BookEntry& entry : commit.entries)
      if (entry.book == book && entry.number > after && found.size() < most) found.push_back(entry);
  }
  co_return found;
}

}  // namespace tests
