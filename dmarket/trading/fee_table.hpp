#pragma once
// What a sale costs the seller: the reduced rate of the title, where one covers price and moment, otherwise the game's
// default; at least the least fee; rounded up. Where the exchange leaves something open, the seller's loss is reckoned:
// of several windows the dearest, and the least fee binds reduced rates too.
#include "dmarket/fee_rate.hpp"
#include "dmarket/trading/time.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket::trading {

// A reduced fee. Both prices are inclusive; `to` of zero is open. It holds for sales before `expires`.
struct FeeWindow {
  FeeRate rate;
  Money from;
  Money to;
  Time expires;
  friend bool operator==(const FeeWindow&, const FeeWindow&) = default;
};

constexpr bool covers(const FeeWindow& window, Money price, Time sold) {
  return window.from <= price && (window.to == Money() || price <= window.to) && sold < window.expires;
}

// The fees of one title. The windows belong to somebody else, usually a FeeTable, and must outlive it.
struct TitleFees {
  FeeRate default_rate;
  Money least_fee;
  Time read_at;  // when the exchange said so
  std::span<const FeeWindow> windows;
};

// Whether they can be reckoned with: the least fee is no nonsense.
bool plausible(const TitleFees& fees);

// Prices must not be negative (std::invalid_argument). `sold`: the moment of the sale, not of the listing.
FeeRate rate_at(const TitleFees& fees, Money price, Time sold);
Money fee_at(const TitleFees& fees, Money price, Time sold);
Money net_at(const TitleFees& fees, Money price, Time sold);  // price - fee; negative where the least fee is above it

// The fees of a game.
class FeeTable {
 public:
  FeeTable(FeeRate default_rate, Money least_fee, Time read_at)
      : default_rate_(default_rate), least_fee_(least_fee), read_at_(read_at) {}

  void add(std::string_view title, FeeWindow window);
  // Good until the next add().
  TitleFees of(std::string_view title) const;
  std::size_t reduced_titles() const { return entries_.size(); }

 private:
  struct Entry {
    std::string title;
    std::vector<FeeWindow> windows;
  };
  // A place of the open-addressed table: a scan looks up tens of thousands of titles, and most of them end here.
  struct Slot {
    std::size_t hash = 0;
    std::size_t entry = 0;  // its number and one; 0: free
  };
  std::size_t slot_of(std::string_view title, std::size_t hash) const;
  void grow();

  FeeRate default_rate_;
  Money least_fee_;
  Time read_at_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  // a power of two, at most half of them taken
};

}  // namespace dmarket::trading
