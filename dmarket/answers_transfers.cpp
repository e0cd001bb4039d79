#include "dmarket/answer_parts.hpp"

#include <array>

namespace dmarket {
namespace {

constexpr std::array<std::pair<std::string_view, BuyStatus>, 3> buy_statuses{
    {{"TxPending", BuyStatus::pending}, {"TxSuccess", BuyStatus::success}, {"TxFailed", BuyStatus::failed}}};

constexpr std::array<std::pair<std::string_view, DepositState>, 6> deposit_states{
    {{"TransferStatusPending", DepositState::pending},
     {"TransferStatusCreated", DepositState::created},
     {"TransferStatusSuccess", DepositState::success},
     {"TransferStatusFailedToCreate", DepositState::failed_to_create},
     {"TransferStatusError", DepositState::error},
     {"TransferStatusOnHold", DepositState::on_hold}}};

template <class Kind>
Id<Kind> read_only_id(const Endpoint& endpoint, std::string_view body, std::string_view name) {
  Oddities oddities;
  std::optional<Id<Kind>> id;
  AnswerReader reader(endpoint, body, oddities);
  UnknownFields unknown;
  reader.document(
      [&](std::string_view key) {
        if (key != name) return false;
        reader.id(id);
        return true;
      },
      unknown);
  if (!id) {
    throw Error(ErrorKind::api_changed, name_of(endpoint), 200, "",
                "the change was accepted, but the answer has no " + std::string(name));
  }
  return *id;
}

void read_started(AnswerReader& reader, BuyAnswer& to) {
  reader.object([&](std::string_view offer) {
    std::string id(offer);
    std::optional<bool> started;
    reader.object([&](std::string_view key) {
      if (key != "started") return false;
      reader.boolean(started);
      return true;
    });
    to.started.emplace_back(OfferId(std::move(id)), started.value_or(false));
    return true;
  });
}

void read_fail_reason(AnswerReader& reader, BuyAnswer& to) {
  if (reader.peek() == tgkit::json::Reader::Kind::string) return reader.scalar(to.fail_code);
  reader.object([&](std::string_view key) {
    if (key != "code") return false;
    reader.scalar(to.fail_code);
    return true;
  });
}

void read_moved(AnswerReader& reader, DepositStatus::Moved& to) {
  reader.object([&](std::string_view key) {
    if (key == "InGameAssetID") {
      reader.text(to.in_game_asset_id);
    } else if (key == "DmarketAssetID") {
      reader.id(to.asset_id);
    } else {
      return false;
    }
    return true;
  });
}

void read_steam_deposit(AnswerReader& reader, DepositStatus& to) {
  reader.object([&](std::string_view key) {
    if (key == "TradeOfferID") {
      reader.scalar(to.steam_trade_offer_id);
    } else if (key == "Message") {
      reader.text(to.steam_message);
    } else {
      return false;
    }
    return true;
  });
}

}  // namespace

BuyAnswer read_buy_answer(std::string_view body, Oddities& oddities) {
  BuyAnswer answer;
  AnswerReader reader(endpoints::offers_buy, body, oddities);
  reader.document(
      [&](std::string_view key) {
        if (key == "status") {
          reader.spelled(answer.status, buy_statuses);
        } else if (key == "orderId") {
          reader.text(answer.order_id);
        } else if (key == "txId") {
          reader.text(answer.transaction_id);
        } else if (key == "dmOffersFailReason") {
          read_fail_reason(reader, answer);
        } else if (key == "dmOffersStatus" || key == "p2pOffersStatus") {
          read_started(reader, answer);
        } else {
          return false;
        }
        return true;
      },
      answer.unknown);
  if (answer.status.text.empty()) oddities.add("status", "is missing");
  return answer;
}

DepositStatus read_deposit_status(std::string_view body, Oddities& oddities) {
  DepositStatus status;
  AnswerReader reader(endpoints::deposit_status, body, oddities);
  reader.document(
      [&](std::string_view key) {
        if (key == "DepositID") {
          reader.id(status.deposit_id);
        } else if (key == "Status") {
          reader.spelled(status.state, deposit_states);
        } else if (key == "Error") {
          if (!reader.take_null()) reader.text(status.error);
        } else if (key == "AssetID") {
          reader.skip();  // what was asked for
        } else if (key == "Assets") {
          reader.array([&] { read_moved(reader, status.assets.emplace_back()); });
        } else if (key == "SteamDepositInfo") {
          read_steam_deposit(reader, status);
        } else {
          return false;
        }
        return true;
      },
      status.unknown);
  return status;
}

DepositId read_deposit_id(std::string_view body) {
  return read_only_id<DepositKind>(endpoints::deposit_assets, body, "DepositID");
}

TransferId read_transfer_id(std::string_view body) {
  return read_only_id<TransferKind>(endpoints::withdraw_assets, body, "transferId");
}

}  // namespace dmarket
