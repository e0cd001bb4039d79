#pragma once
// "a=1&b=two+words": queries of addresses and bodies of type application/x-www-form-urlencoded.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::net {

using Query = std::vector<std::pair<std::string, std::string>>;  // decoded, in the order of the text

Query parse_query(std::string_view text);      // never fails: a broken escape stays as it is
std::string encode_query(const Query& query);  // a space becomes "+"
std::optional<std::string_view> query_value(const Query& query, std::string_view name);  // the first one

}  // namespace tgkit::net
