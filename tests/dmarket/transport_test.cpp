#include "dmarket/transport.hpp"

#include "dmarket/signature.hpp"
#include "tests/dmarket/scripted_exchange.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

namespace dmarket {
namespace {

using tgkit::net::ServerResponse;

class Exchange : public tests::ScriptedExchange {
 protected:
  std::string call(Transport& transport, std::string method, std::string target, std::string body = {}) {
    return tests_run(transport.call(std::move(method), std::move(target), std::move(body)));
  }

  ErrorKind failure(Transport& transport, std::string method, std::string target, std::string body = {}) {
    return failure_of(transport.call(std::move(method), std::move(target), std::move(body)));
  }
};

TEST_F(Exchange, ARequestCarriesKeyDateAndASignatureThatVerifies) {
  Transport transport(http_, clock_, settings());
  call(transport, "GET", "/trade-aggregator/v1/last-sales?gameId=a8db&title=AK-47+%7C+Redline");
  ASSERT_EQ(asked_.size(), 1u);
  const auto& request = asked_[0];
  EXPECT_EQ(header(request, "X-Api-Key"), tests::public_hex);
  EXPECT_TRUE(verify(tests::public_hex, header(request, "X-Request-Sign"), "GET", request.target, "",
                     header(request, "X-Sign-Date")));
  EXPECT_EQ(calls_, std::vector<std::string>{"GET /trade-aggregator/v1/last-sales ok"});
}

TEST_F(Exchange, DryRunSendsNoChangeWhateverItIsCalled) {
  Transport transport(http_, clock_, settings());
  for (const Endpoint& endpoint : endpoints::all) {
    if (endpoint.effect == Effect::write) {
      EXPECT_EQ(failure(transport, std::string(endpoint.method), std::string(endpoint.path), "{}"),
                ErrorKind::refused_by_guard);
    }
    for (const char* method : {"PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}) {
      EXPECT_EQ(failure(transport, method, std::string(endpoint.path)), ErrorKind::refused_by_guard) << method;
    }
  }
  EXPECT_EQ(failure(transport, "GET", "/account/v1/../v1/balance"), ErrorKind::refused_by_guard);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(Exchange, LiveModeSendsAChangeOnceAndNeverRepeatsIt) {
  auto s = settings();
  s.dry_run = false;
  Transport transport(http_, clock_, s);
  answers_.emplace_back(503, "<html>maintenance</html>");
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::unknown_outcome);
  EXPECT_EQ(asked_.size(), 1u);
  EXPECT_EQ(header(asked_[0], "Content-Type"), "application/json");
}

TEST_F(Exchange, AChangeWhoseAnswerIsLostHasAnUnknownOutcome) {
  auto s = settings();
  s.dry_run = false;
  s.timeout = std::chrono::milliseconds(200);
  boost::asio::ip::tcp::acceptor deaf(io_, {boost::asio::ip::address_v4::loopback(), 0});
  s.base = tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(deaf.local_endpoint().port()));
  Transport transport(http_, clock_, s);
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::unknown_outcome);
}

TEST_F(Exchange, AReadIsAskedAgainAfterAPassingFault) {
  Transport transport(http_, clock_, settings());
  answers_.emplace_back(502, "<html>bad gateway</html>");
  answers_.emplace_back(429, R"({"message":"API rate limit exceeded"})");
  answers_.emplace_back(200, R"({"usd":"5"})");
  EXPECT_EQ(call(transport, "GET", "/account/v1/balance"), R"({"usd":"5"})");
  EXPECT_EQ(asked_.size(), 3u);
}

TEST_F(Exchange, AReadIsGivenUpAfterItsTries) {
  Transport transport(http_, clock_, settings());
  for (int i = 0; i < 5; ++i) answers_.emplace_back(500, "");
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::unavailable);
  EXPECT_EQ(asked_.size(), 3u);
}

