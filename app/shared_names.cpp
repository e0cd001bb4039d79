#include "app/shared_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace app {
namespace {

using tgkit::ops::Level;

constexpr std::array<std::string_view, 2> spoken = {"en", "ru"};

// The first word of a level is ours.
constexpr std::array<std::pair<std::string_view, Level>, 12> level_words = {{
    {"trace", Level::trace},
    {"debug", Level::debug},
    {"info", Level::info},
    {"warn", Level::warn},
    {"error", Level::error},
    {"verbose", Level::debug},
    {"notice", Level::info},
    {"information", Level::info},
    {"warning", Level::warn},
    {"err", Level::error},
    {"critical", Level::error},
    {"fatal", Level::error},
}};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return result;
}

}  // namespace

std::optional<std::string> language_in(std::string_view list) {
  while (!list.empty()) {
    const std::string_view locale = list.substr(0, list.find(':'));
    list.remove_prefix(std::min(list.size(), locale.size() + 1));
    const std::string language = lower(locale.substr(0, locale.find_first_of("_-.@")));
    if (std::ranges::find(spoken, language) != spoken.end()) return language;
  }
  return std::nullopt;
}

tgkit::ops::Parsed<Level> level_in(std::string_view word) {
  const std::string known = lower(word);
  for (const auto& [name, level] : level_words)
    if (name == known) return level;
  return std::unexpected(std::string("must be trace, debug, info, warn or error"));
}

std::string_view word_of(Level level) {
  const auto* found = std::ranges::find(level_words, level, [](const auto& entry) { return entry.second; });
  return found == level_words.end() ? std::string_view() : found->first;
}

std::string proxy_address_in(std::string_view text) {
  return text.find("://") == std::string_view::npos ? "http://" + std::string(text) : std::string(text);
}

}  // namespace app
