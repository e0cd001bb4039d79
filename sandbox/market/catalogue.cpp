#include "sandbox/market/catalogue.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace sandbox::market {

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

Catalogue::Catalogue(std::uint64_t seed, int count) {
  if (count < 4) throw std::invalid_argument("a market has at least 4 titles, one for each game");
  if (count >= 1 << 24) throw std::invalid_argument("a market has fewer than 16,777,216 titles");
  for (CatalogueEntry& entry : make_titles(seed, count)) {
    lowered_.push_back(lowered(entry.info.title));
    worths_.push_back(entry.worth);
    titles_.push_back(std::move(entry.info));
  }
  for (std::uint32_t i = 0; i < titles_.size(); ++i) sorted_[static_cast<std::size_t>(titles_[i].game)].push_back(i);
  ranks_.resize(titles_.size());
  for (auto& indices : sorted_) {
    std::sort(indices.begin(), indices.end(), [&](std::uint32_t a, std::uint32_t b) {
      return lowered_[a] != lowered_[b] ? lowered_[a] < lowered_[b] : titles_[a].title < titles_[b].title;
    });
    for (std::uint32_t rank = 0; rank < indices.size(); ++rank) ranks_[indices[rank]] = rank;
  }
}

std::uint32_t Catalogue::index_of(const TitleInfo& info) const {
  const auto found = find(info.game, info.title);
  if (!found || &titles_[*found] != &info) throw std::logic_error("this title belongs to another market");
  return *found;
}

std::span<const std::uint32_t> Catalogue::with_prefix(Game game, std::string_view prefix) const {
  const auto& indices = sorted_[static_cast<std::size_t>(game)];
  const std::string wanted = lowered(prefix);
  const auto begin = std::lower_bound(
      indices.begin(), indices.end(), wanted,
      [&](std::uint32_t index, const auto& text) { return lowered_[index].compare(0, text.size(), text) < 0; });
  const auto end = std::upper_bound(begin, indices.end(), wanted, [&](const auto& text, std::uint32_t index) {
    return lowered_[index].compare(0, text.size(), text) > 0;
  });
  return {begin, end};
}

std::optional<std::uint32_t> Catalogue::find(Game game, std::string_view title) const {
  for (const std::uint32_t index : with_prefix(game, title)) {
    if (titles_[index].title == title) return index;
    if (titles_[index].title.size() > title.size()) break;  // longer ones come after their prefix
  }
  return std::nullopt;
}

}  // namespace sandbox::market
