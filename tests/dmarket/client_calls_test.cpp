// The client over HTTP: what each call sends, and what becomes of the answer.
#include "dmarket/client.hpp"
#include "tests/dmarket/scripted_exchange.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

const AssetId asset("a1b2c3d4-e5f6-7890-abcd-ef1234567890");
const OfferId offer("c3d4e5f6-a7b8-9012-cdef-345678901234");
constexpr char title[] = "AK-47 | Redline (Field-Tested)";

class Calls : public tests::ScriptedExchange {
 protected:
  struct Named {
    std::string name;  // of the endpoint that must be asked
    std::function<tgkit::Task<>(Client)> call;
  };

  template <class T>
  static tgkit::Task<> ignore(tgkit::Task<T> call) {
    co_await std::move(call);
  }

  // Keeps the client while its call runs.
  static tgkit::Task<> run_named(Client client, std::function<tgkit::Task<>(Client&)> call) { co_await call(client); }

  static std::vector<Named> of(std::vector<std::pair<const Endpoint*, std::function<tgkit::Task<>(Client&)>>> all) {
    std::vector<Named> named;
    for (auto& [endpoint, call] : all)
      named.push_back({name_of(*endpoint), [call](Client client) { return run_named(std::move(client), call); }});
    return named;
  }

  // Every call of the client.
  static std::vector<Named> changes() {
    return of({
        {&endpoints::offers_batch_create,
         [](Client& c) { return ignore(c.create_offers({OfferDraft(asset, Money::cents(1))})); }},
        {&endpoints::offers_batch_update,
         [](Client& c) { return ignore(c.update_offers({OfferChange(offer, asset, Money::cents(1))})); }},
        {&endpoints::offers_batch_delete,
         [](Client& c) { return ignore(c.delete_offers({OfferRemoval(offer, asset)})); }},
        {&endpoints::targets_create,
         [](Client& c) { return ignore(c.create_targets(Game::cs2, {TargetDraft(title, Money::cents(1))})); }},
        {&endpoints::targets_delete, [](Client& c) { return ignore(c.delete_targets({TargetId("t")})); }},
        {&endpoints::offers_buy, [](Client& c) { return ignore(c.buy_offers({Purchase(offer, Money::cents(1))})); }},
        {&endpoints::inventory_sync, [](Client& c) { return c.sync_inventory(Game::cs2); }},
        {&endpoints::deposit_assets, [](Client& c) { return ignore(c.deposit({AssetId("0:1:2:730")})); }},
        {&endpoints::withdraw_assets,
         [](Client& c) { return ignore(c.withdraw({Withdrawal(asset, Game::cs2, "1:2")}, "w")); }},
    });
  }
  static std::vector<Named> questions() {
    return of({
        {&endpoints::balance, [](Client& c) { return ignore(c.balance()); }},
        {&endpoints::user, [](Client& c) { return ignore(c.user()); }},
        {&endpoints::market_offers, [](Client& c) { return ignore(c.market_offers(OffersQuery(Game::cs2))); }},
        {&endpoints::targets_by_title, [](Client& c) { return ignore(c.targets_by_title(Game::cs2, title)); }},
        {&endpoints::aggregated_prices,
         [](Client& c) { return ignore(c.aggregated_prices(AggregatedPricesQuery(Game::cs2))); }},
        {&endpoints::last_sales, [](Client& c) { return ignore(c.last_sales(LastSalesQuery(Game::cs2, title))); }},
        {&endpoints::customized_fees, [](Client& c) { return ignore(c.customized_fees(FeesQuery(Game::cs2))); }},
        {&endpoints::market_depth, [](Client& c) { return ignore(c.market_depth(Game::cs2, title)); }},
        {&endpoints::deposit_blocked_titles, [](Client& c) { return ignore(c.deposit_blocked_titles(Game::cs2)); }},
        {&endpoints::user_inventory, [](Client& c) { return ignore(c.inventory(InventoryQuery(Game::cs2))); }},
        {&endpoints::user_offers, [](Client& c) { return ignore(c.user_offers(OffersQuery(Game::cs2))); }},
        {&endpoints::user_targets, [](Client& c) { return ignore(c.user_targets(TargetsQuery(Game::cs2))); }},
        {&endpoints::closed_offers, [](Client& c) { return ignore(c.closed_offers(ClosedQuery())); }},
        {&endpoints::closed_targets, [](Client& c) { return ignore(c.closed_targets(ClosedQuery())); }},
        {&endpoints::deposit_status, [](Client& c) { return ignore(c.deposit_status(DepositId("d"))); }},
    });
  }
};

TEST_F(Calls, TogetherAskEveryEndpointOfTheTableAndNoOther) {
  std::set<std::string> asked, listed;
  for (const auto& all : {questions(), changes()}) {
    for (const auto& named : all) asked.insert(named.name);
  }
  for (const Endpoint& endpoint : endpoints::all) listed.insert(name_of(endpoint));
  EXPECT_EQ(asked, listed);
}

