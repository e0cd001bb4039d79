#pragma once
// "At most N in a time, with a burst": says how long to wait. Pure: time comes in, a wait comes out.
#include "tgkit/async/clock.hpp"

#include <cstdint>

namespace tgkit {

// Full at the start. `tokens` come back evenly over `per`; at most `burst` are there at once.
class TokenBucket {
 public:
  TokenBucket(std::uint32_t tokens, Duration per, std::uint32_t burst);

  Duration wait(TimePoint now) const;  // until a token is there; zero: now
  bool try_take(TimePoint now);        // takes one if it is there
  Duration take(TimePoint now);        // takes one in any case; the caller acts only after the returned wait
  bool full(TimePoint now) const { return !used_ || next_ <= now; }  // as a new one
  void block_until(TimePoint when);  // no token before `when` (the peer said "retry after"), and one by one after it

 private:
  Duration interval_;   // between two tokens
  Duration tolerance_;  // how far ahead of the even pace a burst may run
  TimePoint next_{};    // when the next token is due at the even pace
  bool used_ = false;
};

}  // namespace tgkit
