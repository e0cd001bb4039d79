#include "sandbox/control/market_json.hpp"

#include <iterator>

namespace sandbox {
namespace {

template <class T>
using List = market::Result<market::Page<T>> (market::Exchange::*)(const market::Filter&, const market::Paging&);

template <class T>
std::vector<T> whole_list(market::Exchange& exchange, List<T> list) {
  std::vector<T> all;
  for (const market::Game game : market::all_games) {
    market::Filter filter;
    filter.game = game;
    market::Paging paging;
    do {
      auto page = (exchange.*list)(filter, paging);
      if (!page) break;
      all.insert(all.end(), std::make_move_iterator(page->items.begin()), std::make_move_iterator(page->items.end()));
      paging.cursor = page->cursor;
    } while (!paging.cursor.empty());
  }
  return all;
}

void write_title(JsonWriter& json, const market::TitleInfo& title) {
  json.text("game", market::game_id(title.game)).text("title", title.title);
}

}  // namespace

void write_copy(JsonWriter& json, const market::Copy& copy) {
  json.text("float", market::float_text(copy.float_value)).text("float_part", market::to_text(copy.float_part()));
  json.number("paint_seed", copy.paint_seed).text("phase", market::to_text(copy.phase));
  json.number("unlock_at", copy.unlock_at);
}

void write_demand(JsonWriter& json, const market::Demand& demand) {
  json.text("float_part", market::to_text(demand.float_part)).number("paint_seed", demand.paint_seed);
  json.text("phase", market::to_text(demand.phase));
}

void write_offer(JsonWriter& json, const market::Offer& offer) {
  json.object().text("offer", market::to_text(offer.offer_id)).text("asset", market::to_text(offer.asset_id));
  write_title(json, *offer.title);
  json.number("price", offer.price.in_cents()).number("suggested_price", offer.suggested_price.in_cents());
  json.number("created_at", offer.created_at).number("change_at", offer.change_at);
  json.flag("locked", offer.locked).flag("mine", offer.mine);
  write_copy(json, offer.copy);
  json.end_object();
}

void write_target(JsonWriter& json, const market::Target& target) {
  json.object().text("target", market::to_text(target.target_id));
  write_title(json, *target.title);
  json.number("price", target.price.in_cents()).number("amount", target.amount);
  json.flag("active", target.status == market::TargetStatus::active);
  json.number("created_at", target.created_at).number("change_at", target.change_at);
  write_demand(json, target.demand);
  json.end_object();
}

void write_item(JsonWriter& json, const market::InventoryItem& item) {
  json.object().text("id", item.id);
  write_title(json, *item.title);
  json.flag("in_market", item.in_market).flag("tradable", item.tradable).flag("offered", item.offered);
  json.flag("protected", item.protected_purchase).number("suggested_price", item.suggested_price.in_cents());
  json.number("created_at", item.created_at);
  write_copy(json, item.copy);
  json.end_object();
}

void write_trade(JsonWriter& json, const market::Trade& trade) {
  json.object().number("trade", trade.number);
  json.text("side", trade.side == market::TradeSide::sale ? "sale" : "purchase");
  json.text("by", trade.by == market::SaleBy::offer ? "offer" : "target").text("state", market::to_text(trade.state));
  write_title(json, *trade.title);
  json.text("offer", market::to_text(trade.offer_id)).text("target", market::to_text(trade.target_id));
  json.text("asset", market::to_text(trade.asset_id));
  json.number("price", trade.price.in_cents()).number("fee", trade.fee.in_cents());
  json.text("fee_fraction", market::to_text(trade.fee_fraction)).number("order_created_at", trade.offer_created_at);
  json.number("closed_at", trade.closed_at).number("finalization_at", trade.finalization_at);
  write_copy(json, trade.copy);
  json.end_object();
}

void write_balance(JsonWriter& json, const market::Balance& balance) {
  json.key("balance").object().number("usd", balance.usd.in_cents());
  json.number("usd_withdraw", balance.usd_to_withdraw.in_cents());
  json.number("usd_protected", balance.usd_protected.in_cents());
  json.number("usd_reserved", balance.usd_reserved.in_cents()).end_object();
}

std::vector<market::Offer> own_offers(market::Exchange& exchange) {
  return whole_list<market::Offer>(exchange, &market::Exchange::user_offers);
}

std::vector<market::Target> own_targets(market::Exchange& exchange) {
  return whole_list<market::Target>(exchange, &market::Exchange::user_targets);
}

std::vector<market::InventoryItem> own_items(market::Exchange& exchange) {
  return whole_list<market::InventoryItem>(exchange, &market::Exchange::inventory);
}

}  // namespace sandbox
