#pragma once
// Refusing a question that breaks a rule of the exchange, before it is sent.
#include "dmarket/endpoints.hpp"
#include "dmarket/error.hpp"

#include <string>
#include <string_view>

namespace dmarket::requests {

[[noreturn]] inline void refuse(const Endpoint& endpoint, const std::string& why) {
  throw Error(ErrorKind::invalid_request, name_of(endpoint), 0, "", why);
}

inline void need_title(const Endpoint& endpoint, std::string_view title) {
  if (title.empty()) refuse(endpoint, "a title is needed");
}

}  // namespace dmarket::requests
