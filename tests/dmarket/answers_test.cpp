#include "dmarket/answers.hpp"

#include "dmarket/answer_reader.hpp"

#include <cstdio>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace dmarket {
namespace {

tgkit::WallTime at(std::int64_t seconds) { return tgkit::WallTime(std::chrono::seconds(seconds)); }

std::string reader_failure(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::api_changed);
    return error.what();
  }
  return "";
}

TEST(Answers, IntegersAndPricesComeAsTextOrAsNumber) {
  for (const char* body : {R"({"items":[{"offerId":"o","priceCents":"1599"}],"total":"2","cursor":"c"})",
                           R"({"items":[{"offerId":"o","priceCents":1599}],"total":2,"cursor":"c"})"}) {
    Oddities odd;
    const auto page = read_market_offers(body, odd);
    ASSERT_EQ(page.items.size(), 1u) << body;
    EXPECT_EQ(page.items[0].price, Money::cents(1599)) << body;
    EXPECT_EQ(page.total, 2) << body;
    EXPECT_EQ(page.cursor, "c") << body;
    EXPECT_EQ(odd.count, 0u) << odd.first;
  }
}

TEST(Answers, AnyFieldMayBeMissingOrNull) {
  Oddities odd;
  EXPECT_TRUE(read_market_offers("{}", odd).items.empty());
  EXPECT_TRUE(read_market_offers(R"({"items":null,"total":null,"cursor":null})", odd).items.empty());
  const auto page = read_market_offers(
      R"({"items":[{},null,{"offerId":null,"priceCents":null,"createdAt":null,"locked":null,"attributes":null},)"
      R"({"attributes":{"cs2":null,"title":null,"tradeLockDays":null}}]})",
      odd);
  EXPECT_EQ(page.items.size(), 3u);
  EXPECT_EQ(page.items[1].price, std::nullopt);
  EXPECT_EQ(odd.count, 0u) << odd.first;
}

TEST(Answers, UnknownFieldsAreKeptAsTheyCame) {
  Oddities odd;
  const auto page = read_market_offers(
      R"({"items":[{"offerId":"o","discountPercent":7.5,"new\"name":{"a":[1]},"attributes":{"rust":{"x":1}}}]})", odd);
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].unknown, R"("discountPercent":7.5,"new\"name":{"a":[1]})");
  EXPECT_EQ(page.items[0].attributes.unknown, R"("rust":{"x":1})");
  EXPECT_EQ(odd.count, 0u);
}

TEST(Answers, AnUnknownValueOfAnEnumerationKeepsItsText) {
  Oddities odd;
  const auto trades =
      read_closed_offers(R"({"Trades":[{"OfferID":"o","Status":"frozen"}],"Total":"1","Cursor":""})", odd);
  ASSERT_EQ(trades.items.size(), 1u);
  EXPECT_EQ(trades.items[0].status, TradeStatus::unknown);
  EXPECT_EQ(trades.items[0].status.text, "frozen");
  EXPECT_EQ(odd.count, 0u);
}

TEST(Answers, AFloatOfDollarsIsReadFromItsTextAndNotThroughADouble) {
  const struct {
    const char* written;
    std::int64_t cents;
  } cases[] = {{"15.99", 1599}, {"0.29", 29},   {"1.1", 110},        {"19.99", 1999},
               {"1.005", 101},  {"1.004", 100}, {"8.2", 820},        {"1234567.89", 123456789},
               {"0", 0},        {"10", 1000},   {"\"15.99\"", 1599}, {"64.1", 6410}};
  for (const auto& c : cases) {
    Oddities odd;
    const auto page = read_closed_targets(
        R"({"Trades":[{"Price":{"Currency":"USD","Amount":)" + std::string(c.written) + "}}]}", odd);
    ASSERT_EQ(page.items.size(), 1u);
    EXPECT_EQ(page.items[0].price, Money::cents(c.cents)) << c.written;
    EXPECT_EQ(odd.count, 0u) << odd.first;
  }
}

