#pragma once
// What changes an account: selling, buying, moving items. An answer with status 200 proves nothing: each request of a
// batch has a fate of its own, and these types say it per request, in the order of the requests.
#include "dmarket/game.hpp"
#include "dmarket/ids.hpp"
#include "dmarket/item.hpp"
#include "dmarket/money.hpp"
#include "dmarket/spelled.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dmarket {

enum class ItemFate {
  done,
  refused,        // surely not done; code and message say why
  not_mentioned,  // the answer says nothing of it: look at the own lists (dmarket/reconcile.hpp)
};

// POST /marketplace-api/v2/offers:batchCreate.
struct OfferDraft {
  OfferDraft(AssetId asset_, Money price_) : asset(std::move(asset_)), price(price_) {}
  AssetId asset;
  Money price;
};

// POST /marketplace-api/v2/offers:batchUpdate. The answer names the asset and the new offer: hence the asset.
struct OfferChange {
  OfferChange(OfferId offer_, AssetId asset_, Money price_)
      : offer(std::move(offer_)), asset(std::move(asset_)), price(price_) {}
  OfferId offer;
  AssetId asset;
  Money price;
};

// POST /marketplace-api/v2/offers:batchDelete.
struct OfferRemoval {
  OfferRemoval(OfferId offer_, AssetId asset_) : offer(std::move(offer_)), asset(std::move(asset_)) {}
  OfferId offer;
  AssetId asset;
};

struct OfferOutcome {
  ItemFate fate = ItemFate::not_mentioned;
  std::optional<OfferId> offer_id;  // after a creation and a change: the NEW offer; the old one is dead
  std::string code;                 // "AssetTimeLocked"
  std::string message;
  // How long a locked asset refuses the next change (about 15 minutes after the last one).
  std::optional<std::chrono::seconds> locked_for;
};

// "12:19" -> 739 s, "1:02:03" too.
std::optional<std::chrono::seconds> parse_lock_time(std::string_view text);

// POST /marketplace-api/v1/user-targets/create.
struct TargetDraft {
  TargetDraft(std::string title_, Money price_) : title(std::move(title_)), price(price_) {}
  std::string title;
  Money price;
  int amount = 1;  // 1..100
  TargetAttributes attributes;
};

struct TargetOutcome {
  ItemFate fate = ItemFate::not_mentioned;
  std::optional<TargetId> target_id;
  std::string code;
  std::string message;
};

enum class OfferType { dmarket, p2p };

// PATCH /exchange/v1/offers-buy. The exchange refuses when the price is no longer this one: it is the buyer's
// protection.
struct Purchase {
  Purchase(OfferId offer_, Money price_) : offer(std::move(offer_)), price(price_) {}
  OfferId offer;
  Money price;
  OfferType type = OfferType::dmarket;
};

enum class BuyStatus {
  unknown,
  pending,  // not final: look in the inventory before anything else
  success,
  failed
};

struct BuyAnswer {
  Spelled<BuyStatus> status;
  std::optional<std::string> order_id, transaction_id;
  std::string fail_code;                          // "BalanceInsufficientFunds"
  std::vector<std::pair<OfferId, bool>> started;  // per offer
  UnknownFields unknown;
};

enum class DepositState { unknown, pending, created, success, failed_to_create, error, on_hold };

// GET /marketplace-api/v1/deposit-status. With `created` the user has to accept the trade offer in Steam by hand.
struct DepositStatus {
  std::optional<DepositId> deposit_id;
  Spelled<DepositState> state;
  std::string error;
  struct Moved {
    std::optional<std::string> in_game_asset_id;
    std::optional<AssetId> asset_id;  // on DMarket
  };
  std::vector<Moved> assets;
  std::optional<std::string> steam_trade_offer_id;
  std::optional<std::string> steam_message;  // the code to compare in Steam
  UnknownFields unknown;
};

// POST /exchange/v1/withdraw-assets.
struct Withdrawal {
  Withdrawal(AssetId asset_, Game game_, std::string class_id_)
      : asset(std::move(asset_)), game(game_), class_id(std::move(class_id_)) {}
  AssetId asset;
  Game game;
  std::string class_id;
};

}  // namespace dmarket
