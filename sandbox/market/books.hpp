#pragma once
// The exchange's own books: every cent and every item of the player, each movement from one place to another. They are
// kept apart from the market's state, so that a proof can hold one against the other, and both against a bot's ledger.
#include "sandbox/market/values.hpp"

#include <map>
#include <vector>

namespace sandbox::market {

// Where money can be. Movements only: the sum of all is always zero.
enum class MoneyPlace : std::uint8_t { outside, player, player_reserved, player_protected, traders, fees };
inline constexpr int money_places = 6;
std::string_view to_text(MoneyPlace place);

// Where an item that was ever the player's can be.
enum class ItemPlace : std::uint8_t { outside, steam, market, traders };
std::string_view to_text(ItemPlace place);

using ItemNumber = std::int64_t;  // of one copy for its whole life, whatever ids it has had

struct MoneyEntry {
  Time at = 0;
  MoneyPlace from = MoneyPlace::outside, to = MoneyPlace::outside;
  Money amount;  // above zero
  std::int64_t trade = 0;
  std::string_view reason;  // "opening", "sale", "fee", "purchase", "release", "revert", "top-up", ...
};

struct ItemEntry {
  Time at = 0;
  ItemNumber item = 0;
  ItemPlace from = ItemPlace::outside, to = ItemPlace::outside;
  std::int64_t trade = 0;
  std::string_view reason;
};

class Books {
 public:
  // Amounts of zero leave no entry. Requires amount >= 0 and from != to.
  void move(Time at, MoneyPlace from, MoneyPlace to, Money amount, std::string_view reason, std::int64_t trade = 0);
  // The first entry of an item may begin anywhere, the others where it is.
  void move(Time at, ItemNumber item, ItemPlace from, ItemPlace to, std::string_view reason, std::int64_t trade = 0);
  Trade& open(Trade trade);  // gives it its number
  Trade& trade(std::int64_t number) { return trades_.at(static_cast<std::size_t>(number - 1)); }

  const std::vector<Trade>& trades() const { return trades_; }  // by number
  const std::vector<MoneyEntry>& money() const { return money_; }
  const std::vector<ItemEntry>& items() const { return items_; }
  Money balance(MoneyPlace place) const { return balances_[static_cast<std::size_t>(place)]; }  // below zero: has given
  ItemPlace place(ItemNumber item) const;

  // What does not add up, sentence by sentence; empty when all is well: entries against balances, entries of each trade
  // against its price, fee and state, nothing of the player below zero, each item in one place at a time.
  std::vector<std::string> violations() const;

  // Gross and fees of the player's deals by state, for tables.
  struct Totals {
    std::int64_t sales = 0, purchases = 0;
    Money sold, fees, bought;
  };
  Totals totals(TradeState state) const;

 private:
  std::vector<Trade> trades_;
  std::vector<MoneyEntry> money_;
  std::vector<ItemEntry> items_;
  std::map<ItemNumber, ItemPlace> places_;
  std::array<Money, money_places> balances_{};
};

}  // namespace sandbox::market
