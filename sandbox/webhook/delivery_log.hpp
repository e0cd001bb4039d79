#pragma once
// Every attempt to deliver an update to a webhook, as tests want to see it.
#include <cstdint>
#include <deque>
#include <string>

namespace sandbox {

struct RecordedDelivery {
  std::uint64_t n = 0;
  std::int64_t bot = 0;
  std::int64_t update_id = 0;
  std::string kind;   // of the update; empty: unreadable
  std::string queue;  // "message 100000001"; empty: one of its own
  int attempt = 1;
  int status = 0;  // of the answer; 0: there was none
  std::string error;
  std::string outcome;  // delivered, retry, dropped, closed (the webhook was changed meanwhile)
  std::string reply;    // the method that the answer asked for
  double started = 0;
  double ended = 0;
  double next_try = 0;  // 0: none
  std::string fault;

  std::string text() const;  // as JSON
};

class DeliveryLog {
 public:
  explicit DeliveryLog(std::size_t keep) : keep_(keep) {}

  void append(RecordedDelivery delivery);  // numbers it
  std::uint64_t last() const { return last_; }
  std::size_t first_above(std::uint64_t n) const;  // as a position in deliveries()
  const std::deque<RecordedDelivery>& deliveries() const { return deliveries_; }

 private:
  std::size_t keep_;
  std::deque<RecordedDelivery> deliveries_;
  std::uint64_t last_ = 0;
};

}  // namespace sandbox