TEST_F(Calls, InDryRunEveryChangeIsRefusedAndNoByteLeaves) {
  Transport transport(http_, clock_, settings());
  for (const auto& change : changes()) {
    EXPECT_EQ(failure_of(change.call(Client(transport))), ErrorKind::refused_by_guard) << change.name;
    EXPECT_NE(text_.find(change.name), std::string::npos) << text_;
  }
  EXPECT_TRUE(asked_.empty());
  EXPECT_TRUE(calls_.empty());
}

TEST_F(Calls, InDryRunEveryQuestionIsAsked) {
  Transport transport(http_, clock_, settings());
  for (const auto& question : questions()) {
    asked_.clear();
    tests_run(question.call(Client(transport)));
    ASSERT_EQ(asked_.size(), 1u) << question.name;
    const Endpoint* endpoint = find_endpoint(asked_[0].method, asked_[0].target);
    ASSERT_NE(endpoint, nullptr) << question.name;
    EXPECT_EQ(name_of(*endpoint), question.name);
    EXPECT_TRUE(verify_signature(asked_[0])) << question.name;
  }
}

TEST_F(Calls, LiveEveryChangeIsSentOnceAndItsLostAnswerIsAnUnknownOutcome) {
  auto s = live_settings();
  s.breaker.failures = 0;
  Transport transport(http_, clock_, s);
  for (const auto& change : changes()) {
    asked_.clear();
    answers_.emplace_back(502, "<html>bad gateway</html>");
    EXPECT_EQ(failure_of(change.call(Client(transport))), ErrorKind::unknown_outcome) << change.name;
    ASSERT_EQ(asked_.size(), 1u) << change.name;
    EXPECT_TRUE(verify_signature(asked_[0])) << change.name;
    EXPECT_EQ(name_of(*find_endpoint(asked_[0].method, asked_[0].target)), change.name);
  }
}

// The change was answered with 200: whatever stands in it, it may have been made.
TEST_F(Calls, AnAnswerToAChangeThatCannotBeReadIsAnUnknownOutcomeAndAnAlarm) {
  Transport transport(http_, clock_, live_settings());
  for (const auto& change : changes()) {
    if (change.name == name_of(endpoints::inventory_sync)) continue;  // its answer says nothing anyway
    alarms_.clear();
    answers_.emplace_back(200, "<html>", "text/html");
    EXPECT_EQ(failure_of(change.call(Client(transport))), ErrorKind::unknown_outcome) << change.name;
    ASSERT_EQ(alarms_.size(), 1u) << change.name;
    EXPECT_TRUE(alarms_[0].starts_with(change.name)) << alarms_[0];
  }
}

TEST_F(Calls, AnAnswerOfAnotherShapeRaisesAnAlarmThatTheNextGoodOneTakesBack) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  answers_.push_back(json(R"({"items":[{"offerId":"o","priceCents":"15.99"},{"offerId":"p","priceCents":"x"}]})"));
  const auto page = tests_run(client.market_offers(OffersQuery(Game::cs2)));
  EXPECT_EQ(page.items.size(), 2u);
  ASSERT_EQ(alarms_.size(), 1u);
  EXPECT_NE(alarms_[0].find("2 fields of another shape, the first: priceCents"), std::string::npos) << alarms_[0];
  EXPECT_EQ(transport.changed_endpoints().count("GET /marketplace-api/v2/offers"), 1u);
  tests_run(client.market_offers(OffersQuery(Game::cs2)));
  EXPECT_TRUE(transport.changed_endpoints().empty());
}

TEST_F(Calls, ANonsenseQuestionIsNotSent) {
  Transport transport(http_, clock_, live_settings());
  Client client(transport);
  OffersQuery query(Game::cs2);
  query.limit = 1000;
  EXPECT_EQ(failure_of(client.market_offers(query)), ErrorKind::invalid_request);
  EXPECT_EQ(failure_of(client.buy_offers({Purchase(offer, Money())})), ErrorKind::invalid_request);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(Calls, AMarketListIsWalkedWithItsCursorAndFixedOrder) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  answers_.push_back(json(R"({"items":[{"offerId":"1"},{"offerId":"2"}],"total":"3","cursor":"a="})"));
  answers_.push_back(json(R"({"items":[{"offerId":"2"},{"offerId":"3"}],"total":"3","cursor":""})"));
  OffersQuery query(Game::cs2);
  query.order_by = "price";
  auto listing = client.all_market_offers(query);
  const auto all = tests_run(listing.rest());
  EXPECT_EQ(all.items.size(), 3u);
  EXPECT_TRUE(all.complete());
  EXPECT_EQ(asked_.at(0).query, "gameId=a8db&limit=100&orderBy=price&orderDir=asc");
  EXPECT_EQ(asked_.at(1).query, "gameId=a8db&limit=100&cursor=a%3D&orderBy=price&orderDir=asc");
  EXPECT_TRUE(notices_.empty());
}

