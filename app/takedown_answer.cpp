#include "app/takedown_board.hpp"
#include "tgkit/telegram/api.hpp"
#include "tgkit/telegram/calls/messages.hpp"
#include "tgkit/telegram/error.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;

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
    ctx.log().warn("an answer that should not wait goes by the outbox", tgkit::ops::Field("reason", error.what()));
    message = 0;
  }
  co_return message;
}

}  // namespace

Task<> show_takedown(Context& ctx, trader::Trader& trader, TakedownBoard& board, std::string zone) {
  TakedownMessage message;
  message.texts = &texts_of(ctx);
  message.zone = std::move(zone);
  message.chat = ctx.chat_id();
  Page page = takedown_page(trader.takedown(), *message.texts, message.zone, Keyboard(ctx));
  message.shown = page.html;
  Page now = page;
  message.message = co_await show_now(ctx, std::move(now));
  if (message.message == 0)
    show(ctx, std::move(page));
  else
    board.follow(std::move(message));
}

}  // namespace app
