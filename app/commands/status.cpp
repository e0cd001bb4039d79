#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/telegram/format.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using tgkit::bot::UserState;
using tgkit::telegram::format::escape_html;

// One cheap signed read tells whether the exchange is there and whether it takes our key.
Task<std::string> exchange_line(dmarket::Client& market, const Texts& t) {
  std::string problem;
  try {
    co_await market.balance();
  } catch (const dmarket::Error& error) {
    problem = exchange_problem(error, t);
  }
  if (problem.empty()) problem = t.tr("reachable, key accepted");
  co_return problem;
}

std::string skew_line(const dmarket::Transport& transport, const Texts& t) {
  const auto skew = transport.server_clock().skew();
  if (!skew) return t.tr("unknown");
  return t.tr_n("{0} second", "{0} seconds", static_cast<std::uint64_t>(std::abs(skew->count())));
}

std::string poll_line(const Facts& facts, const Texts& t) {
  const auto age = facts.since_last_poll ? facts.since_last_poll() : std::nullopt;
  return age ? t.tr("{0} ago", duration_text(*age, t)) : t.tr("not yet");
}

Task<> status(Context& ctx, UserState<Preferences> preferences, Use<Facts> facts, Use<dmarket::Client> market,
              Use<Defaults> defaults, Use<trader::Trader> trader) {
  const Texts& t = texts_of(ctx);
  const std::string exchange = co_await exchange_line(*market, t);
  const std::string& zone = zone_of(*preferences, *defaults);
  std::string text = "<b>" + t.tr("Status") + "</b>\n";
  text += t.tr("Mode: {0}", facts->live() ? t.tr("live") : t.tr("dry run")) + "\n";
  text += t.tr("DMarket: {0}", escape_html(exchange)) + "\n";
  for (const auto& [endpoint, what] : market->transport().changed_endpoints())
    text += t.tr("DMarket's interface has changed at {0}: {1}", escape_html(endpoint), escape_html(what)) + "\n";
  text += t.tr("Clock difference to DMarket: {0}", skew_line(market->transport(), t)) + "\n";
  text += trading_text(trader->view(), t);
  text += t.tr("Last contact with Telegram: {0}", poll_line(*facts, t)) + "\n";
  text += t.tr("Waiting: {0} updates, {1} messages", facts->updates_waiting(), facts->messages_waiting()) + "\n";
  text += t.tr("Running since {0}, for {1}", local_time(facts->started, zone),
               duration_text(ctx.clock().wall() - facts->started, t)) +
          "\n";
  text += t.tr("Version: {0}", facts->version);
  Keyboard keyboard(ctx);
  keyboard.button(t.tr("Refresh"), OpenStatus{}).row().button(t.tr("Menu"), OpenMenu{});
  show(ctx, Page(std::move(text), std::move(keyboard)));
}

Task<> press_status(Context& ctx, OpenStatus, UserState<Preferences> preferences, Use<Facts> facts,
                    Use<dmarket::Client> market, Use<Defaults> defaults, Use<trader::Trader> trader) {
  co_await status(ctx, preferences, facts, market, defaults, trader);
}

}  // namespace

std::string duration_text(tgkit::Duration duration, const Texts& t) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 60) return t.tr("{0} s", seconds);
  if (seconds < 3600) return t.tr("{0} min", seconds / 60);
  if (seconds < 86'400) return t.tr("{0} h {1} min", seconds / 3600, seconds / 60 % 60);
  return t.tr("{0} d {1} h", seconds / 86'400, seconds / 3600 % 24);
}

void add_status(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"status">, status), msgid("is everything in order?")).role(Role::viewer);
  router.on(pressed<OpenStatus>, press_status).role(Role::viewer);
}

}  // namespace app
