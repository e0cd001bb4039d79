// Items on their way between Steam and the market.
#include "sandbox/dmarket/api_call.hpp"
#include "sandbox/dmarket/json_writer.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

ApiRefusal invalid(std::string_view text) { return marketplace_refusal(GrpcCode::invalid_argument, text); }

std::string transfer_answer(const char* key, const market::Uuid& id) {
  JsonWriter json;
  json.object().text(key, market::to_text(id)).end_object();
  return json.take();
}

}  // namespace

std::string sync_inventory(ApiCall& call) {
  const json::object body = call.marketplace_body();
  if (member_text(body, "Type") != "Inventory") throw invalid("UnsupportedInventorySyncType");
  const std::string name = member_text(body, "GameID");
  const auto game = market::game_by_sync_name(name);
  if (!game) throw invalid(fmt::format("unknown value \"{}\" for enum marketplace.Games", name));
  call.exchange.sync_inventory(*game);
  call.changed.push_back("inventory sync of " + name);
  return "{}";
}

std::string deposit_assets(ApiCall& call) {
  const json::object body = call.marketplace_body();
  const json::array* list = member_array(body, "AssetID");
  if (!list || list->empty()) throw invalid("AssetID must not be empty");
  std::vector<std::string> ids;
  for (const json::value& value : *list) {
    if (!value.is_string()) throw invalid("AssetID must be texts");
    ids.emplace_back(value.get_string());
  }
  const market::Uuid deposit = ApiCall::taken(call.exchange.deposit(ids));
  call.changed.push_back("deposit begun: " + market::to_text(deposit));
  return transfer_answer("DepositID", deposit);
}

std::string deposit_status(ApiCall& call) {
  const auto id = market::parse_uuid(call.path.at(0));
  if (!id) throw invalid("DepositID must be a valid UUID");
  const auto deposit = call.exchange.deposit_status(*id);
  if (!deposit) throw ApiCall::refused(market::Refusal{"DepositTransferNotFound", "there is no such deposit"});
  JsonWriter json;
  json.object().text("DepositID", market::to_text(deposit->deposit_id)).key("AssetID").array();
  for (const auto& asset : deposit->assets) json.text(asset.in_game_asset_id);
  json.end_array().text("Status", market::to_text(deposit->status)).text("Error", deposit->error);
  json.key("Assets").array();
  for (const auto& asset : deposit->assets) {
    json.object().text("InGameAssetID", asset.in_game_asset_id);
    json.text("DmarketAssetID", market::to_text(asset.dmarket_asset_id)).end_object();
  }
  json.end_array().key("SteamDepositInfo").object().text("TradeOfferID", deposit->trade_offer_id);
  json.text("Message", deposit->message).end_object().end_object();
  return json.take();
}

std::string withdraw_assets(ApiCall& call) {
  const json::object body = call.rest_body();
  const json::array* list = member_array(body, "assets");
  if (!list || list->empty()) throw rest_refusal(400, "BadRequest", "assets must not be empty");
  market::WithdrawRequest request;
  request.request_id = member_text(body, "requestId");
  if (request.request_id.empty()) throw rest_refusal(400, "FieldCouldNotBeAnEmpty", "requestId is required");
  for (const json::value& value : *list) {
    const json::object* asset = value.if_object();
    const auto id = market::parse_uuid(asset ? member_text(*asset, "id") : "");
    if (!id) throw rest_refusal(400, "InvalidUUID", "assets.id must be a valid UUID");
    if (!market::game_by_id(member_text(*asset, "gameId")) || member_text(*asset, "classId").empty()) {
      throw rest_refusal(400, "BadRequest", "assets need gameId and classId");
    }
    request.assets.push_back(*id);
  }
  const auto transfer = call.exchange.withdraw(request);
  if (!transfer) throw rest_refusal(400, transfer.error().code, transfer.error().message);
  call.changed.push_back("withdrawal begun: " + market::to_text(*transfer));
  return transfer_answer("transferId", *transfer);
}

}  // namespace sandbox
