#include "tgkit/net/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tgkit::net {
namespace {

// The longest that is believed: beyond it, the sum with a moment would leave the range.
constexpr std::chrono::seconds longest_wait = std::chrono::days(365);

std::optional<std::chrono::seconds> whole_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

std::optional<std::chrono::seconds> until(WallTime when, const Headers& headers, std::optional<WallTime> received) {
  const auto written = headers.find("Date");
  const auto now = written ? parse_http_date(*written) : received;
  if (!now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(when - *now);
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
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

std::optional<std::chrono::seconds> retry_after(const Headers& headers, std::optional<WallTime> received) {
  const auto text = headers.find("Retry-After");
  if (!text) return std::nullopt;
  auto wait = whole_seconds(*text);
  const auto date = wait ? std::nullopt : parse_http_date(*text);
  if (date) wait = until(*date, headers, received);
  if (!wait) return std::nullopt;
  return std::clamp(*wait, std::chrono::seconds(0), longest_wait);
}

}  // namespace tgkit::net
