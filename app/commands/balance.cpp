#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "dmarket/client.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;

std::string amount(const std::optional<dmarket::Money>& money, const Texts& t) {
  return money ? dmarket::to_text(*money) : t.tr("unknown");
}

}  // namespace

std::string balance_text(const dmarket::Balance& balance, const Texts& t) {
  std::string text = "<b>" + t.tr("Balance") + "</b>\n";
  text += t.tr("Usable: {0}", amount(balance.usd, t)) + "\n";
  text += t.tr("Withdrawable: {0}", amount(balance.usd_available_to_withdraw, t)) + "\n";
  text += t.tr("Under trade protection, not part of usable: {0}", amount(balance.usd_trade_protected, t));
  return text;
}

std::string exchange_problem(const dmarket::Error& error, const Texts& t) {
  switch (error.kind()) {
    case dmarket::ErrorKind::no_keys:
      return t.tr("No DMarket keys are configured. The operator sets DMARKET_PUBLIC_KEY and DMARKET_SECRET_KEY.");
    case dmarket::ErrorKind::unauthorized:
      return t.tr("DMarket does not accept the key. It may have been replaced on the site: set the new pair.");
    case dmarket::ErrorKind::rate_limited:
      return t.tr("DMarket asks us to slow down. Try again in a minute.");
    case dmarket::ErrorKind::api_changed:
      return t.tr("DMarket answered in a way this version does not know. An update of the bot may be needed.");
    case dmarket::ErrorKind::refused_by_guard:
      return t.tr("This would change something on DMarket, and the bot is in dry run.");
    case dmarket::ErrorKind::invalid_request:
    case dmarket::ErrorKind::rejected:
    case dmarket::ErrorKind::unavailable:
    case dmarket::ErrorKind::unknown_outcome:
      break;
  }
  return t.tr("DMarket cannot be reached. Nothing is lost; try again later.");
}

namespace {

Task<> balance(Context& ctx, Use<dmarket::Client> market) {
  const Texts& t = texts_of(ctx);
  std::string text;
  try {
    const dmarket::Balance answer = co_await market->balance();
    text = balance_text(answer, t);
  } catch (const dmarket::Error& error) {
    ctx.log().warn("balance not available", tgkit::ops::Field("reason", error.what()));
    text = exchange_problem(error, t);
  }
  Keyboard keyboard(ctx);
  keyboard.button(t.tr("Refresh"), OpenBalance{}).row().button(t.tr("Menu"), OpenMenu{});
  show(ctx, Page(std::move(text), std::move(keyboard)));
}

Task<> press_balance(Context& ctx, OpenBalance, Use<dmarket::Client> market) { co_await balance(ctx, market); }

}  // namespace

void add_balance(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"balance">, balance), msgid("the money on DMarket")).role(Role::viewer);
  router.on(pressed<OpenBalance>, press_balance).role(Role::viewer);
}

}  // namespace app
