#include "sandbox/dmarket/signature.hpp"
#include "tests/sandbox/exchange_scene.hpp"

#include <fstream>
#include <sstream>

namespace sandbox {
namespace {

json::value sign_vectors() {
  std::ifstream file(SIGN_VECTORS);
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

std::string text_of(const json::value& vector, const char* key) { return std::string(vector.at(key).as_string()); }

SignedRequest request_of(const json::value& vector) {
  SignedRequest made;
  made.method = text_of(vector, "method");
  const std::string sent = text_of(vector, "target");
  const std::size_t mark = sent.find('?');
  made.path = sent.substr(0, mark);
  if (mark != std::string::npos) made.query = sent.substr(mark + 1);
  made.body = text_of(vector, "body");
  made.date = text_of(vector, "timestamp");
  made.api_key = test_public_key;
  made.signature = text_of(vector, "request_sign");
  return made;
}

TEST(DmarketSignature, every_vector_is_judged_as_the_exchange_would) {
  const json::value vectors = sign_vectors();
  ASSERT_EQ(vectors.at("vectors").as_array().size(), 9u);
  for (const json::value& vector : vectors.at("vectors").as_array()) {
    const SignedRequest made = request_of(vector);
    const bool accepted = vector.at("accepted").as_bool();
    EXPECT_EQ(signature_accepted(made, DmarketAccount{}, false, std::stoll(made.date)), accepted)
        << text_of(vector, "name");
    if (accepted) {
      EXPECT_EQ(static_cast<std::int64_t>(text_to_sign(made).size()), vector.at("text_bytes").as_int64());
    }
  }
}

TEST(DmarketSignature, a_date_counts_for_120_seconds_both_ways) {
  const SignedRequest made = request_of(sign_vectors().at("vectors").at(0));
  const std::int64_t date = std::stoll(made.date);
  const DmarketAccount account;
  EXPECT_TRUE(signature_accepted(made, account, false, date + 120));
  EXPECT_FALSE(signature_accepted(made, account, false, date + 121));
  EXPECT_TRUE(signature_accepted(made, account, false, date - 120));
  EXPECT_FALSE(signature_accepted(made, account, false, date - 121));
  EXPECT_TRUE(signature_accepted(made, account, true, date - 10'000));
}

TEST(DmarketSignature, another_key_or_one_in_capitals_is_refused) {
  SignedRequest made = request_of(sign_vectors().at("vectors").at(0));
  const std::int64_t date = std::stoll(made.date);
  made.api_key[1] = 'F';
  EXPECT_FALSE(signature_accepted(made, DmarketAccount{}, false, date));
  made.api_key = test_public_key;
  for (char& c : made.api_key) c = static_cast<char>(std::toupper(c));
  EXPECT_FALSE(signature_accepted(made, DmarketAccount{}, false, date));
}

TEST(DmarketSignature, a_change_of_any_part_is_refused) {
  const SignedRequest good = request_of(sign_vectors().at("vectors").at(4));
  const std::int64_t date = std::stoll(good.date);
  ASSERT_TRUE(signature_accepted(good, DmarketAccount{}, false, date));
  std::vector<SignedRequest> changed(6, good);
  changed[0].method = "PUT";
  changed[1].path += "x";
  changed[2].query = "a=b";
  changed[3].body += " ";
  changed[4].signature.back() ^= 1;
  changed[5].signature.erase(0, 5);
  for (std::size_t i = 0; i < changed.size(); ++i) {
    EXPECT_FALSE(signature_accepted(changed[i], DmarketAccount{}, false, date)) << i;
  }
  SignedRequest later = good;
  later.date = std::to_string(date + 1);
  EXPECT_FALSE(signature_accepted(later, DmarketAccount{}, false, date));
}

class DmarketCalls : public ExchangeScene {
 protected:
  ServerResponse signed_get(const std::string& path, std::int64_t shift = 0) { return send("GET", path, {}, shift); }
};

TEST_F(DmarketCalls, the_balance_is_cents_as_text) {
  control("dmarket", R"({"usd":123456,"usd_withdraw":100,"usd_protected":7})");
  const ServerResponse response = signed_get("/account/v1/balance");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(
      response.body,
      R"({"dmc":"0","dmcAvailableToWithdraw":"0","usd":"123456","usdAvailableToWithdraw":"100","usdTradeProtected":"7"})");
  EXPECT_TRUE(response.headers.find("Date"));
}

TEST_F(DmarketCalls, an_unsigned_call_gets_the_recorded_401) {
  const ServerResponse response = ask(request("GET", "/account/v1/balance"));
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.body, R"({"Code":"Unauthorized","Message":"Unauthorized"})");
}

TEST_F(DmarketCalls, a_skewed_clock_refuses_and_says_its_time) {
  control("dmarket", R"({"clock_skew":300})");
  const ServerResponse refused = signed_get("/account/v1/user");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.find("Date"), "Mon, 21 Sep 2026 14:18:20 GMT");
  EXPECT_EQ(signed_get("/account/v1/user", 300).status, 200);
}

TEST_F(DmarketCalls, removed_lists_are_gone_and_the_rest_is_unknown) {
  EXPECT_EQ(ask(request("GET", "/exchange/v1/market/items?gameId=a8db")).status, 410);
  EXPECT_EQ(ask(request("GET", "/exchange/v1/user/offers")).status, 410);
  EXPECT_EQ(ask(request("GET", "/marketplace-api/v9/nothing")).status, 404);
}

}  // namespace
}  // namespace sandbox
