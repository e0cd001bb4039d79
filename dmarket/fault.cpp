#include "dmarket/fault.hpp"

#include <algorithm>
#include <array>

namespace dmarket {
namespace {

// Codes that speak of the exchange itself: gRPC's numbers (unknown, deadline, exhausted, internal, unavailable) and
// words. Whatever else is refused by code is refused for what it is.
constexpr std::array<std::string_view, 5> broken_numbers{"2", "4", "8", "13", "14"};
constexpr std::array<std::string_view, 6> broken_words{"Internal",        "Unavailable", "Timeout",
                                                       "TooManyRequests", "Maintenance", "RateLimit"};
constexpr std::array<std::string_view, 3> key_codes{"16", "Unauthorized", "Unauthenticated"};

bool speaks_of_the_exchange(std::string_view code) {
  const auto holds = [code](std::string_view word) { return code.find(word) != std::string_view::npos; };
  return std::ranges::find(broken_numbers, code) != broken_numbers.end() || std::ranges::any_of(broken_words, holds);
}

// That nothing at all is allowed is no word about the one thing.
Fault fault_of_refusal(int status, std::string_view code) {
  const bool about_the_account = status == 403 && (code.empty() || code == "7" || code == "Forbidden");
  return about_the_account ? Fault::exchange : fault_of_code(code);
}

}  // namespace

Fault fault_of_code(std::string_view code) {
  if (std::ranges::find(key_codes, code) != key_codes.end()) return Fault::ours;
  return speaks_of_the_exchange(code) ? Fault::exchange : Fault::item;
}

Fault fault_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::refused_by_guard:
    case ErrorKind::no_keys:
    case ErrorKind::unauthorized:
      return Fault::ours;
    case ErrorKind::invalid_request:
      return Fault::item;
    case ErrorKind::rejected:
      return fault_of_refusal(error.status(), error.code());
    case ErrorKind::rate_limited:
    case ErrorKind::api_changed:
      return Fault::exchange;
    case ErrorKind::unavailable:
    case ErrorKind::unknown_outcome:
      break;
  }
  return error.status() == 0 ? Fault::network : Fault::exchange;
}

}  // namespace dmarket
