#include "dmarket/client.hpp"

#include "dmarket/answers.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

TEST(Balance, CentsComeAsTextOrNumberAndAnyFieldMayBeMissing) {
  const Balance full = read_balance(
      R"({"usd":"12345","usdAvailableToWithdraw":1000,"usdTradeProtected":"77","dmc":"0","dmcAvailableToWithdraw":"0","new":{}})");
  EXPECT_EQ(full.usd, Money::cents(12345));
  EXPECT_EQ(full.usd_available_to_withdraw, Money::cents(1000));
  EXPECT_EQ(full.usd_trade_protected, Money::cents(77));
  const Balance empty = read_balance("{}");
  EXPECT_EQ(empty.usd, std::nullopt);
  EXPECT_EQ(read_balance(R"({"usd":null})").usd, std::nullopt);
}

TEST(Balance, AnUnreadableAmountIsAChangedInterfaceAndNeverAGuess) {
  for (const char* body :
       {R"({"usd":"12.5"})", R"({"usd":12.5})", R"({"usd":{"amount":1}})", R"({"usd":"abc"})", "[]", "", "<html>"}) {
    try {
      read_balance(body);
      ADD_FAILURE() << body;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::api_changed) << body;
    }
  }
}

TEST(UserProfile, TakesTheFieldsOfUseAndNothingPrivate) {
  const UserProfile profile = read_user_profile(
      R"({"id":"u","username":"trader","email":"a@b","countryCode":"DE","level":"3","settings":{"targetsLimit":200,"tradingApiToken":"t"}})");
  EXPECT_EQ(profile.id, "u");
  EXPECT_EQ(profile.username, "trader");
  EXPECT_EQ(profile.level, 3);
  EXPECT_EQ(profile.targets_limit, 200);
  const UserProfile linked =
      read_user_profile(R"({"linkedGames":[{"gameId":"a8db","gameUserId":"7"},{"gameId":"rust"}],)"
                        R"("restrictions":[{"name":"P2POfferCreation","expirationTime":"2026-06-17T10:30:00Z"}]})");
  EXPECT_EQ(linked.linked_games, (std::vector<std::string>{"a8db", "rust"}));
  ASSERT_EQ(linked.restrictions.size(), 1u);
  EXPECT_EQ(linked.restrictions[0].name, "P2POfferCreation");
  EXPECT_TRUE(linked.restrictions[0].expires_at);
  EXPECT_EQ(read_user_profile(R"({"settings":null,"username":5})").username, std::nullopt);
}

}  // namespace
}  // namespace dmarket
