#pragma once
// What the market is asked and what it answers. Amounts are Money, whatever notation they came in; times are UTC.
// Every field of an answer is optional, for the exchange leaves fields out.
#include "dmarket/game.hpp"
#include "dmarket/item.hpp"
#include "dmarket/money.hpp"
#include "dmarket/page.hpp"
#include "tgkit/async/clock.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dmarket {

// The conditions of treeFilters. Names and values stand in DMarket's documentation. Throws std::invalid_argument for a
// name or value with a comma or an equals sign: they could not be told from the next condition.
class TreeFilters {
 public:
  TreeFilters& is(std::string_view key, std::string_view value);                   // key=value
  TreeFilters& is_not(std::string_view key, std::string_view value);               // not_key=value
  TreeFilters& one_of(std::string_view key, const std::vector<std::string>& all);  // key[]=a,key[]=b
  const std::string& text() const noexcept { return text_; }                       // not encoded
  bool empty() const noexcept { return text_.empty(); }

 private:
  TreeFilters& add(std::string_view key, std::string_view value);
  std::string text_;
};

// GET /marketplace-api/v2/offers and v2/user/offers. `title` is a prefix, whatever its case: compare titles yourself.
struct OffersQuery {
  explicit OffersQuery(Game game_) : game(game_) {}
  Game game;
  int limit = 100;  // 1..100
  std::string cursor;
  std::string title;
  TreeFilters filters;
  std::string order_by;  // "price", "title", "float", "createdAt"; empty: the exchange's order
  SortDirection direction = SortDirection::ascending;
  std::optional<Money> price_from, price_to;  // inclusive; of the market's offers only
};

// An offer to sell: somebody's on the market, or one of ours.
struct Offer {
  std::optional<OfferId> offer_id;
  std::optional<Money> price;
  std::optional<tgkit::WallTime> created_at;
  std::optional<bool> locked;  // reserved by a trade under way: cannot be bought
  ItemAttributes attributes;   // attributes.id: the asset
  UnknownFields unknown;
};

// One line of GET /marketplace-api/v1/targets-by-title: all open buy orders of one price and one set of demands.
struct TargetOrder {
  std::optional<std::string> title;
  std::optional<Money> price;
  std::optional<std::int64_t> amount;
  TargetAttributes attributes;
  UnknownFields unknown;
};

// POST /marketplace-api/v1/aggregated-prices.
struct AggregatedPricesQuery {
  explicit AggregatedPricesQuery(Game game_) : game(game_) {}
  Game game;
  std::vector<std::string> titles;  // at most 100; none: all of the game, page by page
  int limit = 100;                  // 1..1000; with titles 1..100
  std::string cursor;
};

// The best prices of a title. The best target lags and may have no money behind it: confirm with targets_by_title.
struct AggregatedPrice {
  std::string title;
  std::optional<Money> order_best_price;
  std::optional<std::int64_t> order_count;
  std::optional<Money> offer_best_price;
  std::optional<std::int64_t> offer_count;
  UnknownFields unknown;
};

enum class SaleKind { unknown, offer, target };  // bought from an offer, or sold to a target

// GET /trade-aggregator/v1/last-sales, newest first, at most twelve months back.
struct LastSalesQuery {
  LastSalesQuery(Game game_, std::string title_) : game(game_), title(std::move(title_)) {}
  Game game;
  std::string title;    // exact
  std::string filters;  // "exterior[]=factory new,floatPartValue[]=BS-0"; not encoded
  std::optional<SaleKind> kind;
  int limit = 20;  // 1..20
  int offset = 0;
};

struct Sale {
  std::optional<Money> price;
  std::optional<tgkit::WallTime> date;
  Spelled<SaleKind> kind;
  std::optional<std::string> float_value;
  std::optional<std::int64_t> paint_seed;
  std::optional<std::string> phase;
  std::optional<bool> to_advanced_target;  // a target with demands
  UnknownFields unknown;
  friend bool operator==(const Sale&, const Sale&) = default;
};

// One line of GET /marketplace-api/v1/market-depth. UNOFFICIAL: may vanish without notice.
struct DepthLine {
  std::optional<Money> price;
  std::optional<std::int64_t> amount;
  UnknownFields unknown;
};

struct MarketDepth {
  std::vector<DepthLine> offers, orders;
};

// GET /marketplace-api/v2/deposit-blocked-titles. UNOFFICIAL: seen since the autumn of 2026.
struct BlockedTitle {
  std::string title;
  std::optional<std::string> reason;
  UnknownFields unknown;
};

}  // namespace dmarket
