#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/bot/middleware/statistics.hpp"
#include "tgkit/telegram/format.hpp"

#include <fmt/format.h>

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Statistics;
using tgkit::bot::Use;
using tgkit::telegram::format::escape_html;

constexpr std::size_t most_routes = 30;

// The names of the figures are those that monitoring uses; they are not translated.
std::string stats_text(const Statistics& statistics, const Texts& t) {
  std::string text = "<b>" + t.tr("Statistics since the start") + "</b>\n";
  text += fmt::format("total_requests: {}\n", statistics.total_requests());
  text += fmt::format("total_errors: {}\n", statistics.total_errors());
  text += fmt::format("error_rate: {:.2f} %\n", statistics.error_rate() * 100);
  std::vector<std::pair<std::uint64_t, std::string>> routes;
  for (const auto& [route, count] : statistics.command_stats()) routes.emplace_back(count, route);
  std::sort(routes.rbegin(), routes.rend());
  if (routes.size() > most_routes) routes.resize(most_routes);
  text += "command_stats:";
  for (const auto& [count, route] : routes) text += fmt::format("\n  {}: {}", escape_html(route), count);
  return text;
}

Task<> stats(Context& ctx, Use<Statistics> statistics) {
  const Texts& t = texts_of(ctx);
  Keyboard keyboard(ctx);
  keyboard.button(t.tr("Refresh"), OpenStats{}).row().button(t.tr("Menu"), OpenMenu{});
  show(ctx, Page(stats_text(*statistics, t), std::move(keyboard)));
  co_return;
}

Task<> press_stats(Context& ctx, OpenStats, Use<Statistics> statistics) { co_await stats(ctx, statistics); }

}  // namespace

void add_stats(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"stats">, stats), msgid("how much the bot is used")).role(Role::admin);
  router.on(pressed<OpenStats>, press_stats).role(Role::admin);
}

}  // namespace app
