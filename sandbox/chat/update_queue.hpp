#pragma once
// The updates of one bot that it has not confirmed, with the real server's numbering, limits and offset rules.
// Pure: time is passed in.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace sandbox {

using UnixSeconds = std::int64_t;

struct QueuedUpdate {
  std::int64_t id = 0;
  std::uint64_t serial = 0;  // counts all that were ever queued, also where ids begin anew
  UnixSeconds expires = 0;
  std::string text;
};

class UpdateQueue {
 public:
  // `seed` makes the first update_id (between 2,000,001 and 10^9), and a new one after a week without updates.
  explicit UpdateQueue(std::uint64_t seed) : random_(seed) {}

  // `kind` "message" and the object's JSON. Returns the update_id, or 0 when it is lost: the queue is full (100,000
  // updates, 128 MiB) or the update is too large (512 KiB).
  std::int64_t push(const std::string& kind, const std::string& object, UnixSeconds now, UnixSeconds expires);
  // `text` goes out byte for byte, "{id}" in it replaced by the update_id.
  std::int64_t push_raw(std::string text, UnixSeconds now, UnixSeconds expires);

  void repeat_last();  // the update that was pushed last comes twice, with one update_id

  // The updates that getUpdates answers, oldest first, as JSON texts. Forgets what `offset` confirms:
  //   > 0   everything below it; out of range (above the end + 10, or more than 100,000 below the head) counts as 0
  //   < 0   everything but the last -offset updates
  //   0     nothing
  // Stops before the answer would exceed about 4 MiB.
  std::vector<std::string> take(std::int64_t offset, std::size_t limit, UnixSeconds now);

  // For webhooks, which take updates out one by one and not in order. Pointers hold until the queue is changed.
  const QueuedUpdate* after(std::uint64_t serial, UnixSeconds now);  // the first that was queued later
  const QueuedUpdate* find(std::uint64_t serial, UnixSeconds now);   // nullptr: gone
  void forget(std::uint64_t serial);

  std::size_t size(UnixSeconds now);
  void clear();

 private:
  using Entry = QueuedUpdate;
  std::deque<Entry>::iterator at_or_after(std::uint64_t serial);
  std::int64_t next_id(UnixSeconds now);
  void forget_below(std::int64_t id);
  void drop_expired(UnixSeconds now);

  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t serials_ = 0;
  std::int64_t next_ = 0;
  UnixSeconds last_push_ = 0;
  UnixSeconds earliest_expiry_ = 0;
  std::uint64_t random_;
};

}  // namespace sandbox
