// The exchange seen by a test: its account, its switches and rules, its own books.
#include "sandbox/control/market_json.hpp"
#include "sandbox/control/request.hpp"
#include "sandbox/dmarket/market_rules.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::Money;

void write_totals(JsonWriter& json, const market::Books& books) {
  json.key("totals").object();
  for (const auto state : {market::TradeState::pending, market::TradeState::trade_protected,
                           market::TradeState::successful, market::TradeState::reverted, market::TradeState::failed}) {
    const market::Books::Totals totals = books.totals(state);
    json.key(market::to_text(state)).object().number("sales", totals.sales).number("purchases", totals.purchases);
    json.number("sold", totals.sold.in_cents()).number("fees", totals.fees.in_cents());
    json.number("bought", totals.bought.in_cents()).end_object();
  }
  json.end_object();
}

void write_money_entry(JsonWriter& json, const market::MoneyEntry& entry) {
  json.object().number("at", entry.at).text("from", market::to_text(entry.from)).text("to", market::to_text(entry.to));
  json.number("amount", entry.amount.in_cents()).number("trade", entry.trade).text("reason", entry.reason).end_object();
}

void write_item_entry(JsonWriter& json, const market::ItemEntry& entry) {
  json.object().number("at", entry.at).number("item", entry.item).text("from", market::to_text(entry.from));
  json.text("to", market::to_text(entry.to)).number("trade", entry.trade).text("reason", entry.reason).end_object();
}

void write_places(JsonWriter& json, const market::Books& books) {
  json.key("places").object();
  for (int place = 0; place < market::money_places; ++place) {
    const auto where = static_cast<market::MoneyPlace>(place);
    json.number(market::to_text(where), books.balance(where).in_cents());
  }
  json.end_object();
}

Money cents_of(const ControlRequest& request, const char* key, Money present) {
  const std::int64_t cents = request.number(key, present.in_cents());
  if (cents < 0) throw ControlError(fmt::format("\"{}\" must not be negative", key));
  return Money::cents(cents);
}

}  // namespace

std::string change_dmarket(const ControlRequest& request) {
  Venue& venue = request.venue;
  market::Balance balance = venue.exchange().balance();
  if (request.has("usd") || request.has("usd_withdraw") || request.has("usd_protected")) {
    balance.usd = cents_of(request, "usd", balance.usd);
    balance.usd_to_withdraw = cents_of(request, "usd_withdraw", balance.usd_to_withdraw);
    balance.usd_protected = cents_of(request, "usd_protected", balance.usd_protected);
    venue.exchange().set_balance(balance);
    venue.acted();
    balance = venue.exchange().balance();
  }
  venue.account.dmc = request.number("dmc", venue.account.dmc);
  venue.account.clock_skew = request.number("clock_skew", venue.account.clock_skew);
  venue.switches.allow_future_dates = request.flag("allow_future_dates", venue.switches.allow_future_dates);
  return with_seq(
      request,
      fmt::format(R"("usd":{},"usd_withdraw":{},"usd_protected":{},"dmc":{},"clock_skew":{},"allow_future_dates":{})",
                  balance.usd.in_cents(), balance.usd_to_withdraw.in_cents(), balance.usd_protected.in_cents(),
                  venue.account.dmc, venue.account.clock_skew, venue.switches.allow_future_dates));
}

std::string change_switches_and_rules(const ControlRequest& request) {
  Venue& venue = request.venue;
  const json::object* api = member_object(request.body, "api");
  const json::object* rules = member_object(request.body, "rules");
  ApiSwitches switches = venue.switches;
  market::MarketRules changed = venue.exchange().rules();
  if (api) {
    if (const auto wrong = change_switches(switches, *api)) throw ControlError(*wrong);
  }
  if (rules) {
    if (const auto wrong = change_rules(changed, *rules)) throw ControlError(*wrong);
  }
  if (switches.limits != venue.switches.limits) venue.limits.begin_anew();
  venue.switches = switches;
  venue.exchange().rules() = changed;
  venue.acted();
  return with_seq(request, fmt::format(R"("api":{},"rules":{},"limit_refusals":{})", to_wire(switches_json(switches)),
                                       to_wire(rules_json(changed)), venue.limits.refusals()));
}

std::string read_books(const ControlRequest& request) {
  market::Exchange& exchange = request.venue.exchange();
  const market::Books& books = exchange.books();
  JsonWriter json;
  json.object().number("now", exchange.now());
  json.number("write_calls", static_cast<std::int64_t>(request.venue.write_calls()));
  json.number("changing_calls", static_cast<std::int64_t>(request.venue.changing_calls()));
  write_balance(json, exchange.balance());
  write_places(json, books);
  write_totals(json, books);
  write_list(json, "trades", books.trades(), write_trade);
  write_list(json, "offers", own_offers(exchange), write_offer);
  write_list(json, "targets", own_targets(exchange), write_target);
  write_list(json, "inventory", own_items(exchange), write_item);
  if (request.flag("entries", true)) {
    write_list(json, "money", books.money(), write_money_entry);
    write_list(json, "items", books.items(), write_item_entry);
  }
  json.key("violations").array();
  for (const std::string& sentence : exchange.violations()) json.text(sentence);
  json.end_array().end_object();
  return json.take();
}

}  // namespace sandbox
