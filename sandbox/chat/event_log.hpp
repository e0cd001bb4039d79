#pragma once
// Everything that has happened and that a person or a test can see, numbered from 1. The newest are kept.
#include "sandbox/json.hpp"
#include "sandbox/numbered_log.hpp"

#include <cstdint>
#include <string>

namespace sandbox {

struct Event {
  std::uint64_t seq = 0;
  std::string kind;
  double at = 0;          // Unix seconds
  std::int64_t chat = 0;  // 0: no chat concerned
  std::int64_t bot = 0;
  std::string details;  // further members as JSON text, each beginning with a comma: ,"message":{...}

  std::string text() const;  // the whole event as JSON
};

using EventLog = NumberedLog<Event, &Event::seq>;

}  // namespace sandbox
