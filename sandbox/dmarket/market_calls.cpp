// What the exchange tells about the market: offers, targets, prices, sales, fees.
#include "sandbox/dmarket/api_call.hpp"
#include "sandbox/dmarket/item_json.hpp"
#include "sandbox/dmarket/list_query.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::Demand;

constexpr std::int64_t most_prices = 10'000;  // in one answer of the whole game
constexpr std::int64_t most_fees = 100'000;
constexpr std::int64_t most_blocked = 1'000;

std::string_view any_or(std::string_view text) { return text.empty() ? "any" : text; }

// As targets-by-title spells what a target demands. Only CS2 has demands.
void demand_attributes(JsonWriter& json, market::Game game, const Demand& demand) {
  json.object();
  if (game == market::Game::cs2) {
    json.text("floatPartValue", any_or(market::to_text(demand.float_part)));
    json.text("paintSeed", demand.paint_seed == 0 ? "any" : std::to_string(demand.paint_seed));
    json.text("phase", any_or(market::to_text(demand.phase)));
  }
  json.end_object();
}

void best_price(JsonWriter& json, const char* name, std::optional<market::Money> price) {
  if (!price) {
    json.null(name);
    return;
  }
  json.key(name).object().text("Currency", "USD").quoted("Amount", price->in_cents()).end_object();
}

std::int64_t number_of(const json::object& body, const char* key, std::int64_t fallback) {
  return body.contains(key) ? member_int(body, key).value_or(0) : fallback;
}

std::vector<std::string> titles_in(const json::object* filter) {
  std::vector<std::string> titles;
  const json::array* list = filter ? member_array(*filter, "titles") : nullptr;
  if (!list) return titles;
  for (const json::value& title : *list) {
    if (!title.is_string()) throw marketplace_refusal(GrpcCode::invalid_argument, "titles must be texts");
    titles.emplace_back(title.get_string());
  }
  return titles;
}

void phase_title(JsonWriter& json, market::Phase phase) {
  if (phase == market::Phase::none) {
    json.null("phaseTitle");
  } else {
    json.text("phaseTitle", market::to_text(phase));
  }
}

void copy_attributes(JsonWriter& json, const market::Copy& copy, const Gaps& gaps, std::uint64_t thing) {
  json.object();
  if (copy.float_value >= 0) {
    json.raw("floatValue", market::float_text(copy.float_value)).number("paintSeed", copy.paint_seed);
    phase_title(json, copy.phase);
    if (gaps.present(json, thing, "stickers")) json.key("stickers").array().end_array();
    if (gaps.present(json, thing, "charms")) json.key("charms").array().end_array();
  }
  json.end_object();
}

void sale(JsonWriter& json, const market::Sale& sale, const ApiSwitches& switches) {
  const Gaps gaps(switches);
  const bool by_target = sale.by == market::SaleBy::target;
  const auto thing = static_cast<std::uint64_t>(sale.at) * 1000 + static_cast<std::uint64_t>(sale.price.in_cents());
  json.object().text("price", dollars_text(sale.price.in_cents())).quoted("date", sale.at);
  json.text("txOperationType", !by_target ? "Offer" : switches.sales_say_order ? "Order" : "Target");
  copy_attributes(json.key("offerAttributes"), sale.copy, gaps, thing);
  if (!by_target) {
    json.null("orderAttributes");
  } else {
    json.key("orderAttributes").object().flag("isAdvanced", !sale.demand.generic());
    if (sale.demand.float_part.number) json.text("floatPartValue", market::to_text(sale.demand.float_part));
    if (sale.demand.paint_seed) json.number("paintSeed", sale.demand.paint_seed);
    if (sale.demand.phase != market::Phase::none) phase_title(json, sale.demand.phase);
    json.end_object();
  }
  json.end_object();
}

void depth_line(JsonWriter& json, const market::DepthLine& line, bool order) {
  json.object().quoted("price", line.price.in_cents()).quoted("amount", line.amount).key("attributes").array().object();
  if (order) {
    json.text("floatPartValue", any_or(market::to_text(line.demand.float_part)));
    json.text("paintSeed", line.demand.paint_seed == 0 ? "any" : std::to_string(line.demand.paint_seed));
    json.text("phaseTitle", any_or(market::to_text(line.demand.phase)));
  } else if (line.copy.float_value >= 0) {
    json.text("floatValue", market::float_text(line.copy.float_value));
    json.text("floatPartValue", market::to_text(line.copy.float_part()));
    json.quoted("paintSeed", line.copy.paint_seed).text("phaseTitle", market::to_text(line.copy.phase));
  }
  json.end_object().end_array().end_object();
}

// The exchange promises no order. One that nobody can take for one, and the same each time.
std::vector<market::TargetLine> in_no_order(std::vector<market::TargetLine> lines) {
  const auto place = [](const market::TargetLine& line) {
    constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;
    return (static_cast<std::uint64_t>(line.price.in_cents()) + 1) * golden >> 7U;
  };
  std::ranges::sort(lines, {}, place);
  return lines;
}

}  // namespace

std::string market_offers(ApiCall& call) {
  const ListQuery asked = read_list_query(call.query, {"price", "title", "float", "createdAt", "discount"});
  const auto page = ApiCall::taken(call.exchange.offers(asked.filter, asked.paging));
  ItemWriter writer(call.switches, call.exchange.now());
  writer.begin(page.items.size());
  for (const market::Offer& offer : page.items) writer.offer(offer);
  return writer.end(page.total, page.cursor);
}

