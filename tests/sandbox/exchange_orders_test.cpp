// Offering, buying, targets, transfers and closed trades over the exchange's API.
#include "tests/sandbox/exchange_scene.hpp"

namespace sandbox {
namespace {

constexpr char create_path[] = "/marketplace-api/v2/offers:batchCreate";
constexpr char update_path[] = "/marketplace-api/v2/offers:batchUpdate";
constexpr char delete_path[] = "/marketplace-api/v2/offers:batchDelete";
constexpr char targets_path[] = "/marketplace-api/v1/user-targets/create";
constexpr char closed_path[] = "/marketplace-api/v1/user-offers/closed";

class ExchangeOrders : public ExchangeScene {
 protected:
  const market::TitleInfo& cs2_title() {
    for (const market::TitleInfo& title : exchange().titles()) {
      if (title.game == market::Game::cs2 && !exchange().depth(title.game, title.title).offers.empty()) return title;
    }
    throw std::logic_error("the market has no offers");
  }
  json::object place(const json::array& targets, const char* game = "a8db") {
    return post(targets_path, json::serialize(json::object{{"GameID", game}, {"Targets", targets}}));
  }
  json::object target(double dollars, std::string amount = "1") {
    return json::object{{"Amount", amount},
                        {"Price", json::object{{"Currency", "USD"}, {"Amount", dollars}}},
                        {"Title", cs2_title().title},
                        {"Attrs", json::object()}};
  }
  json::object cheapest() {
    return get("/marketplace-api/v2/offers?gameId=a8db&limit=1&orderBy=price").at("items").at(0).as_object();
  }
  json::object buy(const std::string& id, const std::string& cents) {
    return answer("PATCH", "/exchange/v1/offers-buy",
                  R"({"offers":[{"offerId":")" + id + R"(","price":{"amount":")" + cents +
                      R"(","currency":"USD"},"type":"dmarket"}]})");
  }
  std::int64_t usd() { return member_int(get("/account/v1/balance"), "usd").value_or(-1); }
};

TEST_F(ExchangeOrders, a_batch_does_what_it_can_and_names_what_failed) {
  const std::string asset = own_assets().at(0);
  const json::object made =
      post(create_path, R"({"requests":[{"assetId":")" + asset +
                            R"(","priceCents":1599},{"assetId":"0:1:2:730","priceCents":5},)"
                            R"({"assetId":"00000000-0000-4000-8000-000000000000","priceCents":"5"}]})");
  ASSERT_EQ(made.at("offers").as_array().size(), 1u);
  EXPECT_EQ(made.at("offers").at(0).at("assetId"), json::value(asset));
  ASSERT_EQ(made.at("failed").as_array().size(), 2u);
  for (const json::value& failed : made.at("failed").as_array()) {
    EXPECT_TRUE(failed.at("assetId").is_string());
    EXPECT_TRUE(failed.at("code").is_string());
    EXPECT_TRUE(failed.at("message").is_string());
  }
}

TEST_F(ExchangeOrders, fractions_of_a_cent_are_refused) {
  const std::string asset = own_assets().at(0);
  for (const char* price : {"1599.5", "\"1599.5\"", "0.99", "1e300"}) {
    const json::object made =
        post(create_path, R"({"requests":[{"assetId":")" + asset + R"(","priceCents":)" + price + "}]}");
    ASSERT_EQ(made.at("failed").as_array().size(), 1u) << price;
    EXPECT_EQ(made.at("failed").at(0).at("code"), "InvalidAmount") << price;
  }
  const json::object whole =
      post(create_path, R"({"requests":[{"assetId":")" + asset + R"(","priceCents":10000000.0}]})");
  EXPECT_EQ(whole.at("offers").as_array().size(), 1u);
}

TEST_F(ExchangeOrders, a_changed_price_gives_a_new_offer_id_and_locks_with_the_time_that_is_left) {
  const std::string first = offer_of_mine(10'000'000);
  const std::string locked = R"({"requests":[{"offerId":")" + first + R"(","priceCents":10000100}]})";
  const json::object refused = post(update_path, locked);
  ASSERT_EQ(refused.at("failed").as_array().size(), 1u);
  EXPECT_EQ(refused.at("failed").at(0).at("code"), "AssetTimeLocked");
  EXPECT_EQ(refused.at("failed").at(0).at("message"), "15:00");
  advance(std::chrono::seconds{901});
  const json::object changed = post(update_path, locked);
  ASSERT_EQ(changed.at("offers").as_array().size(), 1u) << json::serialize(changed);
  EXPECT_NE(changed.at("offers").at(0).at("id"), json::value(first));
  EXPECT_TRUE(post(update_path, locked).at("offers").as_array().empty());
}

