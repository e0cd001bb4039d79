// Whom the trader takes for a rival of its own offers.
#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

class Rivals : public TraderTest {
 protected:
  // A copy of ours, and an offer of the market that undercuts the others.
  std::string buy_a_copy() {
    go_live();
    round();
    const std::string asset = exchange.sell_to_us();
    exchange.add_market_offer(Money::cents(1140));
    return asset;
  }
  std::string first_offer() const {
    const auto made = std::ranges::find_if(exchange.written,
                                           [](const std::string& what) { return what.starts_with("create_offer"); });
    return made == exchange.written.end() ? "none" : *made;
  }
};

TEST_F(Rivals, TheLowestOfOthersIsFollowed) {
  buy_a_copy();
  rounds(2);
  EXPECT_EQ(first_offer(), "create_offer $11.39");
}

TEST_F(Rivals, AnOfferOfOursThatOnlyTheMarketListsIsNone) {
  const std::string asset = buy_a_copy();
  exchange.add_market_offer(Money::cents(1120)).attributes.id = dmarket::AssetId(asset);
  rounds(2);
  EXPECT_EQ(first_offer(), "create_offer $11.39");
}

}  // namespace
}  // namespace tests::trader
