#pragma once
// A value of an enumeration as it came. What this version does not know is E::unknown and keeps its text.
#include <string>
#include <utility>

namespace dmarket {

template <class E>
struct Spelled {
  Spelled() = default;
  Spelled(E value_, std::string text_) : value(value_), text(std::move(text_)) {}
  E value = E::unknown;
  std::string text;  // as the exchange spells it
  friend bool operator==(const Spelled& a, E b) { return a.value == b; }
  friend bool operator==(const Spelled&, const Spelled&) = default;
};

}  // namespace dmarket