// What the exchange may write of an amount: both decimals, one, none, or the digits of a double around it.
RC_GTEST_PROP(Answers, AnyAmountOfDollarsIsReadToTheCent, ()) {
  const auto cents = *rc::gen::inRange<std::int64_t>(0, 10'000'000);
  char as_double[64];
  std::snprintf(as_double, sizeof as_double, "%.15g", static_cast<double>(cents) / 100);
  for (const std::string& written : {to_decimal_dollars(Money::cents(cents)), std::string(as_double)}) {
    if (written.find('e') != std::string::npos) continue;
    Oddities odd;
    const auto page = read_closed_targets(R"({"Trades":[{"Price":{"Amount":)" + written + "}}]}", odd);
    RC_ASSERT(page.items.at(0).price == Money::cents(cents));
    const auto sales = read_last_sales(R"({"sales":[{"price":")" + written + "\"}]}", odd);
    RC_ASSERT(sales.at(0).price == Money::cents(cents));
    RC_ASSERT(odd.count == 0u);
  }
}

TEST(Answers, ThePriceThatCannotBeReadIsMissingAndAnOddity) {
  for (const char* price : {"\"15.99\"", "15.5", "-3", "{}", "true", "\"abc\"", "1e3", "99999999999999999999"}) {
    Oddities odd;
    const auto page = read_market_offers(R"({"items":[{"offerId":"o","priceCents":)" + std::string(price) + "}]}", odd);
    ASSERT_EQ(page.items.size(), 1u) << price;
    EXPECT_EQ(page.items[0].price, std::nullopt) << price;
    EXPECT_EQ(page.items[0].offer_id, OfferId("o"));
    EXPECT_EQ(odd.count, 1u) << price;
    EXPECT_NE(odd.first.find("priceCents"), std::string::npos) << odd.first;
  }
}

TEST(Answers, AnotherCurrencyIsRefused) {
  Oddities odd;
  const auto prices =
      read_aggregated_prices(R"({"aggregatedPrices":[{"title":"t","orderBestPrice":{"Currency":"DMC","Amount":"5"},)"
                             R"("offerBestPrice":{"Amount":"7","Currency":"USD"}}],"nextCursor":""})",
                             odd);
  ASSERT_EQ(prices.items.size(), 1u);
  EXPECT_EQ(prices.items[0].order_best_price, std::nullopt);
  EXPECT_EQ(prices.items[0].offer_best_price, Money::cents(7));
  EXPECT_EQ(odd.count, 1u);
  EXPECT_EQ(odd.first, "orderBestPrice is in another currency than USD");

  Oddities of_trade;
  const auto trades = read_closed_targets(
      R"({"Trades":[{"Price":{"Amount":5.5},"CurrencyCode":"EUR"},{"Price":{"Amount":5.5},"CurrencyCode":"USD"}]})",
      of_trade);
  EXPECT_EQ(trades.items[0].price, std::nullopt);
  EXPECT_EQ(trades.items[1].price, Money::cents(550));
  EXPECT_EQ(of_trade.count, 1u);
}

TEST(Answers, AggregatedPricesAreCentsAndAPriceOfNothingIsNone) {
  Oddities odd;
  const auto page = read_aggregated_prices(
      R"({"aggregatedPrices":[)"
      R"({"title":"a","orderBestPrice":{"Currency":"USD","Amount":"1234"},"orderCount":"5","offerBestPrice":null},)"
      R"({"title":"b","offerBestPrice":{"Currency":"USD","Amount":"0"},"offerCount":0,"orderBestPrice":{"Currency":"","Amount":""}},)"
      R"({"orderCount":"1"}],"nextCursor":"n"})",
      odd);
  ASSERT_EQ(page.items.size(), 2u);  // what has no title is of no use
  EXPECT_EQ(page.items[0].order_best_price, Money::cents(1234));
  EXPECT_EQ(page.items[0].order_count, 5);
  EXPECT_EQ(page.items[0].offer_best_price, std::nullopt);
  EXPECT_EQ(page.items[1].offer_best_price, std::nullopt);
  EXPECT_EQ(page.items[1].order_best_price, std::nullopt);
  EXPECT_EQ(page.cursor, "n");
  EXPECT_EQ(odd.first, "title is missing");
}

TEST(Answers, AnInventoryIsPricedInDecimalDollarsWithSmallLetters) {
  Oddities odd;
  const auto page = read_inventory(
      R"({"items":[{"inMarket":false,"suggestedPrice":{"currency":"USD","amount":"1.50"},"createdAt":"2026-09-15T20:30:22Z",)"
      R"("attributes":{"id":"0:1:2:730","title":"x","stickers":[]}}],"total":"1","cursor":""})",
      odd);
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].suggested_price, Money::cents(150));
  EXPECT_EQ(page.items[0].in_market, false);
  EXPECT_FALSE(is_uuid(page.items[0].attributes.id->text()));
  EXPECT_EQ(odd.count, 0u) << odd.first;
}

