#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/ops/config_values.hpp"
#include "tgkit/telegram/format.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Role;
using tgkit::bot::Route;
using tgkit::bot::Use;
using tgkit::telegram::format::escape_html;

bool is_offered(const Route& route, Role role) {
  const auto& info = route.info();
  return !info.filter.command.empty() && !info.hidden && info.role <= role;
}

Task<> help(Context& ctx, Use<RouteBook> book) {
  const Texts& t = texts_of(ctx);
  show(ctx, Page(help_text(book->router->routes(), ctx.role(), t), back_to_menu(ctx, t)));
  co_return;
}

Task<> press_help(Context& ctx, OpenHelp, Use<RouteBook> book) { co_await help(ctx, book); }

}  // namespace

std::string help_text(const std::vector<const Route*>& routes, Role role, const Texts& t) {
  std::string text = "<b>" + t.tr("Commands") + "</b>\n";
  for (const Route* route : routes) {
    if (!is_offered(*route, role)) continue;
    const auto& info = route->info();
    text += escape_html(info.filter.usage) + " - " + escape_html(info.help_in(t.language())) + "\n";
  }
  text.pop_back();
  return text;
}

std::string nearest_command(std::string_view typed, const std::vector<const Route*>& routes, Role role) {
  std::vector<std::string> offered;
  for (const Route* route : routes) {
    if (is_offered(*route, role)) offered.push_back(route->info().filter.command);
  }
  return tgkit::ops::nearest(typed, offered);
}

void add_help(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"help">, help), msgid("this list")).role(Role::viewer).for_everybody();
  router.on(pressed<OpenHelp>, press_help).role(Role::viewer);
}

}  // namespace app
