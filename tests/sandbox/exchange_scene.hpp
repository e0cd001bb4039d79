#pragma once
// A sandbox with a small market, called as a client with a key calls it.
#include "sandbox/dmarket/account.hpp"
#include "tests/sandbox/scene.hpp"
#include "tgkit/net/url.hpp"

#include <string>

#include <sodium.h>

namespace sandbox {

inline constexpr char offers_path[] = "/marketplace-api/v2/offers";

class ExchangeScene : public Scene {
 protected:
  explicit ExchangeScene(SandboxSettings settings = ExchangeScene::settings()) : Scene(std::move(settings)) {}
  static SandboxSettings settings() {
    SandboxSettings made;
    made.exchange.market.titles = 60;
    made.exchange.market.offers = 1'200;
    made.exchange.market.usd = market::Money::cents(1'000'000);
    made.exchange.market.usd_to_withdraw = market::Money::cents(500'000);
    made.exchange.market.items_in_market = 12;
    made.exchange.market.items_in_steam = 8;
    made.exchange.switches.limits = false;
    made.exchange.switches.missing_percent = 0;
    return made;
  }

  // `target`: as sent. `shift`: seconds that the caller's clock is ahead.
  ServerRequest signed_request(const std::string& method, const std::string& target, const std::string& body = {},
                               std::int64_t shift = 0) {
    ServerRequest made = request(method, target, body, body.empty() ? "" : "application/json");
    const std::string date = std::to_string(now() + shift);
    std::string text = method + tgkit::net::percent_decode(made.path);
    if (!made.query.empty()) text += "?" + made.query;
    text += body + date;
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    sodium_hex2bin(secret, sizeof secret, test_secret_key, sizeof test_secret_key - 1, nullptr, nullptr, nullptr);
    unsigned char signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret);
    char hex[sizeof signature * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    made.headers.add("X-Api-Key", test_public_key);
    made.headers.add("X-Sign-Date", date);
    made.headers.add("X-Request-Sign", std::string("dmar ed25519 ") + hex);
    return made;
  }
  ServerResponse send(const std::string& method, const std::string& target, const std::string& body = {},
                      std::int64_t shift = 0) {
    return ask(signed_request(method, target, body, shift));
  }
  json::object answer(const std::string& method, const std::string& target, const std::string& body = {}) {
    const ServerResponse response = send(method, target, body);
    EXPECT_EQ(response.status, 200) << method << " " << target << " " << response.body;
    const auto value = parse_json(response.body);
    return value && value->is_object() ? value->get_object() : json::object();
  }
  json::object get(const std::string& target) { return answer("GET", target); }
  json::object post(const std::string& target, const std::string& body) { return answer("POST", target, body); }

  std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
  }
  market::Exchange& exchange() { return world.venue().exchange(); }
  void rules(const std::string& changes) { control("dmarket-switches", R"({"rules":)" + changes + "}"); }
  void switches(const std::string& changes) { control("dmarket-switches", R"({"api":)" + changes + "}"); }

  // Assets of the account that may be offered.
  std::vector<std::string> own_assets() {
    std::vector<std::string> ids;
    for (const char* game : {"a8db", "9a92", "rust", "tf2"}) {
      const std::string query = std::string("?limit=100&treeFilters=inMarket%3Dtrue&gameId=") + game;
      const json::object page = get("/marketplace-api/v2/user/inventory" + query);
      for (const json::value& item : page.at("items").as_array()) {
        ids.emplace_back(item.at("attributes").at("id").as_string());
      }
    }
    return ids;
  }
  std::string offer_of_mine(std::int64_t cents) {
    const json::object made =
        post("/marketplace-api/v2/offers:batchCreate", R"({"requests":[{"assetId":")" + own_assets().at(0) +
                                                           R"(","priceCents":)" + std::to_string(cents) + "}]}");
    EXPECT_EQ(made.at("offers").as_array().size(), 1u) << json::serialize(made);
    return std::string(made.at("offers").at(0).at("id").as_string());
  }
};

inline json::object object_of(const ServerResponse& response) {
  const auto value = parse_json(response.body);
  EXPECT_TRUE(value && value->is_object()) << response.body;
  return value && value->is_object() ? value->get_object() : json::object();
}

inline std::string encoded(std::string_view text) { return tgkit::net::percent_encode(text); }

}  // namespace sandbox
