#include "dmarket/market.hpp"

#include <stdexcept>

namespace dmarket {

TreeFilters& TreeFilters::add(std::string_view key, std::string_view value) {
  const auto holds_separator = [](std::string_view text) { return text.find_first_of(",=") != text.npos; };
  if (key.empty() || holds_separator(key) || holds_separator(value))
    throw std::invalid_argument("a filter's name and value must not hold a comma or an equals sign");
  if (!text_.empty()) text_ += ',';
  text_.append(key).append("=").append(value);
  return *this;
}

TreeFilters& TreeFilters::is(std::string_view key, std::string_view value) { return add(key, value); }

TreeFilters& TreeFilters::is_not(std::string_view key, std::string_view value) {
  return add("not_" + std::string(key), value);
}

TreeFilters& TreeFilters::one_of(std::string_view key, const std::vector<std::string>& all) {
  for (const std::string& value : all) add(std::string(key) + "[]", value);
  return *this;
}

}  // namespace dmarket
