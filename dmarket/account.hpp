#pragma once
// What an account owns, has on order and has traded. Amounts are Money, times UTC; every field of an answer is
// optional.
#include "dmarket/game.hpp"
#include "dmarket/item.hpp"
#include "dmarket/market.hpp"
#include "dmarket/money.hpp"
#include "dmarket/page.hpp"
#include "tgkit/async/clock.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dmarket {

// GET /account/v1/balance. `usd` does not contain `usd_trade_protected`.
struct Balance {
  std::optional<Money> usd;  // available for trading
  std::optional<Money> usd_available_to_withdraw;
  std::optional<Money> usd_trade_protected;  // proceeds still under trade protection; undocumented
};

// What the account may not do for a while.
struct Restriction {
  std::string name;  // "P2POfferCreation"
  std::optional<tgkit::WallTime> expires_at;
};

// GET /account/v1/user, the fields of use. The answer also holds an e-mail address, a trade URL and a token: those are
// not taken over, and the body is never logged.
struct UserProfile {
  std::optional<std::string> id;
  std::optional<std::string> username;
  std::optional<std::string> country_code;
  std::optional<std::int64_t> level;
  std::optional<std::string> public_key;
  std::optional<std::int64_t> targets_limit;  // open targets per game
  std::vector<std::string> linked_games;      // game ids; only a linked game can be synchronised
  std::vector<Restriction> restrictions;
};

// GET /marketplace-api/v2/user/inventory. `title` is a prefix, whatever its case.
struct InventoryQuery {
  explicit InventoryQuery(Game game_) : game(game_) {}
  Game game;
  int limit = 100;  // 1..100
  std::string cursor;
  std::string title;
  TreeFilters filters;
  std::string order_by;  // "price", "title", "float", "createdAt", "updatedAt"
  SortDirection direction = SortDirection::ascending;
};

struct InventoryItem {
  ItemAttributes attributes;      // attributes.id: the asset; no UUID while it is in Steam
  std::optional<bool> in_market;  // true: on DMarket, false: still in Steam
  std::optional<Money> suggested_price;
  std::optional<Money> offer_recommended_price;
  std::optional<tgkit::WallTime> created_at, updated_at;
  UnknownFields unknown;
};

// GET /marketplace-api/v2/user/targets. `title` is a prefix, whatever its case.
struct TargetsQuery {
  explicit TargetsQuery(Game game_) : game(game_) {}
  Game game;
  int limit = 100;  // 1..100
  std::string cursor;
  std::string title;
  TreeFilters filters;
  std::string order_by;  // "price", "title", "createdAt"
  SortDirection direction = SortDirection::ascending;
  std::optional<Money> price_from, price_to;  // inclusive
};

enum class TargetStatus { unknown, active, inactive };  // inactive: presumably without cover, does not execute

// One of our buy orders.
struct Target {
  std::optional<TargetId> target_id;
  std::optional<std::string> title;
  std::optional<std::int64_t> amount;
  std::optional<Money> price;
  Spelled<TargetStatus> status;
  TargetAttributes attributes;
  std::optional<tgkit::WallTime> created_at, updated_at;
  UnknownFields unknown;
};

enum class TradeStatus { unknown, trade_protected, successful, reverted };

// GET /marketplace-api/v1/user-offers/closed and user-targets/closed. All games together; the answer names none.
// Times go out in whole seconds.
struct ClosedQuery {
  ClosedQuery() {}
  int limit = 100;  // 1..500; 100 is sure, 500 was seen
  std::string cursor;
  SortDirection direction = SortDirection::descending;
  std::vector<TradeStatus> statuses;  // none: all
  std::optional<tgkit::WallTime> created_from, created_to, closed_from, closed_to, finalized_from, finalized_to;
};

struct TradeFee {
  std::optional<Money> amount;
  std::optional<std::string> percent;  // as it came
  std::optional<bool> personal;
};

// One of our sales. It comes first as trade_protected and again, the same one, as successful or reverted: its key is
// offer and asset.
struct ClosedOffer {
  std::optional<OfferId> offer_id;
  std::optional<TargetId> target_id;  // set when it was sold to a target
  std::optional<AssetId> asset_id;
  std::optional<std::string> title;
  std::optional<Money> price;  // gross; net is price less fee.amount
  std::optional<std::int64_t> amount;
  Spelled<TradeStatus> status;
  TradeFee fee;
  std::optional<tgkit::WallTime> created_at, closed_at, finalized_at;
  UnknownFields unknown;
};

// One of our purchases by target; its key is target and asset. The buyer pays the price and nothing on top.
struct ClosedTarget {
  std::optional<OfferId> offer_id;
  std::optional<TargetId> target_id;
  std::optional<AssetId> asset_id;
  std::optional<std::string> title;
  std::optional<Money> price;
  std::optional<std::int64_t> amount;
  Spelled<TradeStatus> status;
  std::optional<tgkit::WallTime> closed_at, finalized_at;
  UnknownFields unknown;
};

}  // namespace dmarket
