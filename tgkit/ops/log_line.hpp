#pragma once
// How a log event becomes one line, as pure functions: whatever the values hold, the line stays one line and, as JSON,
// valid UTF-8.
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/log.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tgkit::ops {

std::string_view to_text(Level level);  // "info"

// Appends `2026-11-23T10:00:00.123Z INFO  event key=value other="two words"` and a newline. Values with blanks, quotes,
// '=' or control characters are quoted and escaped.
void append_text_line(std::string& to, WallTime time, Level level, std::string_view event,
                      std::span<const Field> fields);
// Appends `{"time":"...","level":"info","event":"...","key":1}` and a newline.
void append_json_line(std::string& to, WallTime time, Level level, std::string_view event,
                      std::span<const Field> fields);

// The pieces, for other writers of JSON in ops. Invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& to, std::string_view text);
void append_json_number(std::string& to, double value);  // null when it is not finite
void append_utc_time(std::string& to, WallTime time);    // 2026-11-23T10:00:00.123Z

}  // namespace tgkit::ops
