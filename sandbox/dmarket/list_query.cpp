#include "sandbox/dmarket/list_query.hpp"

#include "sandbox/dmarket/refusal.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::Choice;
using market::Filter;
using tgkit::net::Query;

constexpr std::size_t longest_cursor = 500;
constexpr std::int64_t most_closed = 500;
constexpr std::int64_t most_sales = 20;

ApiRefusal invalid(const std::string& text) { return marketplace_refusal(GrpcCode::invalid_argument, text); }

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return made;
}

std::string text_in(const Query& query, std::string_view name) {
  return std::string(tgkit::net::query_value(query, name).value_or(""));
}

std::optional<std::int64_t> number_in(const Query& query, std::string_view name) {
  const std::string text = text_in(query, name);
  if (text.empty()) return std::nullopt;
  const auto number = whole_number(text);
  if (!number) throw invalid(fmt::format("parsing field \"{}\": parsing \"{}\": invalid syntax", name, text));
  return number;
}

// ---- the values of a filter

template <class T, class Read>
void choose(const TreeFilter& filter, Choice<T>& into, Read read) {
  for (const std::string& value : filter.values) {
    const auto wanted = read(lower(value));
    if (!wanted) throw invalid(fmt::format("invalid treeFilters: {} cannot be \"{}\"", filter.key, value));
    into.any_of.push_back(*wanted);
  }
  into.negated = filter.negated;
}

std::optional<std::string> as_text(const std::string& value) { return value; }
std::optional<market::Exterior> as_exterior(const std::string& value) {
  return value == "not painted" ? market::Exterior::none : market::exterior_of(value);
}
std::optional<market::FloatPart> as_float_part(const std::string& value) {
  std::string capitals = value;
  for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return market::float_part_of(capitals);
}
std::optional<market::Phase> as_phase(const std::string& value) { return market::phase_of(value); }
std::optional<market::Category> as_category(const std::string& value) { return market::category_of(value); }
std::optional<std::int64_t> as_number(const std::string& value) { return whole_number(value); }

std::optional<bool> as_flag(const TreeFilter& filter) {
  if (filter.values.empty()) return std::nullopt;
  return (lower(filter.values.front()) == "true") != filter.negated;
}

