#pragma once
// Every Bot API call, as tests want to see it: without the token.
#include "sandbox/bot_api/arguments.hpp"
#include "sandbox/numbered_log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox {

struct RecordedCall {
  std::uint64_t n = 0;
  std::int64_t bot = 0;
  std::string method;
  std::string http_method;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::pair<std::string, std::pair<std::string, std::size_t>>> files;  // part, file name, size
  int status = 0;
  std::string error;
  double started = 0;
  double ended = 0;
  std::string fault;

  std::string text() const;  // as JSON
};

using CallLog = NumberedLog<RecordedCall, &RecordedCall::n>;

}  // namespace sandbox
