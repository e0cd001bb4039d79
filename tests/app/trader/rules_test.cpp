#include "app/trader/rules.hpp"

#include <gtest/gtest.h>

namespace tests::trader {
namespace {

using app::trader::read_rules;
using dmarket::Money;

std::string mistakes(const std::string& text) {
  const auto rules = read_rules(text);
  std::string all;
  if (!rules)
    for (const std::string& mistake : rules.error()) all += mistake + "\n";
  return all;
}

constexpr const char* limits = "[limits]\ndaily_budget = \"50\"\n";

TEST(TradeRules, ReadsEveryField) {
  const auto rules = read_rules(R"toml(
[limits]
daily_budget = "50.00"
most_per_item = "20"
reserve_percent = "7.5"
blacklist = ["Souvenir"]
[[rule]]
name = "mine"
game = "cs2"
title = "AK-47 | Redline (Field-Tested)"
amount = 2
max_price = "9.50"
buy_now_price = "9.50"
keep_best = false
opening_price = "8"
float_part = "FT-2"
phase = "phase-1"
paint_seed = 661
least_profit_percent = 3
sell = true
floor = "10.00"
ceiling = "15.00"
allowed_loss = "0.50"
items = ["one", "two"]
)toml");
  ASSERT_TRUE(rules) << rules.error().front();
  EXPECT_EQ(rules->money.daily_budget, Money::cents(5000));
  EXPECT_EQ(rules->money.most_per_item, Money::cents(2000));
  EXPECT_EQ(rules->money.reserve, dmarket::BasisPoints(750));
  EXPECT_TRUE(rules->blacklist.blocks("Souvenir AWP"));
  ASSERT_EQ(rules->rules.size(), 1U);
  const auto& rule = rules->rules[0];
  EXPECT_EQ(rule.name, "mine");
  EXPECT_EQ(rule.amount, 2);
  EXPECT_EQ(rule.max_price, Money::cents(950));
  EXPECT_EQ(rule.buy_now_price, Money::cents(950));
  EXPECT_FALSE(rule.keep_best);
  EXPECT_EQ(rule.opening_price, Money::cents(800));
  EXPECT_EQ(rule.demand.float_part, dmarket::trading::FloatBucket::ft_2);
  EXPECT_EQ(rule.demand.paint_seed, 661);
  EXPECT_EQ(rule.least_profit, dmarket::BasisPoints(300));
  EXPECT_EQ(rule.floor, Money::cents(1000));
  EXPECT_EQ(rule.allowed_loss, Money::cents(50));
  EXPECT_EQ(rule.items.size(), 2U);
}

TEST(TradeRules, NamesEveryMistakeAtOnceWithItsPlace) {
  const std::string all = mistakes(R"(
colour = "red"
[limits]
daily_budget = 50.0
[[rule]]
game = "chess"
title = ""
max_price = 9.5
amount = 0
float_part = "XX-9"
floor = "10"
ceiling = "9"
maxprice = "1"
[[rule]]
game = "cs2"
title = "AK"
)");
  for (const char* part :
       {"colour", "[limits]: daily_budget must be an amount in quotes", "[[rule]] 1: game must be cs2",
        "[[rule]] 1: title", "[[rule]] 1: max_price must be an amount in quotes",
        "[[rule]] 1: amount must be a whole number from 1 to 100", "[[rule]] 1: float_part must be one of",
        "[[rule]] 1: floor is above the ceiling", "[[rule]] 1: maxprice is not known",
        "[[rule]] 2 neither buys nor names items"})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\nin\n" << all;
}

TEST(TradeRules, APriceToBuyAtMayStandAloneButNotAboveTheCap) {
  const std::string rule = "[[rule]]\ngame = \"cs2\"\ntitle = \"AK\"\n";
  EXPECT_EQ(mistakes(limits + rule + "buy_now_price = \"8.50\"\n"), "");
  EXPECT_EQ(mistakes(limits + rule + "buy_now_price = \"8.50\"\nsell = false\n"), "");
  EXPECT_EQ(mistakes(limits + rule + "max_price = \"8.49\"\nbuy_now_price = \"8.50\"\n"),
            "[[rule]] 1: buy_now_price is above max_price\n");
  EXPECT_NE(mistakes(limits + rule + "buy_now_price = 8.5\n").find("buy_now_price must be an amount in quotes"),
            std::string::npos);
  EXPECT_NE(mistakes(limits + rule + "buy_now_price = \"0\"\n").find("buy_now_price must be at least $0.01"),
            std::string::npos);
  EXPECT_NE(mistakes(limits + rule + "sell = false\n").find("a buy_now_price, or sell = true"), std::string::npos);
}

TEST(TradeRules, WithoutABudgetNothingIsRead) {
  EXPECT_NE(mistakes("[[rule]]\ngame = \"cs2\"\ntitle = \"AK\"\nmax_price = \"1\"\n").find("[limits] is missing"),
            std::string::npos);
}

TEST(TradeRules, TwoRulesOfOneTitleAndDemandAreAMistake) {
  const std::string rule = "[[rule]]\ngame = \"cs2\"\ntitle = \"AK\"\nmax_price = \"1\"\n";
  EXPECT_NE(mistakes(limits + rule + rule).find("[[rule]] 2 is the second"), std::string::npos);
  EXPECT_EQ(mistakes(limits + rule + rule + "float_part = \"FT-1\"\n"), "");
}

TEST(TradeRules, WhatIsNoTomlNamesTheLine) { EXPECT_NE(mistakes("[limits\n").find("line 1"), std::string::npos); }

TEST(TradeRules, AMissingFileIsSaid) { EXPECT_FALSE(app::trader::read_rules_file("/nowhere/rules.toml")); }

}  // namespace
}  // namespace tests::trader
