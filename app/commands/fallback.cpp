#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;

// In a group people talk to each other: only what is addressed to the bot is answered.
Task<> anything_else(Context& ctx, std::string, Use<RouteBook> book) {
  const Texts& t = texts_of(ctx);
  std::string text = t.tr("I only understand commands and buttons.");
  if (const auto& command = ctx.event().command()) {
    const std::string meant = nearest_command(command->name, book->router->routes(), ctx.role());
    text = meant.empty() ? t.tr("I do not know this command.")
                         : t.tr("I do not know this command. Did you mean /{0}?", meant);
  }
  show(ctx, Page(text + "\n" + t.tr("/help lists what I can do."), back_to_menu(ctx, t)));
  co_return;
}

Task<> old_button(Context& ctx) {
  ctx.answer_callback(texts_of(ctx).tr("This button is out of date. /menu shows the present ones."), true);
  co_return;
}

}  // namespace

void add_fallback(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  router.on(text && in_private, anything_else).name("anything else").role(Role::viewer).hidden();
  router.on(any_press, old_button).name("old button").role(Role::viewer).hidden();
}

}  // namespace app
