#pragma once
// The one store: updates taken but not finished (inbox), state, and messages decided but not sent (outbox).
// A handler's work is ONE commit: its state, "these updates are done" and its messages become true together.
#include "tgkit/async/task.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tgkit::storage {

// The store cannot do its work (disk full, file locked, corrupt). what() says which file and what to do.
class StorageError : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

// The store was written by a newer version of the program: it is left as it is, and the program must not start.
class NewerStore : public StorageError {
 public:
  using StorageError::StorageError;
};

// There should be a database and there is none that can be used: it is missing, empty, damaged or foreign. What lies
// there was left as it is. A fresh one instead would know nothing of what the old one knew, so that a person has to
// decide.
class UnusableStore : public StorageError {
 public:
  using StorageError::StorageError;
};

struct StateKey {
  std::string type;   // the state's registered name, e.g. "prefs"
  std::string owner;  // whose it is: "u42", "c-100", "u42c-100"
  friend auto operator<=>(const StateKey&, const StateKey&) = default;
};

struct StateRecord {
  std::string value;            // encoded state; the store does not look inside
  std::uint32_t version = 1;    // of the encoding, for migrations
  std::int64_t expires_at = 0;  // Unix seconds; 0: never. An expired record is not loaded and is swept later
  friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

struct StateWrite {
  StateKey key;
  std::optional<StateRecord> record;  // nullopt erases
};

struct InboxUpdate {
  std::int64_t update_id = 0;
  std::string body;     // the update's JSON as received
  std::int64_t at = 0;  // when it was taken, Unix seconds; 0: not known
};

struct QuarantinedUpdate {
  std::int64_t update_id = 0;  // 0 when it could not be read
  std::string body;
  std::string reason;
  std::int64_t at = 0;      // Unix seconds
  std::int64_t number = 0;  // given by the store, rising
};

struct OutboxMessage {
  std::int64_t id = 0;       // unique, rising; given by the caller (see Store::next_message_id)
  std::int64_t chat_id = 0;  // order is kept per chat
  std::int32_t lane = 0;     // how it is to be delivered, in the caller's code
  std::string method;        // "sendMessage"
  std::string body;          // its JSON parameters
  bool begun = false;        // of one found at the start: its sending had begun (see Store::begin_send)
};

struct TimerKey {
  std::string job;  // what is to be run, in the caller's names
  std::string key;  // tells the timers of one job apart
  friend auto operator<=>(const TimerKey&, const TimerKey&) = default;
};

struct TimerRecord {
  std::int64_t due = 0;  // Unix milliseconds
  std::string value;     // what the caller needs for the run; the store does not look inside
  friend bool operator==(const TimerRecord&, const TimerRecord&) = default;
};

struct TimerWrite {
  TimerKey key;
  std::optional<TimerRecord> record;  // nullopt cancels
};

struct UnfinishedTimer {
  TimerKey key;
  TimerRecord record;
  std::uint32_t begun = 0;  // runs that had begun and ended with the process (see Store::begin_run)
};

// An entry of a book: a record that only grows. Entries are never changed and never erased.
struct BookEntry {
  std::int64_t number = 0;  // rising; given by the caller (see Store::next_entry_number)
  std::string book;         // which record, in the caller's names
  std::string body;         // the store does not look inside
  friend bool operator==(const BookEntry&, const BookEntry&) = default;
};

struct Commit {
  std::vector<StateWrite> writes;
  std::vector<std::int64_t> done;              // update_ids that leave the inbox
  std::vector<OutboxMessage> messages;         // enter the outbox
  std::vector<std::int64_t> delivered;         // message ids that leave the outbox
  std::vector<QuarantinedUpdate> quarantined;  // one that is there already, byte for byte, is replaced
  std::vector<TimerWrite> timers;              // the last one of a key counts
  std::vector<BookEntry> entries;              // one whose number is there already changes nothing
};

struct Unfinished {                     // what a start finds
  std::vector<InboxUpdate> updates;     // by update_id
  std::vector<OutboxMessage> messages;  // by id
  std::vector<UnfinishedTimer> timers;  // by key; all that are set
};

// All coroutines are called and resumed on the loop's thread, whatever threads the store uses inside. Commits become
// durable in the order of the calls; a load sees every commit that was called before it. Each throws StorageError.
class Store {
 public:
  virtual ~Store() = default;

