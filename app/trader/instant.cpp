#include "app/trader/instant.hpp"

#include "app/trader/snapshot.hpp"

#include <algorithm>
#include <set>

namespace app::trader {
namespace {

using ledger::CostSource;
using ledger::Entry;
using ledger::Purchase;
using ledger::TradeState;

// Seven days, then the release of the day at eight; the purchase may have taken its time.
constexpr std::int64_t longest_protection = 8 * ledger::day_seconds + 3600;
// The exchange may still be carrying out a purchase that it has accepted.
constexpr std::chrono::minutes longest_purchase{10};

// What is ours of a game: in the inventory, and on offer.
dmarket::Listed<dmarket::InventoryItem> owned(const AccountLists& lists, const std::string& game_id) {
  dmarket::Listed<dmarket::InventoryItem> all;
  const auto* inventory = find_list(lists.inventory, game_id);
  const auto* offers = find_list(lists.offers, game_id);
  if (inventory == nullptr || offers == nullptr) return all;
  all.items = inventory->items;
  for (const dmarket::Offer& offer : offers->items) all.items.emplace_back().attributes = offer.attributes;
  const auto is_named = [](const dmarket::InventoryItem& item) { return item.attributes.id.has_value(); };
  if (inventory->complete() && offers->complete() && std::ranges::all_of(all.items, is_named))
    all.end = dmarket::ListEnd::complete;
  return all;
}

// By its id, or by its marks where it got another.
bool is_copy(const dmarket::ItemAttributes& attributes, const Purchase& purchase) {
  if (attributes.id && attributes.id->text() == purchase.asset_id) return true;
  return !purchase.item.float_value.empty() && attributes.title == purchase.item.title &&
         attributes.float_value == purchase.item.float_value &&
         attributes.paint_seed.value_or(0) == purchase.item.paint_seed;
}

// The copies that have come by another trade since: to a target of ours, or back from a sale that was reverted.
std::set<std::string> came_otherwise(const AccountLists& lists, std::int64_t since) {
  const auto is_recent = [since](const std::optional<tgkit::WallTime>& time) {
    return !time || *time >= tgkit::WallTime(std::chrono::seconds(since - clock_margin));
  };
  std::set<std::string> assets;
  for (const dmarket::ClosedTarget& bought : lists.closed_targets.items) {
    if (bought.asset_id && is_recent(bought.closed_at)) assets.insert(bought.asset_id->text());
  }
  for (const dmarket::ClosedOffer& sold : lists.closed_offers.items) {
    const bool is_back = sold.status == dmarket::TradeStatus::reverted && is_recent(sold.finalized_at);
    if (sold.asset_id && is_back) assets.insert(sold.asset_id->text());
  }
  return assets;
}

class Ending {
 public:
  Ending(const ledger::Books& books, const AccountLists& lists, Absences& absences)
      : books_(books), lists_(lists), absences_(absences) {
    for (const auto& [key, sale] : books.sales()) {
      if (sale.state != TradeState::reverted) sales_.emplace(books.copy_of(sale.asset_id), &sale);
    }
    for (const auto& [key, purchase] : books.purchases()) {
      if (purchase.state != TradeState::reverted) purchases_.emplace(books.copy_of(purchase.asset_id), &purchase);
    }
  }

  TradeState state_now(const Purchase& purchase) {
    const bool is_over = lists_.asked > purchase.at + longest_protection;
    const std::int64_t again = bought_again(purchase);
    const ledger::Sale* sale = sale_of(purchase, again);
    if (sale != nullptr && sale->state == TradeState::final) return TradeState::final;
    if (sale == nullptr && again != never) return TradeState::reverted;
    const auto& ours = owned_of(purchase.item.game);
    const bool is_there = std::ranges::any_of(
        ours.items, [&](const dmarket::InventoryItem& item) { return is_copy(item.attributes, purchase); });
    if (is_there || sale != nullptr) {
      is_gone(purchase, Showing::shown);
      return is_over ? TradeState::final : TradeState::pending;
    }
    const bool may_lag = lists_.asked < purchase.at + list_lag;
    const bool proven = ours.complete() && lists_.closed_offers.complete() && !may_lag;
    return is_gone(purchase, proven ? Showing::absent : Showing::unclear) ? TradeState::reverted : purchase.state;
  }

 private:
  static constexpr std::int64_t never = INT64_MAX;

