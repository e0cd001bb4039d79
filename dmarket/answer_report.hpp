#pragma once
// Reads an answer and tells the transport what was odd about it.
#include "dmarket/answers.hpp"
#include "dmarket/transport.hpp"

#include <string>

namespace dmarket {

// A clean answer takes a former alarm back.
template <class Read>
auto read_reported(Transport& transport, const Endpoint& endpoint, Read&& read) {
  Oddities oddities;
  try {
    auto answer = read(oddities);
    if (oddities.count == 0) {
      transport.shape_is_known(endpoint);
    } else {
      transport.shape_changed(
          endpoint, std::to_string(oddities.count) + " fields of another shape, the first: " + oddities.first);
    }
    return answer;
  } catch (const Error& error) {
    transport.shape_changed(endpoint, error.what());
    throw;
  }
}

// The answer to a change came with status 200. When it cannot be read, the change has probably been made.
template <class Read>
auto read_change(Transport& transport, const Endpoint& endpoint, Read&& read) {
  try {
    return read_reported(transport, endpoint, read);
  } catch (const Error& error) {
    throw Error(ErrorKind::unknown_outcome, name_of(endpoint), 200, "",
                std::string("it was answered, but the answer cannot be read: ") + error.what());
  }
}

}  // namespace dmarket
