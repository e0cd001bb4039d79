// Offering, repricing, taking down and buying.
#include "sandbox/dmarket/api_call.hpp"
#include "sandbox/dmarket/json_writer.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::OfferBatch;
using market::OfferRequest;

// The requests that can be understood go to the market; the others fail by themselves.
struct ReadBatch {
  struct Unread {
    std::string id;
    market::Refusal why;
  };
  std::vector<OfferRequest> requests;
  std::vector<Unread> failed;
};

ReadBatch read_batch(const ApiCall& call, const char* id_key, bool priced) {
  const json::object body = call.marketplace_body();
  const json::array* list = member_array(body, "requests");
  if (!list || list->empty()) throw marketplace_refusal(GrpcCode::invalid_argument, "requests must not be empty");
  const int most = call.exchange.rules().batch_limit;
  if (list->size() > static_cast<std::size_t>(most)) {
    throw marketplace_refusal(GrpcCode::invalid_argument, fmt::format("at most {} requests are allowed", most));
  }
  ReadBatch batch;
  for (const json::value& value : *list) {
    const json::object empty;
    const json::object& request = value.is_object() ? value.get_object() : empty;
    const std::string id = member_text(request, id_key);
    const auto uuid = market::parse_uuid(id);
    const auto cents = member_int(request, "priceCents");
    if (!uuid) {
      batch.failed.push_back({id, {"InvalidUUID", fmt::format("{} must be a valid UUID", id_key)}});
    } else if (priced && !cents) {
      batch.failed.push_back({id, {"InvalidAmount", "priceCents must be a whole number of cents"}});
    } else {
      batch.requests.push_back(OfferRequest{*uuid, market::Money::cents(cents.value_or(0))});
    }
  }
  return batch;
}

using BatchAct = market::Result<OfferBatch> (market::Exchange::*)(std::span<const OfferRequest>);

OfferBatch carried_out(ApiCall& call, const ReadBatch& asked, BatchAct act) {
  if (asked.requests.empty()) return {};
  return ApiCall::taken((call.exchange.*act)(asked.requests));
}

void failure(JsonWriter& json, const char* id_key, std::string_view id, const market::Refusal& why) {
  json.object().text(id_key, id).text("code", why.code).text("message", why.message).end_object();
}

std::string batch_answer(const OfferBatch& done, const ReadBatch& asked, const char* id_key) {
  JsonWriter json;
  json.object().key("offers").array();
  for (const market::OfferDone& offer : done.offers) {
    json.object().text("id", market::to_text(offer.offer_id)).text("assetId", market::to_text(offer.asset_id));
    json.end_object();
  }
  json.end_array().key("failed").array();
  for (const ReadBatch::Unread& unread : asked.failed) failure(json, id_key, unread.id, unread.why);
  for (const market::OfferFailed& failed : done.failed) failure(json, id_key, market::to_text(failed.id), failed.why);
  json.end_array().end_object();
  return json.take();
}

void note(ApiCall& call, const OfferBatch& done, const char* what) {
  for (const market::OfferDone& offer : done.offers) {
    call.changed.push_back(
        fmt::format("{} {} of asset {}", what, market::to_text(offer.offer_id), market::to_text(offer.asset_id)));
  }
}

std::vector<market::BuyRequest> read_purchase(const json::object& body, std::string& type) {
  const json::array* list = member_array(body, "offers");
  if (!list || list->empty()) throw rest_refusal(400, "BadRequest", "offers must not be empty");
  std::vector<market::BuyRequest> requests;
  for (const json::value& value : *list) {
    const json::object* offer = value.if_object();
    const json::object* price = offer ? member_object(*offer, "price") : nullptr;
    const json::value* amount = price ? price->if_contains("amount") : nullptr;
    const auto id = market::parse_uuid(offer ? member_text(*offer, "offerId") : "");
    if (!id) throw rest_refusal(400, "InvalidUUID", "offerId must be a valid UUID");
    if (!amount || !amount->is_string() || !member_int(*price, "amount")) {
      throw rest_refusal(400, "InvalidAmount", "price.amount must be cents, as a text");
    }
    if (member_text(*price, "currency") != "USD")
      throw rest_refusal(400, "UnsupportedCurrency", "only USD is supported");
    type = member_text(*offer, "type");
    if (type != "dmarket" && type != "p2p") throw rest_refusal(400, "BadRequest", "type must be dmarket or p2p");
    requests.push_back(market::BuyRequest{*id, market::Money::cents(*member_int(*price, "amount"))});
  }
  return requests;
}

std::string_view status_name(market::TxStatus status) {
  constexpr std::string_view names[] = {"TxSuccess", "TxPending", "TxFailed"};
  return names[static_cast<std::size_t>(status)];
}

}  // namespace

std::string create_offers(ApiCall& call) {
  const ReadBatch asked = read_batch(call, "assetId", true);
  const OfferBatch done = carried_out(call, asked, &market::Exchange::create_offers);
  note(call, done, "offer created:");
  return batch_answer(done, asked, "assetId");
}

std::string update_offers(ApiCall& call) {
  const ReadBatch asked = read_batch(call, "offerId", true);
  const OfferBatch done = carried_out(call, asked, &market::Exchange::update_offers);
  note(call, done, "offer changed, now:");
  return batch_answer(done, asked, "offerId");
}

std::string delete_offers(ApiCall& call) {
  const ReadBatch asked = read_batch(call, "offerId", false);
  const OfferBatch done = carried_out(call, asked, &market::Exchange::delete_offers);
  note(call, done, "offer deleted:");
  return batch_answer(done, asked, "offerId");
}

std::string buy_offers(ApiCall& call) {
  std::string type;
  const std::vector<market::BuyRequest> requests = read_purchase(call.rest_body(), type);
  const market::BuyAnswer answer = call.exchange.buy(requests);
  JsonWriter json;
  json.object().text("orderId", market::to_text(answer.order_id)).text("txId", market::to_text(answer.tx_id));
  json.text("status", status_name(answer.status));
  json.key("dmOffersFailReason").object().text("code", answer.fail_code).end_object();
  json.key(type == "p2p" ? "p2pOffersStatus" : "dmOffersStatus").object();
  for (const auto& [offer, started] : answer.started) {
    json.key(market::to_text(offer)).object().flag("started", started).end_object();
  }
  json.end_object().key(type == "p2p" ? "dmOffersStatus" : "p2pOffersStatus").object().end_object().end_object();
  if (answer.status != market::TxStatus::failed) {
    for (const market::BuyRequest& request : requests) {
      call.changed.push_back(fmt::format("purchase of offer {} at {} cents: {}", market::to_text(request.offer_id),
                                         request.price.in_cents(), status_name(answer.status)));
    }
  }
  return json.take();
}

}  // namespace sandbox
