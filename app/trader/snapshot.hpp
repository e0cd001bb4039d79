#pragma once
// What was read of the exchange for one decision, in the words of dmarket/trading. In dry run the own lists are those
// of the simulated books; everything else is the market's.
#include "app/ledger/entry.hpp"
#include "dmarket/account.hpp"
#include "dmarket/fees.hpp"
#include "dmarket/game.hpp"
#include "dmarket/trading/evidence.hpp"
#include "dmarket/trading/fee_table.hpp"
#include "dmarket/trading/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace app::trader {

using dmarket::Money;
using dmarket::trading::Time;

struct MarketOffer {
  std::string offer_id, asset_id;
  ledger::Item item;             // without its game
  bool held_by_exchange = true;  // false: by its owner, from whom it comes by a trade in Steam
  dmarket::trading::CompetingOffer offer;
};

// What the market says of one title.
struct TitleMarket {
  std::optional<Time> offers_at, targets_at, sales_at;  // none: could not be read
  std::vector<MarketOffer> offers;                      // of exactly this title, not locked, the cheapest first
  std::vector<dmarket::trading::Order> targets;
  std::vector<dmarket::trading::Sale> sales;
};

using TitleKey = std::pair<dmarket::Game, std::string>;

// A copy that lies on the exchange and is ours.
struct Copy {
  std::string asset_id;
  dmarket::Game game = dmarket::Game::cs2;
  ledger::Item item;
  dmarket::trading::Traits traits;
  bool can_be_sold = true;
};

struct ListedOffer {
  std::string offer_id, asset_id;
  std::optional<Money> price;  // none: the list does not say it
};

// A target on the account that may be one of ours whose making was given up. It is never touched, and it counts in the
// budget and among the copies.
struct Stray {
  dmarket::Game game = dmarket::Game::cs2;
  std::string target_id, title;
  Money price;
  std::int64_t amount = 1;
  std::int64_t intent = 0;  // of ours that may have made it
};

struct OwnLists {
  std::map<std::string, std::string> targets;  // id -> title; all that stand, whoever made them
  std::vector<Stray> strays;                   // among the targets
  std::set<dmarket::Game> unproven;            // a list of the game was read, and is not proven complete
  std::vector<ListedOffer> offers;
  std::vector<Copy> copies;        // in the inventory on DMarket and on offer
  std::set<dmarket::Game> unread;  // their lists could not be read: nothing is known of what is ours there
};

// By which an offer of the market is known to be ours: also one that our own list does not show yet.
struct OwnMarks {
  std::set<std::string> offers, assets;
  bool has(const MarketOffer& offer) const {
    return offers.contains(offer.offer_id) || assets.contains(offer.asset_id);
  }
};

struct Snapshot {
  Time now;
  std::optional<Money> balance;
  Time balance_at;
  OwnLists own;
  std::map<dmarket::Game, dmarket::trading::FeeTable> fees;
  std::map<TitleKey, TitleMarket> titles;
};

// --- from the exchange's types; pure
dmarket::trading::Traits traits_of(const dmarket::ItemAttributes& attributes);
dmarket::trading::Traits traits_of(const ledger::Item& item);
dmarket::trading::Demand demand_of(const dmarket::TargetAttributes& attributes);
dmarket::trading::Demand demand_of(const ledger::Intent& intent);
dmarket::TargetAttributes attributes_of(const dmarket::trading::Demand& demand);
std::vector<MarketOffer> offers_of(const std::vector<dmarket::Offer>& page, const std::string& title,
                                   const OwnMarks& own);
std::vector<dmarket::trading::Order> orders_of(const std::vector<dmarket::TargetOrder>& lines);
std::vector<dmarket::trading::Sale> sales_of(const std::vector<dmarket::Sale>& page);
std::optional<dmarket::trading::FeeTable> fee_table_of(const dmarket::CustomizedFees& fees, Time read_at);

}  // namespace app::trader