TEST_F(Exchange, AClockThatIsWrongIsLearnedFromTheRefusalAndTheReadRepeatedOnce) {
  Transport transport(http_, clock_, settings());
  ServerResponse refused(401, R"({"Code":"Unauthorized","Message":"Unauthorized"})", "application/json");
  refused.headers.add("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  answers_.push_back(refused);
  call(transport, "GET", "/account/v1/balance");
  ASSERT_EQ(asked_.size(), 2u);
  const auto date = std::stoll(header(asked_[1], "X-Sign-Date"));
  EXPECT_NEAR(static_cast<double>(date), 784111777.0, 30.0);
}

TEST_F(Exchange, AClockThatGoesWrongLaterIsLearnedAgain) {
  Transport transport(http_, clock_, settings());
  call(transport, "GET", "/account/v1/balance");  // with the right time
  ServerResponse refused(401, R"({"Code":"Unauthorized","Message":"Unauthorized"})", "application/json");
  refused.headers.add("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  answers_.push_back(refused);
  call(transport, "GET", "/account/v1/balance");
  EXPECT_EQ(asked_.size(), 3u);
}

TEST_F(Exchange, ARefusedKeyIsNotTriedAgain) {
  Transport transport(http_, clock_, settings());
  for (int i = 0; i < 3; ++i) answers_.emplace_back(401, R"({"Code":"Unauthorized","Message":"Unauthorized"})");
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::unauthorized);
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(Exchange, GoneEndpointsAreAChangedInterface) {
  Transport transport(http_, clock_, settings());
  answers_.emplace_back(410, "gone");
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::api_changed);
  EXPECT_NE(text_.find("GET /account/v1/balance"), std::string::npos);
}

TEST_F(Exchange, WithoutKeysNothingIsSent) {
  auto s = settings();
  s.keys.reset();
  Transport transport(http_, clock_, s);
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::no_keys);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(Exchange, AMissingThingIsNoMissingEndpoint) {
  Transport transport(http_, clock_, settings());
  answers_.emplace_back(404, R"({"code":"DepositTransferNotFound","message":"no such deposit"})");
  EXPECT_EQ(failure(transport, "GET", "/marketplace-api/v1/deposit-status/x"), ErrorKind::rejected);
  EXPECT_TRUE(alarms_.empty());
  answers_.emplace_back(404, R"({"error":"Not Found","code":5,"message":"Not Found","details":[]})");
  EXPECT_EQ(failure(transport, "GET", "/marketplace-api/v1/deposit-status/x"), ErrorKind::api_changed);
}

TEST_F(Exchange, AGoneEndpointRaisesAnAlarmOnceAndStaysNamedUntilItWorks) {
  Transport transport(http_, clock_, settings());
  for (int i = 0; i < 3; ++i) {
    answers_.emplace_back(410, "gone");
    failure(transport, "GET", "/account/v1/balance");
  }
  ASSERT_EQ(alarms_.size(), 1u);
  EXPECT_TRUE(alarms_[0].starts_with("GET /account/v1/balance: "));
  EXPECT_EQ(transport.changed_endpoints().size(), 1u);
}

TEST_F(Exchange, AnEndpointsNameHoldsNoParameter) {
  Transport transport(http_, clock_, settings());
  call(transport, "GET", "/marketplace-api/v1/targets-by-title/a8db/AK-47%20%7C%20Redline");
  EXPECT_EQ(calls_, std::vector<std::string>{"GET /marketplace-api/v1/targets-by-title/*/* ok"});
  EXPECT_TRUE(verify(tests::public_hex, header(asked_.at(0), "X-Request-Sign"), "GET",
                     "/marketplace-api/v1/targets-by-title/a8db/AK-47 | Redline", "",
                     header(asked_[0], "X-Sign-Date")));
}

TEST_F(Exchange, AnExchangeThatFailsIsLeftAloneAndAWriteIsThenSurelyNotDone) {
  auto s = live_settings();
  s.breaker.failures = 3;
  Transport transport(http_, clock_, s);
  for (int i = 0; i < 3; ++i) answers_.emplace_back(500, "");
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::unavailable);
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::unavailable);
  EXPECT_NE(text_.find("not asked"), std::string::npos) << text_;
  EXPECT_EQ(asked_.size(), 3u);
  call(transport, "GET", "/marketplace-api/v2/offers?gameId=a8db&limit=1");  // of another group
  EXPECT_EQ(asked_.size(), 4u);
}

TEST_F(Exchange, APageInFrontOfTheExchangeHasChangedNothing) {
  Transport transport(http_, clock_, live_settings());
  answers_.emplace_back(403, "<html>attention required</html>");
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::unavailable);
  answers_.emplace_back(403, R"({"code":7,"message":"forbidden"})");
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::rejected);
}

TEST_F(Exchange, ADeadlineEndsATryThatIsUnderWay) {
  boost::asio::ip::tcp::acceptor deaf(io_, {boost::asio::ip::address_v4::loopback(), 0});
  auto s = settings();
  s.base = tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(deaf.local_endpoint().port()));
  Transport transport(http_, clock_, s);
  const auto begun = clock_.now();
  EXPECT_EQ(failure_of(transport.call("GET", "/account/v1/balance", "", std::chrono::milliseconds(100))),
            ErrorKind::unavailable);
  EXPECT_LT(clock_.now() - begun, std::chrono::seconds(10));
}

