#pragma once
// Whether buying a title and selling it again pays, on what evidence, and if not, why not.
#include "dmarket/trading/blacklist.hpp"
#include "dmarket/trading/evidence.hpp"
#include "dmarket/trading/fee_table.hpp"
#include "dmarket/trading/level.hpp"
#include "dmarket/trading/risk.hpp"

#include <cstdint>
#include <expected>
#include <optional>

namespace dmarket::trading {

enum class BuyBy : std::uint8_t { target, offer };   // a target a cent above the best, or the cheapest offer at once
enum class SellBy : std::uint8_t { offer, target };  // an offer a cent below the cheapest, or (quick) the best target

struct Opportunity {
  BuyBy buy_by{};
  SellBy sell_by{};
  Level level{};
  Money buy;
  Money sell;    // evidence: never above a cent below the lowest competing offer, nor above the median of the sales
  Money fee;     // of that sale, at the moment it is expected
  Money net;     // sell - fee
  Money profit;  // net - buy
  BasisPoints percent;              // profit / buy, rounded down
  Money break_even;                 // the least price without a loss
  std::optional<Money> quick_sell;  // the best covered generic target, when there is one
  int liquidity = 0;
  Risks risks;
  Time sale_expected;
  SalesEvidence sales;
  std::optional<Money> lowest_competing;
  Seconds age{0};  // of the oldest data used
};

// The figures of an opportunity, for the journal.
Figures figures_of(const Opportunity& opportunity);

struct ScanRules {
  BuyBy buy_by = BuyBy::target;
  SellBy sell_by = SellBy::offer;
  LevelSet levels = LevelSet::all();
  std::optional<BasisPoints> least_percent;  // instead of the level's
  int least_liquidity = 0;
  EvidenceRules evidence;
  Seconds most_age_of_prices = minutes(10);
  Seconds most_age_of_sales = days(1);
  Seconds most_age_of_fees = days(2);  // the exchange changes them daily
  Seconds hold{0};                     // how long after the purchase the item can be sold at the earliest
};

// The cheap look: from the aggregated prices alone, whether the details can be worth a call. Refuses only what find()
// would refuse whatever the details are, except that the aggregated prices may lag.
std::expected<void, Refused> worth_details(const TitleView& view, const TitleFees& fees, const ScanRules& rules,
                                           const Blacklist& blacklist, Time now);

// The whole decision. The rules are asked in this order, so that each refusal names the first that says no: clock,
// blacklist, fees, the price to buy at and its age, level, whether the lowest competing offer leaves a profit at all,
// sales and their age, somebody to sell to, pumped prices, profit, liquidity.
std::expected<Opportunity, Refused> find_opportunity(const TitleView& view, const TitleFees& fees,
                                                     const ScanRules& rules, const Blacklist& blacklist, Time now);

}  // namespace dmarket::trading
