#include "dmarket/trading/reprice.hpp"

#include "tests/dmarket/trading/cases.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

CompetingOffer standing(std::int64_t price, std::optional<Seconds> for_so_long = std::nullopt) {
  CompetingOffer offer{cents(price), {}, false, {}};
  if (for_so_long) offer.since = later(now, -*for_so_long);
  return offer;
}

Rival rival(std::vector<CompetingOffer> offers, std::optional<Money> usual = std::nullopt) {
  return rival_of(offers, {}, RivalRule(), usual, now);
}

TEST(Rival, OneThatStandsAloneFarBelowTheNextIsPassedOver) {
  const Rival found = rival({standing(700), standing(1'000), standing(1'010)});
  EXPECT_EQ(found.price, cents(1'000));
  EXPECT_EQ(found.passed_over, cents(700));
}

TEST(Rival, ExactlyTenPercentBelowIsNotFar) {
  EXPECT_EQ(rival({standing(900), standing(1'000)}).price, cents(900));
  EXPECT_EQ(rival({standing(899), standing(1'000)}).price, cents(1'000));
}

TEST(Rival, TwoFarBelowAreAMarketAndAreFollowed) {
  const Rival found = rival({standing(700), standing(700), standing(1'000)});
  EXPECT_EQ(found.price, cents(700));
  EXPECT_EQ(found.passed_over, std::nullopt);
}

TEST(Rival, OneThatHasStoodForSixHoursIsFollowed) {
  EXPECT_EQ(rival({standing(700, hours(6)), standing(1'000)}).price, cents(700));
  EXPECT_EQ(rival({standing(700, hours(6) - Seconds(1)), standing(1'000)}).price, cents(1'000));
}

TEST(Rival, TheOnlyOneIsMeasuredByWhatSalesSay) {
  EXPECT_EQ(rival({standing(700)}, cents(1'000)).price, std::nullopt);
  EXPECT_EQ(rival({standing(700)}, cents(1'000)).passed_over, cents(700));
  EXPECT_EQ(rival({standing(950)}, cents(1'000)).price, cents(950));
  EXPECT_EQ(rival({standing(700)}).price, cents(700));
}

TEST(Rival, OffersOfOursAreNoneAndKeepNobodyCompany) {
  CompetingOffer ours = standing(700);
  ours.own = true;
  EXPECT_EQ(rival({ours, standing(700), standing(1'000)}).price, cents(1'000));
}

struct Priced {
  OwnOffer offer;
  RepriceRule rule;
  std::vector<CompetingOffer> others;

  explicit Priced(std::vector<CompetingOffer> others_) : others(std::move(others_)) {
    offer.price = cents(1'200);
    offer.cost = cents(900);
    offer.changed = later(now, -hours(2));
  }
  std::expected<RepriceDecision, Refused> decide() const {
    return decide_price(offer, rule, others, bound_at(10), now, now, cents(1'150));
  }
  static TitleFees bound_at(int whole_percent) { return fees_of(percent(whole_percent)); }
};

TEST(Rival, OurPriceStaysWhenAPhantomAppears) {
  const auto decided = Priced({standing(500), standing(1'201)}).decide();
  EXPECT_EQ(decided->action, RepriceAction::keep);
  EXPECT_EQ(decided->figures.money(Figure::lone_offer), cents(500));
}

TEST(Rival, ASaleLeavesTheLeastProfitUnlessALossIsAllowed) {
  Priced priced({standing(1'001), standing(1'002)});
  priced.offer.price = cents(1'100);
  priced.rule.least_percent = BasisPoints(500);  // $9.00 must bring $9.45: a price of $10.50
  EXPECT_EQ(priced.decide()->price, cents(1'050));
  priced.rule.allowed_loss = cents(1);
  EXPECT_EQ(priced.decide()->price, cents(1'000));
}

}  // namespace
}  // namespace dmarket::trading