TEST_F(ExchangeOrders, own_offers_are_listed_until_they_are_deleted) {
  rules(R"({"lock_refuses_delete":false})");
  const std::string id = offer_of_mine(10'000'000);
  const auto count = [&] {
    std::size_t found = 0;
    for (const char* game : {"a8db", "9a92", "rust", "tf2"}) {
      const json::object page = get(std::string("/marketplace-api/v2/user/offers?limit=100&gameId=") + game);
      for (const json::value& offer : page.at("items").as_array()) found += offer.at("offerId") == json::value(id);
    }
    return found;
  };
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(post(delete_path, R"({"requests":[{"offerId":")" + id + R"("}]})").at("offers").as_array().size(), 1u);
  EXPECT_EQ(count(), 0u);
}

TEST_F(ExchangeOrders, a_batch_beyond_its_limit_is_refused_whole) {
  rules(R"({"batch_limit":2})");
  const std::string one = R"({"assetId":"00000000-0000-4000-8000-000000000000","priceCents":5})";
  EXPECT_EQ(send("POST", create_path, R"({"requests":[)" + one + "," + one + "]}").status, 200);
  EXPECT_EQ(send("POST", create_path, R"({"requests":[)" + one + "," + one + "," + one + "]}").status, 400);
  EXPECT_EQ(send("POST", create_path, R"({"requests":[]})").status, 400);
  EXPECT_EQ(send("POST", create_path, "no json").status, 400);
}

TEST_F(ExchangeOrders, a_purchase_at_the_shown_price_succeeds_and_costs_exactly_it) {
  rules(R"({"pending_share":0})");
  const std::int64_t before = usd();
  const json::object offer = cheapest();
  const std::string cents = member_text(offer, "priceCents");
  const json::object bought = buy(member_text(offer, "offerId"), cents);
  EXPECT_EQ(bought.at("status"), "TxSuccess");
  EXPECT_TRUE(bought.at("dmOffersStatus").as_object().contains(member_text(offer, "offerId")));
  EXPECT_EQ(usd(), before - std::stoll(cents));
}

TEST_F(ExchangeOrders, another_price_or_too_little_money_fails_with_200) {
  const json::object offer = cheapest();
  const std::string id = member_text(offer, "offerId");
  const json::object wrong = buy(id, std::to_string(member_int(offer, "priceCents").value_or(0) + 1));
  EXPECT_EQ(wrong.at("status"), "TxFailed");
  EXPECT_FALSE(member_text(wrong.at("dmOffersFailReason").as_object(), "code").empty());
  control("dmarket", R"({"usd":0,"usd_withdraw":0})");
  const json::object poor = buy(id, member_text(offer, "priceCents"));
  EXPECT_EQ(poor.at("status"), "TxFailed");
  EXPECT_EQ(poor.at("dmOffersFailReason").at("code"), "BalanceInsufficientFunds");
}

TEST_F(ExchangeOrders, a_purchase_with_its_amount_as_number_or_in_another_currency_is_refused) {
  const std::string id = member_text(cheapest(), "offerId");
  for (const char* price : {R"({"amount":5,"currency":"USD"})", R"({"amount":"5","currency":"EUR"})",
                            R"({"amount":"5.00","currency":"USD"})"}) {
    const ServerResponse response =
        send("PATCH", "/exchange/v1/offers-buy",
             R"({"offers":[{"offerId":")" + id + R"(","price":)" + price + R"(,"type":"dmarket"}]})");
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(object_of(response).at("code").is_string());
  }
}

TEST_F(ExchangeOrders, targets_are_judged_one_by_one_in_the_order_of_the_request) {
  json::object wrong_title = target(1.5);
  wrong_title["Title"] = "no such thing";
  json::object cents = target(0.005);
  json::object text = target(1);
  text["Price"].as_object()["Amount"] = "2.50";
  const json::object made = place({target(1.29), wrong_title, cents, target(1, "101"), text});
  const json::array& results = made.at("Result").as_array();
  ASSERT_EQ(results.size(), 5u);
  const bool expected[] = {true, false, false, false, true};
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].at("Successful").as_bool(), expected[i]) << i << json::serialize(results[i]);
    EXPECT_EQ(member_text(results[i].as_object(), "TargetID").empty(), !expected[i]);
    if (!expected[i]) {
      EXPECT_FALSE(member_text(results[i].at("Error").as_object(), "Code").empty());
    }
  }
  const json::object page = get("/marketplace-api/v2/user/targets?gameId=a8db&limit=100&orderBy=price");
  ASSERT_EQ(page.at("items").as_array().size(), 2u);
  EXPECT_EQ(page.at("items").at(0).at("priceCents"), "129");
  EXPECT_EQ(page.at("items").at(0).at("amount"), "1");
  EXPECT_EQ(page.at("items").at(0).at("status"), "TARGET_STATUS_ACTIVE");
  EXPECT_EQ(page.at("items").at(0).at("attributes").at("cs2").at("floatPart"), "FLOAT_PART_UNSPECIFIED");
  EXPECT_EQ(page.at("items").at(1).at("priceCents"), "250");
}

