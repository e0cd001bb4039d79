#include "tests/telegram/client_fixture.hpp"

#include <gmock/gmock.h>

namespace {

using namespace std::chrono_literals;
using tests::ClientTest;
using tgkit::telegram::CallOptions;
using tgkit::telegram::CallReport;
using tgkit::telegram::Error;
using tgkit::telegram::Outcome;
using tgkit::telegram::Request;

using ClientCalls = ClientTest;

constexpr const char* message = R"({"message_id":5,"text":"}]\"\\ \ud83d\ude00"})";

std::string ok(const std::string& result) { return R"({"ok":true,"result":)" + result + "}"; }

TEST_F(ClientCalls, ACallIsAPostOfJsonToTheMethodsPath) {
  peer.answer(200, ok("true"));
  send_message();
  ASSERT_EQ(peer.seen().size(), 1u);
  EXPECT_EQ(peer.seen()[0].line, std::string("POST /bot") + tests::token + "/sendMessage HTTP/1.1");
  EXPECT_EQ(peer.seen()[0].header("Content-Type"), "application/json");
  EXPECT_EQ(peer.seen()[0].body, R"({"chat_id":7,"text":"hi"})");
}

TEST_F(ClientCalls, BytesThatAreNoUtf8DoNotLeave) {
  peer.answer(200, ok("true"));
  call(Request("sendMessage", "{\"chat_id\":7,\"text\":\"a\xff\xed\xa0\x80z\"}"));
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(peer.seen().at(0).body, "{\"chat_id\":7,\"text\":\"a" + r + r + r + r + "z\"}");
}

TEST_F(ClientCalls, TheResultIsHandedOverAsItsRawJson) {
  peer.answer(200, ok(message));
  EXPECT_EQ(send_message(), message);
  peer.answer(200, "\n{ \"description\" : \"Webhook was set\",\n \"result\" : true , \"ok\":true }\n");
  EXPECT_EQ(send_message(), "true");
}

TEST_F(ClientCalls, TheTestEnvironmentHasItsOwnPath) {
  auto with = settings();
  with.test_environment = true;
  client(std::move(with));
  peer.answer(200, ok("true"));
  send_message();
  EXPECT_EQ(peer.seen().at(0).line, std::string("POST /bot") + tests::token + "/test/sendMessage HTTP/1.1");
}

TEST_F(ClientCalls, ABasePathStandsBeforeTheToken) {
  auto with = settings();
  with.base.target = "/telegram/";
  client(std::move(with));
  peer.answer(200, ok("true"));
  send_message();
  EXPECT_EQ(peer.seen().at(0).line, std::string("POST /telegram/bot") + tests::token + "/sendMessage HTTP/1.1");
}

TEST_F(ClientCalls, ATokenCannotBreakOutOfItsLine) {
  auto with = settings();
  with.token = tgkit::net::Secret("1:a b\r\nX-Evil: 1/..");
  client(std::move(with));
  peer.answer(200, ok("true"));
  send_message();
  EXPECT_EQ(peer.seen().at(0).line, "POST /bot1:a%20b%0D%0AX-Evil:%201%2F../sendMessage HTTP/1.1");
  EXPECT_EQ(peer.seen().at(0).header("X-Evil"), "");
}

TEST_F(ClientCalls, ItIsToldWhenAllBytesOfAPlainCallHaveLeft) {
  peer.answer(200, ok("true"));
  CallOptions options;
  std::vector<std::uint64_t> told;
  bool whole = false;
  options.on_upload = [&](std::uint64_t done, std::optional<std::uint64_t> total) {
    told.push_back(done);
    whole = done == total;
  };
  send_message(options);
  EXPECT_EQ(told, std::vector<std::uint64_t>{peer.seen().at(0).body.size()});
  EXPECT_TRUE(whole);
}

TEST_F(ClientCalls, CallsShareAConnection) {
  for (int i = 0; i < 3; ++i) {
    peer.answer(200, ok("true"));
    send_message();
  }
  EXPECT_EQ(peer.seen().size(), 3u);
  EXPECT_EQ(peer.connections(), 1u);
}

