#pragma once
// What no run could work with, or should not be run with, beyond the form of each value: refused by the start and by
// --check-config alike. Tools that only look into the data directory are not held up by it.
#include "tgkit/ops/config.hpp"

namespace app {

struct Config;

// After the other options: it names them. Declares ALLOW_PLAIN_HTTP.
void declare_checks(tgkit::ops::Options& options, Config& config);

}  // namespace app
