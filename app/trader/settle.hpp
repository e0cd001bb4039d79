#pragma once
// What became of orders whose answers were lost, and of orders that are not listed any more: from the exchange's lists.
// Pure; the lists have to be read in the order in which they stand here, the closed ones last, so that whatever left
// the one is in the other.
#include "app/ledger/books.hpp"
#include "app/trader/absence.hpp"
#include "dmarket/account.hpp"
#include "dmarket/listing.hpp"
#include "dmarket/reconcile.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace app::trader {

struct AccountLists {
  std::int64_t asked = 0;  // before the first of them was asked for, Unix seconds by the exchange's clock
  // The offers of titles in which a purchase at once is open, by game and title. What has left them is in the
  // inventory.
  std::map<std::pair<dmarket::Game, std::string>, dmarket::Listed<dmarket::Offer>> market;
  std::map<dmarket::Game, dmarket::Listed<dmarket::Target>> targets;
  std::map<dmarket::Game, dmarket::Listed<dmarket::Offer>> offers;
  std::map<dmarket::Game, dmarket::Listed<dmarket::InventoryItem>> inventory;
  std::map<dmarket::Game, std::string> unread;  // games whose lists could not be read, and why
  std::int64_t closed_from = 0;                 // trades closed since; 0: all
  dmarket::Listed<dmarket::ClosedOffer> closed_offers;
  dmarket::Listed<dmarket::ClosedTarget> closed_targets;
};

// Clocks differ by a little, and a trade may be closed in the second in which its order was written down.
inline constexpr std::int64_t clock_margin = 300;
// What was made or bought that recently may be missing in a list that lags.
inline constexpr std::int64_t list_lag = dmarket::list_lag.count();
// The process ended between writing the intent and entering its outcome: the order may have waited for its turn, and
// for its answer, so long.
inline constexpr std::int64_t longest_call = 60;

// The list of a game; null where it was not read.
template <class Item>
const dmarket::Listed<Item>* find_list(const std::map<dmarket::Game, dmarket::Listed<Item>>& lists,
                                       const std::string& game_id) {
  const auto game = dmarket::game_of_id(game_id);
  const auto found = game ? lists.find(*game) : lists.end();
  return found == lists.end() ? nullptr : &found->second;
}

// Since when the closed lists are needed to settle what is open; nothing when nothing is.
std::optional<std::int64_t> settling_needs(const ledger::Books& books);

// Outcomes of the open intents that the lists tell, each purchase at once with its outcome; the others stay open. To be
// entered together: a later one may depend on the earlier. Trades in the lists are entered by ledger::new_trades.
// What rests on absence is told when a second look has found the same.
std::vector<ledger::Entry> settle(const ledger::Books& books, const AccountLists& lists, Absences& absences);

// Orders of ours that are neither listed nor filled, by two looks. Call it when the trades of the same lists have been
// entered.
std::vector<ledger::Entry> gone_orders(const ledger::Books& books, const AccountLists& lists, Absences& absences);

}  // namespace app::trader
