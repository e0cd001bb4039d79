#include "dmarket/requests.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace dmarket {
namespace {

constexpr char title[] = "AK-47 | Redline (Field-Tested)";
const AssetId asset("a1b2c3d4-e5f6-7890-abcd-ef1234567890");
const OfferId offer("c3d4e5f6-a7b8-9012-cdef-345678901234");

// Why a question is refused before it is sent; empty when it is not.
std::string refusal(const std::function<void()>& ask) {
  try {
    ask();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_request);
    return error.what();
  }
  return "";
}

TEST(Requests, AListIsAskedForWithEverythingEncodedOnce) {
  OffersQuery query(Game::cs2);
  query.title = title;
  query.cursor = "eyJvZmZzZXQiOjEwfQ==";
  query.filters.one_of("exterior", {"factory new", "minimal wear"}).is("floatPart", "FN-0");
  query.order_by = "price";
  query.direction = SortDirection::descending;
  query.price_from = Money::cents(100);
  query.price_to = Money::cents(2000);
  EXPECT_EQ(requests::market_offers(query),
            "/marketplace-api/v2/offers?gameId=a8db&limit=100&cursor=eyJvZmZzZXQiOjEwfQ%3D%3D"
            "&title=AK-47%20%7C%20Redline%20%28Field-Tested%29"
            "&treeFilters=exterior%5B%5D%3Dfactory%20new%2Cexterior%5B%5D%3Dminimal%20wear%2CfloatPart%3DFN-0"
            "&priceFrom=100&priceTo=2000&orderBy=price&orderDir=desc");
}

TEST(Requests, APathParameterIsSentEncoded) {
  EXPECT_EQ(requests::targets_by_title(Game::cs2, "★ StatTrak™ Karambit | Doppler (Factory New)"),
            "/marketplace-api/v1/targets-by-title/a8db/"
            "%E2%98%85%20StatTrak%E2%84%A2%20Karambit%20%7C%20Doppler%20%28Factory%20New%29");
  EXPECT_EQ(requests::deposit_status(DepositId("a b")), "/marketplace-api/v1/deposit-status/a%20b");
}

TEST(Requests, ClosedListsAreAskedForInTheirCapitals) {
  ClosedQuery query;
  query.statuses = {TradeStatus::trade_protected, TradeStatus::reverted};
  query.cursor = "x=";
  query.closed_from = tgkit::WallTime(std::chrono::milliseconds(1'700'000'000'900));
  query.finalized_to = tgkit::WallTime(std::chrono::seconds(5));
  EXPECT_EQ(requests::closed_offers(query),
            "/marketplace-api/v1/user-offers/closed?Limit=100&OrderDir=desc&Cursor=x%3D&Status=trade_protected"
            "&Status=reverted&OfferClosed.From=1700000000&Finalization.To=5");
  EXPECT_EQ(requests::closed_targets(query),
            "/marketplace-api/v1/user-targets/closed?Limit=100&OrderDir=desc&Cursor=x%3D&Status=trade_protected"
            "&Status=reverted&TargetClosed.From=1700000000&Finalization.To=5");
}

TEST(Requests, OtherQuestionsAreSpelledAsDocumented) {
  LastSalesQuery sales(Game::cs2, title);
  sales.kind = SaleKind::target;
  sales.offset = 20;
  EXPECT_EQ(requests::last_sales(sales),
            "/trade-aggregator/v1/last-sales?gameId=a8db&title=AK-47%20%7C%20Redline%20%28Field-Tested%29"
            "&txOperationType=Target&limit=20&offset=20");
  EXPECT_EQ(requests::customized_fees(FeesQuery(Game::rust)),
            "/exchange/v1/customized-fees?gameId=rust&offerType=dmarket&limit=1000");
  EXPECT_EQ(requests::market_depth(Game::tf2, "a"), "/marketplace-api/v1/market-depth?gameId=tf2&title=a");
  EXPECT_EQ(requests::deposit_blocked_titles(Game::dota2, ""),
            "/marketplace-api/v2/deposit-blocked-titles?gameId=9a92&limit=100");
  EXPECT_EQ(requests::inventory(InventoryQuery(Game::cs2)), "/marketplace-api/v2/user/inventory?gameId=a8db&limit=100");
  EXPECT_EQ(requests::user_targets(TargetsQuery(Game::cs2)), "/marketplace-api/v2/user/targets?gameId=a8db&limit=100");
  EXPECT_EQ(requests::user_offers(OffersQuery(Game::cs2)), "/marketplace-api/v2/user/offers?gameId=a8db&limit=100");
}

