#pragma once
// What is known of a title, and what its sales say about its price. A sale price is evidence or it is nothing.
#include "dmarket/money.hpp"
#include "dmarket/trading/refusal.hpp"
#include "dmarket/trading/time.hpp"
#include "dmarket/trading/traits.hpp"

#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace dmarket::trading {

enum class SoldTo : std::uint8_t { unknown, offer, target };  // the buyer took an offer, or the seller a target

struct Sale {
  Money price;
  Time at;
  SoldTo kind = SoldTo::unknown;
  Traits copy;
};

// An offer on the market. Locked ones (a trade is under way) compete no more and cannot be bought: leave them out.
struct CompetingOffer {
  Money price;
  Traits copy;
  bool own = false;
  std::optional<Time> since;  // it stands at this price; none: not known
};

// A line of targets: all of one price and one demand.
struct Order {
  Money price;
  std::int64_t amount = 1;
  Demand demand;
  bool own = false;      // all of it is ours; see without_own (outbid.hpp) for lines that mix
  bool covered = false;  // its owner is known to have the money; not known counts as not
};

// What was read about a title, and when. Missing parts stay empty; a decision that needs them refuses.
struct TitleView {
  std::string_view title;
  // The aggregated prices: cheap, for all titles, but they lag, and do not say whose the best ones are.
  std::optional<Money> best_offer;
  std::optional<std::int64_t> offers;  // how many
  std::optional<Money> best_target;
  std::optional<std::int64_t> targets;
  std::optional<Time> prices_at;
  // The lists, for candidates; where their time is set they are used instead of the aggregated prices. The counts
  // above are still the counts.
  std::span<const CompetingOffer> offer_list;
  std::optional<Time> offers_at;
  std::span<const Order> target_list;
  std::optional<Time> targets_at;
  std::span<const Sale> sales;
  std::optional<Time> sales_at;
  std::optional<Money> average_of_week;  // where the exchange's own is known; otherwise it is computed from the sales
  // Orders of ours are in the aggregated prices.
  bool own_offers = false;
  bool own_targets = false;
  // The copy that is to be sold, as far as it is known.
  Traits copy;
};

struct EvidenceRules {
  Seconds window = days(30);  // older sales are not evidence
  std::int64_t least_sales = 3;
  BasisPoints most_above_average{15'000};  // prices up to 1.5 x the average of the week
  Likeness like;
};

// The sales in the window that speak for the copy.
struct SalesEvidence {
  std::int64_t sales = 0;
  Money median;           // of those within half and one and a half times the plain median; of two middles the lower
  Money average_of_week;  // rounded down
  std::int64_t sales_of_week = 0;
  Money recent_median;   // of the newest three
  Money earlier_median;  // of those before them; zero with fewer than three
  Time newest, oldest;
  std::int64_t deviation = 0;  // coefficient of variation of all of them, in basis points
  Seconds between_sales{0};    // mean time from sale to sale until now: how long ours may take
};

// Refuses without sales, with fewer than least_sales, without a sale in the week (and no average given), with a price
// out of range.
std::expected<SalesEvidence, Refused> sales_evidence(const TitleView& view, const EvidenceRules& rules, Time now);

// Whether the market is driven up: `price` above the limit over the week's average, or the newest sales above the
// earlier ones by as much. The figures say which.
std::optional<Refused> pumped(Money price, const SalesEvidence& sales, const EvidenceRules& rules);

}  // namespace dmarket::trading
