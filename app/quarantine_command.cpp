#include "app/quarantine_command.hpp"

#include "app/store_tool.hpp"
#include "tgkit/bot/quarantine.hpp"

namespace app {
namespace {

tgkit::Task<tgkit::ops::AdminAnswer> on_store(tgkit::storage::Store& store, tgkit::Clock& clock, tgkit::ops::Log& log,
                                              std::vector<std::string> words) {
  tgkit::bot::Quarantine quarantine(store, clock, log);
  co_return co_await quarantine.run(std::move(words));
}

}  // namespace

std::optional<int> run_quarantine_command(int argc, const char* const* argv) {
  StoreTool tool;
  tool.name = "quarantine";
  tool.usage = tgkit::bot::Quarantine::usage();
  tool.flags.emplace_back("--json");
  tool.on_store = on_store;
  return run_store_tool(tool, argc, argv);
}

}  // namespace app
