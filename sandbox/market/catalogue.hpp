#pragma once
// All titles there are: made from patterns and a seed, never from a list of real ones (but for the two that DMarket's
// own documentation speaks of).
#include "sandbox/market/types.hpp"

#include <span>
#include <vector>

namespace sandbox::market {

struct CatalogueEntry {
  TitleInfo info;
  std::int64_t worth = 0;  // where its price begins: thousandths of a cent
};

// About 60 % CS2, 15 % Dota 2, 15 % Rust, 10 % TF2, in this order. No title comes twice in a game. Requires count >= 4.
std::vector<CatalogueEntry> make_titles(std::uint64_t seed, int count);

class Catalogue {
 public:
  Catalogue(std::uint64_t seed, int count);

  const std::vector<TitleInfo>& titles() const { return titles_; }
  std::int64_t first_worth(std::uint32_t title) const { return worths_[title]; }
  std::uint32_t index_of(const TitleInfo& info) const;  // of one of titles(); std::logic_error for any other
  std::optional<std::uint32_t> find(Game game, std::string_view title) const;  // exact
  // Titles of the game that begin with `prefix`, whatever the case of ASCII letters; in the order of titles.
  std::span<const std::uint32_t> with_prefix(Game game, std::string_view prefix) const;
  std::span<const std::uint32_t> of(Game game) const { return sorted_[static_cast<std::size_t>(game)]; }
  std::uint32_t rank(std::uint32_t title) const { return ranks_[title]; }  // in the order of titles of its game

 private:
  std::vector<TitleInfo> titles_;
  std::vector<std::int64_t> worths_;
  std::vector<std::string> lowered_;  // by title
  std::array<std::vector<std::uint32_t>, 4> sorted_;
  std::vector<std::uint32_t> ranks_;
};

std::string lowered(std::string_view text);  // ASCII letters only

}  // namespace sandbox::market
