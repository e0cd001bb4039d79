#include "tgkit/bot/webhook_decisions.hpp"

#include "tgkit/telegram/types/update.hpp"

#include <set>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;

WebhookDoor door() {
  return {
      "/hook", net::Secret("s3cret"), {net::Network::parse("149.154.160.0/20")}, {net::Network::parse("127.0.0.1")}};
}

net::ServerRequest request(const std::string& method, const std::string& path, const std::string& secret,
                           const std::string& from) {
  net::ServerRequest made;
  made.method = method;
  made.path = path;
  made.peer = "127.0.0.1";
  if (!secret.empty()) made.headers.add("x-telegram-bot-api-secret-token", secret);
  if (!from.empty()) made.headers.add("X-Forwarded-For", from);
  return made;
}

TEST(WebhookDoor, OpensForTelegramWithTheSecretOnly) {
  const std::string telegram = "149.154.167.220", stranger = "203.0.113.5";
  EXPECT_EQ(judge(door(), request("POST", "/hook", "s3cret", telegram)), WebhookOutcome::taken);
  EXPECT_EQ(judge(door(), request("POST", "/hook", "s3creT", telegram)), WebhookOutcome::unauthorized);
  EXPECT_EQ(judge(door(), request("POST", "/hook", "s3cret2", telegram)), WebhookOutcome::unauthorized);
  EXPECT_EQ(judge(door(), request("POST", "/hook", "", telegram)), WebhookOutcome::unauthorized);
  EXPECT_EQ(judge(door(), request("GET", "/hook", "s3cret", telegram)), WebhookOutcome::wrong_method);
  EXPECT_EQ(judge(door(), request("POST", "/hook/", "s3cret", telegram)), WebhookOutcome::not_found);
  EXPECT_EQ(judge(door(), request("POST", "/hook", "s3cret", stranger)), WebhookOutcome::forbidden);
  EXPECT_EQ(judge(door(), request("POST", "/hook", "s3cret", telegram + ", " + stranger)), WebhookOutcome::forbidden);
  EXPECT_EQ(judge(door(), request("POST", "/hook", "s3cret", "")), WebhookOutcome::forbidden);
}

TEST(WebhookDoor, ConnectionsAreAdmittedFromTheListProxiesAndThisMachine) {
  WebhookDoor made = door();
  made.trusted_proxies = {net::Network::parse("10.0.0.7")};
  for (const char* known : {"149.154.167.220", "10.0.0.7", "127.0.0.9", "::1"})
    EXPECT_TRUE(admits(made, known)) << known;
  for (const char* stranger : {"203.0.113.5", "10.0.0.8", "2001:db8::1"})
    EXPECT_FALSE(admits(made, stranger)) << stranger;
  made.allowed.clear();
  EXPECT_TRUE(admits(made, "203.0.113.5"));
}

TEST(WebhookDoor, SendsWhatIsForAnotherInstanceOn) {
  WebhookDoor ours = door();
  ours.instance = "me";
  net::ServerRequest delivery = request("POST", "/hook", "s3cret", "149.154.167.220");
  EXPECT_EQ(judge(ours, delivery), WebhookOutcome::taken) << "a proxy may cut the query";
  delivery.query = "a=b&instance=me";
  EXPECT_EQ(judge(ours, delivery), WebhookOutcome::taken);
  delivery.query = "instance=other";
  EXPECT_EQ(judge(ours, delivery), WebhookOutcome::foreign);
  delivery.headers = {};
  EXPECT_NE(judge(ours, delivery), WebhookOutcome::foreign) << "who has no secret says nothing";
}

TEST(WebhookAddress, CarriesTheInstanceInItsQuery) {
  WebhookWish wish;
  wish.url = "https://bot.example/hook";
  EXPECT_EQ(registered_url(wish), wish.url);
  wish.instance = "me";
  EXPECT_EQ(registered_url(wish), "https://bot.example/hook?instance=me");
  EXPECT_TRUE(is_same_address("https://bot.example/hook?instance=other", wish));
  EXPECT_TRUE(is_same_address("https://bot.example/hook", wish)) << "of an older version";
  EXPECT_FALSE(is_same_address("https://bot.example/hook2", wish));
  wish.url += "?a=b";
  EXPECT_EQ(registered_url(wish), "https://bot.example/hook?a=b&instance=me");
}

TEST(WebhookDoor, WithoutAListAsksForTheSecretAlone) {
  WebhookDoor open = door();
  open.allowed.clear();
  EXPECT_EQ(judge(open, request("POST", "/hook", "s3cret", "203.0.113.5")), WebhookOutcome::taken);
  EXPECT_EQ(judge(open, request("POST", "/hook", "", "203.0.113.5")), WebhookOutcome::unauthorized);
}

