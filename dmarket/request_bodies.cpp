#include "dmarket/request_rules.hpp"
#include "dmarket/requests.hpp"
#include "tgkit/json/writer.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace dmarket::requests {
namespace {

using tgkit::json::Writer;

constexpr std::size_t most_in_batch = 100;

// Between 1 and 100 requests, none of them twice: the exchange's answer could not be matched with them.
template <class Request, class Name>
void check_batch(const Endpoint& endpoint, const std::vector<Request>& requests, Name name) {
  if (requests.empty() || requests.size() > most_in_batch)
    refuse(endpoint, "a call takes between 1 and 100 entries, not " + std::to_string(requests.size()));
  std::set<std::string_view> seen;
  for (const Request& request : requests) {
    const std::string& text = name(request);
    if (text.empty()) refuse(endpoint, "an entry has no id");
    if (!seen.insert(text).second) refuse(endpoint, "an entry stands twice: " + text);
  }
}

void check_price(const Endpoint& endpoint, Money price) {
  if (price < Money::cents(1)) refuse(endpoint, "a price must be at least $0.01, not " + to_text(price));
}

void check_listable(const Endpoint& endpoint, const AssetId& asset) {
  if (!is_uuid(asset.text()))
    refuse(endpoint, "only an item on DMarket can be used here; deposit it first: " + asset.text());
}

const std::string& asset_of(const OfferDraft& draft) { return draft.asset.text(); }
const std::string& offer_of(const OfferChange& change) { return change.offer.text(); }

constexpr std::array<std::string_view, 27> float_parts{
    "FN-0", "FN-1", "FN-2", "FN-3", "FN-4", "FN-5", "FN-6", "MW-0", "MW-1", "MW-2", "MW-3", "MW-4", "FT-0", "FT-1",
    "FT-2", "FT-3", "FT-4", "WW-0", "WW-1", "WW-2", "WW-3", "WW-4", "BS-0", "BS-1", "BS-2", "BS-3", "BS-4"};
constexpr std::array<std::string_view, 8> phases{"phase-1", "phase-2", "phase-3",  "phase-4",
                                                 "ruby",    "emerald", "sapphire", "black-pearl"};

template <std::size_t count>
void check_known(const std::optional<std::string>& value, const std::array<std::string_view, count>& known,
                 std::string_view what) {
  if (value && std::find(known.begin(), known.end(), *value) == known.end())
    refuse(endpoints::targets_create, "\"" + *value + "\" is no " + std::string(what));
}

void check_target(const TargetDraft& target) {
  const Endpoint& endpoint = endpoints::targets_create;
  need_title(endpoint, target.title);
  check_price(endpoint, target.price);
  if (target.amount < 1 || target.amount > 100)
    refuse(endpoint, "a target's amount must be between 1 and 100, not " + std::to_string(target.amount));
  check_known(target.attributes.float_part, float_parts, "float part such as FT-2");
  check_known(target.attributes.phase, phases, "phase such as phase-1 or ruby");
  if (target.attributes.paint_seed && (*target.attributes.paint_seed < 1 || *target.attributes.paint_seed > 1000))
    refuse(endpoint, "a paint seed must be between 1 and 1000");
  if (!target.attributes.unknown.empty()) refuse(endpoint, "a target cannot be made from demands that are not known");
}

void write_attributes(Writer& json, const TargetAttributes& attributes) {
  json.key("Attrs").object();
  if (attributes.float_part) json.text("floatPartValue", *attributes.float_part);
  if (attributes.phase) json.text("phase", *attributes.phase);
  if (attributes.paint_seed) json.number("paintSeed", *attributes.paint_seed);
  json.end_object();
}

// Dollars with two decimals, written as a number: no other call takes them so.
void write_target(Writer& json, const TargetDraft& target) {
  json.object().text("Amount", std::to_string(target.amount));
  json.key("Price").object().text("Currency", "USD");
  json.raw("Amount", to_decimal_dollars(target.price)).end_object();
  json.text("Title", target.title);
  if (!target.attributes.generic()) write_attributes(json, target.attributes);
  json.end_object();
}

// "instance:class:asset:app", as the inventory names what is in Steam.
bool is_composite(std::string_view text) {
  return std::count(text.begin(), text.end(), ':') == 3 && text.find("::") == text.npos && !text.starts_with(':') &&
         !text.ends_with(':');
}

}  // namespace

std::string aggregated_prices_body(const AggregatedPricesQuery& query) {
  const Endpoint& endpoint = endpoints::aggregated_prices;
  if (query.titles.size() > 100)
    refuse(endpoint, "a call takes at most 100 titles, not " + std::to_string(query.titles.size()));
  const int most = query.titles.empty() ? 1000 : 100;
  if (query.limit < 1 || query.limit > most)
    refuse(endpoint,
           "the limit must be between 1 and " + std::to_string(most) + ", not " + std::to_string(query.limit));
  Writer json;
  json.object().key("filter").object().text("game", game_id(query.game));
  if (!query.titles.empty()) {
    json.key("titles").array();
    for (const std::string& title : query.titles) {
      need_title(endpoint, title);
      json.text(title);
    }
    json.end_array();
  }
  json.end_object().text("limit", std::to_string(query.limit)).text("cursor", query.cursor).end_object();
  return json.take();
}

