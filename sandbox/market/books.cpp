#include "sandbox/market/books.hpp"

#include <stdexcept>

namespace sandbox::market {
namespace {

using Sums = std::array<Money, money_places>;

Money& at(Sums& sums, MoneyPlace place) { return sums[static_cast<std::size_t>(place)]; }

void add_entry(Sums& sums, const MoneyEntry& entry) {
  at(sums, entry.from) -= entry.amount;
  at(sums, entry.to) += entry.amount;
}

// What a trade has moved in all, by its state.
Sums expected(const Trade& trade) {
  Sums sums{};
  const bool undone = trade.state == TradeState::reverted || trade.state == TradeState::failed;
  if (undone) return sums;
  if (trade.side == TradeSide::sale) {
    const bool held = trade.state == TradeState::trade_protected;
    at(sums, MoneyPlace::traders) -= trade.price;
    at(sums, MoneyPlace::fees) += trade.fee;
    at(sums, held ? MoneyPlace::player_protected : MoneyPlace::player) += trade.price - trade.fee;
  } else {
    const bool pending = trade.state == TradeState::pending;
    at(sums, MoneyPlace::player) -= trade.price;
    at(sums, pending ? MoneyPlace::player_reserved : MoneyPlace::traders) += trade.price;
  }
  return sums;
}

ItemPlace expected_place(const Trade& trade) {
  const bool done = trade.state == TradeState::trade_protected || trade.state == TradeState::successful;
  return (trade.side == TradeSide::sale) == done ? ItemPlace::traders : ItemPlace::market;
}

std::string named(const Trade& trade) {
  return std::string(trade.side == TradeSide::sale ? "sale " : "purchase ") + std::to_string(trade.number) + " (" +
         std::string(to_text(trade.state)) + ")";
}

}  // namespace

std::string_view to_text(MoneyPlace place) {
  constexpr std::string_view texts[] = {"outside", "player", "player_reserved", "player_protected", "traders", "fees"};
  return texts[static_cast<std::size_t>(place)];
}

std::string_view to_text(ItemPlace place) {
  constexpr std::string_view texts[] = {"outside", "steam", "market", "traders"};
  return texts[static_cast<std::size_t>(place)];
}

void Books::move(Time when, MoneyPlace from, MoneyPlace to, Money amount, std::string_view reason, std::int64_t trade) {
  if (amount < Money() || from == to) throw std::logic_error("books: an entry moves an amount to another place");
  if (amount == Money()) return;
  money_.push_back(MoneyEntry{when, from, to, amount, trade, reason});
  add_entry(balances_, money_.back());
}

void Books::move(Time when, ItemNumber item, ItemPlace from, ItemPlace to, std::string_view reason,
                 std::int64_t trade) {
  const auto known = places_.find(item);
  if ((known != places_.end() && known->second != from) || from == to)
    throw std::logic_error("books: an item leaves where it is for another place");
  items_.push_back(ItemEntry{when, item, from, to, trade, reason});
  places_[item] = to;
}

Trade& Books::open(Trade trade) {
  trade.number = static_cast<std::int64_t>(trades_.size()) + 1;
  trades_.push_back(std::move(trade));
  return trades_.back();
}

ItemPlace Books::place(ItemNumber item) const {
  const auto found = places_.find(item);
  return found == places_.end() ? ItemPlace::outside : found->second;
}

std::vector<std::string> Books::violations() const {
  std::vector<std::string> found;
  Sums all{};
  std::vector<Sums> by_trade(trades_.size() + 1);
  for (const MoneyEntry& entry : money_) {
    add_entry(all, entry);
    add_entry(by_trade.at(static_cast<std::size_t>(entry.trade)), entry);
    for (const MoneyPlace place : {MoneyPlace::player, MoneyPlace::player_reserved, MoneyPlace::player_protected}) {
      if (at(all, place) < Money())
        found.push_back(std::string(to_text(place)) + " falls below zero by " + std::string(entry.reason));
    }
  }
  if (all != balances_) found.push_back("the entries do not add up to the balances");
  Money total;
  for (const Money balance : balances_) total += balance;
  if (total != Money()) found.push_back("the balances do not add up to zero");
  for (const Trade& trade : trades_) {
    if (by_trade[static_cast<std::size_t>(trade.number)] != expected(trade)) {
      found.push_back("the entries of " + named(trade) + " are not its price and fee");
    }
  }
  std::map<ItemNumber, ItemPlace> places;
  std::map<std::int64_t, ItemPlace> moved;
  for (const ItemEntry& entry : items_) {
    if (places.contains(entry.item) && places[entry.item] != entry.from)
      found.push_back("item " + std::to_string(entry.item) + " leaves where it is not");
    places[entry.item] = entry.to;
    if (entry.trade != 0) moved[entry.trade] = entry.to;
  }
  if (places != places_) found.push_back("the entries of items do not lead to where they are");
  for (const Trade& trade : trades_) {
    const bool had = moved.contains(trade.number);
    const bool never = trade.state == TradeState::pending || trade.state == TradeState::failed;
    if (had == never || (had && moved[trade.number] != expected_place(trade))) {
      found.push_back("the item of " + named(trade) + " is not where it belongs");
    }
  }
  return found;
}

Books::Totals Books::totals(TradeState state) const {
  Totals totals;
  for (const Trade& trade : trades_) {
    if (trade.state != state) continue;
    if (trade.side == TradeSide::sale) {
      ++totals.sales;
      totals.sold += trade.price;
      totals.fees += trade.fee;
    } else {
      ++totals.purchases;
      totals.bought += trade.price;
    }
  }
  return totals;
}

}  // namespace sandbox::market
