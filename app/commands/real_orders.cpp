#include "app/commands/real_orders.hpp"

#include "app/preferences.hpp"
#include "app/takedown_board.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using tgkit::bot::UserState;
using trader::Trader;

constexpr std::int64_t longest_thought = 300;  // seconds to confirm

std::int64_t seconds_of(const Context& ctx) {
  return std::chrono::duration_cast<std::chrono::seconds>(ctx.clock().wall().time_since_epoch()).count();
}

Page nothing_stands(const Context& ctx, const Texts& t) {
  return Page(t.tr("No order of the bot stands on DMarket."), back_to_menu(ctx, t));
}

Task<> ask(Context& ctx, OpenTakeDown, UserState<TakeDownQuestion> question, Use<Trader> trader) {
  const Texts& t = texts_of(ctx);
  if (trader->real_in_dry_run().any())
    show(ctx, take_down_question(ctx, "", question));
  else
    show(ctx, nothing_stands(ctx, t));
  co_return;
}

Task<> confirm(Context& ctx, ConfirmTakeDown answer, UserState<TakeDownQuestion> question, Use<Trader> trader,
               Use<TakedownBoard> board, Use<Defaults> defaults) {
  const Texts& t = texts_of(ctx);
  if (answer.user != ctx.user_id()) {
    ctx.answer_callback(t.tr("Somebody else was asked."), true);
    co_return;
  }
  if (!question->open || answer.number != question->number || seconds_of(ctx) > answer.expires) {
    ctx.answer_callback(t.tr("This question is out of date. /menu shows what stands."), true);
    co_return;
  }
  question->open = false;
  if (!trader->real_in_dry_run().any()) {
    show(ctx, nothing_stands(ctx, t));
    co_return;
  }
  const Preferences chosen = co_await look_at_preferences(ctx);
  trader->take_down_real(ctx.user_id());
  co_await show_takedown(ctx, *trader, *board, zone_of(chosen, *defaults));
}

}  // namespace

std::string real_orders_line(const trader::StandingOrders& standing, const Texts& t) {
  if (!standing.any()) return {};
  return t.tr("Dry run, but {0} real targets ({1}) and {2} real offers stand.", standing.targets,
              dmarket::to_text(standing.bound), standing.offers);
}

Page take_down_question(const Context& ctx, const std::string& above, UserState<TakeDownQuestion>& question) {
  const Texts& t = texts_of(ctx);
  ConfirmTakeDown yes;
  yes.user = ctx.user_id();
  yes.expires = seconds_of(ctx) + longest_thought;
  yes.number = ++question->number;
  question->open = true;
  Keyboard keyboard(ctx);
  keyboard.button(t.tr("Yes, take them down"), yes).row().button(t.tr("No, leave them"), OpenTrading{});
  Page page(above + (above.empty() ? "" : "\n") +
                t.tr("They can be filled at any moment, with real money. Shall they be taken down?"),
            std::move(keyboard));
  page.offers_takedown = true;
  return page;
}

void add_real_orders(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  router.on(pressed<OpenTakeDown>, ask).role(Role::admin).unlimited();
  router.on(pressed<ConfirmTakeDown>, confirm).role(Role::admin).unlimited();
}

}  // namespace app
