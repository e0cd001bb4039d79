// /panic: waits for nothing: no rate limit, no order of updates, no other command of its person, and not the exchange.
// Its answer does not go through the outbox, which would let it wait behind the handler's commit.
#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "app/takedown_board.hpp"
#include "tgkit/telegram/api.hpp"
#include "tgkit/telegram/calls/messages.hpp"
#include "tgkit/telegram/error.hpp"

#include <optional>

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;

// The number of the message that shows the page; 0 when it could not be sent so.
Task<std::int64_t> show_now(Context& ctx, Page page) {
  std::int64_t message = ctx.event().pressed_message_id();
  try {
    if (message != 0) {
      auto edit = ctx.api().edit_message_text();
      edit.chat_id(ctx.chat_id()).message_id(message).text(page.html).html().reply_markup(page.keyboard);
      co_await std::move(edit);
    } else {
      auto reply = ctx.api().send_message(ctx.chat_id(), page.html);
      if (ctx.event().topic_id() != 0) reply.message_thread_id(ctx.event().topic_id());
      reply.html().reply_markup(page.keyboard);
      const tgkit::telegram::Message sent = co_await std::move(reply);
      message = sent.message_id;
    }
  } catch (const tgkit::telegram::Error& error) {
    if (error.is_not_modified()) co_return message;
    ctx.log().warn("the answer to /panic goes by the outbox", tgkit::ops::Field("reason", error.what()));
    message = 0;
  }
  co_return message;
}

Task<> panic(Context& ctx, Use<trader::Trader> trader, Use<TakedownBoard> board, Use<Defaults> defaults) {
  co_await trader->panic(ctx.user_id());
  const Preferences chosen = co_await look_at_preferences(ctx);
  TakedownMessage message;
  message.texts = &texts_of(ctx);
  message.zone = zone_of(chosen, *defaults);
  message.chat = ctx.chat_id();
  Page page = takedown_page(trader->takedown(), *message.texts, message.zone, Keyboard(ctx));
  message.shown = page.html;
  Page sent = page;
  message.message = co_await show_now(ctx, std::move(sent));
  if (message.message == 0)
    show(ctx, std::move(page));
  else
    board->follow(std::move(message));
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
