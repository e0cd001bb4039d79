// The player buys shown offers at once.

#include "sandbox/market/state.hpp"

#include <set>

namespace sandbox::market {

// Why this offer cannot be bought at this price; fills `key`.
std::string Exchange::State::purchase_obstacle(const BuyRequest& request, OrderKey& key) {
  const auto parts = market.ids().read(request.offer_id, IdKind::offer);
  if (!parts || parts->title >= market.size()) return "OfferNotFound";
  key = OrderKey{parts->title, parts->serial};
  market.look(key.title, now);
  const BookOffer* offer = book(key.title).find_offer(key.serial);
  if (!offer) return "OfferNotFound";
  if (offer->mine) return "OwnOffer";
  if (offer->reserved) return "OfferLocked";
  if (Money::cents(offer->price) != request.price) return "OfferPriceChanged";
  return {};
}

BuyAnswer Exchange::State::buy(std::span<const BuyRequest> requests) {
  BuyAnswer answer;
  std::vector<OrderKey> keys;
  std::set<OrderKey> seen;
  Money sum;
  for (const BuyRequest& request : requests) {
    OrderKey key;
    answer.fail_code = purchase_obstacle(request, key);
    if (answer.fail_code.empty() && !seen.insert(key).second) answer.fail_code = "OfferNotFound";
    if (!answer.fail_code.empty()) return answer;
    keys.push_back(key);
    sum += request.price;
  }
  if (keys.empty())
    answer.fail_code = "BadRequest";
  else if (sum > wallet.usd)
    answer.fail_code = "BalanceInsufficientFunds";
  if (!answer.fail_code.empty()) return answer;

  const std::int64_t transaction = ++last_transaction;
  PendingPurchase& made = pending[transaction];
  made.offers = keys;
  for (const OrderKey key : keys) {
    BookOffer& offer = *book(key.title).find_offer(key.serial);
    offer.reserved = true;
    const Money price = Money::cents(offer.price);
    made.trades.push_back(open(purchase(key.title, offer, price)));
    pay(price, MoneyPlace::player_reserved, "purchase", made.trades.back());
  }
  answer.order_id = new_id(IdKind::order);
  answer.tx_id = new_id(IdKind::transaction);
  const bool waits = random.chance(rules.pending_share);
  answer.status = waits ? TxStatus::pending : TxStatus::success;
  made.will_fail = waits && random.chance(rules.pending_fail_share);
  if (waits)
    plan(after(rules.pending_from, rules.pending_to), What::purchase_ends, {}, transaction);
  else
    purchase_ends(transaction);
  return answer;
}

BuyAnswer Exchange::buy(std::span<const BuyRequest> requests) {
  BuyAnswer answer = state_->buy(requests);
  for (const BuyRequest& request : requests) {
    answer.started.emplace_back(request.offer_id, answer.status != TxStatus::failed);
  }
  state_->look_at_cover();
  return answer;
}

}  // namespace sandbox::market
