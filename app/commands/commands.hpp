#pragma once
// The bot's commands, one file each. Every add_... puts its routes into the router; access is decided by the routes'
// roles, before any handler.
#include "app/locale.hpp"
#include "app/trader/trader.hpp"
#include "dmarket/client.hpp"
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/router.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

void add_start(tgkit::bot::Router& router);        // /start, /menu
void add_help(tgkit::bot::Router& router);         // /help
void add_balance(tgkit::bot::Router& router);      // /balance
void add_orders(tgkit::bot::Router& router);       // /orders
void add_status(tgkit::bot::Router& router);       // /status
void add_stats(tgkit::bot::Router& router);        // /stats
void add_ping(tgkit::bot::Router& router);         // /ping
void add_settings(tgkit::bot::Router& router);     // /settings
void add_trading(tgkit::bot::Router& router);      // /live, /dryrun, /pause, /resume
void add_real_orders(tgkit::bot::Router& router);  // taking real orders down in dry run
void add_panic(tgkit::bot::Router& router);        // /panic
void add_doubts(tgkit::bot::Router& router);       // answers about orders in doubt
void add_fallback(tgkit::bot::Router& router);     // whatever no other route takes; add it last

// All of them, in the order in which /help lists them.
tgkit::bot::Router all_commands();

// Marks an English text for translation where it stands; it is translated where it is shown.
constexpr const char* msgid(const char* text) { return text; }

// The help text of a route in every language.
tgkit::bot::Route& describe(tgkit::bot::Route& route, std::string_view english);

// What /status shows of the running bot. Filled by the application.
struct Facts {
  std::string version;
  std::function<bool()> live = [] { return false; };        // both switches: orders are real
  std::function<trader::StandingOrders()> real_in_dry_run;  // real orders that stand although we are in dry run
  std::chrono::system_clock::time_point started;
  std::function<std::optional<tgkit::Duration>()> since_last_poll;
  std::function<std::size_t()> updates_waiting;
  std::function<std::size_t()> messages_waiting;
};

// The routes as /help and the fallback see them: known once the router is sealed.
struct RouteBook {
  const tgkit::bot::Router* router = nullptr;
};

// The pure parts, for tests.
std::string balance_text(const dmarket::Balance& balance, const Texts& t);
std::string exchange_problem(const dmarket::Error& error, const Texts& t);
std::string help_text(const std::vector<const tgkit::bot::Route*>& routes, tgkit::bot::Role role, const Texts& t);
// The command that `typed` (without slash) was probably meant to be; empty when none is near.
std::string nearest_command(std::string_view typed, const std::vector<const tgkit::bot::Route*>& routes,
                            tgkit::bot::Role role);
std::string trading_text(const trader::TraderView& view, const Texts& t);  // part of /status; HTML
std::string stops_text(const trader::TraderView& view, const Texts& t);    // lines of it
// "Dry run, but 2 real targets ($18.20) and 1 real offers stand."; empty when there are none.
std::string real_orders_line(const trader::StandingOrders& standing, const Texts& t);
std::string duration_text(tgkit::Duration duration, const Texts& t);  // "2 d 3 h", "5 min", "12 s"

}  // namespace app
