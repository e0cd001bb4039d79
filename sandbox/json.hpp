#pragma once
// JSON as the sandbox handles it: Boost.JSON documents inside, pure ASCII text outside (as the real server writes it).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace sandbox {

namespace json = boost::json;

std::optional<json::value> parse_json(std::string_view text);  // nullopt: malformed

// Every character beyond ASCII becomes \uxxxx in lower-case hexadecimal (a pair beyond the basic plane). Bytes that are
// no UTF-8 stay as they are.
std::string to_wire(const json::value& value);
std::string to_wire(const json::object& value);
// With fractions in decimal notation (1.5 and not 1.5E0), and characters beyond ASCII as they are.
std::string to_plain_json(const json::value& value);
std::string escape_non_ascii(std::string text);
std::string quote(std::string_view text);  // a JSON string, ASCII only

// Lenient look-ups: nothing or the wrong type gives the fallback. Never throw.
const json::object* member_object(const json::object& object, std::string_view key);
const json::array* member_array(const json::object& object, std::string_view key);
std::string member_text(const json::object& object, std::string_view key, std::string fallback = {});
std::optional<std::int64_t> member_int(const json::object& object, std::string_view key);  // also from a decimal text
double member_number(const json::object& object, std::string_view key, double fallback);
bool member_bool(const json::object& object, std::string_view key, bool fallback = false);

}  // namespace sandbox
