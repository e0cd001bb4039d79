// Figures that the exchange leaves out: what a round does without them.
#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

class Figures : public TraderTest {
 protected:
  void buy_a_copy() {
    go_live();
    round();
    exchange.sell_to_us();
  }
};

TEST_F(Figures, AnOfferOfOursWithoutAPriceStandsAndIsLeftAlone) {
  buy_a_copy();
  rounds(2);
  ASSERT_EQ(written("create_offer"), 1U);
  exchange.own_offers.front().price.reset();
  exchange.add_market_offer(Money::cents(1120));
  rounds(3, 1000);
  EXPECT_EQ(written("create_offer"), 1U);
  EXPECT_EQ(written("change_offer"), 0U);
}

TEST_F(Figures, APurchaseWithoutAPriceIsNotOrderedAgainAndIsNotOfferedBelowItsTargetsPrice) {
  buy_a_copy();
  exchange.bought.back().price.reset();
  rounds(3);
  EXPECT_EQ(written("create_target"), 1U);
  EXPECT_EQ(real().totals().purchases_unsaid, 1);
  EXPECT_EQ(real().targets().size(), 0U);
  ASSERT_EQ(written("create_offer"), 1U);
  EXPECT_GT(real().offers().begin()->second.price, Money::cents(901));
}

dmarket::CustomizedFees fees() {
  dmarket::CustomizedFees all;
  all.default_fee.fraction = dmarket::FeeRate::millionths(100'000);
  all.default_fee.min_amount = Money::cents(1);
  dmarket::ReducedFee reduced;
  reduced.title = "AK";
  reduced.fraction = dmarket::FeeRate::millionths(20'000);
  reduced.min_price = Money::cents(100);
  reduced.max_price = Money();
  reduced.expires_at = tgkit::WallTime(std::chrono::hours(1'000'000));
  all.reduced.push_back(reduced);
  return all;
}

Money fee_of_ten_dollars(const dmarket::CustomizedFees& all) {
  const Time now = dmarket::trading::time_of(1'790'000'000);
  return dmarket::trading::fee_at(fee_table_of(all, now)->of("AK"), Money::cents(1000), now);
}

TEST(FeesWithGaps, AReducedFeeWhosePricesAreNotSaidIsNotReckonedWith) {
  EXPECT_EQ(fee_of_ten_dollars(fees()), Money::cents(20));
  dmarket::CustomizedFees gap = fees();
  gap.reduced.front().min_price.reset();
  EXPECT_EQ(fee_of_ten_dollars(gap), Money::cents(100));
  gap = fees();
  gap.reduced.front().max_price.reset();
  EXPECT_EQ(fee_of_ten_dollars(gap), Money::cents(100));
}

TEST(FeesWithGaps, WithoutRateOrLeastFeeThereAreNoFees) {
  dmarket::CustomizedFees gap = fees();
  gap.default_fee.min_amount.reset();
  EXPECT_FALSE(fee_table_of(gap, {}));
  gap = fees();
  gap.default_fee.fraction.reset();
  EXPECT_FALSE(fee_table_of(gap, {}));
}

}  // namespace
}  // namespace tests::trader
