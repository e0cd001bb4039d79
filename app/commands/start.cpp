#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/telegram/format.hpp"
#include "tgkit/telegram/types/user.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Role;
using tgkit::bot::Use;
using tgkit::telegram::format::escape_html;

Keyboard menu_buttons(const Context& ctx, const Texts& t) {
  Keyboard keyboard(ctx);
  keyboard.button(t.tr("Balance"), OpenBalance{}).button(t.tr("Orders"), OpenOrders());
  keyboard.row().button(t.tr("Status"), OpenStatus{}).button(t.tr("Settings"), OpenSettings{});
  if (ctx.role() >= Role::admin)
    keyboard.row().button(t.tr("Trading"), OpenTrading{}).button(t.tr("Statistics"), OpenStats{});
  keyboard.row().button(t.tr("Help"), OpenHelp{});
  return keyboard;
}

std::string mode_line(const Facts& facts, const Texts& t) {
  if (facts.live()) return t.tr("Live: orders are real.");
  if (facts.real_in_dry_run && facts.real_in_dry_run().any())
    return t.tr("Dry run: nothing new is ordered on DMarket.");
  return t.tr("Dry run: nothing is changed on DMarket.");
}

Task<> start(Context& ctx, Use<Facts> facts) {
  const Texts& t = texts_of(ctx);
  const std::string name = ctx.user() != nullptr ? ctx.user()->first_name : std::string();
  std::string text = name.empty() ? t.tr("Hello!") : t.tr("Hello, {0}!", escape_html(name));
  text += "\n" + t.tr("I look after your DMarket account.") + " " + mode_line(*facts, t);
  text += "\n\n" + t.tr("Choose below, or type /help.");
  show(ctx, Page(std::move(text), menu_buttons(ctx, t)));
  co_return;
}

Task<> menu(Context& ctx, Use<Facts> facts) {
  const Texts& t = texts_of(ctx);
  show(ctx, Page("<b>" + t.tr("Menu") + "</b>\n" + mode_line(*facts, t), menu_buttons(ctx, t)));
  co_return;
}

Task<> press_menu(Context& ctx, OpenMenu, Use<Facts> facts) { co_await menu(ctx, facts); }

}  // namespace

void add_start(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"start">, start), msgid("greeting and menu")).role(Role::viewer);
  describe(router.on(command<"menu">, menu), msgid("what the bot can do, as buttons")).role(Role::viewer);
  router.on(pressed<OpenMenu>, press_menu).role(Role::viewer);
}

}  // namespace app