TEST(Answers, ATradeHasItsFeeItsTimesAndNoTimeWhereItIsZero) {
  Oddities odd;
  const auto page = read_closed_offers(
      R"({"Trades":[{"OfferID":"o","TargetID":"","AssetID":"a","Price":{"Currency":"USD","Amount":15.99},"CurrencyCode":"USD",)"
      R"("Amount":"1","Title":"t","Fee":{"Amount":{"Currency":"USD","Amount":0.32},"Percent":"2","IsPersonal":false},)"
      R"("OfferCreatedAt":"1784133449","OfferClosedAt":1784133500,"Status":"trade_protected","FinalizationTime":"0"}]})",
      odd);
  ASSERT_EQ(page.items.size(), 1u);
  const ClosedOffer& sale = page.items[0];
  EXPECT_EQ(sale.target_id, std::nullopt);
  EXPECT_EQ(sale.asset_id, AssetId("a"));
  EXPECT_EQ(sale.fee.amount, Money::cents(32));
  EXPECT_EQ(sale.fee.percent, "2");
  EXPECT_EQ(sale.fee.personal, false);
  EXPECT_EQ(sale.status, TradeStatus::trade_protected);
  EXPECT_EQ(sale.created_at, at(1784133449));
  EXPECT_EQ(sale.closed_at, at(1784133500));
  EXPECT_EQ(sale.finalized_at, std::nullopt);
  EXPECT_EQ(odd.count, 0u) << odd.first;
}

TEST(Answers, OnlyAnOrderWithoutAnyDemandIsGeneric) {
  const struct {
    const char* attributes;
    bool generic;
  } cases[] = {{"{}", true},
               {"null", true},
               {R"({"floatPartValue":"any","paintSeed":"any","phase":"any"})", true},
               {R"({"floatPartValue":"","phase":""})", true},
               {R"({"floatPartValue":"FT-0"})", false},
               {R"({"phase":"ruby"})", false},
               {R"({"paintSeed":"661"})", false},
               {R"({"paintSeed":661})", false},
               {R"({"paintSeed":"one of 3"})", false},  // not understood: a demand all the same
               {R"({"fadePercent":"90"})", false},      // a demand this version does not know
               {R"({"fadePercent":"any"})", true},
               {R"({"isAdvanced":false,"exterior":"EXTERIOR_MINIMAL_WEAR"})", true}};
  for (const auto& c : cases) {
    Oddities odd;
    const auto orders = read_targets_by_title(
        R"({"orders":[{"price":"1","amount":"1","attributes":)" + std::string(c.attributes) + "}]}", odd);
    ASSERT_EQ(orders.size(), 1u) << c.attributes;
    EXPECT_EQ(orders[0].attributes.generic(), c.generic) << c.attributes;
  }
}

TEST(Answers, OrdersAreGivenBestFirst) {
  Oddities odd;
  const auto orders = read_targets_by_title(R"({"orders":[{"price":"1"},{"price":"30"},{"price":"7"},{}]})", odd);
  ASSERT_EQ(orders.size(), 4u);
  EXPECT_EQ(orders[0].price, Money::cents(30));
  EXPECT_EQ(orders[3].price, std::nullopt);
}

