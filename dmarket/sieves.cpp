#include "dmarket/sieves.hpp"

#include <algorithm>
#include <unordered_set>

namespace dmarket::sieves {
namespace {

// Drops what had the same key on an earlier page, or on this one. An empty key is none: its item is kept, and counted.
template <class Item, class Key>
typename Listing<Item>::Sieve drop_doubles(Key key) {
  return [key, seen = std::unordered_set<std::string>()](std::vector<Item>& page) mutable {
    std::size_t unnamed = 0;
    std::erase_if(page, [&](const Item& item) {
      std::string name = key(item);
      unnamed += name.empty();
      return !name.empty() && !seen.insert(std::move(name)).second;
    });
    return unnamed;
  };
}

template <class Kind>
std::string text_of(const std::optional<Id<Kind>>& id) {
  return id ? id->text() : std::string();
}

// One trade has one offer and one asset; a target of several pieces is closed piece by piece. The status is left out:
// the same trade in another state is the same trade.
template <class Trade>
std::string trade_key(const Trade& trade) {
  const std::string offer = text_of(trade.offer_id), target = text_of(trade.target_id), asset = text_of(trade.asset_id);
  if (asset.empty() || (offer.empty() && target.empty())) return {};
  return offer + ' ' + target + ' ' + asset;
}

}  // namespace

Listing<Offer>::Sieve offers() {
  return drop_doubles<Offer>([](const Offer& offer) { return text_of(offer.offer_id); });
}

Listing<Target>::Sieve targets() {
  return drop_doubles<Target>([](const Target& target) { return text_of(target.target_id); });
}

Listing<InventoryItem>::Sieve inventory() {
  return drop_doubles<InventoryItem>([](const InventoryItem& item) { return text_of(item.attributes.id); });
}

Listing<AggregatedPrice>::Sieve aggregated_prices() {
  return drop_doubles<AggregatedPrice>([](const AggregatedPrice& price) { return price.title; });
}

Listing<BlockedTitle>::Sieve blocked_titles() {
  return drop_doubles<BlockedTitle>([](const BlockedTitle& blocked) { return blocked.title; });
}

Listing<ClosedOffer>::Sieve closed_offers() { return drop_doubles<ClosedOffer>(trade_key<ClosedOffer>); }
Listing<ClosedTarget>::Sieve closed_targets() { return drop_doubles<ClosedTarget>(trade_key<ClosedTarget>); }

// Sales have no ids, and two of them may be alike. Lists that begin with the newest move on by what was sold between
// two pages: then a page begins with what the one before it ended with.
Listing<Sale>::Sieve sales() {
  return [last = std::vector<Sale>()](std::vector<Sale>& page) mutable {
    std::vector<Sale> whole = page;
    for (std::size_t length = std::min(last.size(), page.size()); length > 0; --length) {
      const auto tail = last.end() - static_cast<std::ptrdiff_t>(length);
      const auto head_end = page.begin() + static_cast<std::ptrdiff_t>(length);
      if (!std::equal(tail, last.end(), page.begin(), head_end)) continue;
      page.erase(page.begin(), head_end);
      break;
    }
    last = std::move(whole);
    return std::size_t{0};
  };
}

}  // namespace dmarket::sieves
