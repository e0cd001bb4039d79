#pragma once
// How one call is made, beside what it says.
#include "tgkit/async/clock.hpp"
#include "tgkit/net/http.hpp"

#include <string>

namespace tgkit::telegram {

struct CallOptions {
  CallOptions() {}           // not an aggregate: see the compilers' traps in CONTRIBUTING.md
  Duration timeout{0};       // for one try; zero: the client's default for a call or an upload
  Duration wait_at_most{0};  // a 429 whose retry_after fits into this is waited out and the call sent again
  std::string trace_id;      // handed to Settings::on_call as it is
  net::Progress on_upload;   // bytes of the body that have left; while some are missing, Telegram cannot act
};

}  // namespace tgkit::telegram
