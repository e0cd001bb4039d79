#pragma once
// What admins are told of real money without having asked: an order that was filled although the bot is in dry run, and
// a balance that has stopped trading.
#include "app/notices.hpp"
#include "app/trader/trader.hpp"

namespace app {

// From now on; both must outlive the trader's last round.
void tell_of_real_money(trader::Trader& trader, Notices& notices);

std::string real_trade_text(const ledger::Body& trade, const Texts& t);          // HTML
std::string balance_stop_text(const ledger::BalanceStop& stop, const Texts& t);  // HTML

}  // namespace app
