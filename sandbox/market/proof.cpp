// The account's state held against the books.

#include "sandbox/market/state.hpp"

namespace sandbox::market {

std::vector<std::string> Exchange::State::violations() {
  std::vector<std::string> found = books.violations();
  const auto expect = [&](bool holds, const std::string& what) {
    if (!holds) found.push_back(what);
  };
  expect(wallet.usd == books.balance(MoneyPlace::player), "the balance is not that of the books");
  expect(wallet.held == books.balance(MoneyPlace::player_protected), "the protected money is not that of the books");
  expect(wallet.reserved == books.balance(MoneyPlace::player_reserved), "the reserved money is not that of the books");
  expect(wallet.to_withdraw >= Money() && wallet.to_withdraw <= wallet.usd, "more can be paid out than there is");
  for (const auto& [number, asset] : assets) {
    const std::string name = "item " + std::to_string(number);
    expect(asset.place == books.place(number), name + " is not where the books have it");
    expect(asset.offer == 0 || offers.contains(OrderKey{asset.title, asset.offer}), name + " has lost its offer");
    expect(asset.offer == 0 || asset.place == ItemPlace::market, name + " is offered but not in the market");
  }
  std::map<std::uint32_t, std::uint32_t> orders;
  for (const auto& [key, own] : offers) {
    const BookOffer* offer = book(key.title).find_offer(key.serial);
    expect(offer && offer->mine, "an offer of the player is not in its book");
    expect(assets.contains(own.item) && assets.at(own.item).offer == key.serial,
           "an offer of the player has lost its item");
    ++orders[key.title];
  }
  for (const auto& [key, own] : targets) {
    const BookTarget* target = book(key.title).find_target(key.serial);
    expect(target && target->mine && target->amount > 0, "a target of the player is not in its book");
    ++orders[key.title];
  }
  for (std::uint32_t title = 0; title < market.size(); ++title) {
    const TitleState& state = market.as_it_stands(title);
    const auto counted = orders.find(title);
    const std::uint32_t expected = counted == orders.end() ? 0 : counted->second;
    expect(state.player_orders == expected, "the player's orders of a title are miscounted");
    std::uint32_t in_book = 0;
    for (const BookOffer& offer : state.book.offers()) in_book += offer.mine ? 1 : 0;
    for (const BookTarget& target : state.book.targets()) in_book += target.mine ? 1 : 0;
    expect(in_book == expected, "an order of the player stands in a book without an owner");
  }
  return found;
}

std::vector<std::string> Exchange::violations() const { return state_->violations(); }

}  // namespace sandbox::market
