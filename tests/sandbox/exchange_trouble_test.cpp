// The exchange when it says no: limits, clocks, faults; and what it keeps of who did what.
#include "sandbox/dmarket/limits.hpp"
#include "sandbox/dmarket/market_rules.hpp"
#include "tests/sandbox/exchange_scene.hpp"

namespace sandbox {
namespace {

class ExchangeTrouble : public ExchangeScene {
 protected:
  std::string fault(const std::string& members) {
    return json::serialize(control("faults", R"({"method":"dmarket",)" + members + "}"));
  }
  bool dropped(ServerRequest made) {
    const auto pending = begin(std::move(made));
    return pending->error != nullptr;
  }
  std::string create_body() {
    return R"({"requests":[{"assetId":")" + own_assets().at(0) + R"(","priceCents":10000000}]})";
  }
  std::int64_t number(const char* key) { return member_int(look("dmarket-books?entries=false"), key).value_or(-1); }
  std::size_t own_offers() { return look("market-account").at("offers").as_array().size(); }
};

// ---- limits

TEST(ExchangeLimits, a_second_holds_so_many_calls_of_each_group) {
  ApiLimits limits;
  const ApiLimits::Moment now{100, 5};
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limits.count(LimitGroup::last_sales, now).refused);
  const ApiLimits::Verdict seventh = limits.count(LimitGroup::last_sales, now);
  EXPECT_TRUE(seventh.refused);
  EXPECT_EQ(seventh.limit, 6);
  EXPECT_EQ(seventh.remaining, 0);
  EXPECT_EQ(limits.refusals(), 1u);
  EXPECT_FALSE(limits.count(LimitGroup::market_items, now).refused);
  EXPECT_EQ(calls_per_second(LimitGroup::market_items), 10);
  EXPECT_EQ(calls_per_second(LimitGroup::others), 20);
  EXPECT_EQ(calls_per_second(LimitGroup::fee), 110);
}

TEST(ExchangeLimits, a_new_second_on_either_clock_begins_anew) {
  ApiLimits limits;
  for (int i = 0; i < 7; ++i) limits.count(LimitGroup::last_sales, {100, 5});
  EXPECT_FALSE(limits.count(LimitGroup::last_sales, {101, 5}).refused);
  for (int i = 0; i < 7; ++i) limits.count(LimitGroup::last_sales, {101, 5});
  EXPECT_FALSE(limits.count(LimitGroup::last_sales, {101, 6}).refused);
}

TEST_F(ExchangeTrouble, the_headers_count_down_and_what_is_too_much_gets_429) {
  switches(R"({"limits":true})");
  for (int i = 0; i < 10; ++i) {
    const ServerResponse response = send("GET", "/marketplace-api/v2/offers?gameId=a8db&limit=1");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.find("X-RateLimit-Limit-Second"), "10");
    EXPECT_EQ(response.headers.find("X-RateLimit-Remaining-Second"), std::to_string(9 - i));
    EXPECT_EQ(response.headers.find("RateLimit-Limit"), "10");
    EXPECT_EQ(response.headers.find("RateLimit-Remaining"), std::to_string(9 - i));
    EXPECT_EQ(response.headers.find("RateLimit-Reset"), "1");
  }
  const ServerResponse refused = send("GET", "/marketplace-api/v2/offers?gameId=a8db&limit=1");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, R"({"message":"API rate limit exceeded"})");
  EXPECT_FALSE(refused.headers.contains("Retry-After"));
  EXPECT_EQ(send("GET", "/account/v1/balance").status, 200);
  advance(std::chrono::seconds{1});
  EXPECT_EQ(send("GET", "/marketplace-api/v2/offers?gameId=a8db&limit=1").status, 200);
}

TEST_F(ExchangeTrouble, the_body_headers_and_retry_after_of_429_are_switches) {
  switches(R"({"limits":true,"limit_body":false,"retry_after":true,"limit_headers":false})");
  ServerResponse last(0);
  for (int i = 0; i < 21; ++i) last = send("GET", "/account/v1/balance");
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(last.body, "");
  EXPECT_EQ(last.headers.find("Retry-After"), "1");
  EXPECT_FALSE(last.headers.contains("RateLimit-Limit"));
}

// ---- clocks

TEST_F(ExchangeTrouble, dates_go_by_virtual_time_and_the_header_shows_it) {
  control("time", R"({"running":false})");
  const auto days = [&](std::int64_t shift) { return send("GET", "/account/v1/balance", {}, shift); };
  tests::run(io, world.handle(request("POST", "/control/time", R"({"advance":2592000})", "application/json")));
  EXPECT_EQ(days(0).status, 401);
  const ServerResponse corrected = days(2'592'000);
  EXPECT_EQ(corrected.status, 200);
  EXPECT_EQ(corrected.headers.find("Date"), "Wed, 21 Oct 2026 14:13:20 GMT");
}

