#pragma once
// Everything that has happened and that a person or a test can see, numbered from 1. The newest are kept.
#include "sandbox/json.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

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

class EventLog {
 public:
  static constexpr std::size_t kept = 20'000;

  const Event& append(Event event);  // gives it its number
  std::uint64_t seq() const { return last_; }
  std::uint64_t oldest() const { return events_.empty() ? last_ + 1 : events_.front().seq; }
  const std::deque<Event>& events() const { return events_; }
  // The first event above `seq`, as a position in events().
  std::size_t first_above(std::uint64_t seq) const;

 private:
  std::deque<Event> events_;
  std::uint64_t last_ = 0;
};

}  // namespace sandbox