TEST_F(Exchange, AChangeIsAskedForPermissionWhenItsTurnHasComeAndAQuestionIsNot) {
  tgkit::ManualClock clock;
  auto s = live_settings();
  bool live = true;
  s.may_leave = [&](Risk) { return live; };
  s.limits.first_stop = std::chrono::seconds(5);
  Transport transport(http_, clock, s);
  answers_.emplace_back(429, "");
  EXPECT_EQ(failure(transport, "POST", "/marketplace-api/v1/user-targets/create", "{}"), ErrorKind::rate_limited);
  std::optional<ErrorKind> kind;
  boost::asio::co_spawn(io_, transport.call("POST", "/marketplace-api/v1/user-targets/create", "{}"),
                        [&](std::exception_ptr error, std::string) {
                          try {
                            if (error) std::rethrow_exception(error);
                          } catch (const Error& refused) {
                            kind = refused.kind();
                          }
                        });
  while (io_.poll_one() > 0) {
  }
  live = false;  // while it waits
  clock.advance(std::chrono::seconds(5));
  while (!kind && io_.run_one() > 0) {
  }
  EXPECT_EQ(kind, ErrorKind::refused_by_guard);
  EXPECT_EQ(asked_.size(), 1u);
  call(transport, "GET", "/account/v1/balance");
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(Exchange, WhatReducesRiskLeavesWhileWhatAddsToItIsStopped) {
  auto s = live_settings();
  s.may_leave = [](Risk risk) { return risk == Risk::reduces; };
  Transport transport(http_, clock_, s);
  for (const char* path : {"/marketplace-api/v1/user-targets/create", "/marketplace-api/v2/offers:batchCreate",
                           "/marketplace-api/v2/offers:batchUpdate", "/nobody-knows-this"})
    EXPECT_EQ(failure(transport, "POST", path, "{}"), ErrorKind::refused_by_guard) << path;
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::refused_by_guard);
  EXPECT_EQ(asked_.size(), 0U);
  call(transport, "POST", "/marketplace-api/v1/user-targets/delete", "{}");
  call(transport, "POST", "/marketplace-api/v2/offers:batchDelete", "{}");
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(Exchange, AChangeThatWasNotPermittedLeavesTheTryOfTheCircuitToTheNext) {
  tgkit::ManualClock clock;
  auto s = live_settings();
  s.may_leave = [](Risk) { return false; };
  s.breaker.failures = 1;
  s.read_attempts = 1;
  Transport transport(http_, clock, s);
  answers_.emplace_back(500, "");
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::unavailable);
  clock.advance(s.breaker.pause);
  EXPECT_EQ(failure(transport, "PATCH", "/exchange/v1/offers-buy", "{}"), ErrorKind::refused_by_guard);
  call(transport, "GET", "/account/v1/balance");
  EXPECT_FALSE(transport.left_alone(RequestGroup::others));
}

TEST_F(Exchange, RefusalsLeaveTheCircuitClosed) {
  auto s = settings();
  s.breaker.failures = 2;
  Transport transport(http_, clock_, s);
  for (int i = 0; i < 5; ++i) {
    answers_.emplace_back(400, "{}");
    EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::rejected);
  }
  EXPECT_EQ(asked_.size(), 5u);
}

TEST_F(Exchange, ACallWhoseTurnComesAfterItsDeadlineIsNotSent) {
  auto s = live_settings();
  s.limits.first_stop = std::chrono::minutes(1);
  s.deadline = std::chrono::seconds(5);
  Transport transport(http_, clock_, s);
  answers_.emplace_back(429, R"({"message":"API rate limit exceeded"})");
  EXPECT_EQ(failure(transport, "GET", "/account/v1/balance"), ErrorKind::rate_limited);
  EXPECT_EQ(failure(transport, "POST", "/marketplace-api/v1/user-targets/create", "{}"), ErrorKind::rate_limited);
  EXPECT_NE(text_.find("after the call's deadline"), std::string::npos) << text_;
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(Exchange, ARequestIsSignedAfterItHasWaitedForItsTurn) {
  tgkit::ManualClock clock;
  auto s = settings();
  s.limits.enabled = true;
  Transport transport(http_, clock, s);
  const std::string sales = "/trade-aggregator/v1/last-sales?gameId=a8db&title=x";
  call(transport, "GET", sales);
  bool done = false;
  boost::asio::co_spawn(io_, transport.call("GET", sales), [&](std::exception_ptr, std::string) { done = true; });
  while (io_.poll_one() > 0) {
  }
  EXPECT_EQ(asked_.size(), 1u);  // five a second: the second one waits
  clock.advance(std::chrono::milliseconds(100));
  clock.set_wall(clock.wall() + std::chrono::hours(5));
  clock.advance(std::chrono::milliseconds(100));
  while (!done && io_.run_one() > 0) {
  }
  ASSERT_EQ(asked_.size(), 2u);
  const auto waited = std::stoll(header(asked_[1], "X-Sign-Date")) - std::stoll(header(asked_[0], "X-Sign-Date"));
  EXPECT_GE(waited, 5 * 3600);
}

TEST(ServerClock, FollowsTheServerAndIgnoresGarbage) {
  tgkit::ManualClock clock{tgkit::WallTime(std::chrono::seconds(1000))};
  ServerClock server(clock);
  EXPECT_EQ(server.unix_seconds(), 1000);
  server.learn("garbage", clock.wall(), clock.wall());
  EXPECT_EQ(server.skew(), std::nullopt);
  server.learn("Thu, 01 Jan 1970 01:00:00 GMT", clock.wall(), clock.wall());
  EXPECT_NEAR(static_cast<double>(server.unix_seconds()), 3600.0, 1.0);
  clock.advance(std::chrono::seconds(10));
  EXPECT_NEAR(static_cast<double>(server.unix_seconds()), 3610.0, 1.0);
}

}  // namespace
}  // namespace dmarket