TEST_F(ExchangeTrouble, a_date_ahead_is_refused_unless_the_future_is_allowed) {
  EXPECT_EQ(send("GET", "/account/v1/balance", {}, 121).status, 401);
  switches(R"({"allow_future_dates":true})");
  EXPECT_EQ(send("GET", "/account/v1/balance", {}, 121).status, 200);
  EXPECT_EQ(send("GET", "/account/v1/balance", {}, -121).status, 401);
}

// ---- faults

TEST_F(ExchangeTrouble, a_connection_dropped_after_the_call_leaves_the_change_made) {
  const std::string body = create_body();
  fault(R"("action":"drop_after","path":"/marketplace-api/v2/offers:batchCreate")");
  EXPECT_TRUE(dropped(signed_request("POST", "/marketplace-api/v2/offers:batchCreate", body)));
  EXPECT_EQ(own_offers(), 1u);
  EXPECT_EQ(number("changing_calls"), 1);
}

TEST_F(ExchangeTrouble, a_connection_dropped_before_the_call_changes_nothing) {
  const std::string body = create_body();
  fault(R"("action":"drop_before","path":"/marketplace-api/v2/offers:batchCreate")");
  EXPECT_TRUE(dropped(signed_request("POST", "/marketplace-api/v2/offers:batchCreate", body)));
  EXPECT_EQ(own_offers(), 0u);
  EXPECT_EQ(number("write_calls"), 1);
  EXPECT_EQ(number("changing_calls"), 0);
}

TEST_F(ExchangeTrouble, a_502_may_hide_a_change_that_was_made) {
  const std::string body = create_body();
  fault(R"("action":"html","status":502,"executed":true)");
  EXPECT_EQ(send("POST", "/marketplace-api/v2/offers:batchCreate", body).status, 502);
  EXPECT_EQ(own_offers(), 1u);
  EXPECT_EQ(look("dmarket-calls?since=0&writes=true").at("calls").at(0).at("status"), 200);
}

TEST_F(ExchangeTrouble, a_late_answer_comes_after_the_change) {
  const std::string body = create_body();
  fault(R"("action":"late","delay_ms":60000)");
  const auto pending = begin(signed_request("POST", "/marketplace-api/v2/offers:batchCreate", body));
  EXPECT_FALSE(pending->response);
  EXPECT_EQ(own_offers(), 1u);
  advance(std::chrono::seconds{60});
  ASSERT_TRUE(pending->response);
  EXPECT_EQ(pending->response->status, 200);
}

TEST_F(ExchangeTrouble, a_fault_of_one_path_leaves_the_others_alone) {
  fault(R"("action":"html","status":503,"path":"/account/","count":0)");
  EXPECT_EQ(send("GET", "/account/v1/balance").status, 503);
  EXPECT_EQ(send("GET", "/marketplace-api/v2/offers?gameId=a8db&limit=1").status, 200);
}

