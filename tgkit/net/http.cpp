#include "tgkit/net/http.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tgkit::net {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 9110, 5.6.2
constexpr std::array<bool, 256> token_characters = [] {
  std::array<bool, 256> table{};
  constexpr std::string_view all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~";
  for (const char c : all) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool token_character(char c) { return token_characters[static_cast<unsigned char>(c)]; }

bool ends_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), token_character)) {
    throw std::invalid_argument("a header name is no token");
  }
  if (std::any_of(value.begin(), value.end(), ends_line)) {
    throw std::invalid_argument("a header value holds a line break or a zero byte");
  }
  if (entries_.empty()) {
    text_.reserve(512);
    entries_.reserve(16);
  }
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                      static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Entry& entry : entries_) {
    if (entry.name_size != name.size()) continue;
    const Field found = field(entry);
    if (equal_without_case(found.first, name)) return found.second;
  }
  return std::nullopt;
}

bool Headers::lists(std::string_view name, std::string_view token) const {
  for (auto [field_name, value] : *this) {
    if (!equal_without_case(field_name, name)) continue;
    while (!value.empty()) {
      const std::size_t comma = value.find(',');
      if (equal_without_case(trimmed(value.substr(0, comma)), token)) return true;
      value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
    }
  }
  return false;
}

void Headers::clear() {
  text_.clear();
  entries_.clear();
}

Headers::Field Headers::field(const Entry& entry) const {
  const std::string_view text = text_;
  return {text.substr(entry.begin, entry.name_size), text.substr(entry.begin + entry.name_size, entry.value_size)};
}

}  // namespace tgkit::net
