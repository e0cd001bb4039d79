#pragma once
// How often the exchange lets one account call, by groups of calls, with what it writes into the headers. Pure.
#include "tgkit/net/server.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace sandbox {

enum class LimitGroup { fee, last_sales, market_items, others };

std::string_view name_of(LimitGroup group);
std::int64_t calls_per_second(LimitGroup group);  // as the exchange's help page says, for calls with a key

// Windows of one second, as the gateway counts. A window ends when a second begins on either of two clocks, so that a
// client with its own clock never waits longer than in reality while the world stands still.
class ApiLimits {
 public:
  struct Moment {
    std::int64_t world = 0, machine = 0;  // whole seconds
  };
  struct Verdict {
    bool refused = false;
    std::int64_t limit = 0, remaining = 0, reset = 1;  // reset: seconds
  };

  Verdict count(LimitGroup group, Moment now);
  std::uint64_t refusals() const { return refusals_; }
  void begin_anew() { windows_ = {}; }

 private:
  struct Window {
    Moment begun;
    std::int64_t used = 0;
  };
  std::array<Window, 4> windows_;
  std::uint64_t refusals_ = 0;
};

void add_limit_headers(tgkit::net::Headers& headers, const ApiLimits::Verdict& verdict);

}  // namespace sandbox