TEST_F(ExchangeOrders, more_targets_than_a_hundred_are_refused_whole) {
  EXPECT_EQ(send("POST", targets_path,
                 json::serialize(json::object{{"GameID", "a8db"}, {"Targets", json::array(101, target(1))}}))
                .status,
            400);
  EXPECT_EQ(get("/marketplace-api/v2/user/targets?gameId=a8db&limit=1").at("total"), "0");
}

TEST_F(ExchangeOrders, deleting_a_target_answers_for_each) {
  rules(R"({"target_lock_refuses_delete":false})");
  const std::string id(place({target(1.29)}).at("Result").at(0).at("TargetID").as_string());
  const json::object gone =
      post("/marketplace-api/v1/user-targets/delete", R"({"Targets":[{"TargetID":")" + id + R"("},{"TargetID":"x"}]})");
  ASSERT_EQ(gone.at("Result").as_array().size(), 2u);
  EXPECT_TRUE(gone.at("Result").at(0).at("Successful").as_bool());
  EXPECT_EQ(gone.at("Result").at(0).at("DeleteTarget").at("TargetID"), json::value(id));
  EXPECT_FALSE(gone.at("Result").at(1).at("Successful").as_bool());
}

TEST_F(ExchangeOrders, a_sale_appears_as_protected_with_floats_and_becomes_final) {
  const std::string id = offer_of_mine(1'990);
  control("market", R"({"act":"buy","offer":")" + id + R"("})");
  const json::object page = get(closed_path);
  ASSERT_EQ(page.at("Trades").as_array().size(), 1u);
  const json::object trade = page.at("Trades").at(0).as_object();
  EXPECT_EQ(trade.at("OfferID"), json::value(id));
  EXPECT_EQ(trade.at("Status"), "trade_protected");
  EXPECT_EQ(trade.at("TargetID"), "");
  EXPECT_EQ(trade.at("Price").at("Currency"), "USD");
  EXPECT_DOUBLE_EQ(trade.at("Price").at("Amount").to_number<double>(), 19.9);
  EXPECT_TRUE(trade.at("Fee").at("Amount").at("Amount").is_number());
  EXPECT_TRUE(trade.at("Amount").is_string());
  EXPECT_TRUE(trade.at("OfferClosedAt").is_string());
  EXPECT_EQ(page.at("Total"), "1");
  rules(R"({"revert_share":0})");
  const std::string number = std::to_string(exchange().books().trades().back().number);
  control("market", R"({"act":"finalize","trade":)" + number + "}");
  EXPECT_EQ(get(closed_path).at("Trades").at(0).at("Status"), "successful");
  EXPECT_TRUE(get(std::string(closed_path) + "?Status=reverted").at("Trades").as_array().empty());
}

TEST_F(ExchangeOrders, closed_trades_leave_out_fee_and_price_when_the_switches_say_so) {
  switches(R"({"closed_without_fee":true})");
  control("market", R"({"act":"buy","offer":")" + offer_of_mine(1'990) + R"("})");
  json::object trade = get(closed_path).at("Trades").at(0).as_object();
  EXPECT_FALSE(trade.contains("Fee"));
  EXPECT_TRUE(trade.contains("Price"));
  switches(R"({"closed_without_fee":false,"closed_without_price":true})");
  trade = get(closed_path).at("Trades").at(0).as_object();
  EXPECT_TRUE(trade.contains("Fee"));
  EXPECT_FALSE(trade.contains("Price"));
}

TEST_F(ExchangeOrders, closed_lists_ignore_lower_case_without_a_word) {
  std::vector<std::string> assets = own_assets();
  ASSERT_GE(assets.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const json::object made = post(
        create_path, R"({"requests":[{"assetId":")" + assets[static_cast<std::size_t>(i)] + R"(","priceCents":900}]})");
    control("market",
            R"({"act":"buy","offer":")" + std::string(made.at("offers").at(0).at("id").as_string()) + R"("})");
  }
  const json::object first = get(std::string(closed_path) + "?Limit=1");
  ASSERT_EQ(first.at("Trades").as_array().size(), 1u);
  const std::string cursor = encoded(member_text(first, "Cursor"));
  ASSERT_FALSE(cursor.empty());
  const json::object second = get(std::string(closed_path) + "?Limit=1&Cursor=" + cursor);
  EXPECT_NE(second.at("Trades"), first.at("Trades"));
  EXPECT_EQ(get(std::string(closed_path) + "?Limit=1&cursor=" + cursor), first);
  EXPECT_EQ(get(std::string(closed_path) + "?limit=1").at("Trades").as_array().size(), 3u);
  EXPECT_EQ(get(std::string(closed_path) + "?status=reverted").at("Trades").as_array().size(), 3u);
}

TEST_F(ExchangeOrders, a_trader_who_sells_to_a_target_is_a_closed_target_without_a_fee) {
  const std::string id(place({target(0.5)}).at("Result").at(0).at("TargetID").as_string());
  control("market", R"({"act":"sell","target":")" + id + R"("})");
  const json::object page = get("/marketplace-api/v1/user-targets/closed");
  ASSERT_EQ(page.at("Trades").as_array().size(), 1u);
  const json::object& trade = page.at("Trades").at(0).as_object();
  EXPECT_EQ(trade.at("TargetID"), json::value(id));
  EXPECT_DOUBLE_EQ(trade.at("Price").at("Amount").to_number<double>(), 0.5);
  EXPECT_TRUE(trade.at("ClosedAt").is_string());
  EXPECT_FALSE(trade.contains("Fee"));
}

TEST_F(ExchangeOrders, a_sync_takes_names_and_not_ids) {
  const char* path = "/marketplace-api/v1/user-inventory/sync";
  EXPECT_EQ(send("POST", path, R"({"Type":"Inventory","GameID":"CSGO"})").body, "{}");
  EXPECT_EQ(send("POST", path, R"({"Type":"Inventory","GameID":"a8db"})").status, 400);
  EXPECT_EQ(send("POST", path, R"({"GameID":"CSGO"})").status, 400);
}

TEST_F(ExchangeOrders, a_deposit_goes_through_its_states_and_changes_the_asset_id) {
  std::string id;
  for (const char* game : {"a8db", "9a92", "rust", "tf2"}) {
    const json::object page =
        get(std::string("/marketplace-api/v2/user/inventory?limit=100&treeFilters=inMarket%3Dfalse&gameId=") + game);
    for (const json::value& item : page.at("items").as_array()) {
      if (item.at("attributes").at("tradable").as_bool()) id = member_text(item.at("attributes").as_object(), "id");
    }
  }
  ASSERT_FALSE(id.empty());
  EXPECT_EQ(send("POST", "/marketplace-api/v1/deposit-assets", R"({"AssetID":["12345"]})").status, 404);
  const json::object made = post("/marketplace-api/v1/deposit-assets", R"({"AssetID":[")" + id + R"("]})");
  const std::string path = "/marketplace-api/v1/deposit-status/" + member_text(made, "DepositID");
  EXPECT_EQ(get(path).at("Status"), "TransferStatusPending");
  advance(std::chrono::seconds{31});
  const json::object created = get(path);
  EXPECT_FALSE(member_text(created.at("SteamDepositInfo").as_object(), "TradeOfferID").empty());
  advance(std::chrono::seconds{600});
  const json::object done = get(path);
  EXPECT_EQ(done.at("Status"), "TransferStatusSuccess");
  EXPECT_EQ(done.at("Assets").at(0).at("InGameAssetID"), json::value(id));
  EXPECT_TRUE(market::parse_uuid(member_text(done.at("Assets").at(0).as_object(), "DmarketAssetID")));
  EXPECT_EQ(send("GET", "/marketplace-api/v1/deposit-status/00000000-0000-4000-8000-000000000000").status, 404);
}

TEST_F(ExchangeOrders, a_withdrawal_needs_all_its_fields) {
  const std::string asset = own_assets().at(0);
  const char* path = "/exchange/v1/withdraw-assets";
  EXPECT_EQ(send("POST", path, R"({"assets":[{"id":")" + asset + R"(","gameId":"a8db","classId":"1:2"}]})").status,
            400);
  EXPECT_EQ(send("POST", path, R"({"assets":[{"id":")" + asset + R"("}],"requestId":"one"})").status, 400);
}

TEST_F(ExchangeOrders, the_profile_shows_the_key_and_the_limit_of_targets) {
  rules(R"({"targets_limit":77})");
  const json::object user = get("/account/v1/user");
  EXPECT_EQ(user.at("publicKey"), test_public_key);
  EXPECT_EQ(user.at("settings").at("targetsLimit"), 77);
  EXPECT_EQ(user.at("linkedGames").as_array().size(), 4u);
}

TEST_F(ExchangeOrders, protected_money_is_shown_unless_the_switch_hides_it) {
  EXPECT_TRUE(get("/account/v1/balance").contains("usdTradeProtected"));
  switches(R"({"show_protected_money":false})");
  EXPECT_FALSE(get("/account/v1/balance").contains("usdTradeProtected"));
}

}  // namespace
}  // namespace sandbox