// The four notations: whole cents as a number, whole cents as text, dollars as a number with two decimals.
TEST(Requests, EachCallWritesMoneyInItsOwnNotation) {
  EXPECT_EQ(requests::create_offers_body({OfferDraft(asset, Money::cents(1599))}),
            R"({"requests":[{"assetId":"a1b2c3d4-e5f6-7890-abcd-ef1234567890","priceCents":1599}]})");
  EXPECT_EQ(requests::update_offers_body({OfferChange(offer, asset, Money::cents(1799))}),
            R"({"requests":[{"offerId":"c3d4e5f6-a7b8-9012-cdef-345678901234","priceCents":1799}]})");
  EXPECT_EQ(requests::buy_offers_body({Purchase(offer, Money::cents(4999))}),
            R"({"offers":[{"offerId":"c3d4e5f6-a7b8-9012-cdef-345678901234",)"
            R"("price":{"amount":"4999","currency":"USD"},"type":"dmarket"}]})");
  TargetDraft target(title, Money::cents(1050));
  target.attributes.float_part = "FT-0";
  target.attributes.paint_seed = 661;
  EXPECT_EQ(requests::create_targets_body(Game::cs2, {target}),
            R"({"GameID":"a8db","Targets":[{"Amount":"1","Price":{"Currency":"USD","Amount":10.50},)"
            R"x("Title":"AK-47 | Redline (Field-Tested)","Attrs":{"floatPartValue":"FT-0","paintSeed":661}}]})x");
  EXPECT_EQ(requests::create_targets_body(Game::rust, {TargetDraft("x", Money::cents(29))}),
            R"({"GameID":"rust","Targets":[{"Amount":"1","Price":{"Currency":"USD","Amount":0.29},"Title":"x"}]})");
}

TEST(Requests, TheOtherBodiesAreSpelledAsDocumented) {
  AggregatedPricesQuery prices(Game::cs2);
  prices.titles = {title, "b\"c"};
  EXPECT_EQ(requests::aggregated_prices_body(prices),
            R"x({"filter":{"game":"a8db","titles":["AK-47 | Redline (Field-Tested)","b\"c"]},)x"
            R"x("limit":"100","cursor":""})x");
  EXPECT_EQ(requests::delete_offers_body({OfferRemoval(offer, asset)}),
            R"({"requests":[{"offerId":"c3d4e5f6-a7b8-9012-cdef-345678901234"}]})");
  EXPECT_EQ(requests::delete_targets_body({TargetId("t")}), R"({"Targets":[{"TargetID":"t"}]})");
  EXPECT_EQ(requests::sync_inventory_body(Game::cs2), R"({"Type":"Inventory","GameID":"CSGO"})");
  EXPECT_EQ(requests::deposit_body({AssetId("0:188:99:730")}), R"({"AssetID":["0:188:99:730"]})");
  EXPECT_EQ(
      requests::withdraw_body({Withdrawal(asset, Game::cs2, "1:2")}, "w1"),
      R"({"assets":[{"id":"a1b2c3d4-e5f6-7890-abcd-ef1234567890","gameId":"a8db","classId":"1:2"}],"requestId":"w1"})");
}

template <class Query>
Query with_limit(Query query, int limit) {
  query.limit = limit;
  return query;
}