TEST_F(Calls, AClosedListThatNeverMovesIsLeftWithANotice) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  by_path_["GET /marketplace-api/v1/user-offers/closed"] =
      R"({"Trades":[{"OfferID":"o","AssetID":"a"}],"Total":"500","Cursor":"same"})";
  auto listing = client.all_closed_offers(ClosedQuery());
  const auto all = tests_run(listing.rest());
  EXPECT_EQ(all.items.size(), 1u);
  EXPECT_FALSE(all.complete());
  EXPECT_EQ(asked_.size(), 2u);
  EXPECT_EQ(notices_.size(), 1u);
}

TEST_F(Calls, OneTradeInTwoStatesIsOneTradeAndPiecesOfATargetAreSeveral) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  answers_.push_back(json(R"({"Trades":[{"TargetID":"t","AssetID":"a","Status":"trade_protected"},)"
                          R"({"TargetID":"t","AssetID":"b"},{"TargetID":"t","AssetID":"a","Status":"successful"},)"
                          R"({"Title":"without ids"},{"Title":"without ids"}],"Cursor":""})"));
  auto listing = client.all_closed_targets(ClosedQuery());
  EXPECT_EQ(tests_run(listing.rest()).items.size(), 4u);
}

std::string sales(int from, int count) {
  std::string body = R"({"sales":[)";
  for (int i = from; i < from + count; ++i)
    body += std::string(i > from ? "," : "") + R"({"price":"1.00","date":")" + std::to_string(2000 - i / 2) + "\"}";
  return body + "]}";
}

// Two sales a second, all alike; two more were made between the pages.
TEST_F(Calls, SalesThatMovedOntoTheNextPageAreCountedOnceAndAlikeOnesAreNot) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  answers_.push_back(json(sales(0, 20)));
  answers_.push_back(json(sales(18, 20)));
  answers_.push_back(json(sales(38, 5)));
  auto listing = client.all_last_sales(LastSalesQuery(Game::cs2, title));
  const auto all = tests_run(listing.rest());
  EXPECT_TRUE(all.complete());
  EXPECT_EQ(all.items.size(), 43u);
  EXPECT_TRUE(asked_.at(1).query.ends_with("&offset=20"));
  EXPECT_TRUE(asked_.at(2).query.ends_with("&offset=40"));
}

TEST_F(Calls, ManyTitlesAreAskedForByTheHundred) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  std::vector<std::string> titles;
  for (int i = 0; i < 250; ++i) titles.push_back("t" + std::to_string(i));
  answers_.push_back(json(R"({"aggregatedPrices":[{"title":"t0"}],"nextCursor":"more"})"));
  answers_.push_back(json(R"({"aggregatedPrices":[{"title":"t1"}],"nextCursor":""})"));
  by_path_["POST /marketplace-api/v1/aggregated-prices"] = R"({"aggregatedPrices":[{"title":"t200"}],"nextCursor":""})";
  EXPECT_EQ(tests_run(client.aggregated_prices_of(Game::cs2, titles)).size(), 4u);
  ASSERT_EQ(asked_.size(), 4u);
  EXPECT_NE(asked_[1].body.find(R"("cursor":"more")"), std::string::npos);
  EXPECT_NE(asked_[3].body.find("\"t249\""), std::string::npos);
}

TEST_F(Calls, AllFeesAreReadUntilAPageBringsNothingNew) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  const std::string page =
      R"({"defaultFee":{"fraction":"0.1"},"reducedFees":[{"title":"a","fraction":"0.02","maxPrice":5},)"
      R"({"title":"a","fraction":"0.05","minPrice":6}]})";
  by_path_["GET /exchange/v1/customized-fees"] = page;  // passes over the offset
  const auto fees = tests_run(client.all_fees(Game::cs2));
  EXPECT_EQ(fees.reduced.size(), 2u);  // two windows of one title
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(Calls, ADeadlineOfItsOwnBoundsACall) {
  Transport transport(http_, clock_, settings());
  Client client(transport);
  EXPECT_EQ(failure_of(client.within(std::chrono::seconds(-1)).balance()), ErrorKind::rate_limited);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(Calls, NeitherKeyNorSignatureStandsInAnError) {
  Transport transport(http_, clock_, settings());
  answers_.emplace_back(401, R"({"Code":"Unauthorized","Message":"Unauthorized"})");
  EXPECT_EQ(failure_of(Client(transport).balance()), ErrorKind::unauthorized);
  EXPECT_EQ(text_.find(tests::seed_hex), std::string::npos);
  EXPECT_EQ(text_.find(tests::public_hex), std::string::npos);
  EXPECT_EQ(text_.find(header(asked_.at(0), "X-Request-Sign")), std::string::npos);
}

}  // namespace
}  // namespace dmarket