  bool is_gone(const Purchase& purchase, Showing showing) {
    return absences_.gone("copy " + purchase.offer_id + " " + purchase.asset_id, showing, lists_.asked);
  }

  // When the same copy came once more: in between it was not ours.
  std::int64_t bought_again(const Purchase& purchase) const {
    std::int64_t again = never;
    const auto [begin, end] = purchases_.equal_range(books_.copy_of(purchase.asset_id));
    for (auto other = begin; other != end; ++other) {
      if (other->second->at > purchase.at) again = std::min(again, other->second->at);
    }
    return again;
  }
  const ledger::Sale* sale_of(const Purchase& purchase, std::int64_t before) const {
    const auto [begin, end] = sales_.equal_range(books_.copy_of(purchase.asset_id));
    const auto found = std::find_if(
        begin, end, [&](const auto& sale) { return sale.second->at >= purchase.at && sale.second->at < before; });
    return found == end ? nullptr : found->second;
  }
  const dmarket::Listed<dmarket::InventoryItem>& owned_of(const std::string& game_id) {
    const auto [found, is_new] = owned_.try_emplace(game_id);
    if (is_new) found->second = owned(lists_, game_id);
    return found->second;
  }

  const ledger::Books& books_;
  const AccountLists& lists_;
  Absences& absences_;
  std::multimap<std::string, const ledger::Sale*> sales_;  // by copy, without the reverted
  std::multimap<std::string, const Purchase*> purchases_;  // likewise
  std::map<std::string, dmarket::Listed<dmarket::InventoryItem>> owned_;
};

}  // namespace

Purchase purchase_of(const ledger::Intent& intent, std::string asset_id, std::int64_t at) {
  Purchase purchase;
  purchase.source = CostSource::instant;
  purchase.offer_id = intent.offer_id;
  purchase.asset_id = std::move(asset_id);
  purchase.item = intent.item;
  purchase.price = intent.price;  // the exchange takes this price or none
  purchase.at = at;
  return purchase;
}

dmarket::Finding find_bought(const ledger::OpenIntent& open, const AccountLists& lists, dmarket::Look look) {
  const ledger::Intent& intent = open.intent;
  dmarket::PurchaseIntent wanted(dmarket::OfferId(intent.offer_id), intent.item.title, intent.price);
  wanted.asset = dmarket::AssetId(intent.asset_id);
  if (!intent.item.float_value.empty()) wanted.float_value = intent.item.float_value;
  if (intent.item.paint_seed != 0) wanted.paint_seed = intent.item.paint_seed;
  std::vector<dmarket::AssetId> known;
  for (const std::string& asset : intent.known) known.emplace_back(asset);
  const auto game = dmarket::game_of_id(intent.item.game);
  const auto market = game ? lists.market.find(TitleKey(*game, intent.item.title)) : lists.market.end();
  const auto offers = market == lists.market.end() ? dmarket::Listed<dmarket::Offer>() : market->second;
  const auto is_it = [&intent](const dmarket::Offer& one) {
    return one.offer_id && one.offer_id->text() == intent.offer_id;
  };
  // An offer that is gone may be ours already, with its copy still on its way.
  if (std::ranges::none_of(offers.items, is_it)) look.settling = longest_purchase;
  auto ours = owned(lists, intent.item.game);
  const std::set<std::string> others = came_otherwise(lists, open.at);
  std::erase_if(ours.items, [&others](const dmarket::InventoryItem& item) {
    return item.attributes.id && others.contains(item.attributes.id->text());
  });
  return dmarket::find_purchase(wanted, known, ours, offers, look);
}

std::vector<Entry> ended_purchases(const ledger::Books& books, const AccountLists& lists, Absences& absences) {
  std::vector<Entry> entries;
  std::optional<Ending> ending;
  for (const auto& [key, purchase] : books.purchases()) {
    if (purchase.source != CostSource::instant || purchase.state == TradeState::final) continue;
    if (!ending) ending.emplace(books, lists, absences);
    const TradeState now = ending->state_now(purchase);
    if (now == purchase.state) continue;
    Purchase changed = purchase;
    changed.state = now;
    changed.finalized_at = now == TradeState::pending ? 0 : lists.asked;
    entries.emplace_back(lists.asked, false, std::move(changed));
  }
  return entries;
}

}  // namespace app::trader
