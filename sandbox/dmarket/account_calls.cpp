// What the exchange tells about the account: profile, balance, items, open and closed orders.
#include "sandbox/dmarket/api_call.hpp"
#include "sandbox/dmarket/item_json.hpp"
#include "sandbox/dmarket/list_query.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

void money(JsonWriter& json, const char* name, market::Money amount) {
  json.key(name).object().text("Currency", "USD").raw("Amount", dollars_float(amount.in_cents())).end_object();
}

// "2", "1.5": the percentage of a fee.
std::string percent_text(market::Fraction fraction) {
  return market::to_text(market::Fraction{fraction.millionths * 100});
}

void fee(JsonWriter& json, const market::Trade& trade) {
  json.key("Fee").object();
  money(json, "Amount", trade.fee);
  json.text("Percent", percent_text(trade.fee_fraction)).flag("IsPersonal", false).end_object();
}

void closed_trade(JsonWriter& json, const market::Trade& trade, const ApiSwitches& switches) {
  const bool sale = trade.side == market::TradeSide::sale;
  json.object().text("OfferID", market::to_text(trade.offer_id)).text("TargetID", market::to_text(trade.target_id));
  json.text("AssetID", market::to_text(trade.asset_id));
  if (!switches.closed_without_price) money(json, "Price", trade.price);
  json.text("CurrencyCode", "USD").text("Amount", "1").text("Title", trade.title->title);
  if (sale) {
    if (!switches.closed_without_fee) fee(json, trade);
    json.quoted("OfferCreatedAt", trade.offer_created_at).quoted("OfferClosedAt", trade.closed_at);
  } else {
    json.quoted("ClosedAt", trade.closed_at);
  }
  json.text("Status", market::to_text(trade.state)).quoted("FinalizationTime", trade.finalization_at).end_object();
}

std::string closed_list(const market::Page<market::Trade>& page, const ApiSwitches& switches) {
  JsonWriter json;
  json.reserve(128 + page.items.size() * 480);
  json.object().key("Trades").array();
  for (const market::Trade& trade : page.items) closed_trade(json, trade, switches);
  json.end_array().quoted("Total", page.total).text("Cursor", page.cursor).end_object();
  return json.take();
}

void steam_account(JsonWriter& json) {
  json.key("steamAccount").object().text("steamId", "00000000000000000").text("tradeUrl", "").text("apiKey", "");
  json.text("apiKeyStatus", "New").flag("isProfilePrivate", false).number("level", 1).text("username", "sandbox");
  json.text("icon", "").end_object();
}

}  // namespace

std::string user_profile(ApiCall& call) {
  JsonWriter json;
  json.object().text("id", market::to_text(call.exchange.player())).text("username", "sandbox_trader");
  json.text("email", "trader@sandbox.invalid").flag("isEmailVerified", true).text("countryCode", "DE");
  json.number("level", 3).text("publicKey", call.api_key).text("regType", "user").key("linkedGames").array();
  for (const market::Game game : market::all_games) {
    json.object()
        .text("gameId", market::game_id(game))
        .text("gameUserId", "0")
        .text("username", "sandbox")
        .end_object();
  }
  json.end_array().key("restrictions").array().end_array().key("features").array().end_array();
  json.key("settings").object().number("targetsLimit", call.exchange.rules().targets_limit);
  json.flag("enabledDeviceConfirmation", false).end_object();
  steam_account(json);
  json.key("agreementsInfo").object().flag("isConfirmed", true).number("updated", 1767225600).end_object().end_object();
  return json.take();
}

std::string user_balance(ApiCall& call) {
  const market::Balance balance = call.exchange.balance();
  JsonWriter json;
  json.object().quoted("dmc", call.venue.account.dmc).quoted("dmcAvailableToWithdraw", call.venue.account.dmc);
  json.quoted("usd", balance.usd.in_cents());
  json.quoted("usdAvailableToWithdraw", balance.usd_to_withdraw.in_cents());
  if (call.switches.show_protected_money) json.quoted("usdTradeProtected", balance.usd_protected.in_cents());
  json.end_object();
  return json.take();
}

std::string user_inventory(ApiCall& call) {
  const ListQuery asked = read_list_query(call.query, {"price", "title", "float", "createdAt", "updatedAt"});
  const auto page = ApiCall::taken(call.exchange.inventory(asked.filter, asked.paging));
  ItemWriter writer(call.switches, call.exchange.now());
  writer.begin(page.items.size());
  for (const market::InventoryItem& item : page.items) writer.inventory_item(item);
  return writer.end(page.total, page.cursor);
}

std::string user_offers(ApiCall& call) {
  const ListQuery asked = read_list_query(call.query, {"price", "title", "float", "createdAt", "discount"});
  const auto page = ApiCall::taken(call.exchange.user_offers(asked.filter, asked.paging));
  ItemWriter writer(call.switches, call.exchange.now());
  writer.begin(page.items.size());
  for (const market::Offer& offer : page.items) writer.offer(offer);
  return writer.end(page.total, page.cursor);
}

std::string user_targets(ApiCall& call) {
  const ListQuery asked = read_list_query(call.query, {"price", "title", "createdAt"});
  const auto page = ApiCall::taken(call.exchange.user_targets(asked.filter, asked.paging));
  ItemWriter writer(call.switches, call.exchange.now());
  writer.begin(page.items.size());
  for (const market::Target& target : page.items) writer.target(target);
  return writer.end(page.total, page.cursor);
}

std::string closed_offers(ApiCall& call) {
  return closed_list(ApiCall::taken(call.exchange.closed_offers(read_closed_query(call.query, "Offer"))),
                     call.switches);
}

std::string closed_targets(ApiCall& call) {
  return closed_list(ApiCall::taken(call.exchange.closed_targets(read_closed_query(call.query, "Target"))),
                     call.switches);
}

}  // namespace sandbox
