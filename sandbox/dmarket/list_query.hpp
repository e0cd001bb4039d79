#pragma once
// What the lists may be asked: paging, title, filters, order; as the query spells it, as the model takes it. Pure.
#include "sandbox/market/values.hpp"
#include "tgkit/net/query.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// One key of treeFilters or filters. Several values: any of them.
struct TreeFilter {
  std::string key;  // without "not_" and "[]"
  std::vector<std::string> values;
  bool negated = false;
};
std::vector<TreeFilter> read_tree_filters(std::string_view text);

struct ListQuery {
  market::Filter filter;
  market::Paging paging;
};

// Of a v2 list; `orders`: what orderBy may be here. Throws ApiRefusal in the marketplace's spelling.
ListQuery read_list_query(const tgkit::net::Query& query, std::initializer_list<std::string_view> orders);
// Of a list of closed trades: names in capitals, others are ignored without a word. `which`: "Offer" or "Target".
market::ClosedQuery read_closed_query(const tgkit::net::Query& query, std::string_view which);
// Of last-sales, whose part of the exchange refuses in another spelling.
market::SalesQuery read_sales_query(const tgkit::net::Query& query);

// gameId, refused in the marketplace's spelling when it is none of the four.
market::Game game_in(std::string_view game_id);
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace sandbox
