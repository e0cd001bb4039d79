#include "tgkit/ops/config_values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <numeric>

#include <date/tz.h>

namespace tgkit::ops {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  Duration length;
};
// Largest first: to_text() takes the first that divides.
constexpr std::array<Unit, 5> units = {{{"d", std::chrono::hours(24)},
                                        {"h", std::chrono::hours(1)},
                                        {"m", std::chrono::minutes(1)},
                                        {"s", std::chrono::seconds(1)},
                                        {"ms", std::chrono::milliseconds(1)}}};

std::optional<Duration> duration_of(std::string_view text) {
  const auto digits_end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = whole_number(text.substr(0, digits_end));
  if (!count) return std::nullopt;
  const auto name = digits_end == text.size() ? std::string_view("s") : trimmed(text.substr(digits_end));
  for (const auto& unit : units) {
    if (unit.name != name) continue;
    if (*count > Duration::max() / unit.length) return std::nullopt;
    return *count * unit.length;
  }
  return std::nullopt;
}

// Edits (insert, delete, replace) between two words.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

Parsed<std::int64_t> parse_integer(std::string_view text, std::int64_t least, std::int64_t most) {
  const auto value = whole_number(trimmed(text));
  if (value && *value >= least && *value <= most) return *value;
  return std::unexpected("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

Parsed<bool> parse_bool(std::string_view text) {
  std::string word(trimmed(text));
  for (auto& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const auto yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return true;
  }
  for (const auto no : {"false", "no", "off", "0"}) {
    if (word == no) return false;
  }
  return std::unexpected("must be true or false");
}

Parsed<Duration> parse_duration(std::string_view text, Duration least, Duration most) {
  const auto value = duration_of(trimmed(text));
  if (value && *value >= least && *value <= most) return *value;
  return std::unexpected("must be a time from " + to_text(least) + " to " + to_text(most) +
                         ", a whole number with ms, s, m, h or d");
}

Parsed<std::vector<std::int64_t>> parse_ids(std::string_view text) {
  std::vector<std::int64_t> ids;
  constexpr std::string_view separators = ", \t\r\n";
  for (auto rest = text;;) {
    const auto first = rest.find_first_not_of(separators);
    if (first == std::string_view::npos) return ids;
    rest.remove_prefix(first);
    const auto word = rest.substr(0, rest.find_first_of(separators));
    const auto id = whole_number(word);
    if (!id) return std::unexpected("must be numeric ids, separated by commas");
    ids.push_back(*id);
    rest.remove_prefix(word.size());
  }
}

Parsed<net::Url> parse_url(std::string_view text) {
  try {
    return net::Url::parse(trimmed(text));
  } catch (const std::invalid_argument& error) {
    return std::unexpected("must be an http or https address: " + std::string(error.what()));
  }
}

Parsed<std::string> parse_time_zone(std::string_view text) {
  const auto name = trimmed(text);
  try {
    date::locate_zone(name);
    return std::string(name);
  } catch (const std::exception&) {
    return std::unexpected("must be a time zone of this system's database, such as Europe/Berlin or UTC");
  }
}

std::string to_text(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  for (const auto& unit : units) {
    if (duration % unit.length == Duration::zero()) {
      return std::to_string(duration / unit.length) + std::string(unit.name);
    }
  }
  return std::to_string(duration.count()) + "ns";
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  auto fewest = std::max<std::size_t>(2, word.size() / 4) + 1;
  for (const auto& candidate : candidates) {
    const auto edits = distance(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

}  // namespace tgkit::ops
