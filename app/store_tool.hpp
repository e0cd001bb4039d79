#pragma once
// `dmarket-bot quarantine ...`, `dmarket-bot ledger ...`: asks the running bot, or opens the store of a stopped one
// under the same lock.
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/admin_socket.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/storage/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

struct StoreTool {
  std::string_view name;  // the first word; the running bot is sent it before the others
  std::string usage;
  std::vector<std::string_view> flags, flags_with_value;  // its own; all others are the configuration's
  // On the store of a stopped bot, which is open.
  std::function<tgkit::Task<tgkit::ops::AdminAnswer>(tgkit::storage::Store&, tgkit::Clock&, tgkit::ops::Log&,
                                                     std::vector<std::string> words)>
      on_store;
};

// The exit code; nothing when the command line is not this tool's.
std::optional<int> run_store_tool(const StoreTool& tool, int argc, const char* const* argv);

}  // namespace app
