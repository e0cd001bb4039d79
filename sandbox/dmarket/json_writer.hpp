#pragma once
// How the exchange writes: JSON with UTF-8 as it is, straight into a text, for its lists are long; money and time.
#include "tgkit/json/writer.hpp"

#include <cstdint>
#include <string>

namespace sandbox {

using JsonWriter = tgkit::json::Writer;

std::string dollars_text(std::int64_t cents);     // "15.99"
std::string dollars_float(std::int64_t cents);    // 15.99, 15.9, 15: the shortest number
std::string iso_time(std::int64_t unix_seconds);  // "2026-06-17T10:30:00Z"

}  // namespace sandbox
