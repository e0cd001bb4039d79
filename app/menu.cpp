#include "app/menu.hpp"

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

void show(Context& ctx, Page page) {
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
