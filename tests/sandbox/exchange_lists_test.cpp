// The lists of the exchange's API as they go over the wire.
#include "tests/sandbox/exchange_scene.hpp"

#include <set>

namespace sandbox {
namespace {

class ExchangeLists : public ExchangeScene {
 protected:
  std::string some_title(market::Game game = market::Game::cs2) {
    for (const market::TitleInfo& title : exchange().titles()) {
      if (title.game == game && !exchange().depth(game, title.title).offers.empty()) return title.title;
    }
    return {};
  }
};

void expect_marketplace_refusal(const ServerResponse& response) {
  EXPECT_EQ(response.status, 400) << response.body;
  const json::object body = object_of(response);
  EXPECT_EQ(body.at("code"), 3);
  EXPECT_TRUE(body.at("error").is_string());
  EXPECT_TRUE(body.at("message").is_string());
  EXPECT_TRUE(body.at("details").is_array());
}

TEST_F(ExchangeLists, a_limit_is_required_and_lies_between_1_and_100) {
  for (const char* query :
       {"gameId=a8db", "gameId=a8db&limit=0", "gameId=a8db&limit=101", "gameId=a8db&limit=x", "gameId=a8db&limit=-1"}) {
    for (const char* list : {"/marketplace-api/v2/offers", "/marketplace-api/v2/user/offers",
                             "/marketplace-api/v2/user/targets", "/marketplace-api/v2/user/inventory"}) {
      expect_marketplace_refusal(send("GET", std::string(list) + "?" + query));
    }
  }
  EXPECT_EQ(send("GET", "/marketplace-api/v2/offers?gameId=a8db&limit=100").status, 200);
}

TEST_F(ExchangeLists, the_game_is_required_and_is_one_of_four) {
  expect_marketplace_refusal(send("GET", "/marketplace-api/v2/offers?limit=10"));
  expect_marketplace_refusal(send("GET", "/marketplace-api/v2/offers?limit=10&gameId=csgo"));
  for (const char* game : {"a8db", "9a92", "rust", "tf2"}) {
    EXPECT_EQ(send("GET", std::string("/marketplace-api/v2/offers?limit=10&gameId=") + game).status, 200);
  }
}

TEST_F(ExchangeLists, a_wrong_order_filter_or_cursor_is_refused) {
  for (const char* more : {"&orderBy=updatedAt", "&orderBy=x", "&orderDir=up", "&priceFrom=1.5", "&cursor=!!",
                           "&treeFilters=exterior%3Dshiny"}) {
    expect_marketplace_refusal(send("GET", std::string("/marketplace-api/v2/offers?gameId=a8db&limit=10") + more));
  }
}

TEST_F(ExchangeLists, offers_can_be_ordered_by_the_discount_that_they_show) {
  for (const market::TitleInfo& title : exchange().titles()) {
    const market::Money worth = exchange().worth(title);
    (void)exchange().place_offer(title.game, title.title, worth - market::Money::cents(worth.in_cents() / 10));
  }
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=100&orderBy=discount&orderDir=desc");
  std::int64_t before = 100;
  for (const json::value& offer : page.at("items").as_array()) {
    const std::int64_t discount = offer.at("discountPercent").as_int64();
    EXPECT_LE(discount, before);
    before = discount;
  }
  EXPECT_GT(page.at("items").at(0).at("discountPercent").as_int64(), 0);
  expect_marketplace_refusal(send("GET", "/marketplace-api/v2/user/targets?gameId=a8db&limit=10&orderBy=discount"));
}

TEST_F(ExchangeLists, targets_of_a_title_come_in_no_order_of_prices) {
  bool rising = true, falling = true;
  for (const market::TitleInfo& title : exchange().titles()) {
    const auto orders = get("/marketplace-api/v1/targets-by-title/" + std::string(market::game_id(title.game)) + "/" +
                            encoded(title.title))
                            .at("orders")
                            .as_array();
    for (std::size_t i = 1; i < orders.size(); ++i) {
      const auto here = member_int(orders[i].as_object(), "price"),
                 before = member_int(orders[i - 1].as_object(), "price");
      rising = rising && *before <= *here;
      falling = falling && *before >= *here;
    }
  }
  EXPECT_FALSE(rising);
  EXPECT_FALSE(falling);
}

TEST_F(ExchangeLists, integers_of_an_offer_are_texts_unless_the_switch_says_numbers) {
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=1");
  EXPECT_TRUE(page.at("total").is_string());
  EXPECT_TRUE(page.at("items").at(0).at("priceCents").is_string());
  EXPECT_TRUE(page.at("items").at(0).at("locked").is_bool());
  switches(R"({"integers_as_text":false})");
  const json::object numbers = get("/marketplace-api/v2/offers?gameId=a8db&limit=1");
  EXPECT_TRUE(numbers.at("total").is_int64());
  EXPECT_TRUE(numbers.at("items").at(0).at("priceCents").is_int64());
}

TEST_F(ExchangeLists, attributes_of_cs2_stand_under_cs2_with_enum_names_and_the_float_as_text) {
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=100&treeFilters=exterior%3Dfield-tested");
  ASSERT_FALSE(page.at("items").as_array().empty());
  for (const json::value& offer : page.at("items").as_array()) {
    const json::object& attributes = offer.at("attributes").as_object();
    EXPECT_EQ(attributes.at("gameId"), "a8db");
    EXPECT_TRUE(market::parse_uuid(member_text(attributes, "id")));
    const json::object& cs2 = attributes.at("cs2").as_object();
    EXPECT_EQ(cs2.at("exterior"), "EXTERIOR_FIELD_TESTED");
    EXPECT_TRUE(cs2.at("float").is_string());
    EXPECT_TRUE(member_text(cs2, "floatPart").starts_with("FLOAT_PART_FT_"));
    EXPECT_TRUE(member_text(cs2, "phase").starts_with("PHASE_TITLE_"));
    EXPECT_TRUE(member_text(cs2, "category").starts_with("CATEGORY_"));
    EXPECT_FALSE(attributes.contains("cs2Attributes"));
  }
}

TEST_F(ExchangeLists, a_title_filters_by_its_beginning_whatever_the_case) {
  const std::string title = some_title();
  std::string beginning = title.substr(0, 4);
  for (char& c : beginning) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=100&title=" + encoded(beginning));
  ASSERT_FALSE(page.at("items").as_array().empty());
  for (const json::value& offer : page.at("items").as_array()) {
    std::string found = member_text(offer.at("attributes").as_object(), "title").substr(0, 4);
    for (char& c : found) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(found, beginning);
  }
}

TEST_F(ExchangeLists, cursors_lead_through_the_whole_list_once_and_end_empty) {
  std::set<std::string> seen;
  std::string cursor;
  std::int64_t total = 0, last_price = 0;
  do {
    const json::object page =
        get("/marketplace-api/v2/offers?gameId=a8db&limit=37&orderBy=price&cursor=" + encoded(cursor));
    total = member_int(page, "total").value_or(-1);
    for (const json::value& offer : page.at("items").as_array()) {
      EXPECT_TRUE(seen.insert(member_text(offer.as_object(), "offerId")).second);
      const std::int64_t price = member_int(offer.as_object(), "priceCents").value_or(0);
      EXPECT_GE(price, last_price);
      last_price = price;
    }
    cursor = member_text(page, "cursor");
  } while (!cursor.empty());
  EXPECT_EQ(static_cast<std::int64_t>(seen.size()), total);
  EXPECT_GT(total, 100);
}

TEST_F(ExchangeLists, prices_filter_inclusively) {
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=100&priceFrom=100&priceTo=2000");
  for (const json::value& offer : page.at("items").as_array()) {
    const std::int64_t price = member_int(offer.as_object(), "priceCents").value_or(0);
    EXPECT_TRUE(price >= 100 && price <= 2000) << price;
  }
}

TEST_F(ExchangeLists, fields_of_no_weight_are_missing_or_null_at_random_and_the_same_each_time) {
  switches(R"({"missing_percent":50})");
  const std::string target = "/marketplace-api/v2/offers?gameId=a8db&limit=100";
  const json::object page = get(target);
  std::size_t missing = 0, null = 0, present = 0;
  for (const json::value& offer : page.at("items").as_array()) {
    const json::object& attributes = offer.at("attributes").as_object();
    const json::value* image = attributes.if_contains("imageUri");
    (!image ? missing : image->is_null() ? null : present)++;
    EXPECT_TRUE(offer.as_object().contains("priceCents"));
    EXPECT_TRUE(attributes.contains("title"));
  }
  EXPECT_GT(missing, 0u);
  EXPECT_GT(null, 0u);
  EXPECT_GT(present, 0u);
  EXPECT_EQ(get(target), page);
  switches(R"({"missing_seed":2})");
  EXPECT_NE(get(target), page);
}

TEST_F(ExchangeLists, the_inventory_shows_what_is_in_steam_with_composite_ids_and_prices_as_dollar_texts) {
  std::size_t in_steam = 0, in_market = 0;
  for (const char* game : {"a8db", "9a92", "rust", "tf2"}) {
    const json::object page = get(std::string("/marketplace-api/v2/user/inventory?limit=100&gameId=") + game);
    for (const json::value& item : page.at("items").as_array()) {
      const std::string id = member_text(item.at("attributes").as_object(), "id");
      const bool market = item.at("inMarket").as_bool();
      EXPECT_EQ(market::parse_uuid(id).has_value(), market) << id;
      if (!market) {
        EXPECT_EQ(std::count(id.begin(), id.end(), ':'), 3) << id;
      }
      (market ? in_market : in_steam)++;
      const json::object& price = item.at("suggestedPrice").as_object();
      EXPECT_EQ(price.at("currency"), "USD");
      const std::string amount = member_text(price, "amount");
      ASSERT_GE(amount.size(), 4u);
      EXPECT_EQ(amount[amount.size() - 3], '.');
    }
  }
  EXPECT_EQ(in_market, 12u);
  EXPECT_EQ(in_steam, 8u);
}

TEST_F(ExchangeLists, targets_of_a_title_are_cents_and_amounts_as_text_dearest_first_with_any_for_no_demand) {
  const std::string title = some_title();
  const json::object page = get("/marketplace-api/v1/targets-by-title/a8db/" + encoded(title));
  ASSERT_FALSE(page.at("orders").as_array().empty());
  for (const json::value& order : page.at("orders").as_array()) {
    EXPECT_TRUE(order.at("price").is_string());
    EXPECT_TRUE(order.at("amount").is_string());
    EXPECT_EQ(order.at("title"), json::value(title));
    EXPECT_TRUE(order.at("attributes").at("paintSeed").is_string());
    EXPECT_TRUE(order.at("attributes").as_object().contains("floatPartValue"));
  }
  EXPECT_TRUE(get("/marketplace-api/v1/targets-by-title/a8db/No%20such%20thing").at("orders").as_array().empty());
}

TEST_F(ExchangeLists, a_rust_targets_attributes_are_empty) {
  for (const market::TitleInfo& title : exchange().titles()) {
    if (title.game != market::Game::rust) continue;
    const json::object page = get("/marketplace-api/v1/targets-by-title/rust/" + encoded(title.title));
    for (const json::value& order : page.at("orders").as_array())
      EXPECT_TRUE(order.at("attributes").as_object().empty());
  }
}

TEST_F(ExchangeLists, a_path_signed_as_it_is_encoded_is_refused) {
  const std::string target = "/marketplace-api/v1/targets-by-title/a8db/" + encoded("AK-47 | Redline (Field-Tested)");
  ServerRequest made = signed_request("GET", target);
  ServerRequest twice = signed_request(
      "GET", "/marketplace-api/v1/targets-by-title/a8db/" + encoded(encoded("AK-47 | Redline (Field-Tested)")));
  twice.path = made.path;
  EXPECT_EQ(ask(std::move(twice)).status, 401);
  EXPECT_EQ(ask(std::move(made)).status, 200);
}

TEST_F(ExchangeLists, aggregated_prices_are_cents_as_text_under_capital_keys) {
  const std::string title = some_title();
  const json::object asked{{"filter", json::object{{"game", "a8db"}, {"titles", json::array{title, "no such title"}}}},
                           {"limit", "100"}};
  const json::object page = post("/marketplace-api/v1/aggregated-prices", json::serialize(asked));
  ASSERT_EQ(page.at("aggregatedPrices").as_array().size(), 1u);
  const json::object& price = page.at("aggregatedPrices").at(0).as_object();
  EXPECT_EQ(price.at("title"), json::value(title));
  EXPECT_EQ(price.at("offerBestPrice").at("Currency"), "USD");
  EXPECT_TRUE(price.at("offerBestPrice").at("Amount").is_string());
  EXPECT_TRUE(price.at("offerCount").is_string());
  EXPECT_EQ(page.at("nextCursor"), "");
}

TEST_F(ExchangeLists, aggregated_prices_page_through_a_whole_game) {
  std::set<std::string> titles;
  std::string cursor;
  do {
    const json::object asked{{"filter", json::object{{"game", "a8db"}}}, {"limit", 7}, {"cursor", cursor}};
    const json::object page = post("/marketplace-api/v1/aggregated-prices", json::serialize(asked));
    for (const json::value& price : page.at("aggregatedPrices").as_array()) {
      EXPECT_TRUE(titles.insert(member_text(price.as_object(), "title")).second);
    }
    cursor = member_text(page, "nextCursor");
  } while (!cursor.empty());
  std::size_t known = 0;
  for (const market::TitleInfo& title : exchange().titles()) known += title.game == market::Game::cs2;
  EXPECT_EQ(titles.size(), known);
}

TEST_F(ExchangeLists, more_titles_than_the_limit_are_refused) {
  json::array titles(101, json::value("x"));
  const json::object asked{{"filter", json::object{{"game", "a8db"}, {"titles", titles}}}, {"limit", "100"}};
  expect_marketplace_refusal(send("POST", "/marketplace-api/v1/aggregated-prices", json::serialize(asked)));
  switches(R"({"titles_limit":200})");
  EXPECT_EQ(send("POST", "/marketplace-api/v1/aggregated-prices", json::serialize(asked)).status, 200);
}

TEST_F(ExchangeLists, a_trade_among_others_is_the_last_sale) {
  for (const char* by : {"target", "offer"}) {
    control("market",
            R"({"act":"trade","game":"a8db","title":")" + some_title() + R"(","price":321,"by":")" + by + "\"}");
    const json::object page = get("/trade-aggregator/v1/last-sales?gameId=a8db&limit=1&title=" + encoded(some_title()));
    EXPECT_EQ(page.at("sales").at(0).at("price"), "3.21");
    EXPECT_EQ(page.at("sales").at(0).at("txOperationType"), by == std::string("target") ? "Target" : "Offer");
  }
}

TEST_F(ExchangeLists, last_sales_are_dollars_as_decimal_text_and_twenty_at_most) {
  const std::string target = "/trade-aggregator/v1/last-sales?gameId=a8db&title=" + encoded(some_title());
  const json::object page = get(target + "&limit=20");
  ASSERT_FALSE(page.at("sales").as_array().empty());
  bool by_target = false;
  for (const json::value& sale : page.at("sales").as_array()) {
    const std::string price = member_text(sale.as_object(), "price");
    ASSERT_GE(price.size(), 4u);
    EXPECT_EQ(price[price.size() - 3], '.');
    EXPECT_TRUE(sale.at("date").is_string());
    const std::string type = member_text(sale.as_object(), "txOperationType");
    EXPECT_TRUE(type == "Offer" || type == "Target") << type;
    by_target = by_target || type == "Target";
  }
  for (const char* limit : {"21", "0", "x"}) {
    const ServerResponse refused = send("GET", target + "&limit=" + limit);
    EXPECT_EQ(refused.status, 400);
    EXPECT_TRUE(object_of(refused).at("code").is_string());
  }
  const json::object next = get(target + "&limit=5&offset=5");
  EXPECT_EQ(next.at("sales").at(0), page.at("sales").at(5));
  const json::object targets = get(target + "&limit=20&txOperationType=Target");
  for (const json::value& sale : targets.at("sales").as_array()) EXPECT_EQ(sale.at("txOperationType"), "Target");
  switches(R"({"sales_say_order":true})");
  const json::object spelled_anew = get(target + "&txOperationType=Target");
  for (const json::value& sale : spelled_anew.at("sales").as_array()) {
    EXPECT_EQ(sale.at("txOperationType"), "Order");
  }
}

TEST_F(ExchangeLists, fees_are_a_fraction_as_text_and_cents_as_numbers_ten_unless_asked_for_more) {
  rules(R"({"reduced_fee_share":1000000})");
  const json::object page = get("/exchange/v1/customized-fees?gameId=a8db&offerType=dmarket");
  EXPECT_TRUE(page.at("defaultFee").at("fraction").is_string());
  EXPECT_TRUE(page.at("defaultFee").at("minAmount").is_int64());
  EXPECT_LE(page.at("reducedFees").as_array().size(), 10u);
  const json::object all = get("/exchange/v1/customized-fees?gameId=a8db&limit=15000");
  ASSERT_FALSE(all.at("reducedFees").as_array().empty());
  for (const json::value& fee : all.at("reducedFees").as_array()) {
    EXPECT_TRUE(fee.at("fraction").is_string());
    EXPECT_TRUE(fee.at("minPrice").is_int64());
    EXPECT_TRUE(fee.at("maxPrice").is_int64());
    EXPECT_TRUE(fee.at("expiresAt").is_int64());
  }
  const json::object rest = get("/exchange/v1/customized-fees?gameId=a8db&limit=15000&offset=1");
  EXPECT_EQ(rest.at("reducedFees").as_array().size() + 1, all.at("reducedFees").as_array().size());
}

TEST_F(ExchangeLists, the_depth_of_a_title_has_both_sides_or_the_one_that_was_asked) {
  const std::string target = "/marketplace-api/v1/market-depth?gameId=a8db&title=" + encoded(some_title());
  const json::object depth = get(target);
  ASSERT_FALSE(depth.at("offers").as_array().empty());
  EXPECT_TRUE(depth.at("offers").at(0).at("price").is_string());
  EXPECT_TRUE(depth.contains("orders"));
  EXPECT_FALSE(get(target + "&aggregatedData=Offers").contains("orders"));
  EXPECT_FALSE(get(target + "&aggregatedData=Orders").contains("offers"));
}

TEST_F(ExchangeLists, blocked_titles_have_reasons) {
  const json::object page = get("/marketplace-api/v2/deposit-blocked-titles?gameId=a8db&limit=100");
  EXPECT_EQ(page.at("gameId"), "a8db");
  for (const json::value& blocked : page.at("titles").as_array()) {
    EXPECT_FALSE(member_text(blocked.as_object(), "title").empty());
    EXPECT_FALSE(member_text(blocked.as_object(), "reason").empty());
  }
}

TEST_F(ExchangeLists, a_known_path_with_another_method_gets_405_and_a_path_below_one_404) {
  EXPECT_EQ(send("DELETE", "/account/v1/balance").status, 405);
  EXPECT_EQ(send("GET", "/marketplace-api/v2/offers:batchCreate").status, 405);
  EXPECT_EQ(send("GET", "/account/v1/balance/more").status, 404);
  EXPECT_EQ(send("GET", "/marketplace-api/v1/targets-by-title/a8db").status, 404);
}

}  // namespace
}  // namespace sandbox
