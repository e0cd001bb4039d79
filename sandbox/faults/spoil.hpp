#pragma once
// JSON as a newer or a careless server writes it. Pure.
#include <cstdint>
#include <string>

namespace sandbox {

// Keys that no documentation knows, in every object. What is no JSON stays as it is.
std::string with_extra_keys(const std::string& text);

// Bytes that are no UTF-8 in the first text a person could have written (text, data, first_name, ...), else in the
// first text there is.
std::string with_bad_utf8(std::string text);

// Half of all members, nulled or left out by dice that `seed` begins; lists keep their length. What is no JSON stays as
// it is.
std::string with_missing_fields(const std::string& text, std::uint64_t seed);

}  // namespace sandbox
