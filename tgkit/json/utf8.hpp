#pragma once
// Bytes that are no UTF-8: overlong forms, surrogates, numbers beyond Unicode, sequences cut short.
#include <string>
#include <string_view>

namespace tgkit::json {

bool is_valid_utf8(std::string_view text);

// The same with U+FFFD in place of what is no UTF-8. What is valid, as almost everything, is only read.
std::string with_valid_utf8(std::string text);

}  // namespace tgkit::json
