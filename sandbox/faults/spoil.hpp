#pragma once
// JSON as a newer or a careless server writes it. Pure.
#include <string>

namespace sandbox {

// Keys that no documentation knows, in every object. What is no JSON stays as it is.
std::string with_extra_keys(const std::string& text);

// Bytes that are no UTF-8 in the first text a person could have written (text, data, first_name, ...), else in the
// first text there is.
std::string with_bad_utf8(std::string text);

}  // namespace sandbox
