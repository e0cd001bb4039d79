#include "app/real_money_notices.hpp"

#include "tgkit/telegram/format.hpp"

namespace app {
namespace {

using tgkit::telegram::format::escape_html;

std::string price_text(const std::optional<dmarket::Money>& price, const Texts& t) {
  return price ? dmarket::to_text(*price) : t.tr("unknown");
}

Page trade_page(const ledger::Body& trade, const Texts& t, Keyboard keyboard) {
  keyboard.button(t.tr("Take the real orders down"), OpenTakeDown{}).row().button(t.tr("Menu"), OpenMenu{});
  return Page(real_trade_text(trade, t), std::move(keyboard));
}

Page stop_page(const ledger::BalanceStop& stop, const Texts& t, Keyboard keyboard) {
  SetTrading resume;
  resume.what = static_cast<std::uint8_t>(ledger::Switched::resume);
  keyboard.button(t.tr("Resume"), resume).button(t.tr("Status"), OpenStatus{});
  return Page(balance_stop_text(stop, t), std::move(keyboard));
}

}  // namespace

std::string real_trade_text(const ledger::Body& trade, const Texts& t) {
  if (const auto* sale = std::get_if<ledger::Sale>(&trade))
    return t.tr("Real money, although the bot is in dry run: its offer was sold. {0}, {1}",
                escape_html(sale->item.title), price_text(sale->price, t));
  const auto& purchase = std::get<ledger::Purchase>(trade);
  return t.tr("Real money, although the bot is in dry run: its target was filled. {0}, {1}",
              escape_html(purchase.item.title), price_text(purchase.price, t));
}

std::string balance_stop_text(const ledger::BalanceStop& stop, const Texts& t) {
  std::string text = "<b>" + t.tr("Trading is paused") + "</b>\n";
  text += t.tr("The balance changed without a reason: by the trades it should be {0}, it is {1}.",
               dmarket::to_text(stop.expected), dmarket::to_text(stop.seen));
  return text + "\n" + t.tr("Orders that stand stay. When you know why, /resume goes on.");
}

void tell_of_real_money(trader::Trader& trader, Notices& notices) {
  trader.on_real_trade([&notices](const ledger::Body& trade) {
    notices.tell("a real trade in dry run",
                 [trade](const Texts& t, Keyboard keyboard) { return trade_page(trade, t, std::move(keyboard)); });
  });
  trader.on_balance_stop([&notices](const ledger::BalanceStop& stop) {
    notices.tell("a balance that changed",
                 [stop](const Texts& t, Keyboard keyboard) { return stop_page(stop, t, std::move(keyboard)); });
  });
}

}  // namespace app