TEST(WebhookOutcome, OnlyWhatIsKeptIsAnsweredWith200) {
  const std::set<WebhookOutcome> kept = {WebhookOutcome::taken, WebhookOutcome::duplicate, WebhookOutcome::unreadable};
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < webhook_outcomes; ++i) {
    const auto outcome = static_cast<WebhookOutcome>(i);
    EXPECT_EQ(status_of(outcome) == 200, kept.contains(outcome)) << to_text(outcome);
    names.insert(to_text(outcome));
  }
  EXPECT_EQ(names.size(), webhook_outcomes);
  EXPECT_FALSE(names.contains(""));
}

class Registered : public ::testing::Test {
 protected:
  Registered() {
    wish.url = info.url = "https://bot.example/hook";
    wish.max_connections = 40;
    info.max_connections = 40;
    wish.allowed_updates = {"message", "callback_query"};
    info.allowed_updates = {"callback_query", "message"};
  }
  std::string_view reason(std::string_view registered = "f", std::string_view wanted = "f") const {
    return why_register(info, wish, registered, wanted);
  }
  WebhookWish wish;
  telegram::WebhookInfo info;
};

TEST_F(Registered, AsWantedNothingIsToBeDone) { EXPECT_EQ(reason(), ""); }

TEST_F(Registered, EachDifferenceIsAReason) {
  const telegram::WebhookInfo right = info;
  std::set<std::string_view> reasons;
  const auto differs = [&] {
    reasons.insert(reason());
    info = right;
  };
  info.url = "";
  differs();
  info.url = "https://bot.example/other";
  differs();
  info.has_custom_certificate = true;
  differs();
  info.max_connections = 20;
  differs();
  info.allowed_updates = {"message"};
  differs();
  wish.ip_address = "203.0.113.7";
  info.ip_address = "203.0.113.8";
  differs();
  reasons.insert(reason("f", "g"));
  EXPECT_EQ(reasons.size(), 7U);
  EXPECT_FALSE(reasons.contains(""));
}

TEST_F(Registered, WhatTelegramLeavesOutIsItsDefault) {
  info.max_connections.reset();
  info.allowed_updates.clear();
  wish.allowed_updates.clear();
  EXPECT_EQ(reason(), "");
  info.ip_address = "203.0.113.8";  // found by the name
  EXPECT_EQ(reason(), "");
}

TEST_F(Registered, LaterItsAddressAndAWrongSecretAreWhatCounts) {
  EXPECT_EQ(standing(info, wish, 0), WebhookStanding::ours);
  info.max_connections = 5;  // of an instance that was started after us
  EXPECT_EQ(standing(info, wish, 0), WebhookStanding::ours);
  info.last_error_message = "Wrong response from the webhook: 401 Unauthorized";
  info.last_error_date = 1000;
  EXPECT_EQ(standing(info, wish, 999), WebhookStanding::other_secret);
  EXPECT_EQ(standing(info, wish, 1000), WebhookStanding::ours);
  info.last_error_message = "Connection refused";
  EXPECT_EQ(standing(info, wish, 999), WebhookStanding::ours);
  info.url = "https://other.example/hook";
  EXPECT_EQ(standing(info, wish, 0), WebhookStanding::taken_over);
  info.url = "";
  EXPECT_EQ(standing(info, wish, 0), WebhookStanding::gone);
}

TEST(WebhookSecret, IsRandomAndAsTelegramWantsIt) {
  const net::Secret a = make_webhook_secret(), b = make_webhook_secret();
  EXPECT_FALSE(a == b);
  EXPECT_EQ(a.reveal().size(), 43U);
  EXPECT_EQ(a.reveal().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"),
            std::string::npos);
}

TEST(WebhookFingerprint, ChangesWithEachPartAndShowsNone) {
  const net::Secret key("token"), secret("secret");
  const std::string print = webhook_fingerprint(secret, "pem", key);
  EXPECT_EQ(print, webhook_fingerprint(secret, "pem", key));
  EXPECT_NE(print, webhook_fingerprint(net::Secret("secre"), "tpem", key));
  EXPECT_NE(print, webhook_fingerprint(secret, "", key));
  EXPECT_NE(print, webhook_fingerprint(secret, "pem", net::Secret("other")));
  EXPECT_EQ(print.find("secret"), std::string::npos);
}

}  // namespace
