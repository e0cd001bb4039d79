#include "sandbox/webhook/delivery_log.hpp"

#include "sandbox/json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sandbox {

std::string RecordedDelivery::text() const {
  return fmt::format(
      R"({{"n":{},"bot":{},"update_id":{},"kind":{},"queue":{},"attempt":{},"status":{},"error":{},"outcome":"{}",)"
      R"("reply":{},"started":{:.3f},"ended":{:.3f},"next_try":{:.3f},"fault":{}}})",
      n, bot, update_id, quote(kind), quote(queue), attempt, status, quote(error), outcome, quote(reply), started,
      ended, next_try, quote(fault));
}

void DeliveryLog::append(RecordedDelivery delivery) {
  delivery.n = ++last_;
  deliveries_.push_back(std::move(delivery));
  if (deliveries_.size() > keep_) deliveries_.pop_front();
}

std::size_t DeliveryLog::first_above(std::uint64_t n) const {
  if (deliveries_.empty() || n < deliveries_.front().n) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(n - deliveries_.front().n + 1, deliveries_.size()));
}

}  // namespace sandbox
