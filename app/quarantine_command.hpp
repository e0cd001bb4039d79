#pragma once
// `dmarket-bot quarantine ...`: asks the running bot, or opens the store of a stopped one under the same lock.
#include <optional>

namespace app {

// The exit code; nothing when the command line is not this command's.
std::optional<int> run_quarantine_command(int argc, const char* const* argv);

}  // namespace app
