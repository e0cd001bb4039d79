#pragma once
// One decision while it is made. While trading is stopped it goes on all the same, but only what reduces risk is
// ordered: withdrawals of targets and offers that have become bad. For decide.cpp, buying.cpp, bidding.cpp and
// selling.cpp only.
#include "app/trader/decide.hpp"
#include "app/trader/valuation.hpp"
#include "dmarket/trading/outbid.hpp"
#include "dmarket/trading/reprice.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace app::trader {

// What an order takes from the money that may be spent, and what it gives back when it is withdrawn.
inline void commit(dmarket::trading::Account& account, Money money) {
  if (account.committed) *account.committed += money;
  if (account.spent_today) *account.spent_today += money;
}
inline void release(dmarket::trading::Account& account, Money money) {
  if (account.committed) *account.committed -= money;
  if (account.spent_today) *account.spent_today -= money;
}

// Of a title: nothing can be judged; what stands can be judged, but nothing may be added; all is clear.
enum class Sight { none, doubtful, clear };

class Deciding {
 public:
  Deciding(const Rules& rules, const Snapshot& snapshot, const ledger::Books& books,
           const dmarket::trading::GuardState& guards);
  Plan run();

 private:
  using Standing = std::optional<std::pair<std::string, dmarket::trading::OwnTarget>>;

  // ---- decide.cpp
  void tell_what_stops();
  void refuse(const Rule& rule, const dmarket::trading::Refused& refused);
  void note(const Rule& rule, std::string_view why, const dmarket::trading::Figures& figures = {});
  bool is_known(dmarket::Game game) const { return !snapshot_.own.unread.contains(game); }
  // While the fate of an order is not known, nothing else is ordered in its place.
  bool in_doubt(const Rule& rule, bool buying, const std::string& asset = {}) const;
  bool may_delete(
      const std::string& target) const;  // ours, on the exchange, and neither locked nor refused as far as we know
  bool is_locked(const std::string& asset_or_target) const;
  bool being_deleted(const std::string& target) const;
  // How well the title is known; why not well enough to spend money in it, is noted once.
  Sight sight_of(const Rule& rule, const Scene& scene);
  Sight judge(const Rule& rule, const Scene& scene);
  bool was_refused(const std::string& subject) const;
  // Whether DMarket has refused the copy or title lately; then it is noted. What reduces risk does not ask.
  bool is_set_aside(const Rule& rule, const std::string& subject);
  std::int64_t wanted(const Rule& rule) const;  // copies beyond those held and ordered by others
  std::int64_t held(const Rule& rule) const;
  std::int64_t ordered_by_others(const Rule& rule) const;  // by other rules, and by purchases decided just now

  // ---- buying.cpp: offers that are bought at once
  void buy(const Rule& rule);
  const MarketOffer* offer_to_buy(const Rule& rule, const Scene& scene) const;
  void buy(const Rule& rule, const MarketOffer& offer, std::int64_t wanted, ledger::Reason reason);
  ledger::Intent purchase(const Rule& rule, const MarketOffer& offer, ledger::Reason reason) const;

  // ---- bidding.cpp: targets
  void withdraw_targets_without_rule();
  // A rule keeps one target. Another may stand when an order that counted as ended shows again. True: there is one.
  bool withdraw_doubles(const Rule& rule);
  void bid(const Rule& rule);
  void decide_bid(const Rule& rule, const Scene& scene, const Standing& standing,
                  const std::vector<dmarket::trading::Order>& others, std::int64_t wanted, bool may_add);
  bool may_bid(const Rule& rule, Sight sight);
  dmarket::trading::OwnTarget standing_of(const std::string& id, const ledger::OwnTarget& target) const;
  void withdraw_when_standing(const Rule& rule, const Standing& standing, std::string_view why);
  void withdraw(const Rule& rule, const std::string& id, ledger::Reason reason);
  void order(const Rule& rule, const Standing& standing, Money price, std::int64_t wanted,
             const ledger::Reason& reason);
  ledger::Intent target(const Rule& rule, Money price, std::int64_t copies, ledger::Reason reason) const;

  // ---- selling.cpp: offers of ours
  void sell(const Rule& rule);
  void sell_copy(const Rule& rule, const Copy& copy, bool asked_for);
  dmarket::trading::OwnOffer own_offer(const Copy& copy) const;
  void put_on_offer(const Rule& rule, const Copy& copy, const Scene& scene);
  void reprice(const Rule& rule, const Copy& copy, const ListedOffer& listed, const Scene& scene);

  const Rules& rules_;
  const Snapshot& snapshot_;
  const ledger::Books& books_;
  const dmarket::trading::GuardState& guards_;
  dmarket::trading::Account account_;
  std::map<std::string, ledger::Position> positions_;  // by asset
  std::set<std::string> assigned_;                     // copies that a rule has taken
  std::set<std::string> bought_offers_;                // by this plan
  std::map<TitleKey, std::int64_t> bought_;            // how many, by this plan
  std::set<std::string> withdrawn_;                    // targets, by this plan: each once
  std::set<std::string> buyers_;                       // rules that buy in this plan
  std::map<std::string, Sight> sights_;                // by rule: what sight_of has found
  std::optional<dmarket::trading::Refused> stopped_;   // why nothing that adds risk is ordered; none: it is
  Plan plan_;
};

}  // namespace app::trader