TEST(Answers, WindowsWithoutEndAndFeesThatAreNoneAreTold) {
  Oddities odd;
  const auto fees = read_customized_fees(
      R"({"defaultFee":{"fraction":"0.10","minAmount":2},"reducedFees":[{"title":"a","fraction":"0.02","minPrice":0,"maxPrice":0,"expiresAt":1790812800},)"
      R"({"title":"b","fraction":"2%"}]})",
      odd);
  ASSERT_EQ(fees.reduced.size(), 2u);
  EXPECT_EQ(fees.default_fee.fraction, FeeRate::millionths(100'000));
  EXPECT_EQ(fees.reduced[0].max_price, Money());
  EXPECT_EQ(fees.reduced[1].fraction, std::nullopt);
  EXPECT_EQ(odd.count, 1u);
}

TEST(Answers, DepthAndBlockedTitlesAreRead) {
  Oddities odd;
  const auto depth = read_market_depth(
      R"({"offers":[{"price":"120","amount":"3","attributes":[]}],"orders":[{"price":100,"amount":1}]})", odd);
  EXPECT_EQ(depth.offers.at(0).price, Money::cents(120));
  EXPECT_EQ(depth.offers.at(0).amount, 3);
  EXPECT_EQ(depth.orders.at(0).price, Money::cents(100));
  const auto blocked = read_deposit_blocked_titles(
      R"({"gameId":"a8db","titles":[{"title":"x","reason":"overstock"}],"total":"1","cursor":"","updatedAt":"2026-10-01"})",
      odd);
  EXPECT_EQ(blocked.items.at(0).title, "x");
  EXPECT_EQ(blocked.items.at(0).reason, "overstock");
  EXPECT_EQ(odd.count, 0u) << odd.first;
}

TEST(Answers, AListUnderAnotherNameIsAnOddityAndNotAnEmptyList) {
  Oddities odd;
  EXPECT_TRUE(read_market_offers(R"({"objects":[{"offerId":"o"}],"total":"1","cursor":""})", odd).items.empty());
  EXPECT_EQ(odd.first, "items is missing");
}

TEST(Answers, WhatIsNoObjectOrBrokenOffThrowsAndNamesTheEndpoint) {
  for (const char* body : {"", "[]", "null", "<html>maintenance</html>", "{", R"({"items":[{"offerId":"o")",
                           R"({"items":[{"offerId":"o"}])", R"({"items":[}]})", R"({"items":[]} extra)",
                           R"({"items":[{"offerId":tru}]})"}) {
    Oddities odd;
    const std::string text = reader_failure([&] { read_market_offers(body, odd); });
    EXPECT_NE(text.find("GET /marketplace-api/v2/offers"), std::string::npos) << body;
  }
}

TEST(Answers, DepthOfNestingIsNoDanger) {
  Oddities odd;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const auto page = read_market_offers(R"({"items":[{"offerId":"o","x":)" + deep + "}]}", odd);
  EXPECT_EQ(page.items.at(0).offer_id, OfferId("o"));
}

// --- batches

const AssetId asset_a("a0000000-0000-4000-8000-000000000001"), asset_b("b0000000-0000-4000-8000-000000000002");

TEST(BatchAnswers, ANewOfferIsFoundByItsAssetInWhateverOrder) {
  Oddities odd;
  const std::vector<OfferChange> asked{OfferChange(OfferId("old-a"), asset_a, Money::cents(10)),
                                       OfferChange(OfferId("old-b"), asset_b, Money::cents(20))};
  const auto outcomes =
      read_offers_updated(R"({"offers":[{"id":"new-b","assetId":")" + asset_b.text() +
                              R"("},{"id":"new-a","assetId":")" + asset_a.text() + R"("}],"failed":[]})",
                          asked, odd);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].fate, ItemFate::done);
  EXPECT_EQ(outcomes[0].offer_id, OfferId("new-a"));
  EXPECT_EQ(outcomes[1].offer_id, OfferId("new-b"));
}

TEST(BatchAnswers, EachRequestHasAFateOfItsOwn) {
  Oddities odd;
  const AssetId asset_c("c0000000-0000-4000-8000-000000000003");
  const std::vector<OfferDraft> asked{OfferDraft(asset_a, Money::cents(10)), OfferDraft(asset_b, Money::cents(20)),
                                      OfferDraft(asset_c, Money::cents(30))};
  const auto outcomes =
      read_offers_created(R"({"offers":[{"id":"o1","assetId":")" + asset_a.text() + R"("}],"failed":[{"assetId":")" +
                              asset_b.text() + R"(","code":"AssetTimeLocked","message":"14:59"}]})",
                          asked, odd);
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].fate, ItemFate::done);
  EXPECT_EQ(outcomes[1].fate, ItemFate::refused);
  EXPECT_EQ(outcomes[1].locked_for, std::chrono::seconds(899));
  EXPECT_EQ(outcomes[2].fate, ItemFate::not_mentioned);
}

TEST(BatchAnswers, WhatIsNamedAsDoneAndAsFailedIsNotKnown) {
  Oddities odd;
  const std::vector<OfferRemoval> asked{OfferRemoval(OfferId("o"), asset_a)};
  const auto outcomes =
      read_offers_deleted(R"({"offers":[{"id":"o"}],"failed":[{"offerId":"o","code":"Internal"}]})", asked, odd);
  EXPECT_EQ(outcomes.at(0).fate, ItemFate::not_mentioned);
}

