#include "app/ledger/closed_trades.hpp"

#include <set>

namespace app::ledger {
namespace {

using dmarket::TradeStatus;

std::int64_t unix_of(const std::optional<tgkit::WallTime>& time) {
  return time ? std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count() : 0;
}

// A status that this version does not know is not money: it stays pending until a known one comes.
TradeState state_of(const dmarket::Spelled<TradeStatus>& status) {
  if (status == TradeStatus::successful) return TradeState::final;
  if (status == TradeStatus::reverted) return TradeState::reverted;
  return TradeState::pending;
}

// What the exchange has said before is not taken back because a later answer leaves it out.
template <class T>
void keep(T& value, const T& before, const T& nothing = T()) {
  if (value == nothing) value = before;
}

Item item_in(const Books& books, const std::string& asset_id, const std::optional<std::string>& title) {
  Item item;
  if (const Item* known = books.item(asset_id)) item = *known;
  if (title) item.title = *title;
  return item;
}

std::optional<Sale> sale_of(const Books& books, const dmarket::ClosedOffer& closed, std::int64_t now) {
  if (!closed.offer_id || !closed.asset_id) return std::nullopt;
  Sale sale;
  sale.offer_id = closed.offer_id->text();
  sale.asset_id = closed.asset_id->text();
  if (closed.target_id) sale.target_id = closed.target_id->text();
  sale.item = item_in(books, sale.asset_id, closed.title);
  sale.price = closed.price;
  sale.fee = closed.fee.amount;
  sale.fee_percent = closed.fee.percent.value_or(std::string());
  sale.personal_fee = closed.fee.personal.value_or(false);
  sale.state = state_of(closed.status);
  sale.at = unix_of(closed.closed_at ? closed.closed_at : closed.created_at);
  sale.finalized_at = unix_of(closed.finalized_at);
  const Sale* before = books.sale(sale.offer_id, sale.asset_id);
  if (before == nullptr) {
    keep(sale.at, now);
    return sale;
  }
  keep(sale.target_id, before->target_id);
  keep(sale.price, before->price);
  keep(sale.fee, before->fee);
  keep(sale.fee_percent, before->fee_percent);
  if (!closed.fee.personal) sale.personal_fee = before->personal_fee;
  if (closed.status.text.empty()) sale.state = before->state;
  keep(sale.at, before->at);
  keep(sale.finalized_at, before->finalized_at);
  sale.item = before->item;  // what the copy is, is said by others
  if (sale == *before) return std::nullopt;
  return sale;
}

std::optional<Purchase> purchase_of(const Books& books, const dmarket::ClosedTarget& closed, std::int64_t now) {
  if (!closed.target_id || !closed.asset_id) return std::nullopt;
  Purchase purchase;
  purchase.source = CostSource::target;
  purchase.target_id = closed.target_id->text();
  if (closed.offer_id) purchase.offer_id = closed.offer_id->text();
  purchase.asset_id = closed.asset_id->text();
  purchase.item = item_in(books, purchase.asset_id, closed.title);
  purchase.price = closed.price;
  purchase.state = state_of(closed.status);
  purchase.at = unix_of(closed.closed_at);
  purchase.finalized_at = unix_of(closed.finalized_at);
  const Purchase* before = books.purchase(purchase.target_id, purchase.asset_id);
  if (before == nullptr) {
    keep(purchase.at, now);
    return purchase;
  }
  keep(purchase.offer_id, before->offer_id);
  keep(purchase.price, before->price);
  if (closed.status.text.empty()) purchase.state = before->state;
  keep(purchase.at, before->at);
  keep(purchase.finalized_at, before->finalized_at);
  purchase.item = before->item;
  if (purchase == *before) return std::nullopt;
  return purchase;
}

// Whether `seen` says more than the ledger knows.
bool is_news(const Books& books, const std::string& asset_id, const Item& seen) {
  const Item* known = books.item(asset_id);
  if (known == nullptr) return true;
  const auto adds = [](const std::string& now, const std::string& before) { return !now.empty() && now != before; };
  return adds(seen.game, known->game) || adds(seen.title, known->title) || adds(seen.float_value, known->float_value) ||
         adds(seen.phase, known->phase);
}

void add_item(std::vector<Entry>& entries, std::set<std::string>& added, const Books& books,
              const dmarket::ItemAttributes& attributes, const std::string& game, std::int64_t now) {
  if (!attributes.id || attributes.id->empty()) return;
  Seen seen;
  seen.asset_id = attributes.id->text();
  seen.item = item_of(attributes, game);
  if (is_news(books, seen.asset_id, seen.item) && added.insert(seen.asset_id).second)
    entries.emplace_back(now, false, std::move(seen));
}

}  // namespace

std::vector<Entry> new_trades(const Books& books, const std::vector<dmarket::ClosedOffer>& offers,
                              const std::vector<dmarket::ClosedTarget>& targets, std::int64_t now) {
  std::vector<Entry> entries;
  for (const dmarket::ClosedTarget& closed : targets) {
    if (auto purchase = purchase_of(books, closed, now)) entries.emplace_back(now, false, std::move(*purchase));
  }
  for (const dmarket::ClosedOffer& closed : offers) {
    if (auto sale = sale_of(books, closed, now)) entries.emplace_back(now, false, std::move(*sale));
  }
  return entries;
}

Item item_of(const dmarket::ItemAttributes& attributes, const std::string& game) {
  Item item;
  item.game = game;
  item.title = attributes.title.value_or(std::string());
  const std::string value = attributes.float_value.value_or(std::string());
  if (value.find_first_of("123456789") != std::string::npos) item.float_value = value;  // 0 means none
  item.paint_seed = attributes.paint_seed.value_or(0);
  item.phase = attributes.phase.value_or(std::string());
  return item;
}

std::vector<Entry> new_items(const Books& books, const std::vector<dmarket::InventoryItem>& inventory, std::string game,
                             std::int64_t now) {
  std::vector<Entry> entries;
  std::set<std::string> added;
  for (const dmarket::InventoryItem& item : inventory) add_item(entries, added, books, item.attributes, game, now);
  return entries;
}

std::vector<Entry> new_items(const Books& books, const std::vector<dmarket::Offer>& own_offers, std::string game,
                             std::int64_t now) {
  std::vector<Entry> entries;
  std::set<std::string> added;
  for (const dmarket::Offer& offer : own_offers) add_item(entries, added, books, offer.attributes, game, now);
  return entries;
}

}  // namespace app::ledger
