#include "app/trader/valuation.hpp"

#include <gtest/gtest.h>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;

const Time now = trading::time_of(1'790'000'000);

// A title that sells for $10.00 every hour; its fee is 10 %, and 2 % until `expires`.
struct ReducedTitle {
  explicit ReducedTitle(Time expires) {
    rule.title = "AK";
    for (int hour = 1; hour <= 12; ++hour) {
      trading::Sale& sale = market.sales.emplace_back();
      sale.price = Money::cents(1000);
      sale.at = trading::later(now, -trading::hours(hour));
      sale.kind = trading::SoldTo::offer;
    }
    market.sales_at = market.offers_at = now;
    trading::FeeWindow window;
    window.rate = dmarket::FeeRate::millionths(20'000);
    window.expires = expires;
    fees.add("AK", window);
    scene.market = &market;
    scene.fees = &fees;
  }
  Money net() const { return worth_of(rule, scene, now)->net.value_or(Money()); }
  Time reckoned_until() const { return outlook(rule, Copy(), scene, now).first; }

  Rule rule;
  TitleMarket market;
  trading::FeeTable fees{dmarket::FeeRate::millionths(100'000), Money::cents(1), now};
  Scene scene;
};

TEST(Valuation, AReducedFeeCountsOnlyWhenItOutlivesTheExpectedSaleBySixHours) {
  const ReducedTitle title(trading::later(now, trading::days(9)));
  const trading::Seconds ahead = trading::since(title.reckoned_until(), now);
  EXPECT_GE(ahead, trading::hours(7));  // a sale an hour
  EXPECT_LT(ahead, trading::hours(8));
  EXPECT_EQ(title.net(), Money::cents(980));
  EXPECT_EQ(ReducedTitle(trading::later(now, ahead + trading::Seconds(1))).net(), Money::cents(980));
  EXPECT_EQ(ReducedTitle(trading::later(now, ahead)).net(), Money::cents(900));
}

}  // namespace
}  // namespace app::trader