TEST(Requests, LimitsOutsideTheRulesAreRefusedBeforeTheyAreSent) {
  for (const int limit : {0, -1, 101, 100'000}) {
    EXPECT_NE(refusal([&] { requests::market_offers(with_limit(OffersQuery(Game::cs2), limit)); }), "") << limit;
    EXPECT_NE(refusal([&] { requests::inventory(with_limit(InventoryQuery(Game::cs2), limit)); }), "") << limit;
    EXPECT_NE(refusal([&] { requests::user_targets(with_limit(TargetsQuery(Game::cs2), limit)); }), "") << limit;
    EXPECT_NE(refusal([&] { requests::last_sales(with_limit(LastSalesQuery(Game::cs2, "x"), limit)); }), "") << limit;
  }
  for (const int limit : {1, 100}) {
    EXPECT_EQ(refusal([&] { requests::market_offers(with_limit(OffersQuery(Game::cs2), limit)); }), "") << limit;
  }
  EXPECT_NE(refusal([] { requests::last_sales(with_limit(LastSalesQuery(Game::cs2, "x"), 21)); }), "");
  EXPECT_NE(refusal([] { requests::closed_offers(with_limit(ClosedQuery(), 501)); }), "");
  EXPECT_EQ(refusal([] { requests::closed_offers(with_limit(ClosedQuery(), 500)); }), "");
  const std::string text = refusal([] { requests::market_offers(with_limit(OffersQuery(Game::cs2), 101)); });
  EXPECT_NE(text.find("between 1 and 100, not 101"), std::string::npos) << text;
}

TEST(Requests, BatchesAreBetweenOneAndAHundredAndNameNothingTwice) {
  EXPECT_NE(refusal([] { requests::create_offers_body({}); }), "");
  EXPECT_NE(refusal([] { requests::delete_targets_body({TargetId("t"), TargetId("t")}); }), "");
  EXPECT_NE(refusal([] { requests::delete_targets_body({TargetId()}); }), "");
  std::vector<TargetId> targets;
  for (int i = 0; i < 101; ++i) targets.emplace_back(std::to_string(i));
  EXPECT_NE(refusal([&] { requests::delete_targets_body(targets); }), "");
  targets.pop_back();
  EXPECT_EQ(refusal([&] { requests::delete_targets_body(targets); }), "");
  AggregatedPricesQuery prices(Game::cs2);
  prices.titles.assign(101, "x");
  EXPECT_NE(refusal([&] { requests::aggregated_prices_body(prices); }), "");
  EXPECT_NE(refusal([] { requests::create_targets_body(Game::cs2, {}); }), "");
}

TEST(Requests, PricesBelowACentAndOtherNonsenseAreRefused) {
  EXPECT_NE(refusal([] { requests::create_offers_body({OfferDraft(asset, Money())}); }), "");
  EXPECT_NE(refusal([] { requests::buy_offers_body({Purchase(offer, Money::cents(-5))}); }), "");
  EXPECT_NE(refusal([] { requests::create_offers_body({OfferDraft(AssetId("0:1:2:730"), Money::cents(5))}); }), "");
  EXPECT_NE(refusal([] { requests::deposit_body({asset}); }), "");
  EXPECT_NE(refusal([] { requests::withdraw_body({Withdrawal(asset, Game::cs2, "1:2")}, ""); }), "");
  EXPECT_NE(refusal([] { requests::targets_by_title(Game::cs2, ""); }), "");
  EXPECT_NE(refusal([] { requests::targets_by_title(Game::cs2, "a/b"); }), "");
  EXPECT_NE(refusal([] { requests::deposit_status(DepositId("../x")); }), "");
  EXPECT_NE(refusal([] {
              requests::market_offers([] {
                OffersQuery query(Game::cs2);
                query.cursor = std::string(501, 'x');
                return query;
              }());
            }),
            "");
  EXPECT_NE(refusal([] {
              requests::market_offers([] {
                OffersQuery query(Game::cs2);
                query.order_by = "beauty";
                return query;
              }());
            }),
            "");
}

TEST(Requests, ATargetsDemandsAreOnesTheExchangeKnows) {
  const auto with = [](const std::function<void(TargetDraft&)>& change) {
    TargetDraft target(title, Money::cents(100));
    change(target);
    return refusal([&] { requests::create_targets_body(Game::cs2, {target}); });
  };
  EXPECT_EQ(with([](TargetDraft& t) { t.attributes.phase = "black-pearl"; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.attributes.phase = "phase-5"; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.attributes.float_part = "FT-5"; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.attributes.paint_seed = 0; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.attributes.paint_seed = 1001; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.attributes.unknown = "\"x\":1"; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.amount = 0; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.amount = 101; }), "");
  EXPECT_NE(with([](TargetDraft& t) { t.title = ""; }), "");
}

TEST(TreeFilters, RefuseWhatCouldNotBeToldFromTheNextCondition) {
  TreeFilters filters;
  EXPECT_THROW(filters.is("title", "a,b"), std::invalid_argument);
  EXPECT_THROW(filters.is("a=b", "c"), std::invalid_argument);
  EXPECT_THROW(filters.is("", "c"), std::invalid_argument);
  filters.is_not("category", "souvenir");
  EXPECT_EQ(filters.text(), "not_category=souvenir");
}

TEST(Games, HaveTheirIdsAndTheirNamesForSteam) {
  EXPECT_EQ(game_id(Game::cs2), "a8db");
  EXPECT_EQ(sync_name(Game::cs2), "CSGO");
  EXPECT_EQ(game_of_id("9a92"), Game::dota2);
  EXPECT_EQ(game_of_id("csgo"), std::nullopt);
}

}  // namespace
}  // namespace dmarket