std::string targets_by_title(ApiCall& call) {
  const market::Game game = game_in(call.path.at(0));
  const std::string& title = call.path.at(1);
  JsonWriter json;
  json.object().key("orders").array();
  for (const market::TargetLine& line : in_no_order(call.exchange.targets_by_title(game, title))) {
    json.object().quoted("amount", line.amount).quoted("price", line.price.in_cents()).text("title", title);
    demand_attributes(json.key("attributes"), game, line.demand);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string aggregated_prices(ApiCall& call) {
  const json::object body = call.marketplace_body();
  const json::object* filter = member_object(body, "filter");
  const market::Game game = game_in(filter ? member_text(*filter, "game") : "");
  const std::vector<std::string> titles = titles_in(filter);
  if (static_cast<std::int64_t>(titles.size()) > call.switches.titles_limit) {
    throw marketplace_refusal(GrpcCode::invalid_argument,
                              fmt::format("at most {} titles are allowed", call.switches.titles_limit));
  }
  const std::int64_t limit = number_of(body, "limit", 100);
  if (limit < 1 || limit > most_prices) throw marketplace_refusal(GrpcCode::invalid_argument, "invalid limit");
  const auto page = ApiCall::taken(
      call.exchange.aggregated_prices(game, titles, static_cast<int>(limit), member_text(body, "cursor")));
  JsonWriter json;
  json.reserve(128 + page.items.size() * 200);
  json.object().key("aggregatedPrices").array();
  for (const market::AggregatedPrice& price : page.items) {
    json.object().text("title", price.title->title);
    best_price(json, "orderBestPrice", price.order_best);
    json.quoted("orderCount", price.order_count);
    best_price(json, "offerBestPrice", price.offer_best);
    json.quoted("offerCount", price.offer_count).end_object();
  }
  json.end_array().text("nextCursor", page.cursor).end_object();
  return json.take();
}

std::string last_sales(ApiCall& call) {
  JsonWriter json;
  json.object().key("sales").array();
  for (const market::Sale& one : call.exchange.last_sales(read_sales_query(call.query))) sale(json, one, call.switches);
  json.end_array().end_object();
  return json.take();
}

std::string market_depth(ApiCall& call) {
  const market::Game game = game_in(call.value("gameId"));
  if (call.value("title").empty()) throw marketplace_refusal(GrpcCode::invalid_argument, "title is required");
  const std::string_view wanted = call.value("aggregatedData");
  const market::Depth depth = call.exchange.depth(game, call.value("title"));
  JsonWriter json;
  json.object();
  if (wanted != "Orders") {
    json.key("offers").array();
    for (const market::DepthLine& line : depth.offers) depth_line(json, line, false);
    json.end_array();
  }
  if (wanted != "Offers") {
    json.key("orders").array();
    for (const market::DepthLine& line : depth.orders) depth_line(json, line, true);
    json.end_array();
  }
  json.end_object();
  return json.take();
}

std::string customized_fees(ApiCall& call) {
  const auto game = market::game_by_id(call.value("gameId"));
  if (!game) throw rest_refusal(400, "BadRequest", "gameId is required and must be one of the games");
  const std::string_view limit_text = call.value("limit"), offset_text = call.value("offset");
  const std::int64_t limit = limit_text.empty() ? 10 : whole_number(limit_text).value_or(-1);
  const std::int64_t offset = offset_text.empty() ? 0 : whole_number(offset_text).value_or(-1);
  if (limit < 0 || limit > most_fees || offset < 0 || offset > INT32_MAX) {
    throw rest_refusal(400, "BadRequest", "limit and offset must not be negative");
  }
  const market::FeeList fees = call.exchange.fees(*game, static_cast<int>(limit), static_cast<int>(offset));
  JsonWriter json;
  json.reserve(128 + fees.reduced.size() * 160);
  json.object().key("defaultFee").object().text("fraction", market::to_text(fees.fraction));
  json.number("minAmount", fees.min_amount.in_cents()).end_object().key("reducedFees").array();
  for (const market::ReducedFee& fee : fees.reduced) {
    json.object().text("title", fee.title->title).text("fraction", market::to_text(fee.fraction));
    json.number("minPrice", fee.min_price.in_cents()).number("maxPrice", fee.max_price.in_cents());
    json.number("expiresAt", fee.expires_at).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string deposit_blocked_titles(ApiCall& call) {
  const market::Game game = game_in(call.value("gameId"));
  const std::int64_t limit = call.value("limit").empty() ? 100 : whole_number(call.value("limit")).value_or(0);
  if (limit < 1 || limit > most_blocked) throw marketplace_refusal(GrpcCode::invalid_argument, "invalid limit");
  const auto page =
      ApiCall::taken(call.exchange.deposit_blocked(game, static_cast<int>(limit), std::string(call.value("cursor"))));
  JsonWriter json;
  json.object().text("gameId", market::game_id(game)).key("titles").array();
  for (const market::BlockedTitle& blocked : page.items) {
    json.object().text("title", blocked.title->title).text("reason", blocked.reason).end_object();
  }
  json.end_array().quoted("total", page.total).text("cursor", page.cursor);
  json.text("updatedAt", iso_time(call.exchange.now())).end_object();
  return json.take();
}

}  // namespace sandbox
