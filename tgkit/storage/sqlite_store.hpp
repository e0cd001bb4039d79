#pragma once
// The store in one SQLite file (WAL), with a thread of its own. The loop's side hands requests over once per turn;
// everything queued while a transaction ran is committed by the next one (group commit). An update that is appended and
// done within one group leaves only its number in the file. With Durability::process, a commit is a copy into a mapped
// file beside it (`<name>-recent`), made on the loop's thread; the database gets them within about idle_after.
//
// A commit is written as one row of a journal inside the database, which is cheap; in quiet moments, and when it has
// grown, the journal is folded into the tables (state, inbox, outbox). A start folds what a crash left behind by the
// same code. Loads see the journal's state, and the states of busy owners are answered from a bounded cache without
// leaving the loop's thread.
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tgkit::storage {

enum class Durability {
  power,    // a commit that returned survives a power loss (fdatasync per group)
  process,  // it survives the death of the process; a power loss may take the last moments, never the file
};

class SqliteStore final : public Store {
 public:
  struct Settings {
    std::filesystem::path path;
    Durability durability = Durability::power;
    // False: a file that is missing, empty, damaged or foreign is left as it is and open() throws UnusableStore. For a
    // program whose store holds what cannot be had again (a ledger); it begins the first one by begin_database().
    bool may_begin = true;
    std::size_t cache_bytes = 8 << 20;             // states kept on the loop's side
    std::size_t dedupe_window = 10'000;            // update ids remembered after they were done
    std::size_t most_quarantined = 10'000;         // the oldest beyond it are dropped, which on_notice is told
    std::chrono::milliseconds delivered_lag{50};   // how long "delivered" marks may wait for a group to join
    std::chrono::milliseconds idle_after{1000};    // quiet time before folding, sweeping and checkpointing
    std::size_t fold_bytes = 2 << 20;              // the journal is folded at this size even when busy
    std::chrono::milliseconds busy_timeout{2000};  // patience with another process that holds the file's lock
    // Told, on the loop's thread, as a sentence: a damaged or foreign file was set aside (before open() returns); the
    // quarantine was full.
    std::function<void(const std::string&)> on_notice;
  };

  // Nothing is touched before open(). `clock` must outlive the store.
  SqliteStore(Executor executor, Clock& clock, Settings settings);
  // Without close(): what was called before is still made durable, but nobody is told. Destroy it before its
  // io_context, on the loop's thread.
  ~SqliteStore() override;

  // Creates the directory. A file that is damaged or foreign is renamed
  // `<name>.set-aside-<UTC time>` (with its -wal and -shm) and a fresh one begun: never overwritten, never deleted.
  // Throws NewerStore for a file of a newer version, StorageError when it is locked by another process or cannot be
  // written.
  // Attempts are counted in `<name>-attempts` beside it, sends that have begun in `<name>-sends`, runs of timers in
  // `<name>-runs`: small files mapped into memory.
  Task<Unfinished> open() override;
  Task<std::vector<bool>> append(std::vector<InboxUpdate> updates) override;
  Task<> durable() override;
  void count_attempt(std::int64_t update_id) override;
  void take_back_attempt(std::int64_t update_id) override;
  std::uint32_t attempts(std::int64_t update_id) const override;
  bool knows(std::int64_t update_id) const override;
  bool begin_send(std::int64_t message_id) override;
  void take_back_send(std::int64_t message_id) override;
  void begin_run(const TimerKey& timer) override;
  void take_back_run(const TimerKey& timer) override;
  Task<std::vector<std::optional<StateRecord>>> load(std::vector<StateKey> keys) override;
  // A commit of nothing but `delivered` returns at once; the marks join the next group, within delivered_lag, or
  // close().
  Task<> commit(Commit commit) override;
  Task<std::vector<QuarantinedUpdate>> quarantine(std::size_t most, std::int64_t before = 0) override;
  Task<std::optional<QuarantinedUpdate>> find_quarantined(std::int64_t number) override;
  Task<std::size_t> drop_quarantined(std::vector<std::int64_t> numbers) override;
  Task<bool> replay(std::int64_t number, InboxUpdate update) override;
  Task<std::vector<BookEntry>> entries(std::string book, std::int64_t after, std::size_t most) override;
  std::string place() const override;
  Task<> probe() override;
  Task<> close() override;

  // When the database was begun, Unix seconds; 0: before this was noted, or not open yet.
  std::int64_t born() const noexcept;

  Task<> settle();  // does now what otherwise waits for a quiet moment: fold, sweep, checkpoint

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// Makes the directory and an empty database in it, without opening the store; one that cannot be used is set aside, and
// so is a log without one. Gives the sentences that say so. Throws NewerStore, StorageError.
std::vector<std::string> begin_database(const std::filesystem::path& path, WallTime now);

}  // namespace tgkit::storage
