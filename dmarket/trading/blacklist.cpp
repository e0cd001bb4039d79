#include "dmarket/trading/blacklist.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view title, std::string_view lower_word) {
  const auto same = [](char in_title, char in_word) { return lower(in_title) == in_word; };
  return !std::ranges::search(title, lower_word, same).empty();
}

}  // namespace

Blacklist::Blacklist(std::span<const std::string> entries) {
  for (const auto& entry : entries) {
    std::string folded(entry);
    std::ranges::transform(folded, folded.begin(), lower);
    if (folded.find_first_not_of(' ') != std::string::npos) entries_.push_back(std::move(folded));
  }
}

bool Blacklist::blocks(std::string_view title) const {
  return std::ranges::any_of(entries_, [title](const std::string& entry) { return contains(title, entry); });
}

}  // namespace dmarket::trading
