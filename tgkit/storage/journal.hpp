#pragma once
// The journal's rows: what a group of commits changes, as bytes; and the net effect of many rows. Pure: no I/O.
//
// A row is a chain of records in the order in which they became true. Most of what a busy bot writes takes itself back
// within seconds (an update enters and leaves the inbox, a message the outbox, a counter is written again), so that the
// net effect is far smaller than the rows.
#include "tgkit/storage/store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tgkit::storage::journal {

// The row is not one that write_* made.
class Damaged : public StorageError {
 public:
  using StorageError::StorageError;
};

// Each appends its records to `row`.
void write_append(std::string& row, std::int64_t update_id, std::int64_t at, std::string_view body);
void write_commit(std::string& row, const Commit& commit);
void write_probe(std::string& row);  // changes nothing, and yet has to be written

struct StateRef {
  std::string_view owner;
  std::string_view type;
  friend bool operator==(const StateRef&, const StateRef&) = default;
  friend auto operator<=>(const StateRef&, const StateRef&) = default;
};

struct StateRefHash {
  std::size_t operator()(const StateRef& ref) const noexcept {
    return std::hash<std::string_view>{}(ref.owner) * 31 + std::hash<std::string_view>{}(ref.type);
  }
};

struct StateValue {
  std::string_view value;
  std::uint32_t version = 0;
  std::int64_t expires_at = 0;
};

struct AppendedRef {
  std::int64_t at = 0;
  std::string_view body;
};

struct EnteredMessage {
  std::int64_t chat_id = 0;
  std::int32_t lane = 0;
  std::string_view method;
  std::string_view body;
};

struct QuarantinedRef {
  std::int64_t update_id = 0;
  std::int64_t at = 0;
  std::string_view reason;
  std::string_view body;
};

struct TimerRef {
  std::string_view job;
  std::string_view key;
  friend auto operator<=>(const TimerRef&, const TimerRef&) = default;
};

struct TimerValue {
  std::int64_t due = 0;
  std::string_view value;
};

struct BookEntryRef {
  std::string_view book;
  std::string_view body;
};

// What rows, read in their order, change together. It points into the rows, which must outlive it.
class Effect {
 public:
  // Throws Damaged.
  void read(std::string_view row);

  std::unordered_map<StateRef, std::optional<StateValue>, StateRefHash> states;  // nullopt: erased
  std::map<std::int64_t, AppendedRef> appended;                                  // and not done since
  std::vector<std::int64_t> done;                   // of updates appended before these rows
  std::map<std::int64_t, EnteredMessage> messages;  // and not delivered since
  std::vector<std::int64_t> delivered;              // of messages entered before these rows
  std::vector<QuarantinedRef> quarantined;
  std::map<TimerRef, std::optional<TimerValue>> timers;  // nullopt: cancelled
  std::map<std::int64_t, BookEntryRef> entries;          // by number; the first of a number counts
  std::vector<std::int64_t> seen;                        // every update id appended
  std::int64_t last_message_id = 0;                      // the largest that entered
};

}  // namespace tgkit::storage::journal
