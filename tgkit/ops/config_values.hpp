#pragma once
// The kinds of configuration values as pure functions from text. An answer is the value or a sentence that says what is
// wanted; the sentence never repeats the text, which may be a secret.
#include "tgkit/async/clock.hpp"
#include "tgkit/net/url.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::ops {

template <class T>
using Parsed = std::expected<T, std::string>;

Parsed<std::int64_t> parse_integer(std::string_view text, std::int64_t least, std::int64_t most);
Parsed<bool> parse_bool(std::string_view text);  // true/false, yes/no, on/off, 1/0, any case
// A whole number with a unit: "250ms", "30s", "5m", "2h", "7d"; bare numbers are seconds.
Parsed<Duration> parse_duration(std::string_view text, Duration least, Duration most);
Parsed<std::vector<std::int64_t>> parse_ids(std::string_view text);  // "1, 2 3"; empty is an empty list
Parsed<net::Url> parse_url(std::string_view text);
Parsed<std::string> parse_time_zone(std::string_view text);  // a name of the system's time zone data: "Europe/Berlin"

std::string to_text(Duration duration);  // the largest unit that is exact: "5m", "90s"

// The candidate that a person who typed `word` most likely meant; empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tgkit::ops
