#include "dmarket/requests.hpp"

#include "dmarket/endpoints.hpp"
#include "dmarket/request_rules.hpp"
#include "tgkit/net/url.hpp"

#include <algorithm>
#include <array>

namespace dmarket::requests {
namespace {

constexpr std::size_t longest_cursor = 500;

// Path and query.
class Target {
 public:
  Target(const Endpoint& endpoint, std::string path) : endpoint_(endpoint), text_(std::move(path)) {}
  explicit Target(const Endpoint& endpoint) : Target(endpoint, std::string(endpoint.path)) {}

  Target& add(std::string_view name, std::string_view value) {
    text_ += text_.find('?') == text_.npos ? '?' : '&';
    text_.append(name).append("=").append(tgkit::net::percent_encode(value));
    return *this;
  }
  Target& add_if(std::string_view name, std::string_view value) { return value.empty() ? *this : add(name, value); }
  Target& limit(std::string_view name, int value, int most) {
    if (value < 1 || value > most)
      refuse(endpoint_, "the limit must be between 1 and " + std::to_string(most) + ", not " + std::to_string(value));
    return add(name, std::to_string(value));
  }
  Target& cursor(std::string_view name, std::string_view value) {
    if (value.size() > longest_cursor) refuse(endpoint_, "a cursor has at most 500 characters");
    return add_if(name, value);
  }
  Target& seconds(std::string_view name, const std::optional<tgkit::WallTime>& time) {
    if (!time) return *this;
    return add(name, std::to_string(std::chrono::floor<std::chrono::seconds>(time->time_since_epoch()).count()));
  }
  Target& cents(std::string_view name, const std::optional<Money>& amount) {
    if (!amount) return *this;
    if (*amount < Money()) refuse(endpoint_, "a price to filter by must not be below zero");
    return add(name, to_cents_text(*amount));
  }
  std::string take() { return std::move(text_); }

