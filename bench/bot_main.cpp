// The bot that is measured: one handler that keeps a counter per person, committed with every update, and answers with
// it. Everything is durable as it is in the product, against a power loss unless --durability process is asked for.
//   bench_bot --port PORT [--store FILE [--durability process]] [--log]
#include "tgkit/bot/filters.hpp"
#include "tgkit/bot/middleware/logging.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/bot/run.hpp"
#include "tgkit/bot/state.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

struct Counter {
  std::int64_t count = 0;
};

template <>
struct tgkit::bot::Stored<Counter> {
  static constexpr std::string_view name = "counter";
  static constexpr auto fields = std::tuple(field("count", &Counter::count));
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;

Task<> count(Context& ctx, std::string said, UserState<Counter> counter) {
  ++counter->count;
  ctx.reply(said + " " + std::to_string(counter->count));
  co_return;
}

}  // namespace

int main(int argc, char** argv) {
  RunSettings settings;
  settings.token = net::Secret("123:BENCHMARKBENCHMARKBENCHMARKBENCHMARK");
  settings.log_level = ops::Level::warn;
  Router router;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--port") == 0 && i + 1 < argc)
      settings.api_url = std::string("http://127.0.0.1:") + argv[++i];
    if (std::strcmp(argv[i], "--store") == 0 && i + 1 < argc) settings.store = argv[++i];
    if (std::strcmp(argv[i], "--durability") == 0 && i + 1 < argc && std::strcmp(argv[++i], "process") == 0)
      settings.durability = storage::Durability::process;
    if (std::strcmp(argv[i], "--log") == 0) {
      settings.log_level = ops::Level::info;
      router.wrap(logging);
    }
  }
  router.on(text, count);
  return run(std::move(router), std::move(settings));
}
