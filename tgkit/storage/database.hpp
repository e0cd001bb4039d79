#pragma once
// The store's work on its file: journal rows in, states out, folding. Internal to the storage; used by one thread
// at a time.
#include "tgkit/storage/database_file.hpp"
#include "tgkit/storage/journal.hpp"
#include "tgkit/storage/state_key_hash.hpp"
#include "tgkit/storage/store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tgkit::storage {

struct DatabaseLimits {
  std::size_t dedupe_window = 10'000;
  std::size_t most_quarantined = 10'000;  // the oldest beyond it are dropped
};

class Database {
 public:
  // Folds what the last run left in the journal and marks the file as in use.
  Database(DatabaseFile file, const DatabaseLimits& limits);
  ~Database();

  Unfinished unfinished();
  std::vector<std::int64_t> seen();  // the dedupe window, the oldest first
  std::int64_t last_message_id() const noexcept { return numbers_.last_message_id; }
  std::int64_t born() const;               // Unix seconds; 0: a version made it that did not note it
  std::int64_t last_entry_number() const;  // when nothing is in the journal

  void write(std::string_view row);  // one durable transaction
  // A row that was kept elsewhere as well: the same transaction says which one it was.
  void write_recent(std::string_view row, std::uint64_t generation);
  std::uint64_t recent_generation() const;       // of the last one; 0: there was none
  void expect_recent(std::uint64_t generation);  // the next one will be this one
  void remember(const StateWrite& change);       // of a row that was written: loads see it from now on
  std::optional<StateRecord> load(const StateKey& key, std::int64_t now);
  // Of the quarantine: see Store. Each folds first.
  std::vector<QuarantinedUpdate> quarantine(std::size_t most, std::int64_t before);
  std::size_t drop_quarantined(const std::vector<std::int64_t>& numbers);
  bool replay(std::int64_t number, const InboxUpdate& update);
  std::vector<BookEntry> entries(const std::string& book, std::int64_t after, std::size_t most);  // folds first
  std::size_t take_overflow() { return std::exchange(numbers_.overflow, 0); }  // dropped since, being too many

  std::size_t journal_bytes() const noexcept { return journal_bytes_; }
  std::size_t wal_pages() const noexcept { return wal_pages_; }
  void fold();
  std::int64_t sweep(std::int64_t now, std::int64_t most);  // erases expired states; how many. The journal is empty
  void checkpoint();
  void close();  // folds and leaves a file that needs no recovery

 private:
  struct Statements;

  std::vector<std::string> journal_rows();
  void fold_within_transaction();
  void apply_states(const journal::Effect& effect);
  void apply_inbox(const journal::Effect& effect);
  void apply_seen(const journal::Effect& effect);
  void apply_outbox(const journal::Effect& effect);
  void apply_quarantine(const journal::Effect& effect);
  void trim_quarantine();
  void apply_timers(const journal::Effect& effect);
  void apply_entries(const journal::Effect& effect);
  void forget_journal();

  std::unique_ptr<sqlite::Connection> connection_;
  std::unique_ptr<Statements> sql_;
  DatabaseLimits limits_;
  // What folding counts. It holds only what is in the file: a fold that fails leaves it as it was.
  struct Numbers {
    std::int64_t last_message_id = 0;
    std::int64_t quarantined = 0;  // the last number given
    std::int64_t seen = 0;         // of the newest row in table seen
    std::size_t overflow = 0;
  };
  Numbers numbers_;
  std::unordered_map<StateKey, std::optional<StateRecord>, StateKeyHash> unfolded_;
  std::size_t journal_bytes_ = 0;
  std::size_t wal_pages_ = 0;
};

// Opens the file, setting aside one that cannot be used; adds a sentence to `notices` when it does. Throws NewerStore,
// UnusableStore.
std::unique_ptr<Database> open_database(const DatabaseFileOptions& options, const DatabaseLimits& limits, WallTime now,
                                        std::vector<std::string>& notices);

}  // namespace tgkit::storage
