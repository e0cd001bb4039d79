// The lists in pages: the market's offers, and the player's items, offers and targets.

#include "sandbox/market/copies.hpp"
#include "sandbox/market/filter.hpp"

namespace sandbox::market {
namespace {

constexpr int largest_page = 100;

bool has_prefix(const TitleInfo& info, const std::string& lowered_prefix) {
  return lowered(std::string_view(info.title).substr(0, lowered_prefix.size())) == lowered_prefix;
}

}  // namespace

namespace {

int discount_percent(Money price, Money worth) {
  if (worth <= price) return 0;
  return static_cast<int>((worth.in_cents() - price.in_cents()) * 100 / worth.in_cents());
}

}  // namespace

Uuid Exchange::State::owner_of(OrderKey offer) const {
  return market.ids().make(IdKind::person, offer.title, offer.serial);
}

Offer Exchange::State::shown(std::uint32_t title, const BookOffer& offer) {
  const OrderKey key{title, offer.serial};
  Offer row;
  row.offer_id = market.ids().make(IdKind::offer, title, offer.serial);
  row.title = &info(title);
  row.price = Money::cents(offer.price);
  row.suggested_price = market.worth(title, now);
  row.discount_percent = discount_percent(row.price, row.suggested_price);
  row.created_at = offer.created;
  row.locked = offer.reserved;
  row.mine = offer.mine;
  row.copy = with_index(title, copy_of(offer, 0));
  if (offer.mine) {
    const Asset& asset = assets.at(offers.at(key).item);
    row.asset_id = asset.id;
    row.owner = market.ids().make(IdKind::person, 0, 0);
    row.change_at = asset.change_at;
  } else {
    row.asset_id = market.ids().make(IdKind::asset, title, offer.asset);
    row.owner = owner_of(OrderKey{title, offer.asset});
  }
  return row;
}

namespace {

struct OfferRow {
  std::uint32_t title;
  const BookOffer* offer;
};

// The offers of one title whose prices are admitted.
std::span<const BookOffer> priced(const Filter& filter, const std::vector<BookOffer>& offers) {
  const auto below = [](const BookOffer& offer, Money price) { return Money::cents(offer.price) < price; };
  const auto above = [](Money price, const BookOffer& offer) { return price < Money::cents(offer.price); };
  const auto begin =
      filter.price_from ? std::lower_bound(offers.begin(), offers.end(), *filter.price_from, below) : offers.begin();
  const auto end = filter.price_to ? std::upper_bound(begin, offers.end(), *filter.price_to, above) : offers.end();
  return begin < end ? std::span(begin, end) : std::span<const BookOffer>();
}

}  // namespace

Result<Page<Offer>> Exchange::offers(const Filter& filter, const Paging& paging) {
  if (const auto why = check(paging, largest_page)) return std::unexpected(*why);
  State& state = *state_;
  const Catalogue& catalogue = state.market.catalogue();
  const Ordering ordering{paging.order_by, paging.descending};
  const bool all_copies = !looks_at_copies(filter);
  // Books are in the order of prices: the rest of a title cannot come onto the page when one of it does not.
  const bool in_order = all_copies && paging.order_by == OrderBy::price && !paging.descending;
  Window<OfferRow> window(paging.limit, paging.cursor);
  for (const std::uint32_t title : catalogue.with_prefix(filter.game, filter.title_prefix)) {
    if (!admits(filter, state.info(title))) continue;
    const std::uint32_t rank = catalogue.rank(title);
    const Money worth = state.market.worth(title, state.now);
    const auto offers = priced(filter, state.market.look(title, state.now).book.offers());
    if (all_copies) window.count(static_cast<std::int64_t>(offers.size()));
    for (const BookOffer& offer : offers) {
      if (!all_copies && !admits(filter, copy_of(offer, 0), state.now)) continue;
      if (!all_copies) window.count(1);
      const auto value = ordering.value(offer.price, offer.created, offer.created, offer.float_value, rank,
                                        discount_percent(Money::cents(offer.price), worth));
      if (!window.place(RowKey{value, title, offer.serial}, OfferRow{title, &offer}) && in_order) break;
    }
  }
  return window.page<Offer>([&](const OfferRow& row) { return state.shown(row.title, *row.offer); });
}

Result<Page<Offer>> Exchange::user_offers(const Filter& filter, const Paging& paging) {
  if (const auto why = check(paging, largest_page)) return std::unexpected(*why);
  State& state = *state_;
  const std::string prefix = lowered(filter.title_prefix);
  const Ordering ordering{paging.order_by, paging.descending};
  Window<OrderKey> window(paging.limit, paging.cursor);
  for (const auto& [key, own] : state.offers) {
    const TitleInfo& info = state.info(key.title);
    const BookOffer& offer = *state.book(key.title).find_offer(key.serial);
    if (info.game != filter.game || !has_prefix(info, prefix) || !admits(filter, info)) continue;
    if (!admits(filter, Money::cents(offer.price)) || !admits(filter, copy_of(offer, 0), state.now)) continue;
    const std::uint32_t rank = state.market.catalogue().rank(key.title);
    const int discount = discount_percent(Money::cents(offer.price), state.market.worth(key.title, state.now));
    const auto value = ordering.value(offer.price, own.created_at, own.created_at, offer.float_value, rank, discount);
    window.add(RowKey{value, key.title, key.serial}, key);
  }
  return window.page<Offer>(
      [&](const OrderKey& key) { return state.shown(key.title, *state.book(key.title).find_offer(key.serial)); });
}

Target Exchange::State::shown_target(OrderKey key) {
  const OwnTarget& own = targets.at(key);
  const BookTarget& target = *book(key.title).find_target(key.serial);
  Target row;
  row.target_id = market.ids().make(IdKind::target, key.title, key.serial);
  row.title = &info(key.title);
  row.price = Money::cents(target.price);
  row.amount = target.amount;
  row.demand = target.demand();
  row.status = target.uncovered && rules.shows_inactive ? TargetStatus::inactive : TargetStatus::active;
  row.created_at = own.created_at;
  row.updated_at = own.updated_at;
  row.change_at = own.change_at;
  return row;
}

Result<Page<Target>> Exchange::user_targets(const Filter& filter, const Paging& paging) {
  if (const auto why = check(paging, largest_page)) return std::unexpected(*why);
  State& state = *state_;
  state.look_at_cover();
  const std::string prefix = lowered(filter.title_prefix);
  const Ordering ordering{paging.order_by, paging.descending};
  Window<OrderKey> window(paging.limit, paging.cursor);
  for (const auto& [key, own] : state.targets) {
    const TitleInfo& info = state.info(key.title);
    if (info.game != filter.game || !has_prefix(info, prefix) || !admits(filter, info)) continue;
    const Target target = state.shown_target(key);
    if (!admits(filter, target.price) || !filter.float_part.admits(target.demand.float_part)) continue;
    if (!filter.phase.admits(target.demand.phase) || !filter.paint_seed.admits(target.demand.paint_seed)) continue;
    if (filter.active && *filter.active != (target.status == TargetStatus::active)) continue;
    if (filter.amount && *filter.amount != target.amount) continue;
    const std::uint32_t rank = state.market.catalogue().rank(key.title);
    const auto value = ordering.value(target.price.in_cents(), own.created_at, own.updated_at, -1, rank);
    window.add(RowKey{value, key.title, key.serial}, key);
  }
  return window.page<Target>([&](const OrderKey& key) { return state.shown_target(key); });
}

InventoryItem Exchange::State::shown_item(const Asset& asset) {
  InventoryItem row;
  row.in_market = asset.place == ItemPlace::market;
  row.id = row.in_market ? to_text(asset.id) : asset.steam_id;
  row.asset_id = asset.id;
  row.title = &info(asset.title);
  row.copy = asset.copy;
  row.tradable = asset.copy.unlock_at <= now;
  row.offered = asset.offer != 0;
  row.protected_purchase = asset.bought_by != 0;
  if (!row.in_market) {
    const std::size_t end = asset.steam_id.rfind(':');
    const std::size_t begin = asset.steam_id.rfind(':', end - 1) + 1;
    row.steam_asset_id = asset.steam_id.substr(begin, end - begin);
  }
  row.suggested_price = market.worth(asset.title, now);
  row.created_at = asset.created_at;
  row.updated_at = asset.updated_at;
  return row;
}

Result<Page<InventoryItem>> Exchange::inventory(const Filter& filter, const Paging& paging) {
  if (const auto why = check(paging, largest_page)) return std::unexpected(*why);
  State& state = *state_;
  const std::string prefix = lowered(filter.title_prefix);
  const Ordering ordering{paging.order_by, paging.descending};
  Window<const Asset*> window(paging.limit, paging.cursor);
  for (const auto& [number, asset] : state.assets) {
    const bool in_market = asset.place == ItemPlace::market;
    if (!in_market && (asset.place != ItemPlace::steam || !asset.shown)) continue;
    if (filter.in_market && *filter.in_market != in_market) continue;
    const TitleInfo& info = state.info(asset.title);
    if (info.game != filter.game || !has_prefix(info, prefix) || !admits(filter, info)) continue;
    if (!admits(filter, asset.copy, state.now)) continue;
    const std::uint32_t rank = state.market.catalogue().rank(asset.title);
    const std::int64_t price =
        paging.order_by == OrderBy::price ? state.market.worth(asset.title, state.now).in_cents() : 0;
    const auto value = ordering.value(price, asset.created_at, asset.updated_at, asset.copy.float_value, rank);
    window.add(RowKey{value, asset.title, static_cast<std::uint32_t>(number)}, &asset);
  }
  return window.page<InventoryItem>([&](const Asset* asset) { return state.shown_item(*asset); });
}

}  // namespace sandbox::market
