#include "app/trader/rules.hpp"
#include "dmarket/trading/price_range.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include <toml++/toml.h>

namespace app::trader {
namespace {

using dmarket::BasisPoints;

// One table of the file. It remembers which keys were asked for: what is left over is a mistake.
class Table {
 public:
  Table(const toml::table& table, std::string place, std::vector<std::string>& mistakes)
      : table_(table), place_(std::move(place)), mistakes_(mistakes) {}

  std::optional<std::string> text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) {
      wrong(key, "must be a text in quotes");
      return std::nullopt;
    }
    return *value;
  }
  std::optional<bool> flag(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<bool>();
    if (!value) wrong(key, "must be true or false");
    return value;
  }
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return value;
    wrong(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  std::optional<Money> money(std::string_view key, Money least) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::string>();
    if (!value) {
      wrong(key, "must be an amount in quotes, such as \"9.50\"");
      return std::nullopt;
    }
    const auto amount = dmarket::parse_typed_dollars(*value);
    if (!amount || *amount < least || *amount > dmarket::trading::most_price) {
      wrong(key, amount ? "must be at least " + dmarket::to_text(least) + " and no more than " +
                              dmarket::to_text(dmarket::trading::most_price)
                        : amount.error());
      return std::nullopt;
    }
    return *amount;
  }
  // Whole or with up to two decimals, as a number or a text: 3, 2.5, "2.5".
  std::optional<BasisPoints> percent(std::string_view key, std::int64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    std::string text;
    if (const auto whole = node->value_exact<std::int64_t>()) text = std::to_string(*whole);
    if (const auto quoted = node->value_exact<std::string>()) text = *quoted;
    const auto amount = dmarket::parse_typed_dollars(text);  // hundredths, as basis points are of a percent
    if (!text.empty() && amount && amount->in_cents() >= 0 && amount->in_cents() <= most * 100)
      return BasisPoints(amount->in_cents());
    wrong(key, "must be a percentage from 0 to " + std::to_string(most) + ", whole or in quotes: 3 or \"2.5\"");
    return std::nullopt;
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> all;
    const toml::node* node = find(key);
    if (node == nullptr) return all;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      wrong(key, "must be a list of texts in quotes");
      return all;
    }
    for (const toml::node& one : *list) {
      const auto value = one.value_exact<std::string>();
      if (value && !value->empty())
        all.push_back(*value);
      else
        wrong(key, "must be a list of texts in quotes");
    }
    return all;
  }
  void wrong(std::string_view key, const std::string& what) {
    mistakes_.push_back(place_ + (key.empty() ? "" : ": " + std::string(key)) + " " + what);
  }
  void refuse_others(std::initializer_list<std::string_view> known) {
    for (const auto& [key, node] : table_) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) wrong(key.str(), "is not known here");
    }
  }

 private:
  const toml::node* find(std::string_view key) const { return table_.get(key); }
  const toml::table& table_;
  std::string place_;
  std::vector<std::string>& mistakes_;
};

std::optional<dmarket::Game> game_named(const std::string& text) {
  constexpr std::pair<std::string_view, dmarket::Game> names[] = {{"cs2", dmarket::Game::cs2},
                                                                  {"dota2", dmarket::Game::dota2},
                                                                  {"rust", dmarket::Game::rust},
                                                                  {"tf2", dmarket::Game::tf2}};
  for (const auto& [name, game] : names)
    if (name == text) return game;
  return dmarket::game_of_id(text);
}

void read_demand(Table& table, Rule& rule) {
  if (const auto text = table.text("float_part")) {
    const auto bucket = dmarket::trading::parse_float_bucket(*text);
    if (bucket)
      rule.demand.float_part = *bucket;
    else
      table.wrong("float_part",
                  "must be one of FN-0 ... FN-6, MW-0 ... MW-4, FT-0 ... FT-4, WW-0 ... WW-4, BS-0 ... BS-4");
  }
  if (const auto text = table.text("phase")) {
    const auto phase = dmarket::trading::parse_phase(*text);
    if (phase)
      rule.demand.phase = *phase;
    else
      table.wrong("phase", "must be phase-1 ... phase-4, ruby, sapphire, emerald or black-pearl");
  }
  if (const auto seed = table.integer("paint_seed", 1, 1000)) rule.demand.paint_seed = static_cast<std::int32_t>(*seed);
}

void check_prices(Table& table, const Rule& rule) {
  if (rule.floor && rule.ceiling && *rule.floor > *rule.ceiling) table.wrong("floor", "is above the ceiling");
  if (rule.opening_price && rule.max_price && *rule.opening_price > *rule.max_price)
    table.wrong("opening_price", "is above max_price");
  if (rule.opening_price && !rule.max_price) table.wrong("opening_price", "needs a max_price");
  if (rule.buy_now_price && rule.max_price && *rule.buy_now_price > *rule.max_price)
    table.wrong("buy_now_price", "is above max_price");
  const bool buys = rule.max_price || rule.buy_now_price;
  if (!buys && !rule.sell) table.wrong("", "does nothing: it needs a max_price, a buy_now_price, or sell = true");
  if (!buys && rule.sell && rule.items.empty())
    table.wrong("", "neither buys nor names items to sell: set max_price, buy_now_price or items");
}

