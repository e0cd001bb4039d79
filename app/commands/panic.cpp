// /panic: waits for nothing: no rate limit, no order of updates, no other command of its person, and not the exchange.
// Its answer does not go through the outbox, which would let it wait behind the handler's commit.
#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "app/takedown_board.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;

Task<> panic(Context& ctx, Use<trader::Trader> trader, Use<TakedownBoard> board, Use<Defaults> defaults) {
  co_await trader->panic(ctx.user_id());
  const Preferences chosen = co_await look_at_preferences(ctx);
  co_await show_takedown(ctx, *trader, *board, zone_of(chosen, *defaults));
}

Task<> press_panic(Context& ctx, PressPanic, Use<trader::Trader> trader, Use<TakedownBoard> board,
                   Use<Defaults> defaults) {
  co_await panic(ctx, trader, board, defaults);
}

}  // namespace

void add_panic(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"panic">, panic), msgid("stop trading at once and take all orders of the bot down"))
      .role(Role::admin)
      .unlimited()
      .long_running()
      .order(OrderBy::none);
  router.on(pressed<PressPanic>, press_panic).role(Role::admin).unlimited().long_running().order(OrderBy::none);
}

}  // namespace app
