#include "dmarket/trading/blacklist.hpp"

#include <algorithm>

namespace dmarket::trading {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

Blacklist::Blacklist(std::span<const std::string> entries) {
  for (const auto& entry : entries) {
    std::string folded(entry);
    std::ranges::transform(folded, folded.begin(), lower);
    if (folded.find_first_not_of(' ') != std::string::npos) entries_.push_back(std::move(folded));
  }
}

bool Blacklist::blocks(std::string_view title) const {
  if (entries_.empty()) return false;
  std::string folded(title);
  std::ranges::transform(folded, folded.begin(), lower);
  return std::ranges::any_of(entries_, [&folded](const std::string& entry) { return folded.contains(entry); });
}

}  // namespace dmarket::trading
