#pragma once
// Moments in headers of HTTP (RFC 9110, section 5.6.7).
#include "tgkit/async/clock.hpp"
#include "tgkit/net/http.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace tgkit::net {

// "Sun, 06 Nov 1994 08:49:37 GMT"; nothing for any other text, the two obsolete forms among them.
std::optional<WallTime> parse_http_date(std::string_view text);

// How long Retry-After asks to wait, as a number of seconds or as a date; never below zero. A date is measured from the
// answer's own Date, whose clock it was written by, and without one from `received`. Nothing: not asked, or not
// readable.
std::optional<std::chrono::seconds> retry_after(const Headers& headers, std::optional<WallTime> received);

}  // namespace tgkit::net