  virtual Task<Unfinished> open() = 0;
  // Takes updates into the inbox and returns, per update, whether it is new (false: seen within the dedupe window, or
  // unfinished). From now on they are known; they are in the file when durable() or a commit called later has returned.
  virtual Task<std::vector<bool>> append(std::vector<InboxUpdate> updates) = 0;
  // Returns when everything appended before is durable. When it throws, nothing is forgotten: it is written with
  // whatever is written next, and durable() may be called again.
  virtual Task<> durable() = 0;
  // The handling of an update begins. The count outlives the process even if the very next instruction ends it, and
  // goes with the commit that says "done".
  virtual void count_attempt(std::int64_t update_id) = 0;
  virtual void take_back_attempt(std::int64_t update_id) = 0;  // it was broken off on purpose
  virtual std::uint32_t attempts(std::int64_t update_id) const = 0;
  // Whether append() would call it seen.
  virtual bool knows(std::int64_t update_id) const = 0;
  // The sending of a message begins, after the commit that it entered with. The mark outlives the process even if the
  // very next instruction ends it (not a power cut), and goes with the commit that says "delivered". False: so many
  // marks wait for their commits that no more are taken for now; the message must not leave.
  virtual bool begin_send(std::int64_t message_id) = 0;
  virtual void take_back_send(std::int64_t message_id) = 0;  // it surely was not sent
  // The run of a timer begins. The count outlives the process even if the very next instruction ends it (not a power
  // cut), and goes with the next commit that sets or cancels the timer.
  virtual void begin_run(const TimerKey& timer) = 0;
  virtual void take_back_run(const TimerKey& timer) = 0;  // it was broken off on purpose
  virtual Task<std::vector<std::optional<StateRecord>>> load(std::vector<StateKey> keys) = 0;
  virtual Task<> commit(Commit commit) = 0;
  // What was set aside, the newest first; with `before`, only those of smaller numbers. It is bounded: the oldest go.
  virtual Task<std::vector<QuarantinedUpdate>> quarantine(std::size_t most, std::int64_t before = 0) = 0;
  virtual Task<std::optional<QuarantinedUpdate>> find_quarantined(std::int64_t number) = 0;
  // Forgets those for good; how many of them there were.
  virtual Task<std::size_t> drop_quarantined(std::vector<std::int64_t> numbers) = 0;
  // Takes `update` into the inbox instead of what stands under `number`, in one transaction: it is unfinished from now
  // on, and its attempts are forgotten. False: there is no such number (any more), and nothing has changed.
  virtual Task<bool> replay(std::int64_t number, InboxUpdate update) = 0;
  // The entries of a book with numbers above `after`, by number, `most` at most.
  virtual Task<std::vector<BookEntry>> entries(std::string book, std::int64_t after, std::size_t most) = 0;
  // What tells this store's file from a copy of it, once open; empty: it has none.
  virtual std::string place() const { return {}; }
  virtual Task<> probe() = 0;  // throws when nothing can be written
  virtual Task<> close() = 0;  // finishes what was called before; afterwards every call throws

  std::int64_t next_message_id() noexcept { return ++last_message_id_; }
  std::int64_t next_entry_number() noexcept { return ++last_entry_number_; }

 protected:
  std::int64_t last_message_id_ = 0;    // set by open() to the largest ever used
  std::int64_t last_entry_number_ = 0;  // likewise
};

}  // namespace tgkit::storage
