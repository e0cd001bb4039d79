#pragma once
// What the user wants traded, from the file that TRADE_RULES names:
//
//   [limits]
//   daily_budget = "50.00"        # all purchases of a UTC day and all orders that are open; required
//   most_per_item = "20.00"       # besides the share of the balance that one item may take
//   reserve_percent = 5           # of the balance, never spent
//   blacklist = ["Souvenir"]      # titles or parts of them that are never bought
//   paper_reverted_percent = 0    # of the dry run's trades: how many are taken back when their protection ends
//
//   [[rule]]
//   game = "cs2"                  # cs2, dota2, rust, tf2
//   title = "AK-47 | Redline (Field-Tested)"
//   amount = 2                    # copies held, on offer and ordered together
//   max_price = "9.50"            # the cap: never bid more. Without it this rule places no target
//   buy_now_price = "8.50"        # an offer of the market at this price or below is bought at once
//   keep_best = true              # a cent above the best competing target; false: the opening price in any case
//   opening_price = "8.00"        # the bid when nobody competes; without it and with keep_best = false: max_price
//   float_part = "FT-2"           # demanded of a copy, as phase = "phase-1" and paint_seed = 661
//   least_profit_percent = 3      # of the cost, after the fee
//   sell = true                   # put on offer what the bot has bought by this rule
//   floor = "10.00"               # never ask less; besides what the item has cost with the fee
//   ceiling = "15.00"             # never ask more
//   allowed_loss = "0.50"         # per item, against its cost; without it a sale leaves least_profit_percent, too
//   lone_offer_percent = 10       # an offer alone so far below the next one is not followed ...
//   lone_offer_minutes = 360      # ... before it has stood so long
//   items = ["c3d4e5f6-..."]      # copies that the bot has not bought and may sell by this rule
//
// Amounts are texts in dollars: a number in TOML is no exact amount.
#include "dmarket/game.hpp"
#include "dmarket/money.hpp"
#include "dmarket/trading/blacklist.hpp"
#include "dmarket/trading/money_rules.hpp"
#include "dmarket/trading/traits.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace app::trader {

using dmarket::Money;

struct Rule {
  std::string name;  // the file's, or made of game, title and demand; unique
  dmarket::Game game = dmarket::Game::cs2;
  std::string title;
  dmarket::trading::Demand demand;
  std::int64_t amount = 1;
  std::optional<Money> max_price;
  std::optional<Money> buy_now_price;
  bool keep_best = true;
  std::optional<Money> opening_price;
  dmarket::BasisPoints least_profit{300};
  bool sell = true;
  std::optional<Money> floor, ceiling;
  Money allowed_loss;
  dmarket::BasisPoints lone_offer{1'000};
  std::chrono::minutes lone_offer_stands{360};
  std::set<std::string> items;
};

// What becomes of trades in dry run, where nobody can know it.
struct PaperRules {
  dmarket::BasisPoints reverted{0};  // of trades, when their protection ends
};

struct Rules {
  dmarket::trading::MoneyRules money;
  dmarket::trading::Blacklist blacklist;
  std::vector<Rule> rules;
  PaperRules paper;
  bool empty() const { return rules.empty(); }
};

// Every mistake of the file at once, each with its place and what to do.
using RulesResult = std::expected<Rules, std::vector<std::string>>;
RulesResult read_rules(std::string_view toml);
RulesResult read_rules_file(const std::string& path);

}  // namespace app::trader
