#include "sandbox/dmarket/json_writer.hpp"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace sandbox {

std::string dollars_text(std::int64_t cents) {
  const std::uint64_t size = cents < 0 ? -static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", size / 100, size % 100);
}

std::string dollars_float(std::int64_t cents) {
  std::string text = dollars_text(cents);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string iso_time(std::int64_t unix_seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
}

}  // namespace sandbox