TEST(BatchAnswers, ARemovalIsFoundByOfferOrByAsset) {
  Oddities odd;
  const std::vector<OfferRemoval> asked{OfferRemoval(OfferId("o1"), asset_a), OfferRemoval(OfferId("o2"), asset_b)};
  const auto outcomes =
      read_offers_deleted(R"({"offers":[{"id":"o1"},{"assetId":")" + asset_b.text() + R"("}]})", asked, odd);
  EXPECT_EQ(outcomes.at(0).fate, ItemFate::done);
  EXPECT_EQ(outcomes.at(1).fate, ItemFate::done);
}

TEST(BatchAnswers, AnotherAssetsSuccessIsNotOurs) {
  Oddities odd;
  const std::vector<OfferDraft> asked{OfferDraft(asset_a, Money::cents(10))};
  const auto outcomes =
      read_offers_created(R"({"offers":[{"id":"o1","assetId":")" + asset_b.text() + R"("}]})", asked, odd);
  EXPECT_EQ(outcomes.at(0).fate, ItemFate::not_mentioned);
}

TEST(TargetAnswers, Status200IsNoSuccess) {
  Oddities odd;
  const std::vector<TargetDraft> asked{TargetDraft("a", Money::cents(10)), TargetDraft("b", Money::cents(20)),
                                       TargetDraft("c", Money::cents(30)), TargetDraft("d", Money::cents(40))};
  const auto outcomes = read_targets_created(
      R"({"Result":[{"CreateTarget":{"Title":"a"},"TargetID":"t1","Successful":true,"Error":null},)"
      R"({"CreateTarget":{"Title":"b"},"TargetID":"","Successful":false,"Error":{"Code":"NotEnoughBalance","Message":"no money"}},)"
      R"({"CreateTarget":{"Title":"c"},"TargetID":"","Successful":true},)"
      R"({"CreateTarget":{"Title":"something else"},"TargetID":"t4","Successful":true}]})",
      asked, odd);
  ASSERT_EQ(outcomes.size(), 4u);
  EXPECT_EQ(outcomes[0].fate, ItemFate::done);
  EXPECT_EQ(outcomes[0].target_id, TargetId("t1"));
  EXPECT_EQ(outcomes[1].fate, ItemFate::refused);
  EXPECT_EQ(outcomes[1].code, "NotEnoughBalance");
  EXPECT_EQ(outcomes[2].fate, ItemFate::not_mentioned);  // a success without an id helps nobody
  EXPECT_EQ(outcomes[3].fate, ItemFate::not_mentioned);  // the answer to something else
}

TEST(TargetAnswers, AnAnswerOfAnotherLengthProvesNothing) {
  Oddities odd;
  const std::vector<TargetDraft> asked{TargetDraft("a", Money::cents(10)), TargetDraft("b", Money::cents(20))};
  const auto outcomes = read_targets_created(R"({"Result":[{"TargetID":"t1","Successful":true}]})", asked, odd);
  EXPECT_EQ(outcomes.at(0).fate, ItemFate::not_mentioned);
  EXPECT_EQ(outcomes.at(1).fate, ItemFate::not_mentioned);
  EXPECT_EQ(odd.count, 1u);
}

TEST(TargetAnswers, ARemovalIsFoundByItsTarget) {
  Oddities odd;
  const std::vector<TargetId> asked{TargetId("t1"), TargetId("t2"), TargetId("t3")};
  const auto outcomes = read_targets_deleted(
      R"({"Result":[{"DeleteTarget":{"TargetID":"t2"},"Successful":true},)"
      R"({"DeleteTarget":{"TargetID":"t1"},"Successful":false,"Error":{"Code":"Internal","Message":"m"}}]})",
      asked, odd);
  EXPECT_EQ(outcomes.at(0).fate, ItemFate::refused);
  EXPECT_EQ(outcomes.at(1).fate, ItemFate::done);
  EXPECT_EQ(outcomes.at(2).fate, ItemFate::not_mentioned);
}

