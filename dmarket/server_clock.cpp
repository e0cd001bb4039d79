#include "dmarket/server_clock.hpp"

#include <array>
#include <charconv>

namespace dmarket {

std::optional<tgkit::WallTime> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    const auto part = text.substr(at, length);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() ? value : -1;
  };
  unsigned month = 0;
  while (month < 12 && months[month] != text.substr(8, 3)) ++month;
  const int day = number(5, 2), year = number(12, 4), hour = number(17, 2), minute = number(20, 2),
            second = number(23, 2);
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month + 1),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || day < 0 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return std::nullopt;
  }
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

void ServerClock::learn(std::string_view date_header, tgkit::WallTime sent, tgkit::WallTime received) {
  const auto date = parse_http_date(date_header);
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
