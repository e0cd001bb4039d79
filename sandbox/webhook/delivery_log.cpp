#include "sandbox/webhook/delivery_log.hpp"

#include "sandbox/json.hpp"

#include <fmt/format.h>

namespace sandbox {

std::string RecordedDelivery::text() const {
  return fmt::format(
      R"({{"n":{},"bot":{},"update_id":{},"kind":{},"queue":{},"attempt":{},"status":{},"error":{},"outcome":"{}",)"
      R"("reply":{},"started":{:.3f},"ended":{:.3f},"next_try":{:.3f},"fault":{}}})",
      n, bot, update_id, quote(kind), quote(queue), attempt, status, quote(error), outcome, quote(reply), started,
      ended, next_try, quote(fault));
}

}  // namespace sandbox