std::string name_for(const Rule& rule) {
  std::string name = std::string(dmarket::game_name(rule.game)) + " " + rule.title;
  const auto add = [&name](std::string_view what) { name += what.empty() ? "" : " " + std::string(what); };
  add(dmarket::trading::to_text(rule.demand.float_part));
  add(dmarket::trading::to_text(rule.demand.phase));
  if (rule.demand.paint_seed) add("seed " + std::to_string(*rule.demand.paint_seed));
  return name;
}

Rule read_rule(Table& table) {
  Rule rule;
  table.refuse_others({"name", "game", "title", "amount", "max_price", "buy_now_price", "keep_best", "opening_price",
                       "float_part", "phase", "paint_seed", "least_profit_percent", "sell", "floor", "ceiling",
                       "allowed_loss", "lone_offer_percent", "lone_offer_minutes", "items"});
  const auto game = table.text("game");
  if (!game) {
    table.wrong("game", "is missing: cs2, dota2, rust or tf2");
  } else if (const auto known = game_named(*game)) {
    rule.game = *known;
  } else {
    table.wrong("game", "must be cs2, dota2, rust or tf2");
  }
  rule.title = table.text("title").value_or(std::string());
  if (rule.title.empty()) table.wrong("title", "is missing: the item's whole title as the exchange writes it");
  rule.amount = table.integer("amount", 1, 100).value_or(1);
  rule.max_price = table.money("max_price", Money::cents(1));
  rule.buy_now_price = table.money("buy_now_price", Money::cents(1));
  rule.keep_best = table.flag("keep_best").value_or(true);
  rule.opening_price = table.money("opening_price", Money::cents(1));
  rule.least_profit = table.percent("least_profit_percent", 1000).value_or(BasisPoints(300));
  rule.sell = table.flag("sell").value_or(true);
  rule.floor = table.money("floor", Money::cents(1));
  rule.ceiling = table.money("ceiling", Money::cents(1));
  rule.allowed_loss = table.money("allowed_loss", Money()).value_or(Money());
  rule.lone_offer = table.percent("lone_offer_percent", 100).value_or(rule.lone_offer);
  if (const auto stands = table.integer("lone_offer_minutes", 0, 43'200))
    rule.lone_offer_stands = std::chrono::minutes(*stands);
  for (std::string& asset : table.texts("items")) rule.items.insert(std::move(asset));
  read_demand(table, rule);
  check_prices(table, rule);
  rule.name = table.text("name").value_or(name_for(rule));
  return rule;
}

void read_limits(const toml::table& file, Rules& rules, std::vector<std::string>& mistakes) {
  const toml::table* limits = file["limits"].as_table();
  if (limits == nullptr) {
    mistakes.emplace_back("[limits] is missing: set at least daily_budget");
    return;
  }
  Table table(*limits, "[limits]", mistakes);
  table.refuse_others({"daily_budget", "most_per_item", "reserve_percent", "blacklist", "paper_reverted_percent"});
  if (limits->get("daily_budget") == nullptr) table.wrong("daily_budget", "is missing, such as \"50.00\"");
  rules.money.daily_budget = table.money("daily_budget", Money()).value_or(Money());
  rules.money.most_per_item = table.money("most_per_item", Money::cents(1));
  rules.money.reserve = table.percent("reserve_percent", 100).value_or(rules.money.reserve);
  rules.paper.reverted = table.percent("paper_reverted_percent", 100).value_or(rules.paper.reverted);
  const std::vector<std::string> blocked = table.texts("blacklist");
  rules.blacklist = dmarket::trading::Blacklist(blocked);
}

void read_all_rules(const toml::table& file, Rules& rules, std::vector<std::string>& mistakes) {
  const toml::array* list = file["rule"].as_array();
  if (list == nullptr) {
    mistakes.emplace_back("there is no [[rule]]: nothing would be traded");
    return;
  }
  std::set<std::string> names;
  std::size_t number = 0;
  for (const toml::node& node : *list) {
    const std::string place = "[[rule]] " + std::to_string(++number);
    const toml::table* one = node.as_table();
    if (one == nullptr) {
      mistakes.push_back(place + ": is no table: write [[rule]] above it");
      continue;
    }
    Table table(*one, place, mistakes);
    Rule rule = read_rule(table);
    if (!names.insert(rule.name).second) table.wrong("", "is the second of one name or of one game, title and demand");
    rules.rules.push_back(std::move(rule));
  }
}

}  // namespace

RulesResult read_rules(std::string_view text) {
  std::vector<std::string> mistakes;
  Rules rules;
  try {
    const toml::table file = toml::parse(text);
    for (const auto& [key, node] : file) {
      if (key.str() != "limits" && key.str() != "rule")
        mistakes.push_back(std::string(key.str()) + ": is not known; there are [limits] and [[rule]]");
    }
    read_limits(file, rules, mistakes);
    read_all_rules(file, rules, mistakes);
  } catch (const toml::parse_error& error) {
    mistakes.push_back("line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
  if (!mistakes.empty()) return std::unexpected(std::move(mistakes));
  return rules;
}

RulesResult read_rules_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad()) return std::unexpected(std::vector<std::string>{"cannot be read: does the file exist?"});
  return read_rules(text.str());
}

}  // namespace app::trader
