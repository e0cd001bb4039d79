#pragma once
// All titles with their books, the side of the other traders. Titles without orders of the player are brought up to the
// present when somebody looks.
#include "sandbox/market/catalogue.hpp"
#include "sandbox/market/fees.hpp"
#include "sandbox/market/ids.hpp"
#include "sandbox/market/traders.hpp"

namespace sandbox::market {

class Market {
 public:
  Market(const MarketOptions& options, Time start);

  const Catalogue& catalogue() const { return catalogue_; }
  const Ids& ids() const { return ids_; }
  const TitleInfo& info(std::uint32_t title) const { return catalogue_.titles()[title]; }
  const Traits& traits(std::uint32_t title) const { return traits_[title]; }
  std::size_t size() const { return titles_.size(); }
  Time start() const { return start_; }

  TitleState& look(std::uint32_t title, Time now);
  TitleState& as_it_stands(std::uint32_t title) { return titles_[title]; }
  Meeting move(std::uint32_t title);                         // the move that is due
  Money worth(std::uint32_t title, Time now);                // at least a cent
  void scale(std::uint32_t title, std::int64_t millionths);  // its worth and the orders of the others
  std::optional<ReducedFee> reduced(std::uint32_t title, const MarketRules& rules, Time at) const;

 private:
  Time start_;
  Catalogue catalogue_;
  Ids ids_;
  std::vector<Traits> traits_;
  std::vector<TitleState> titles_;
};

}  // namespace sandbox::market
