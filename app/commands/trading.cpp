// What holds trading up and lets it go on. Only for admins.
#include "app/commands/real_orders.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/telegram/format.hpp"

#include <tuple>

namespace app {

// The question that was asked last and is not answered yet.
struct LiveQuestion {
  std::int64_t number = 0;  // of the last one
  bool open = false;
};

}  // namespace app

template <>
struct tgkit::bot::Stored<app::LiveQuestion> {
  static constexpr std::string_view name = "live question";
  static constexpr auto fields =
      std::tuple(field("number", &app::LiveQuestion::number), field("open", &app::LiveQuestion::open));
};

namespace app {
namespace {

using ledger::Switched;
using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using tgkit::bot::UserState;
using trader::Trader;

constexpr std::int64_t patience = 60;  // seconds to confirm

std::int64_t now_of(const Context& ctx) {
  return std::chrono::duration_cast<std::chrono::seconds>(ctx.clock().wall().time_since_epoch()).count();
}

SetTrading switch_to(Switched what) {
  SetTrading payload;
  payload.what = static_cast<std::uint8_t>(what);
  return payload;
}

// What the mode is now, with the buttons that change it for the safer.
Page trading_page(const Context& ctx, const Trader& trader, const std::string& said) {
  const Texts& t = texts_of(ctx);
  const trader::TraderView view = trader.view();
  Keyboard keyboard(ctx);
  if (view.paused)
    keyboard.button(t.tr("Resume"), switch_to(Switched::resume));
  else
    keyboard.button(t.tr("Pause"), switch_to(Switched::pause));
  if (view.live) keyboard.button(t.tr("Dry run"), switch_to(Switched::dry_run));
  keyboard.row().button(t.tr("Stop everything"), PressPanic{});
  keyboard.row().button(t.tr("Status"), OpenStatus{}).button(t.tr("Menu"), OpenMenu{});
  return Page("<b>" + t.tr("Trading") + "</b>\n" + said, std::move(keyboard));
}

std::string dry_run_text(const Trader& trader, const Texts& t) {
  if (trader.real_in_dry_run().any()) return t.tr("Dry run: nothing new is ordered on DMarket.");
  return t.tr("Dry run: nothing is changed on DMarket.");
}

std::string said_of(Switched what, const Trader& trader, const Texts& t) {
  switch (what) {
    case Switched::live:
      return t.tr("Live: orders are real.");
    case Switched::dry_run:
      return dry_run_text(trader, t);
    case Switched::pause:
      return t.tr("Trading is paused. Nothing new is ordered; orders that stand stay, unless they become bad.");
    case Switched::resume:
      return t.tr("Trading goes on.");
    case Switched::panic:
      break;
  }
  return {};
}

Task<> change(Context& ctx, Trader& trader, Switched what) {
  co_await trader.set(what, ctx.user_id());
  show(ctx, trading_page(ctx, trader, said_of(what, trader, texts_of(ctx))));
}

// It holds at once; what stands is asked about afterwards.
Task<> to_dry_run(Context& ctx, Trader& trader, UserState<TakeDownQuestion>& question) {
  const Texts& t = texts_of(ctx);
  co_await trader.set(Switched::dry_run, ctx.user_id());
  if (trader.real_in_dry_run().any())
    show(ctx, take_down_question(ctx, "<b>" + t.tr("Trading") + "</b>\n" + dry_run_text(trader, t), question));
  else
    show(ctx, trading_page(ctx, trader, dry_run_text(trader, t)));
}

std::string mode_text(const Trader& trader, const Texts& t) {
  return trader.live() ? t.tr("Live: orders are real.") : t.tr("Dry run: nothing is changed on DMarket.");
}

Task<> live(Context& ctx, UserState<LiveQuestion> question, Use<Trader> trader) {
  const Texts& t = texts_of(ctx);
  if (!trader->view().configured_live) {
    show(ctx, trading_page(ctx, *trader,
                           t.tr("The operator has not allowed it: the bot runs with DRY_RUN=true. Live trading needs "
                                "DRY_RUN=false in its configuration and this command.")));
    co_return;
  }
  if (trader->live()) {
    show(ctx, trading_page(ctx, *trader, t.tr("Live: orders are real.")));
    co_return;
  }
  ConfirmLive payload;
  payload.user = ctx.user_id();
  payload.expires = now_of(ctx) + patience;
  payload.number = ++question->number;
  question->open = true;
  Keyboard keyboard(ctx);
  keyboard.button(t.tr("Yes, trade with real money"), payload).row().button(t.tr("No"), OpenMenu{});
  show(ctx, Page("<b>" + t.tr("Trading") + "</b>\n" +
                     t.tr("From then on the bot buys and sells with real money. Confirm within {0} seconds.", patience),
                 std::move(keyboard)));
}

Task<> confirm_live(Context& ctx, ConfirmLive answer, UserState<LiveQuestion> question, Use<Trader> trader) {
  const Texts& t = texts_of(ctx);
  if (answer.user != ctx.user_id()) {
    tgkit::bot::answer_person(ctx, t.tr("Somebody else was asked."));
    co_return;
  }
  if (!question->open || answer.number != question->number || now_of(ctx) > answer.expires) {
    tgkit::bot::answer_person(ctx,
                              t.tr("This question is out of date. Ask again: /live") + "\n" + mode_text(*trader, t));
    co_return;
  }
  question->open = false;
  co_await change(ctx, *trader, Switched::live);
}

Task<> dry_run(Context& ctx, UserState<TakeDownQuestion> question, Use<Trader> trader) {
  co_await to_dry_run(ctx, *trader, question);
}
Task<> pause(Context& ctx, Use<Trader> trader) { co_await change(ctx, *trader, Switched::pause); }
Task<> resume(Context& ctx, Use<Trader> trader) { co_await change(ctx, *trader, Switched::resume); }

Task<> press_switch(Context& ctx, SetTrading payload, UserState<TakeDownQuestion> question, Use<Trader> trader) {
  const auto what = static_cast<Switched>(payload.what);
  if (what == Switched::dry_run) co_await to_dry_run(ctx, *trader, question);
  if (what == Switched::pause || what == Switched::resume) co_await change(ctx, *trader, what);
}

Task<> press_trading(Context& ctx, OpenTrading, Use<Trader> trader) {
  const trader::TraderView view = trader->view();
  const Texts& t = texts_of(ctx);
  const std::string mode = view.live ? t.tr("Live: orders are real.") : dry_run_text(*trader, t);
  show(ctx, trading_page(ctx, *trader, mode + "\n" + trading_text(view, t)));
  co_return;
}

}  // namespace

void add_trading(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"pause">, pause), msgid("order nothing new")).role(Role::admin).unlimited();
  describe(router.on(command<"resume">, resume), msgid("trade on after a pause or panic")).role(Role::admin);
  describe(router.on(command<"live">, live), msgid("trade with real money")).role(Role::admin);
  describe(router.on(command<"dryrun">, dry_run), msgid("back to simulated orders")).role(Role::admin).unlimited();
  router.on(pressed<OpenTrading>, press_trading).role(Role::admin);
  // Without a time limit: one that was given up could still become true, and nobody would have been told.
  router.on(pressed<ConfirmLive>, confirm_live).role(Role::admin).long_running();
  router.on(pressed<SetTrading>, press_switch).role(Role::admin);
}

}  // namespace app
