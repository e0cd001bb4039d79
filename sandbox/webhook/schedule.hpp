#pragma once
// What a webhook is sent next, and when: one update in flight per queue, queues side by side, failed updates again
// after pauses that grow, until they would expire. Pure: times come in, decisions come out.
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace sandbox {

struct Shipment {
  std::uint64_t serial = 0;  // of the update in the bot's queue
  int attempt = 1;
};

class WebhookSchedule {
 public:
  // `seed` makes the upper end of the pauses, which is random between 60 and 120 s.
  WebhookSchedule(std::size_t max_connections, std::uint64_t seed) : max_connections_(max_connections), random_(seed) {}

  // An empty queue name: a queue of its own. Serials rise.
  void add(std::uint64_t serial, const std::string& queue);
  // What to send now; it counts as in flight until one of the calls below. Nothing: no update is due, every connection
  // is used, or one is out to see whether the address works again (after ten seconds without a success).
  std::optional<Shipment> next(tgkit::TimePoint now);

  void delivered(std::uint64_t serial, tgkit::TimePoint now);
  // `retry_after`: what the answer asked for, zero: nothing. Gives the pause before the next try, or nothing when the
  // update lives no longer than `lives` and is given up.
  std::optional<std::chrono::seconds> failed(std::uint64_t serial, tgkit::TimePoint now,
                                             std::chrono::seconds retry_after, std::chrono::seconds lives);
  // Sent again at once, though it arrived; what follows in its queue waits.
  void again(std::uint64_t serial, tgkit::TimePoint now);
  // It leaves its queue, which goes on without it, and is sent at `when`.
  void set_aside(std::uint64_t serial, tgkit::TimePoint when);
  // Not sent yet: its queue waits until `when`.
  void postpone(std::uint64_t serial, tgkit::TimePoint when);
  void give_up(std::uint64_t serial);  // it has expired, or was confirmed in another way

  std::optional<tgkit::TimePoint> wake_at() const;  // when next() may have something without further calls
  std::size_t in_flight() const { return in_flight_.size(); }
  std::size_t waiting() const;  // updates added and not done

 private:
  struct Line {
    std::deque<std::uint64_t> serials;
    std::uint64_t turn = 0;  // place among the lines that are due at one time
    tgkit::TimePoint due{};
    int failures = 0;
    std::chrono::seconds pause{1};
  };
  using Lines = std::map<std::string, Line>;
  using Due = std::pair<tgkit::TimePoint, std::uint64_t>;

  void enqueue(Lines::iterator line);
  void finish(std::uint64_t serial);
  std::uint64_t random();

  std::size_t max_connections_;
  std::uint64_t random_;
  std::uint64_t turns_ = 0;
  Lines lines_;
  std::map<Due, Lines::iterator> due_;
  std::map<std::uint64_t, Lines::iterator> in_flight_;
  std::optional<tgkit::TimePoint> last_success_;
};

}  // namespace sandbox
