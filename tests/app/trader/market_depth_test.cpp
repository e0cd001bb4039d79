#include "app/trader/market_depth.hpp"

#include <gtest/gtest.h>

namespace app::trader {
namespace {

const TitleKey title(dmarket::Game::cs2, "AK");

Rules rules_of(const char* more = "") {
  return *read_rules(std::string(R"(
[limits]
daily_budget = "50.00"
[[rule]]
game = "cs2"
title = "AK"
max_price = "9.50"
)") + more);
}

void add(std::vector<dmarket::Offer>& read, std::int64_t cents, std::string of = "AK", std::string float_value = "") {
  dmarket::Offer& offer = read.emplace_back();
  const std::string number = std::to_string(read.size());
  offer.offer_id = dmarket::OfferId("offer-" + number);
  offer.price = Money::cents(cents);
  offer.attributes.id = dmarket::AssetId("asset-" + number);
  offer.attributes.title = std::move(of);
  if (!float_value.empty()) offer.attributes.float_value = std::move(float_value);
}

bool reached(const Rules& rules, const std::vector<dmarket::Offer>& read, const std::vector<Copy>& copies = {},
             const OwnMarks& own = {}) {
  return MarketDepth(rules, copies, title, own).reached(read);
}

TEST(MarketDepth, OffersOfALongerNameAnswerNothing) {
  const Rules rules = rules_of();
  std::vector<dmarket::Offer> read;
  for (int i = 0; i < 100; ++i) add(read, 100 + i, "AK (Holo)");
  EXPECT_FALSE(reached(rules, read));
  add(read, 300);
  EXPECT_FALSE(reached(rules, read)) << "whether it stands alone is not known";
  add(read, 310);
  EXPECT_TRUE(reached(rules, read));
}

TEST(MarketDepth, OffersOfOursAreNoRivals) {
  const Rules rules = rules_of();
  std::vector<dmarket::Offer> read;
  add(read, 300);
  add(read, 310);
  OwnMarks own;
  own.assets.insert("asset-2");
  EXPECT_FALSE(reached(rules, read, {}, own));
}

TEST(MarketDepth, ItGoesOnToThePriceAtWhichARuleBuysAtOnce) {
  const Rules rules = rules_of("buy_now_price = \"4.00\"");
  std::vector<dmarket::Offer> read;
  add(read, 300);
  add(read, 400);
  EXPECT_FALSE(reached(rules, read));
  add(read, 401);
  EXPECT_TRUE(reached(rules, read));
}

TEST(MarketDepth, ACopyOfARareFloatNeedsRivalsOfItsOwn) {
  const Rules rules = rules_of("float_part = \"FT-2\"");
  std::vector<dmarket::Offer> read;
  for (int i = 0; i < 5; ++i) add(read, 300 + i, "AK", "0.36");
  EXPECT_FALSE(reached(rules, read));
  add(read, 500, "AK", "0.22");
  add(read, 510, "AK", "0.22");
  EXPECT_TRUE(reached(rules, read));
}

TEST(MarketDepth, AboveTheCeilingNothingMatters) {
  const Rules rules = rules_of("ceiling = \"15.00\"");
  std::vector<dmarket::Offer> read;
  add(read, 1'500, "AK (Holo)");
  EXPECT_FALSE(reached(rules, read));
  add(read, 1'501, "AK (Holo)");
  EXPECT_TRUE(reached(rules, read));
}

}  // namespace
}  // namespace app::trader