TEST_F(ClientCalls, AFloodIsNotWaitedOutUnlessTheCallerAllowsIt) {
  peer.answer(
      429,
      R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}})");
  const Error error = send_error();
  EXPECT_TRUE(error.is_flood());
  EXPECT_EQ(error.retry_after(), 3s);
  EXPECT_EQ(peer.seen().size(), 1u);
}

TEST_F(ClientCalls, AFloodIsWaitedOutForAsLongAsTelegramSaysWithinTheCallersBound) {
  peer.answer(429, R"({"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":3}})");
  peer.answer(200, ok(message));
  CallOptions options;
  options.wait_at_most = 5s;
  std::string got;
  boost::asio::co_spawn(io, client().call(Request("sendMessage", R"({"text":"x"})"), options),
                        [&](std::exception_ptr error, const std::string& result) {
                          EXPECT_FALSE(error);
                          got = result;
                        });
  while (peer.seen().empty()) io.run_one();
  io.poll();
  clock.advance(2999ms);
  io.poll();
  EXPECT_EQ(peer.seen().size(), 1u);
  clock.advance(1ms);
  while (peer.seen().size() < 2) io.run_one();
  EXPECT_EQ(peer.seen()[1].body, R"({"text":"x"})");
  while (got.empty()) io.run_one();
  EXPECT_EQ(got, message);
}

TEST_F(ClientCalls, AFloodBeyondTheBoundIsAnErrorAtOnce) {
  peer.answer(429, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":6}})");
  CallOptions options;
  options.wait_at_most = 5s;
  const Error error = error_of([&] { send_message(options); });
  EXPECT_EQ(error.retry_after(), 6s);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
}

TEST_F(ClientCalls, TheBoundHoldsForAllWaitsTogether) {
  for (int i = 0; i < 3; ++i) {
    peer.answer(429, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":2}})");
  }
  CallOptions options;
  options.wait_at_most = 5s;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, client().call(Request("sendMessage", "{}"), options),
                        [&](std::exception_ptr error, const std::string&) { failure = error; });
  for (int turn = 0; turn < 200 && !failure; ++turn) {
    io.run_one_for(20ms);
    clock.advance(100ms);
  }
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), Error);
  EXPECT_EQ(peer.seen().size(), 3u);
}

TEST_F(ClientCalls, NothingButAFloodIsRepeated) {
  peer.answer(500, R"({"ok":false,"error_code":500,"description":"Internal Server Error"})");
  CallOptions options;
  options.wait_at_most = 1h;
  EXPECT_EQ(error_of([&] { send_message(options); }).error_code(), 500);
  EXPECT_EQ(peer.seen().size(), 1u);
}

TEST_F(ClientCalls, EveryTryIsReportedWithMethodDurationAndOutcome) {
  std::vector<std::string> reports;
  auto with = settings();
  with.on_call = [&](const CallReport& report) {
    reports.push_back(std::string(report.method) + ' ' + std::string(report.trace_id) + ' ' +
                      std::to_string(report.duration / 1ms) + ' ' +
                      (report.error ? std::to_string(report.error->error_code()) : "ok"));
  };
  client(std::move(with));
  peer.on_request = [this](std::size_t) { clock.advance(40ms); };
  peer.answer(200, ok("true"));
  peer.answer(400, R"({"ok":false,"error_code":400,"description":"Bad Request: chat not found"})");
  CallOptions options;
  options.trace_id = "t1";
  send_message(options);
  error_of([&] { send_message(options); });
  EXPECT_THAT(reports, testing::ElementsAre("sendMessage t1 40 ok", "sendMessage t1 40 400"));
}

TEST_F(ClientCalls, WhatIsToHappenBeforeATryHappensBeforeIt) {
  std::vector<std::string> before;
  auto with = settings();
  with.before_try = [&](const Request& request) -> tgkit::Task<> {
    before.push_back(request.method + std::to_string(peer.seen().size()));
    co_return;
  };
  client(std::move(with));
  peer.answer(200, ok("true"));
  send_message();
  EXPECT_THAT(before, testing::ElementsAre("sendMessage0"));
}

}  // namespace
