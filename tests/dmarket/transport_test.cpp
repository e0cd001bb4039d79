#include "dmarket/transport.hpp"

#include "dmarket/signature.hpp"
#include "tests/dmarket/test_keys.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/net/server.hpp"

#include <deque>

#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

namespace dmarket {
namespace {

using tgkit::Task;
using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;

// An exchange that answers what the test has queued, and remembers what it was asked.
class Exchange : public testing::Test {
 protected:
  void SetUp() override { server_.listen(); }
  void TearDown() override {
    http_.close();
    tests_run(server_.stop(std::chrono::seconds(0)));
  }

  TransportSettings settings() {
    TransportSettings s;
    s.base = tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(server_.port()));
    s.keys = tests::test_keys();
    s.retry_pause = std::chrono::milliseconds(0);
    s.on_call = [this](std::string_view endpoint, std::string_view outcome, tgkit::Duration) {
      calls_.push_back(std::string(endpoint) + " " + std::string(outcome));
    };
    return s;
  }

  template <class T>
  T tests_run(Task<T> task) {
    return ::tests::run(io_, std::move(task));
  }

  std::string call(Transport& transport, std::string method, std::string target, std::string body = {}) {
    return tests_run(transport.call(std::move(method), std::move(target), std::move(body)));
  }

  ErrorKind failure(Transport& transport, std::string method, std::string target, std::string body = {}) {
    try {
      call(transport, std::move(method), std::move(target), std::move(body));
    } catch (const Error& error) {
      text_ = error.what();
      return error.kind();
    }
    ADD_FAILURE() << "the call succeeded";
    return ErrorKind::rejected;
  }

  Task<ServerResponse> answer(ServerRequest request) {
    asked_.push_back(request);
    ServerResponse response(200, "{}", "application/json");
    if (!answers_.empty()) {
      response = std::move(answers_.front());
      answers_.pop_front();
    }
    co_return response;
  }

  std::string header(const ServerRequest& request, std::string_view name) {
    return std::string(request.headers.find(name).value_or(""));
  }

  boost::asio::io_context io_;
  tgkit::SystemClock clock_{io_.get_executor()};
  tgkit::net::HttpServer server_{
      io_.get_executor(), clock_, {}, [this](ServerRequest r) { return answer(std::move(r)); }};
  tgkit::net::HttpClient http_{io_.get_executor(), clock_, {}};
  std::deque<ServerResponse> answers_;
  std::vector<ServerRequest> asked_;
  std::vector<std::string> calls_;
  std::string text_;
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

TEST(HttpDate, OnlyTheStandardFormIsRead) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), tgkit::WallTime(std::chrono::seconds(784111777)));
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Xyz 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
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