TEST(BuyAnswers, AFailureComesWithItsCode) {
  Oddities odd;
  const auto failed = read_buy_answer(
      R"({"orderId":"x","txId":"y","status":"TxFailed","dmOffersFailReason":{"code":"BalanceInsufficientFunds"},)"
      R"("dmOffersStatus":{"o1":{"started":false}}})",
      odd);
  EXPECT_EQ(failed.status, BuyStatus::failed);
  EXPECT_EQ(failed.fail_code, "BalanceInsufficientFunds");
  ASSERT_EQ(failed.started.size(), 1u);
  EXPECT_EQ(failed.started[0].first, OfferId("o1"));
  EXPECT_FALSE(failed.started[0].second);
  EXPECT_EQ(read_buy_answer(R"({"status":"TxPending"})", odd).status, BuyStatus::pending);
  EXPECT_EQ(read_buy_answer(R"({"status":"TxSuccess","dmOffersFailReason":null})", odd).status, BuyStatus::success);
  EXPECT_EQ(read_buy_answer(R"({"status":"TxSomething"})", odd).status, BuyStatus::unknown);
  EXPECT_EQ(odd.count, 0u) << odd.first;
}

TEST(DepositAnswers, AStatusNamesTheTradeOfferAndTheNewAssets) {
  Oddities odd;
  const auto status = read_deposit_status(
      R"({"DepositID":"d","AssetID":["0:1:2:730"],"Status":"TransferStatusSuccess","Error":"",)"
      R"("Assets":[{"InGameAssetID":"2","DmarketAssetID":"u"}],"SteamDepositInfo":{"TradeOfferID":"77","Message":"AB-12"}})",
      odd);
  EXPECT_EQ(status.state, DepositState::success);
  EXPECT_EQ(status.assets.at(0).asset_id, AssetId("u"));
  EXPECT_EQ(status.steam_trade_offer_id, "77");
  EXPECT_EQ(status.steam_message, "AB-12");
  EXPECT_EQ(odd.count, 0u) << odd.first;
  EXPECT_NE(reader_failure([] { read_deposit_id("{}"); }).find("DepositID"), std::string::npos);
  EXPECT_EQ(read_transfer_id(R"({"transferId":"t"})"), TransferId("t"));
}

TEST(LockTime, IsMinutesAndSeconds) {
  EXPECT_EQ(parse_lock_time("12:19"), std::chrono::seconds(739));
  EXPECT_EQ(parse_lock_time("00:00"), std::chrono::seconds(0));
  EXPECT_EQ(parse_lock_time("1:00:01"), std::chrono::seconds(3601));
  for (const char* text : {"", "12", "a:b", "1:2:3:4", ":", "12:", "-1:00"}) {
    EXPECT_EQ(parse_lock_time(text), std::nullopt) << text;
  }
}

TEST(Timestamps, AreReadWithFractionZoneOrAsUnixSeconds) {
  EXPECT_EQ(parse_timestamp("2026-06-17T10:30:00Z"), at(1781692200));
  EXPECT_EQ(parse_timestamp("2026-06-17T10:30:00.5Z"), at(1781692200) + std::chrono::milliseconds(500));
  EXPECT_EQ(parse_timestamp("2026-06-17T12:30:00+02:00"), at(1781692200));
  EXPECT_EQ(parse_timestamp("1781692200"), at(1781692200));
  for (const char* text : {"", "yesterday", "2026-06-17", "2026-13-17T10:30:00Z", "2026-06-17T10:30:00",
                           "1781692200000", "-5", "2026-06-17T10:30:00.Z", "9999-06-17T10:30:00Z"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(Spellings, OfBucketsPhasesAndWearAreOne) {
  EXPECT_EQ(normal_float_part("FLOAT_PART_FT_4"), "FT-4");
  EXPECT_EQ(normal_float_part("FT-4"), "FT-4");
  EXPECT_EQ(normal_float_part("FLOAT_PART_UNSPECIFIED"), std::nullopt);
  EXPECT_EQ(normal_float_part("any"), std::nullopt);
  EXPECT_EQ(normal_phase("PHASE_TITLE_BLACK_PEARL"), "black-pearl");
  EXPECT_EQ(normal_phase("PHASE_TITLE_PHASE_2"), "phase-2");
  EXPECT_EQ(normal_phase("Phase 3"), "phase-3");
  EXPECT_EQ(normal_phase("PHASE_TITLE_UNSPECIFIED"), std::nullopt);
  EXPECT_EQ(normal_exterior("EXTERIOR_FIELD_TESTED"), "field-tested");
  EXPECT_EQ(normal_exterior("EXTERIOR_FACTORY_NEW"), "factory new");
  EXPECT_EQ(read_category("CATEGORY_STATTRACK"), Category::stattrak);
  EXPECT_EQ(read_category("CATEGORY_STATTRAK"), Category::stattrak);
}

}  // namespace
}  // namespace dmarket
