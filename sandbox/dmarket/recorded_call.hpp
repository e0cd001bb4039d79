#pragma once
// Every call to the exchange, as tests and people want to see it: without keys and signatures.
#include "sandbox/numbered_log.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sandbox {

struct RecordedExchangeCall {
  std::uint64_t n = 0;
  std::string method;
  std::string path;                  // as sent
  std::string query;                 // as sent
  int status = 0;                    // as the exchange answered, whatever a fault made of it; 0: it was never asked
  bool writes = false;               // a call of the kind that changes something, refused ones among them
  std::vector<std::string> changed;  // what it changed, one sentence each
  double started = 0, ended = 0;
  std::string fault;

  std::string text() const;  // as JSON
};

using ExchangeCallLog = NumberedLog<RecordedExchangeCall, &RecordedExchangeCall::n>;

}  // namespace sandbox
