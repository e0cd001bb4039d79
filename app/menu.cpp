#include "app/menu.hpp"

#include "app/commands/commands.hpp"
#include "app/takedown_board.hpp"
#include "tgkit/telegram/calls/messages.hpp"

namespace app {

using tgkit::bot::Context;
using tgkit::telegram::InlineKeyboardButton;

Keyboard& Keyboard::row() {
  auto& rows = markup_.inline_keyboard;
  if (rows.empty() || !rows.back().empty()) rows.emplace_back();
  return *this;
}

Keyboard& Keyboard::add(std::string label, std::string data) {
  if (markup_.inline_keyboard.empty()) markup_.inline_keyboard.emplace_back();
  InlineKeyboardButton button;
  button.text = std::move(label);
  button.callback_data = std::move(data);
  markup_.inline_keyboard.back().push_back(std::move(button));
  return *this;
}

namespace {

// Strangers are told nothing; only admins have the button.
void tell_real_orders(Context& ctx, Page& page) {
  if (ctx.role() < tgkit::bot::Role::viewer || !ctx.services().has(tgkit::bot::service_key<Facts>())) return;
  const Facts& facts = ctx.services().get<Facts>();
  const std::string line = facts.real_in_dry_run ? real_orders_line(facts.real_in_dry_run(), texts_of(ctx)) : "";
  if (line.empty()) return;
  page.html = "\u26a0 " + line + "\n\n" + page.html;
  if (page.offers_takedown || ctx.role() < tgkit::bot::Role::admin) return;
  Keyboard keyboard(ctx);
  keyboard.button(texts_of(ctx).tr("Take the real orders down"), OpenTakeDown{});
  auto button = std::move(keyboard).markup().inline_keyboard;
  page.keyboard.inline_keyboard.push_back(std::move(button.front()));
}

}  // namespace

void show(Context& ctx, Page page) {
  tell_real_orders(ctx, page);
  if (ctx.event().pressed_message() != nullptr) {
    if (ctx.services().has(tgkit::bot::service_key<TakedownBoard>()))
      ctx.services().get<TakedownBoard>().leave(ctx.chat_id(), ctx.event().pressed_message_id());
    ctx.edit(std::move(page.html)).html().reply_markup(std::move(page.keyboard));
  } else {
    ctx.reply(std::move(page.html)).html().reply_markup(std::move(page.keyboard));
  }
}

Keyboard back_to_menu(const Context& ctx, const Texts& texts) {
  Keyboard keyboard(ctx);
  keyboard.button(texts.tr("Menu"), OpenMenu{});
  return keyboard;
}

}  // namespace app
