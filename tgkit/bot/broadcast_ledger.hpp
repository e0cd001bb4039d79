#pragma once
// Who a broadcast is for and what became of each: kept in chunks, so that a result rewrites little. Pure: it says which
// state records to write and reads those that were written.
#include "tgkit/bot/delivery.hpp"
#include "tgkit/storage/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

// Stored as these letters: never change one.
enum class BroadcastResult : char {
  waiting = '.',
  on_its_way = '>',
  sent = 's',
  blocked = 'b',  // the chat cannot be reached
  failed = 'f',   // Telegram refuses the message for this chat
  unknown = 'u',  // may have arrived: not sent again
};
std::string_view to_text(BroadcastResult result);

enum class BroadcastState { running, paused, cancelled, finished };
std::string_view to_text(BroadcastState state);

struct BroadcastCounts {
  std::size_t waiting = 0;  // those on their way included
  std::size_t sent = 0, blocked = 0, failed = 0, unknown = 0;
  friend bool operator==(const BroadcastCounts&, const BroadcastCounts&) = default;
};

struct BroadcastUser {
  std::int64_t chat = 0;
  BroadcastResult result = BroadcastResult::waiting;
  friend bool operator==(const BroadcastUser&, const BroadcastUser&) = default;
};

// What is sent, and how far it is.
struct BroadcastHead {
  BroadcastState state = BroadcastState::running;
  IfUnknown if_unknown = IfUnknown::report;
  std::string method, body;  // of the call; the chat is put in for each
  std::size_t total = 0;
  BroadcastCounts counts;  // when it ended
};
storage::StateKey broadcast_head_key(std::string_view id);
std::string encode(const BroadcastHead& head);
std::optional<BroadcastHead> decode_broadcast_head(std::string_view json);  // nullopt: it cannot be read

class BroadcastLedger {
 public:
  static constexpr std::size_t chunk_size = 256;

  // A new one; whoever is named twice gets it once.
  BroadcastLedger(std::string id, std::vector<std::int64_t> chats);

  // One of `total` recipients, as the store has it: load keys() and give read() the answer. What was on its way when
  // the last run ended has an unknown fate: with `repeat` it waits again, else it is counted as unknown. False: a
  // record is missing or cannot be read.
  BroadcastLedger(std::string id, std::size_t total);
  std::vector<storage::StateKey> keys() const;
  bool read(const std::vector<std::optional<storage::StateRecord>>& records, bool repeat);

  std::size_t size() const noexcept { return chats_.size(); }
  std::int64_t chat(std::size_t index) const { return chats_[index]; }
  BroadcastResult result(std::size_t index) const { return static_cast<BroadcastResult>(results_[index]); }
  void set(std::size_t index, BroadcastResult result);
  // The next one that waits and was not given yet.
  std::optional<std::size_t> next();
  void give_back(std::size_t index) { returned_.push_back(index); }  // next() gives it again

  const BroadcastCounts& counts() const noexcept { return counts_; }
  std::vector<BroadcastUser> users() const;

  // Records to write. `expires_at` as in StateRecord.
  std::vector<storage::StateWrite> all_writes(std::int64_t expires_at) const;  // recipients and results
  std::vector<storage::StateWrite> take_writes();                              // results that have changed since
  std::vector<storage::StateWrite> writes_of(std::size_t index);               // of the chunk it is in
  void give_back(const std::vector<storage::StateWrite>& not_written);

 private:
  std::size_t chunks() const noexcept { return (chats_.size() + chunk_size - 1) / chunk_size; }
  std::size_t& count(BroadcastResult result);
  storage::StateKey key(std::string_view type, std::size_t chunk) const;
  storage::StateWrite results_write(std::size_t chunk, std::int64_t expires_at) const;
  storage::StateWrite chats_write(std::size_t chunk, std::int64_t expires_at) const;
  bool read_chats(std::size_t chunk, std::string_view text);
  bool read_results(std::size_t chunk, std::string_view text, bool repeat);

  std::string id_;
  std::vector<std::int64_t> chats_;
  std::string results_;
  std::vector<bool> changed_;  // chunks
  std::vector<std::size_t> returned_;
  std::size_t next_ = 0;
  BroadcastCounts counts_;
};

}  // namespace tgkit::bot
