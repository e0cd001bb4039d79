#pragma once
// Whose fault it is that the exchange did not do what it was asked. A refusal of one thing is not a failure of all:
// only those of the exchange and of the network say that nothing else would work either.
#include "dmarket/error.hpp"

#include <cstdint>
#include <string_view>

namespace dmarket {

enum class Fault : std::uint8_t {
  ours,      // we did not ask, or may not: the guard, the key
  item,      // of the one thing that was asked for: a copy that cannot be listed, a title without the money for it
  exchange,  // it is broken, overloaded, or not what it was
  network,   // no answer
};

Fault fault_of(const Error& error);
// Of a refusal by code within an answer that succeeded as a whole.
Fault fault_of_code(std::string_view code);

}  // namespace dmarket
