#include "app/commands/commands.hpp"

namespace app {

tgkit::bot::Router all_commands() {
  tgkit::bot::Router router;
  add_start(router);
  add_balance(router);
  add_orders(router);
  add_status(router);
  add_trading(router);
  add_panic(router);
  add_doubts(router);
  add_real_orders(router);
  add_settings(router);
  add_stats(router);
  add_ping(router);
  add_help(router);
  add_fallback(router);
  return router;
}

tgkit::bot::Route& describe(tgkit::bot::Route& route, std::string_view english) {
  route.help(std::string(english));
  for (const std::string& language : Texts::languages()) route.help(language, Texts::of(language).tr(english));
  return route;
}

}  // namespace app
