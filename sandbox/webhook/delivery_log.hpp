#pragma once
// Every attempt to deliver an update to a webhook, as tests want to see it.
#include "sandbox/numbered_log.hpp"

#include <cstdint>
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

using DeliveryLog = NumberedLog<RecordedDelivery, &RecordedDelivery::n>;

}  // namespace sandbox