std::optional<int> as_days(const TreeFilter& filter) {
  const auto days = filter.values.empty() ? std::nullopt : whole_number(filter.values.front());
  if (!days || *days < 0 || *days > 10'000) throw invalid("invalid treeFilters: " + filter.key + " must be days");
  return static_cast<int>(*days);
}

std::optional<bool> as_active(const TreeFilter& filter) {
  if (filter.values.empty()) return std::nullopt;
  std::string status = lower(filter.values.front());
  constexpr std::string_view prefix = "target_status_";
  if (status.starts_with(prefix)) status.erase(0, prefix.size());
  if (status != "active" && status != "inactive") throw invalid("invalid treeFilters: unknown status");
  return (status == "active") != filter.negated;
}

// Keys that the model does not know (stickers, charms, fade) let everything through.
void apply(const TreeFilter& wanted, Filter& filter) {
  const std::string& key = wanted.key;
  const std::string first = wanted.values.empty() ? std::string() : wanted.values.front();
  if (key == "exterior") choose(wanted, filter.exterior, as_exterior);
  if (key == "floatPart") choose(wanted, filter.float_part, as_float_part);
  if (key == "phase") choose(wanted, filter.phase, as_phase);
  if (key == "category") choose(wanted, filter.category, as_category);
  if (key == "paintSeed") choose(wanted, filter.paint_seed, as_number);
  if (key == "collection") choose(wanted, filter.collection, as_text);
  if (key == "type") choose(wanted, filter.type, as_text);
  if (key == "hero") choose(wanted, filter.hero, as_text);
  if (key == "categoryPath") filter.category_path = lower(first);
  if (key == "tradeLockFrom") filter.lock_days_from = as_days(wanted);
  if (key == "tradeLockTo") filter.lock_days_to = as_days(wanted);
  if (key == "isCraftable") filter.craftable = as_flag(wanted);
  if (key == "inMarket") filter.in_market = as_flag(wanted);
  if (key == "tradable") filter.tradable = as_flag(wanted);
  if (key == "status") filter.active = as_active(wanted);
  if (key == "amount") filter.amount = whole_number(first);
  if (key == "priceCents") {
    const auto cents = whole_number(first);
    if (cents) filter.price_from = filter.price_to = market::Money::cents(*cents);
  }
}

market::OrderBy order_in(const Query& query, std::initializer_list<std::string_view> orders) {
  const std::string name = text_in(query, "orderBy");
  if (name.empty()) return market::OrderBy::none;
  if (std::find(orders.begin(), orders.end(), name) == orders.end()) {
    throw invalid(fmt::format("invalid orderBy: unknown value \"{}\"", name));
  }
  if (name == "price") return market::OrderBy::price;
  if (name == "title") return market::OrderBy::title;
  if (name == "createdAt") return market::OrderBy::created_at;
  if (name == "updatedAt") return market::OrderBy::updated_at;
  if (name == "discount") return market::OrderBy::discount;
  return market::OrderBy::float_value;
}

bool descending_in(const Query& query) {
  const std::string direction = text_in(query, "orderDir");
  if (!direction.empty() && direction != "asc" && direction != "desc") {
    throw invalid("invalid orderDir: value must be in list [asc desc]");
  }
  return direction == "desc";
}

std::string cursor_in(const Query& query, std::string_view name) {
  std::string cursor = text_in(query, name);
  if (cursor.size() > longest_cursor) throw invalid("invalid cursor: value length must be at most 500 runes");
  return cursor;
}

std::optional<market::TradeState> closed_state(std::string_view name) {
  using enum market::TradeState;
  for (const market::TradeState state : {successful, reverted, trade_protected}) {
    if (market::to_text(state) == name) return state;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

market::Game game_in(std::string_view game_id) {
  const auto game = market::game_by_id(game_id);
  if (!game) throw invalid("invalid gameId: value must be in list [a8db 9a92 tf2 rust]");
  return *game;
}

std::vector<TreeFilter> read_tree_filters(std::string_view text) {
  std::vector<TreeFilter> filters;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view pair = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view key = pair.substr(0, equals);
    if (key.ends_with("[]")) key.remove_suffix(2);
    const bool negated = key.starts_with("not_");
    if (negated) key.remove_prefix(4);
    auto filter = std::find_if(filters.begin(), filters.end(),
                               [&](const TreeFilter& known) { return known.key == key && known.negated == negated; });
    if (filter == filters.end()) filter = filters.insert(filter, TreeFilter{std::string(key), {}, negated});
    filter->values.emplace_back(pair.substr(equals + 1));
  }
  return filters;
}

ListQuery read_list_query(const Query& query, std::initializer_list<std::string_view> orders) {
  ListQuery asked;
  asked.filter.game = game_in(text_in(query, "gameId"));
  const std::int64_t limit = number_in(query, "limit").value_or(0);
  if (limit < 1 || limit > 100) throw invalid("invalid limit: value must be inside range [1, 100]");
  asked.filter.title_prefix = text_in(query, "title");
  if (const auto from = number_in(query, "priceFrom")) asked.filter.price_from = market::Money::cents(*from);
  if (const auto to = number_in(query, "priceTo")) asked.filter.price_to = market::Money::cents(*to);
  for (const TreeFilter& filter : read_tree_filters(text_in(query, "treeFilters"))) apply(filter, asked.filter);
  asked.paging.limit = static_cast<int>(limit);
  asked.paging.cursor = cursor_in(query, "cursor");
  asked.paging.order_by = order_in(query, orders);
  asked.paging.descending = descending_in(query);
  return asked;
}

market::ClosedQuery read_closed_query(const Query& query, std::string_view which) {
  market::ClosedQuery asked;
  const std::int64_t limit = number_in(query, "Limit").value_or(100);
  if (limit < 1 || limit > most_closed) throw invalid("invalid Limit");
  asked.limit = static_cast<int>(limit);
  asked.cursor = cursor_in(query, "Cursor");
  asked.ascending = text_in(query, "OrderDir") == "asc";
  for (const auto& [name, value] : query) {
    if (name != "Status") continue;
    const auto state = closed_state(value);
    if (!state) throw invalid(fmt::format("invalid Status: unknown value \"{}\"", value));
    asked.status.any_of.push_back(*state);
  }
  const auto bound = [&](std::string_view of, const char* end) {
    return number_in(query, fmt::format("{}{}", of, end));
  };
  asked.created_from = bound(which, "Created.From");
  asked.created_to = bound(which, "Created.To");
  asked.closed_from = bound(which, "Closed.From");
  asked.closed_to = bound(which, "Closed.To");
  asked.finalized_from = bound("Finalization", ".From");
  asked.finalized_to = bound("Finalization", ".To");
  return asked;
}

market::SalesQuery read_sales_query(const Query& query) {
  const auto refused = [](const char* text) { return rest_refusal(400, "BadRequest", text); };
  market::SalesQuery asked;
  const auto game = market::game_by_id(text_in(query, "gameId"));
  if (!game) throw refused("gameId is required and must be one of the games");
  asked.game = *game;
  asked.title = text_in(query, "title");
  if (asked.title.empty()) throw refused("title is required");
  const std::string limit = text_in(query, "limit"), offset = text_in(query, "offset");
  const std::int64_t count = limit.empty() ? most_sales : whole_number(limit).value_or(0);
  const std::int64_t skip = offset.empty() ? 0 : whole_number(offset).value_or(-1);
  if (count < 1 || count > most_sales) throw refused("limit must be between 1 and 20");
  if (skip < 0 || skip > 1'000'000) throw refused("offset must not be negative");
  asked.limit = static_cast<int>(count);
  asked.offset = static_cast<int>(skip);
  for (const auto& [name, value] : query) {
    if (name != "txOperationType") continue;
    if (value == "Offer") asked.by.any_of.push_back(market::SaleBy::offer);
    if (value == "Target" || value == "Order") asked.by.any_of.push_back(market::SaleBy::target);
  }
  for (const TreeFilter& filter : read_tree_filters(text_in(query, "filters"))) {
    if (filter.key == "floatPartValue") choose(filter, asked.float_part, as_float_part);
    if (filter.key == "phase") choose(filter, asked.phase, as_phase);
    if (filter.key == "paintSeed") choose(filter, asked.paint_seed, as_number);
  }
  return asked;
}

}  // namespace sandbox
