#pragma once
// JSON values appended to a string.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::json {

void append_string(std::string& out, std::string_view text);  // quoted and escaped; bytes above 0x7f as they are
void append_integer(std::string& out, std::int64_t value);
void append_number(std::string& out, double value);  // the shortest text that reads back equal; not a number becomes 0
inline void append_boolean(std::string& out, bool value) { out += value ? "true" : "false"; }
void append_strings(std::string& out, const std::vector<std::string>& values);
void append_integers(std::string& out, const std::vector<std::int64_t>& values);

}  // namespace tgkit::json
