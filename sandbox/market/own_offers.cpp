// The player offers, changes and takes down.

#include "sandbox/market/state.hpp"

#include <set>

namespace sandbox::market {
namespace {

Refusal bad_price() {
  return {"InvalidPrice", "a price is between 1 cent and " + money_text(Money::cents(most_price))};
}

}  // namespace

Result<OfferBatch> Exchange::create_offers(std::span<const OfferRequest> requests) {
  if (const auto refusal = batch_refusal(requests.size(), state_->rules.batch_limit)) return std::unexpected(*refusal);
  OfferBatch batch;
  std::set<Uuid> seen;
  for (const OfferRequest& request : requests) {
    const auto result = seen.insert(request.id).second
                            ? state_->create_offer(request)
                            : Result<OfferDone>(std::unexpected(Refusal{"DuplicatedAssets", "the asset comes twice"}));
    if (result)
      batch.offers.push_back(*result);
    else
      batch.failed.push_back(OfferFailed{request.id, result.error()});
  }
  state_->look_at_cover();
  return batch;
}

Result<OfferBatch> Exchange::update_offers(std::span<const OfferRequest> requests) {
  if (const auto refusal = batch_refusal(requests.size(), state_->rules.batch_limit)) return std::unexpected(*refusal);
  OfferBatch batch;
  for (const OfferRequest& request : requests) {
    const auto result = state_->update_offer(request);
    if (result)
      batch.offers.push_back(*result);
    else
      batch.failed.push_back(OfferFailed{request.id, result.error()});
  }
  return batch;
}

Result<OfferBatch> Exchange::delete_offers(std::span<const OfferRequest> requests) {
  if (const auto refusal = batch_refusal(requests.size(), state_->rules.batch_limit)) return std::unexpected(*refusal);
  OfferBatch batch;
  for (const OfferRequest& request : requests) {
    const auto result = state_->delete_offer(request.id);
    if (result)
      batch.offers.push_back(*result);
    else
      batch.failed.push_back(OfferFailed{request.id, result.error()});
  }
  return batch;
}

std::optional<OrderKey> Exchange::State::own_offer(const Uuid& id) const {
  const auto parts = market.ids().read(id, IdKind::offer);
  if (!parts || !offers.contains(OrderKey{parts->title, parts->serial})) return std::nullopt;
  return OrderKey{parts->title, parts->serial};
}

// Puts the asset into the book at this price and lets the world see it.
OfferDone Exchange::State::put_up(Asset& asset, Money price) {
  hold(asset.title);
  BookOffer offer;
  set_copy(offer, asset.copy);
  offer.price = static_cast<std::uint32_t>(price.in_cents());
  offer.serial = offer.asset = book(asset.title).next_serial();
  offer.created = static_cast<std::uint32_t>(now);
  offer.mine = true;
  book(asset.title).insert(offer);
  const OrderKey key{asset.title, offer.serial};
  offers[key] = OwnOffer{asset.number, now, false};
  asset.offer = offer.serial;
  asset.change_at = now + rules.offer_lock;
  asset.updated_at = now;
  watch(asset.title);
  if (random.chance(rules.reaction_share)) {
    plan(after(rules.reaction_delay_from, rules.reaction_delay_to), What::offer_answered, key);
  }
  return OfferDone{market.ids().make(IdKind::offer, key.title, key.serial), asset.id};
}

Result<OfferDone> Exchange::State::create_offer(const OfferRequest& request) {
  const auto found = market_items.find(request.id);
  if (found == market_items.end()) return std::unexpected(Refusal{"AssetNotFound", "no such asset of yours"});
  Asset& asset = assets.at(found->second);
  if (asset.place != ItemPlace::market || asset.moving) {
    return std::unexpected(Refusal{"AssetNotFound", "the asset is not in the market any more"});
  }
  if (asset.offer != 0) return std::unexpected(Refusal{"AssetAlreadyOffered", "the asset is offered already"});
  if (!valid_price(request.price)) return std::unexpected(bad_price());
  if (const auto locked = locked_until(asset.change_at, now)) return std::unexpected(*locked);
  return put_up(asset, request.price);
}

Result<OfferDone> Exchange::State::update_offer(const OfferRequest& request) {
  const auto key = own_offer(request.id);
  if (!key) return std::unexpected(Refusal{"OfferNotFound", "no such offer of yours"});
  if (!valid_price(request.price)) return std::unexpected(bad_price());
  Asset& asset = assets.at(offers.at(*key).item);
  if (const auto locked = locked_until(asset.change_at, now)) return std::unexpected(*locked);
  take_down(*key);
  return put_up(asset, request.price);
}

Result<OfferDone> Exchange::State::delete_offer(const Uuid& id) {
  const auto key = own_offer(id);
  if (!key) return std::unexpected(Refusal{"OfferNotFound", "no such offer of yours"});
  Asset& asset = assets.at(offers.at(*key).item);
  const auto locked = locked_until(asset.change_at, now);
  if (locked && rules.lock_refuses_delete) return std::unexpected(*locked);
  take_down(*key);
  if (rules.lock_after_delete) asset.change_at = now + rules.offer_lock;
  asset.updated_at = now;
  return OfferDone{id, asset.id};
}

}  // namespace sandbox::market
