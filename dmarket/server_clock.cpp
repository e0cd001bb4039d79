#include "dmarket/server_clock.hpp"

#include "tgkit/net/http_date.hpp"

namespace dmarket {

void ServerClock::learn(std::string_view date_header, tgkit::WallTime sent, tgkit::WallTime received) {
  const auto date = tgkit::net::parse_http_date(date_header);
  if (!date) return;
  // The header has whole seconds and was written about half-way: its true moment is on average half a second later.
  const auto ours = sent + (received - sent) / 2;
  const auto theirs = *date + std::chrono::milliseconds(500);
  skew_ = std::chrono::round<std::chrono::seconds>(theirs - ours);
}

std::int64_t ServerClock::unix_seconds() const {
  const auto corrected = clock_.wall() + skew_.value_or(std::chrono::seconds(0));
  return std::chrono::duration_cast<std::chrono::seconds>(corrected.time_since_epoch()).count();
}

}  // namespace dmarket