TEST_F(ExchangeTrouble, a_fault_of_calls_that_hold_a_text_leaves_the_others_alone) {
  const std::string body = create_body();
  fault(R"("action":"body","status":400,"body":"{\"code\":\"CannotBeSold\"}","contains":"nobody-has-this","count":0)");
  EXPECT_EQ(send("POST", "/marketplace-api/v2/offers:batchCreate", body).status, 200);
  fault(R"("action":"body","status":400,"body":"{\"code\":\"CannotBeSold\"}","contains":"assetId","count":0)");
  EXPECT_EQ(send("POST", "/marketplace-api/v2/offers:batchCreate", body).status, 400);
  EXPECT_EQ(send("GET", "/marketplace-api/v2/user/offers?gameId=a8db&limit=1").status, 200);
}

TEST_F(ExchangeTrouble, a_page_may_be_empty_and_still_have_a_cursor) {
  fault(R"("action":"empty_page")");
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=10");
  EXPECT_TRUE(page.at("items").as_array().empty());
  EXPECT_FALSE(member_text(page, "cursor").empty());
  fault(R"("action":"empty_page")");
  const json::object trades = get("/marketplace-api/v1/user-offers/closed");
  EXPECT_FALSE(member_text(trades, "Cursor").empty());
}

TEST_F(ExchangeTrouble, a_cursor_may_come_again) {
  const std::string first = member_text(get("/marketplace-api/v2/offers?gameId=a8db&limit=10"), "cursor");
  fault(R"("action":"same_cursor","count":0)");
  const json::object page = get("/marketplace-api/v2/offers?gameId=a8db&limit=10&cursor=" + encoded(first));
  EXPECT_EQ(page.at("cursor").as_string(), json::string_view(first));
  EXPECT_FALSE(page.at("items").as_array().empty());
}

TEST_F(ExchangeTrouble, fields_may_be_lost_and_unknown_ones_come) {
  fault(R"("action":"extra_keys")");
  EXPECT_TRUE(get("/account/v1/balance").contains("key_of_next_year"));
  fault(R"("action":"missing_fields","seed":3)");
  const ServerResponse lossy = send("GET", "/account/v1/user");
  EXPECT_NE(lossy.body, send("GET", "/account/v1/user").body);
  EXPECT_TRUE(parse_json(lossy.body));
}

TEST_F(ExchangeTrouble, paging_faults_are_for_the_exchange_only_and_paths_too) {
  EXPECT_EQ(
      ask(request("POST", "/control/faults", R"({"method":"sendMessage","action":"empty_page"})", "application/json"))
          .status,
      400);
  EXPECT_EQ(
      ask(request("POST", "/control/faults", R"({"method":"getMe","action":"html","path":"/x"})", "application/json"))
          .status,
      400);
}

// ---- the record

TEST_F(ExchangeTrouble, every_call_is_recorded_with_what_it_changed_and_never_a_key) {
  offer_of_mine(10'000'000);
  send("GET", "/account/v1/balance");
  ask(request("POST", "/marketplace-api/v1/user-targets/create"));
  const json::object log = look("dmarket-calls?since=0&path=/marketplace-api/");
  const json::array& calls = log.at("calls").as_array();
  ASSERT_EQ(calls.back().at("path"), "/marketplace-api/v1/user-targets/create");
  EXPECT_EQ(calls.back().at("status"), 401);
  EXPECT_TRUE(calls.back().at("writes").as_bool());
  EXPECT_TRUE(calls.back().at("changed").as_array().empty());
  const json::value& created = calls[calls.size() - 2];
  EXPECT_EQ(created.at("method"), "POST");
  EXPECT_EQ(created.at("changed").as_array().size(), 1u);
  EXPECT_EQ(log.at("write_calls"), 2);
  EXPECT_EQ(log.at("changing_calls"), 1);
  EXPECT_EQ(look("dmarket-calls?since=0&writes=true").at("calls").as_array().size(), 2u);
  EXPECT_EQ(json::serialize(log).find(test_public_key), std::string::npos);
}

TEST_F(ExchangeTrouble, looking_writes_nothing) {
  get("/marketplace-api/v2/offers?gameId=a8db&limit=100");
  post("/marketplace-api/v1/aggregated-prices", R"({"filter":{"game":"a8db"},"limit":"10"})");
  get("/account/v1/balance");
  look("market?game=a8db");
  EXPECT_EQ(number("write_calls"), 0);
  EXPECT_EQ(number("changing_calls"), 0);
}

TEST_F(ExchangeTrouble, the_books_add_up_with_what_the_client_sees) {
  rules(R"({"pending_share":0,"fee_rounding":"ceil"})");
  control("market", R"({"act":"buy","offer":")" + offer_of_mine(1'990) + R"("})");
  const json::object books = look("dmarket-books");
  EXPECT_TRUE(books.at("violations").as_array().empty()) << json::serialize(books.at("violations"));
  const json::object& trade = books.at("trades").at(0).as_object();
  EXPECT_EQ(trade.at("price"), 1'990);
  const std::int64_t fee = trade.at("fee").as_int64();
  EXPECT_GT(fee, 0);
  EXPECT_EQ(books.at("balance").at("usd_protected"), 1'990 - fee);
  EXPECT_EQ(get("/account/v1/balance").at("usdTradeProtected").as_string(), std::to_string(1'990 - fee));
  std::int64_t sum = 0;
  for (const auto& [place, cents] : books.at("places").as_object()) sum += cents.as_int64();
  EXPECT_EQ(sum, 0);
  EXPECT_FALSE(books.at("money").as_array().empty());
  EXPECT_FALSE(look("dmarket-books?entries=false").contains("money"));
}

// ---- the control calls

TEST_F(ExchangeTrouble, switches_and_rules_that_cannot_be_are_refused_and_change_nothing) {
  const json::object before = look("dmarket-switches");
  for (const char* body :
       {R"({"api":{"limits":1}})", R"({"api":{"limit":true}})", R"({"rules":{"batchlimit":1}})",
        R"({"api":{"missing_percent":101}})", R"({"rules":{"fee_rounding":"up"}})", R"({"rules":{"release_hour":24}})",
        R"({"rules":{"match_delay_from":500}})", R"({"api":{"retry_after":true},"rules":{"protection_days":[1]}})"}) {
    EXPECT_EQ(ask(request("POST", "/control/dmarket-switches", body, "application/json")).status, 400) << body;
  }
  EXPECT_EQ(look("dmarket-switches"), before);
}

TEST_F(ExchangeTrouble, every_rule_can_be_read_and_set_to_what_was_read) {
  const market::MarketRules rules;
  market::MarketRules changed;
  EXPECT_FALSE(change_rules(changed, rules_json(rules)));
  EXPECT_EQ(rules_json(changed), rules_json(rules));
  json::object all = rules_json(rules);
  for (auto& member : all) {
    if (member.value().is_bool()) member.value() = !member.value().get_bool();
  }
  EXPECT_FALSE(change_rules(changed, all));
  EXPECT_EQ(rules_json(changed), all);
}

TEST_F(ExchangeTrouble, the_market_can_be_searched_and_moved_and_its_other_side_played) {
  const json::object found = look("market?game=a8db&limit=200");
  const std::string title = member_text(found.at("titles").at(0).as_object(), "title");
  EXPECT_EQ(look("market?search=" + encoded(title)).at("total"), 1);
  const std::int64_t worth = look("market-title?title=" + encoded(title)).at("worth").as_int64();
  control("market", json::serialize(json::object{{"act", "move"}, {"title", title}, {"percent", 50}}));
  const std::int64_t moved = look("market-title?title=" + encoded(title)).at("worth").as_int64();
  EXPECT_NEAR(static_cast<double>(moved), static_cast<double>(worth) * 1.5, static_cast<double>(worth) * 0.01 + 2);
  control("market", json::serialize(json::object{{"act", "offer"}, {"title", title}, {"price", 2}}));
  EXPECT_EQ(look("market-title?title=" + encoded(title)).at("offers").at(0).at("price"), 2);
  control("market", json::serialize(json::object{{"act", "give"}, {"title", title}, {"in_market", true}}));
  EXPECT_EQ(look("market-account").at("inventory").as_array().size(), 21u);
  const std::int64_t usd = look("market-account").at("balance").at("usd").as_int64();
  control("market", R"({"act":"money","cents":250})");
  EXPECT_EQ(look("market-account").at("balance").at("usd"), usd + 250);
  for (const char* body : {R"({"act":"x"})", R"({"act":"sell","target":"x"})", R"({"act":"revert","trade":99})",
                           R"({"act":"offer","title":"no such","price":1})",
                           R"j({"act":"trade","game":"a8db","title":"AK-47 | Redline (Field-Tested)","price":100,"by":"x"})j",
                           R"j({"act":"move","title":"AK-47 | Redline (Field-Tested)","percent":"x"})j"}) {
    EXPECT_EQ(ask(request("POST", "/control/market", body, "application/json")).status, 400) << body;
  }
}

TEST_F(ExchangeTrouble, a_wait_for_the_accounts_events_ends_with_the_first) {
  const std::string offer = offer_of_mine(1'990);
  const std::int64_t last = look("market-account").at("last_event").as_int64();
  const auto pending = begin(request("GET", "/control/market-events?timeout=30&after=" + std::to_string(last)));
  EXPECT_FALSE(pending->response);
  control("market", R"({"act":"buy","offer":")" + offer + R"("})");
  settle();
  ASSERT_TRUE(pending->response);
  EXPECT_EQ(object_of(*pending->response).at("events").at(0).at("kind"), "sold");
}

TEST_F(ExchangeTrouble, what_the_exchange_plans_happens_at_its_time_without_a_call) {
  const std::string offer = offer_of_mine(1'990);
  control("market", R"({"act":"buy","offer":")" + offer + R"("})");
  const std::int64_t last = look("market-account").at("last_event").as_int64();
  rules(R"({"revert_share":0})");
  const auto pending = begin(request("GET", "/control/market-events?timeout=60&after=" + std::to_string(last)));
  control("time", R"({"running":false})");
  tests::run(io, world.handle(request("POST", "/control/time", R"({"advance":864000})", "application/json")));
  settle();
  ASSERT_TRUE(pending->response);
  EXPECT_FALSE(object_of(*pending->response).at("events").as_array().empty());
  EXPECT_NE(look("market-account").at("trades").at(0).at("state"), "trade_protected");
}

}  // namespace
}  // namespace sandbox
