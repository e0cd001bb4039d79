#pragma once
// What the storage tests share: a directory that vanishes, a loop, a clock moved by hand, and short ways to say things.
#include "tests/support/run_task.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/memory_store.hpp"
#include "tgkit/storage/sqlite_store.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tests {

using tgkit::Task;
using tgkit::storage::BookEntry;
using tgkit::storage::Commit;
using tgkit::storage::Durability;
using tgkit::storage::InboxUpdate;
using tgkit::storage::OutboxMessage;
using tgkit::storage::QuarantinedUpdate;
using tgkit::storage::SqliteStore;
using tgkit::storage::StateKey;
using tgkit::storage::StateRecord;
using tgkit::storage::StateWrite;
using tgkit::storage::StorageError;
using tgkit::storage::Store;
using tgkit::storage::TimerKey;
using tgkit::storage::TimerRecord;
using tgkit::storage::TimerWrite;
using tgkit::storage::Unfinished;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "storage-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::filesystem::path path_;
};

inline InboxUpdate update(std::int64_t id, std::string body = "{}") {
  InboxUpdate made;
  made.update_id = id;
  made.body = std::move(body);
  return made;
}

inline std::vector<InboxUpdate> updates(std::int64_t first, std::int64_t last) {
  std::vector<InboxUpdate> made;
  for (std::int64_t id = first; id <= last; ++id)
    made.push_back(update(id, "{\"update_id\":" + std::to_string(id) + "}"));
  return made;
}

inline StateWrite put(std::string owner, std::string value, std::int64_t expires_at = 0) {
  StateWrite write;
  write.key = StateKey{"counter", std::move(owner)};
  write.record = StateRecord{std::move(value), 1, expires_at};
  return write;
}

inline StateWrite erase(std::string owner) {
  StateWrite write;
  write.key = StateKey{"counter", std::move(owner)};
  return write;
}

inline OutboxMessage message(std::int64_t id, std::int64_t chat, std::string body = "{}") {
  OutboxMessage made;
  made.id = id;
  made.chat_id = chat;
  made.lane = 2;
  made.method = "sendMessage";
  made.body = std::move(body);
  return made;
}

inline TimerWrite set_timer(std::string key, std::int64_t due, std::string value = "{}") {
  TimerWrite write;
  write.key = TimerKey{"remind", std::move(key)};
  write.record = TimerRecord{due, std::move(value)};
  return write;
}

inline TimerWrite cancel_timer(std::string key) {
  TimerWrite write;
  write.key = TimerKey{"remind", std::move(key)};
  return write;
}

inline BookEntry book_entry(std::int64_t number, std::string body, std::string book = "ledger") {
  BookEntry made;
  made.number = number;
  made.book = std::move(book);
  made.body = std::move(body);
  return made;
}

inline Commit commit_of(StateWrite write) {
  Commit made;
  made.writes.push_back(std::move(write));
  return made;
}

inline std::vector<std::int64_t> ids(const std::vector<InboxUpdate>& found) {
  std::vector<std::int64_t> result;
  for (const InboxUpdate& one : found) result.push_back(one.update_id);
  return result;
}

inline std::vector<std::int64_t> ids(const std::vector<OutboxMessage>& found) {
  std::vector<std::int64_t> result;
  for (const OutboxMessage& one : found) result.push_back(one.id);
  return result;
}

// A store on a loop of its own, with calls that wait.
class StoreHouse {
 public:
  boost::asio::io_context io{1};
  tgkit::ManualClock clock;
  std::unique_ptr<Store> store;
  std::vector<std::string> notices;
  Durability durability = Durability::power;  // of the next store

  std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
  }
  SqliteStore::Settings settings(const std::filesystem::path& path) {
    SqliteStore::Settings made;
    made.path = path;
    made.durability = durability;
    made.idle_after = std::chrono::milliseconds(1);
    made.on_notice = [this](const std::string& notice) { notices.push_back(notice); };
    return made;
  }
  Unfinished open_sqlite(SqliteStore::Settings with) {
    store.reset();
    store = std::make_unique<SqliteStore>(io.get_executor(), clock, std::move(with));
    return open();
  }
  Unfinished open_sqlite(const std::filesystem::path& path) { return open_sqlite(settings(path)); }

  Unfinished open() { return run(io, store->open()); }
  std::vector<bool> append(std::vector<InboxUpdate> batch) {
    std::vector<bool> fresh = run(io, store->append(std::move(batch)));
    run(io, store->durable());
    return fresh;
  }
  void commit(Commit commit) { run(io, store->commit(std::move(commit))); }
  void commit(StateWrite write) { commit(commit_of(std::move(write))); }
  std::optional<StateRecord> load(const std::string& owner) {
    std::vector<StateKey> keys(1, StateKey{"counter", owner});
    return run(io, store->load(std::move(keys)))[0];
  }
  std::string value(const std::string& owner) {
    const auto record = load(owner);
    return record ? record->value : "(none)";
  }
  void enter(std::vector<BookEntry> entries) {
    Commit commit;
    commit.entries = std::move(entries);
    this->commit(std::move(commit));
  }
  // "1:first 2:second"
  std::string book(std::string name = "ledger", std::int64_t after = 0, std::size_t most = 100) {
    std::string text;
    for (const BookEntry& entry : run(io, store->entries(std::move(name), after, most)))
      text += (text.empty() ? "" : " ") + std::to_string(entry.number) + ":" + entry.body;
    return text;
  }
  void settle() { run(io, static_cast<SqliteStore&>(*store).settle()); }
  void close() { run(io, store->close()); }
};

}  // namespace tests