 private:
  const Endpoint& endpoint_;
  std::string text_;
};

template <std::size_t count>
void add_order(Target& target, const Endpoint& endpoint, const std::string& order_by, SortDirection direction,
               const std::array<std::string_view, count>& known) {
  if (order_by.empty()) return;
  if (std::find(known.begin(), known.end(), order_by) == known.end())
    refuse(endpoint, "the list cannot be ordered by \"" + order_by + "\"");
  target.add("orderBy", order_by).add("orderDir", direction == SortDirection::ascending ? "asc" : "desc");
}

constexpr std::array<std::string_view, 5> offer_orders{"price", "title", "float", "createdAt", "discount"};
constexpr std::array<std::string_view, 5> inventory_orders{"price", "title", "float", "createdAt", "updatedAt"};
constexpr std::array<std::string_view, 3> target_orders{"price", "title", "createdAt"};

// The four lists of version 2 begin alike.
template <class Query>
Target list_target(const Endpoint& endpoint, const Query& query) {
  Target target(endpoint);
  target.add("gameId", game_id(query.game)).limit("limit", query.limit, 100).cursor("cursor", query.cursor);
  target.add_if("title", query.title).add_if("treeFilters", query.filters.text());
  return target;
}

std::string_view status_text(TradeStatus status) {
  switch (status) {
    case TradeStatus::trade_protected:
      return "trade_protected";
    case TradeStatus::successful:
      return "successful";
    case TradeStatus::reverted:
      return "reverted";
    case TradeStatus::unknown:
      break;
  }
  return "";
}

// Exactly these capitals: others are passed over without a word, and the first page comes again and again.
std::string closed(const Endpoint& endpoint, const ClosedQuery& query, const std::string& subject) {
  Target target(endpoint);
  target.limit("Limit", query.limit, 500);
  target.add("OrderDir", query.direction == SortDirection::ascending ? "asc" : "desc");
  target.cursor("Cursor", query.cursor);
  for (const TradeStatus status : query.statuses) target.add_if("Status", status_text(status));
  target.seconds(subject + "Created.From", query.created_from).seconds(subject + "Created.To", query.created_to);
  target.seconds(subject + "Closed.From", query.closed_from).seconds(subject + "Closed.To", query.closed_to);
  target.seconds("Finalization.From", query.finalized_from).seconds("Finalization.To", query.finalized_to);
  return target.take();
}

}  // namespace

std::string market_offers(const OffersQuery& query) {
  Target target = list_target(endpoints::market_offers, query);
  target.cents("priceFrom", query.price_from).cents("priceTo", query.price_to);
  add_order(target, endpoints::market_offers, query.order_by, query.direction, offer_orders);
  return target.take();
}

std::string user_offers(const OffersQuery& query) {
  if (query.price_from || query.price_to)
    refuse(endpoints::user_offers, "own offers cannot be asked for by price; ask for all of them");
  Target target = list_target(endpoints::user_offers, query);
  add_order(target, endpoints::user_offers, query.order_by, query.direction, offer_orders);
  return target.take();
}

std::string targets_by_title(Game game, std::string_view title) {
  const Endpoint& endpoint = endpoints::targets_by_title;
  need_title(endpoint, title);
  const std::string_view path = endpoint.path;
  std::string target(path.substr(0, path.find('*')));
  target.append(game_id(game)).append("/").append(tgkit::net::percent_encode(title));
  if (!is_listed_read(endpoint.method, target))
    refuse(endpoint, "the title holds a character that cannot stand in an address");
  return target;
}

std::string last_sales(const LastSalesQuery& query) {
  const Endpoint& endpoint = endpoints::last_sales;
  need_title(endpoint, query.title);
  if (query.offset < 0) refuse(endpoint, "the offset must not be below zero");
  Target target(endpoint);
  target.add("gameId", game_id(query.game)).add("title", query.title).add_if("filters", query.filters);
  if (query.kind == SaleKind::offer) target.add("txOperationType", "Offer");
  if (query.kind == SaleKind::target) target.add("txOperationType", "Target");
  target.limit("limit", query.limit, 20);
  if (query.offset > 0) target.add("offset", std::to_string(query.offset));
  return target.take();
}

std::string customized_fees(const FeesQuery& query) {
  if (query.offset < 0) refuse(endpoints::customized_fees, "the offset must not be below zero");
  Target target(endpoints::customized_fees);
  target.add("gameId", game_id(query.game)).add("offerType", query.p2p ? "p2p" : "dmarket");
  target.limit("limit", query.limit, 100'000);
  if (query.offset > 0) target.add("offset", std::to_string(query.offset));
  return target.take();
}

std::string market_depth(Game game, std::string_view title) {
  need_title(endpoints::market_depth, title);
  return Target(endpoints::market_depth).add("gameId", game_id(game)).add("title", title).take();
}

std::string deposit_blocked_titles(Game game, std::string_view cursor) {
  Target target(endpoints::deposit_blocked_titles);
  return target.add("gameId", game_id(game)).limit("limit", 100, 100).cursor("cursor", cursor).take();
}

std::string inventory(const InventoryQuery& query) {
  Target target = list_target(endpoints::user_inventory, query);
  add_order(target, endpoints::user_inventory, query.order_by, query.direction, inventory_orders);
  return target.take();
}

std::string user_targets(const TargetsQuery& query) {
  Target target = list_target(endpoints::user_targets, query);
  target.cents("priceFrom", query.price_from).cents("priceTo", query.price_to);
  add_order(target, endpoints::user_targets, query.order_by, query.direction, target_orders);
  return target.take();
}

std::string closed_offers(const ClosedQuery& query) { return closed(endpoints::closed_offers, query, "Offer"); }
std::string closed_targets(const ClosedQuery& query) { return closed(endpoints::closed_targets, query, "Target"); }

std::string deposit_status(const DepositId& deposit) {
  if (deposit.empty()) refuse(endpoints::deposit_status, "a deposit's id is needed");
  const std::string_view path = endpoints::deposit_status.path;
  std::string target = std::string(path.substr(0, path.find('*'))) + tgkit::net::percent_encode(deposit.text());
  if (!is_listed_read(endpoints::deposit_status.method, target))
    refuse(endpoints::deposit_status, "this is no deposit's id");
  return target;
}

}  // namespace dmarket::requests
