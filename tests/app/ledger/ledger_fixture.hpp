#pragma once
// Short ways to write a ledger down.
#include "app/ledger/books.hpp"

#include <string>
#include <vector>

namespace tests::ledger {

using namespace app::ledger;
using dmarket::Money;

inline Money dollars(std::int64_t whole, std::int64_t cents = 0) { return Money::cents(whole * 100 + cents); }

inline constexpr std::int64_t t0 = 20'000 * day_seconds + 3600;  // a UTC day begins an hour before it

inline Item item(std::string title, std::string float_value = "", std::int64_t seed = 0) {
  Item made;
  made.game = "a8db";
  made.title = std::move(title);
  made.float_value = std::move(float_value);
  made.paint_seed = seed;
  return made;
}

inline Intent target_intent(Money price, std::int64_t amount = 1) {
  Intent made;
  made.action = Action::create_target;
  made.item = item("AK");
  made.price = price;
  made.amount = amount;
  made.reserve = price * amount;
  return made;
}

inline Intent offer_intent(std::string asset, Money price, std::string offer = "") {
  Intent made;
  made.action = offer.empty() ? Action::create_offer : Action::change_offer;
  made.item = item("AK");
  made.price = price;
  made.asset_id = std::move(asset);
  made.offer_id = std::move(offer);
  return made;
}

inline Outcome outcome(std::int64_t intent, Result result, std::string target = "", std::string offer = "") {
  Outcome made;
  made.intent = intent;
  made.result = result;
  made.target_id = std::move(target);
  made.offer_id = std::move(offer);
  return made;
}

inline Purchase purchase(std::string target, std::string asset, Money price, std::int64_t at,
                         TradeState state = TradeState::final) {
  Purchase made;
  made.target_id = std::move(target);
  made.asset_id = std::move(asset);
  made.item = item("AK");
  made.price = price;
  made.at = at;
  made.state = state;
  return made;
}

inline Sale sale(std::string offer, std::string asset, Money price, Money fee, std::int64_t at,
                 TradeState state = TradeState::final) {
  Sale made;
  made.offer_id = std::move(offer);
  made.asset_id = std::move(asset);
  made.item = item("AK");
  made.price = price;
  made.fee = fee;
  made.at = at;
  made.state = state;
  return made;
}

inline Cost cost(std::string asset, Money price) {
  Cost made;
  made.asset_id = std::move(asset);
  made.price = price;
  return made;
}

inline Seen seen(std::string asset, Item what) {
  Seen made;
  made.asset_id = std::move(asset);
  made.item = std::move(what);
  return made;
}

// Numbers the entries as a ledger does.
class Writing {
 public:
  std::int64_t put(Body body, std::int64_t at = t0) {
    Entry entry(at, false, std::move(body));
    entry.number = static_cast<std::int64_t>(entries.size()) + 1;
    books.apply(entry);
    entries.push_back(std::move(entry));
    return entries.back().number;
  }
  // A target that stands.
  std::string place(Money price, std::int64_t amount = 1, std::int64_t at = t0) {
    const std::int64_t intent = put(target_intent(price, amount), at);
    const std::string id = "t" + std::to_string(intent);
    put(outcome(intent, Result::done, id), at);
    return id;
  }
  std::vector<Entry> entries;
  Books books;
};

}  // namespace tests::ledger
