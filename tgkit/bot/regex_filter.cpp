#include "tgkit/bot/regex_filter.hpp"

#include <regex>
#include <stdexcept>

namespace tgkit::bot {

struct Pattern::Impl {
  std::regex regex;
};

Pattern::Pattern(std::string_view pattern) try
    : impl_(new Impl{std::regex(pattern.begin(), pattern.end(), std::regex::ECMAScript | std::regex::optimize)}) {
} catch (const std::regex_error& error) {
  throw std::invalid_argument("regular expression \"" + std::string(pattern) + "\": " + error.what());
}

Pattern::~Pattern() = default;

bool Pattern::found_in(std::string_view text) const {
  return std::regex_search(text.begin(), text.end(), impl_->regex);
}

Captures Pattern::search(std::string_view text) const {
  std::match_results<std::string_view::const_iterator> match;
  Captures captures;
  if (!std::regex_search(text.begin(), text.end(), match, impl_->regex)) return captures;
  for (const auto& group : match) captures.groups.push_back(group.str());
  return captures;
}

}  // namespace tgkit::bot
