#pragma once
// Text as a template argument: command<"price">.
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tgkit::bot {

template <std::size_t N>
struct FixedString {
  char text[N]{};
  // Implicit: a string literal is what is written.
  consteval FixedString(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace tgkit::bot