std::string create_offers_body(const std::vector<OfferDraft>& offers) {
  const Endpoint& endpoint = endpoints::offers_batch_create;
  check_batch(endpoint, offers, asset_of);
  Writer json;
  json.object().key("requests").array();
  for (const OfferDraft& offer : offers) {
    check_listable(endpoint, offer.asset);
    check_price(endpoint, offer.price);
    json.object().text("assetId", offer.asset.text());
    json.number("priceCents", offer.price.in_cents()).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string update_offers_body(const std::vector<OfferChange>& offers) {
  const Endpoint& endpoint = endpoints::offers_batch_update;
  check_batch(endpoint, offers, offer_of);
  Writer json;
  json.object().key("requests").array();
  for (const OfferChange& offer : offers) {
    check_price(endpoint, offer.price);
    json.object().text("offerId", offer.offer.text());
    json.number("priceCents", offer.price.in_cents()).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string delete_offers_body(const std::vector<OfferRemoval>& offers) {
  check_batch(endpoints::offers_batch_delete, offers,
              [](const OfferRemoval& removal) -> const std::string& { return removal.offer.text(); });
  Writer json;
  json.object().key("requests").array();
  for (const OfferRemoval& offer : offers) json.object().text("offerId", offer.offer.text()).end_object();
  json.end_array().end_object();
  return json.take();
}

std::string create_targets_body(Game game, const std::vector<TargetDraft>& targets) {
  if (targets.empty() || targets.size() > most_in_batch)
    refuse(endpoints::targets_create, "a call takes between 1 and 100 targets, not " + std::to_string(targets.size()));
  Writer json;
  json.object().text("GameID", game_id(game)).key("Targets").array();
  for (const TargetDraft& target : targets) {
    check_target(target);
    write_target(json, target);
  }
  json.end_array().end_object();
  return json.take();
}

std::string delete_targets_body(const std::vector<TargetId>& targets) {
  check_batch(endpoints::targets_delete, targets,
              [](const TargetId& target) -> const std::string& { return target.text(); });
  Writer json;
  json.object().key("Targets").array();
  for (const TargetId& target : targets) json.object().text("TargetID", target.text()).end_object();
  json.end_array().end_object();
  return json.take();
}

std::string buy_offers_body(const std::vector<Purchase>& purchases) {
  const Endpoint& endpoint = endpoints::offers_buy;
  check_batch(endpoint, purchases, [](const Purchase& p) -> const std::string& { return p.offer.text(); });
  Writer json;
  json.object().key("offers").array();
  for (const Purchase& purchase : purchases) {
    check_price(endpoint, purchase.price);
    json.object().text("offerId", purchase.offer.text()).key("price").object();
    json.text("amount", to_cents_text(purchase.price)).text("currency", "USD").end_object();
    json.text("type", purchase.type == OfferType::p2p ? "p2p" : "dmarket").end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string sync_inventory_body(Game game) {
  Writer json;
  json.object().text("Type", "Inventory").text("GameID", sync_name(game)).end_object();
  return json.take();
}

std::string deposit_body(const std::vector<AssetId>& assets) {
  const Endpoint& endpoint = endpoints::deposit_assets;
  check_batch(endpoint, assets, [](const AssetId& asset) -> const std::string& { return asset.text(); });
  Writer json;
  json.object().key("AssetID").array();
  for (const AssetId& asset : assets) {
    if (!is_composite(asset.text()))
      refuse(endpoint, "an item in Steam is named instance:class:asset:app, not " + asset.text());
    json.text(asset.text());
  }
  json.end_array().end_object();
  return json.take();
}

std::string withdraw_body(const std::vector<Withdrawal>& assets, std::string_view request_id) {
  const Endpoint& endpoint = endpoints::withdraw_assets;
  check_batch(endpoint, assets, [](const Withdrawal& w) -> const std::string& { return w.asset.text(); });
  if (request_id.empty()) refuse(endpoint, "a withdrawal needs a name of its own (requestId)");
  Writer json;
  json.object().key("assets").array();
  for (const Withdrawal& asset : assets) {
    check_listable(endpoint, asset.asset);
    if (asset.class_id.empty()) refuse(endpoint, "an item to withdraw needs its class id");
    json.object().text("id", asset.asset.text()).text("gameId", game_id(asset.game));
    json.text("classId", asset.class_id).end_object();
  }
  json.end_array().text("requestId", request_id).end_object();
  return json.take();
}

}  // namespace dmarket::requests
