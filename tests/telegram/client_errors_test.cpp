// What the client makes of every way in which a call can fail, and what it says about its effect.
#include "tests/telegram/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>

namespace {

using namespace std::chrono_literals;
using tests::ClientTest;
using tgkit::telegram::Error;
using tgkit::telegram::Outcome;

class ClientErrors : public ClientTest {
 protected:
  Error answered(int status, const std::string& rest) {
    peer.answer(status, R"({"ok":false,"error_code":)" + std::to_string(status) + R"(,"description":")" + rest + "}");
    return send_error();
  }
};

TEST_F(ClientErrors, ARefusalCarriesMethodCodeAndDescription) {
  const Error error = answered(400, "Bad Request: chat not found\"");
  EXPECT_EQ(error.kind(), Error::Kind::answered);
  EXPECT_EQ(error.method(), "sendMessage");
  EXPECT_EQ(error.error_code(), 400);
  EXPECT_EQ(error.http_status(), 400);
  EXPECT_EQ(error.description(), "Bad Request: chat not found");
  EXPECT_STREQ(error.what(), "sendMessage: 400 Bad Request: chat not found");
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
  EXPECT_FALSE(error.retryable());
  EXPECT_TRUE(error.is_chat_not_found());
}

TEST_F(ClientErrors, ABlockedBotIsNotRetryable) {
  const Error error = answered(403, "Forbidden: bot was blocked by the user\"");
  EXPECT_TRUE(error.is_blocked());
  EXPECT_FALSE(error.retryable());
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
}

TEST_F(ClientErrors, AWrongTokenIsKnownByBothItsCodes) {
  EXPECT_TRUE(answered(401, "Unauthorized\"").is_unauthorized());
  EXPECT_TRUE(answered(404, "Not Found\"").is_unauthorized());
  EXPECT_FALSE(answered(404, "Not Found: method not found\"").is_unauthorized());
  EXPECT_FALSE(answered(401, "Unauthorized\"").retryable());
}

TEST_F(ClientErrors, AConflictIsKnown) {
  const Error error = answered(409, "Conflict: terminated by other getUpdates request\"");
  EXPECT_TRUE(error.is_conflict());
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
}

TEST_F(ClientErrors, AMigrationCarriesTheNewId) {
  const Error error = answered(400, R"(Bad Request: group chat was upgraded to a supergroup chat",
                                      "parameters":{"migrate_to_chat_id":-1001234567890123})");
  EXPECT_TRUE(error.is_chat_migrated());
  EXPECT_EQ(error.migrate_to_chat_id(), -1001234567890123);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
}

TEST_F(ClientErrors, AFloodCarriesItsWaitAndWasNotSent) {
  const Error error = answered(429, R"(Too Many Requests: retry after 7","parameters":{"retry_after":7})");
  EXPECT_TRUE(error.is_flood());
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.retry_after(), 7s);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
}

TEST_F(ClientErrors, AFloodWithoutABodyTakesItsWaitFromTheHeader) {
  peer.answer(429, "", "Retry-After: 11\r\n");
  const Error error = send_error();
  EXPECT_EQ(error.retry_after(), 11s);
  EXPECT_TRUE(error.is_flood());
}

TEST_F(ClientErrors, TheHeadersWaitMayBeADate) {
  peer.answer(429, "", "Date: Sun, 06 Nov 1994 08:49:07 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(send_error().retry_after(), 30s);
}

TEST_F(ClientErrors, ParametersOfAnotherTypeAreIgnored) {
  EXPECT_EQ(answered(400, R"(x","parameters":{"retry_after":"soon","new":[1]})").retry_after(), std::nullopt);
  EXPECT_EQ(answered(400, R"(x","parameters":[3])").migrate_to_chat_id(), std::nullopt);
  EXPECT_EQ(answered(429, R"(x","parameters":{"retry_after":-5})").retry_after(), std::nullopt);
}

TEST_F(ClientErrors, AnErrorOfTheServerMayHaveBeenExecuted) {
  const Error error = answered(500, "Internal Server Error: restart\"");
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.outcome(), Outcome::unknown);
  EXPECT_NE(std::string(error.what()).find("unknown"), std::string::npos);
}

TEST_F(ClientErrors, APageInsteadOfAnAnswerIsJudgedByItsStatus) {
  peer.answer(502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>");
  const Error error = send_error();
  EXPECT_EQ(error.kind(), Error::Kind::bad_body);
  EXPECT_EQ(error.error_code(), 502);
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.outcome(), Outcome::unknown);
  EXPECT_NE(error.description().find("502 Bad Gateway"), std::string::npos);
  EXPECT_EQ(error.description().find('\n'), std::string::npos);
}

TEST_F(ClientErrors, AnExcerptOfAForeignBodyIsBounded) {
  peer.answer(504, std::string(100'000, 'x'));
  EXPECT_LT(send_error().description().size(), 300u);
}

TEST_F(ClientErrors, AnEmptyAnswerIsJudgedByItsStatus) {
  peer.answer(413, "");
  const Error large = send_error();
  EXPECT_EQ(large.error_code(), 413);
  EXPECT_TRUE(large.is_too_large());
  EXPECT_FALSE(large.retryable());
  EXPECT_EQ(large.outcome(), Outcome::not_sent);

  peer.answer(200, "");
  const Error nothing = send_error();
  EXPECT_EQ(nothing.http_status(), 200);
  EXPECT_TRUE(nothing.retryable());
  EXPECT_EQ(nothing.outcome(), Outcome::unknown);
}

TEST_F(ClientErrors, ASuccessWithoutAReadableResultWasSent) {
  peer.answer(200, R"({"ok":true,"result":{"message_id":5,"text":"hal)");
  const Error error = send_error();
  EXPECT_EQ(error.kind(), Error::Kind::bad_body);
  EXPECT_EQ(error.outcome(), Outcome::sent);
  EXPECT_FALSE(error.retryable());
}

TEST_F(ClientErrors, ABodyThatEndsEarlyLeavesTheEffectUnknown) {
  peer.answer_raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true");
  const Error error = send_error();
  EXPECT_EQ(error.kind(), Error::Kind::transport);
  EXPECT_EQ(error.outcome(), Outcome::unknown);
  EXPECT_TRUE(error.retryable());
}

TEST_F(ClientErrors, GarbageInsteadOfHttpIsAnError) {
  peer.answer_raw("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  const Error error = send_error();
  EXPECT_EQ(error.kind(), Error::Kind::transport);
  EXPECT_EQ(error.outcome(), Outcome::unknown);
}

TEST_F(ClientErrors, AnUnreachableServerSurelyDidNothing) {
  auto with = settings();
  {
    tests::ScriptedPeer gone(io);
    with.base = tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(gone.port()));
  }
  client(std::move(with));
  const Error error = send_error();
  EXPECT_EQ(error.kind(), Error::Kind::transport);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.http_status(), 0);
}

TEST_F(ClientErrors, ADeadlineBeforeTheRequestLeavesSurelyDidNothing) {
  client(settings("https"));  // the peer reads a TLS greeting as half a head and never answers it
  std::exception_ptr failure;
  boost::asio::co_spawn(io, client().call(tgkit::telegram::Request("sendMessage")),
                        [&](std::exception_ptr error, const std::string&) { failure = error; });
  while (peer.connections() == 0) io.run_one();
  for (int turn = 0; turn < 100 && !failure; ++turn) {
    io.run_one_for(10ms);
    clock.advance(1s);
  }
  ASSERT_TRUE(failure);
  const Error error = error_of([&] { std::rethrow_exception(failure); });
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
  EXPECT_TRUE(error.retryable());
}

TEST_F(ClientErrors, ADeadlineAfterTheRequestLeftLeavesTheEffectUnknown) {
  peer.stay_silent();
  peer.on_request = [this](std::size_t) { clock.advance(30s); };
  const Error error = send_error();
  EXPECT_EQ(error.kind(), Error::Kind::transport);
  EXPECT_EQ(error.outcome(), Outcome::unknown);
  EXPECT_TRUE(error.retryable());
}

TEST_F(ClientErrors, TheDeadlineOfACallIsTheCallersToSet) {
  peer.stay_silent();
  peer.on_request = [this](std::size_t) {
    clock.advance(1999ms);
    io.poll();
    clock.advance(1ms);
  };
  tgkit::telegram::CallOptions options;
  options.timeout = 2s;
  EXPECT_EQ(error_of([&] { send_message(options); }).kind(), Error::Kind::transport);
}

TEST_F(ClientErrors, AConnectionThatBreaksAfterTheRequestLeavesTheEffectUnknown) {
  peer.drop();
  EXPECT_EQ(send_error().outcome(), Outcome::unknown);
  EXPECT_EQ(peer.seen().size(), 1u);
}

TEST_F(ClientErrors, AServerThatEchoesTheAddressDoesNotMakeTheTokenVisible) {
  peer.answer(404, std::string("Cannot POST /bot") + tests::token + "/sendMessage");
  EXPECT_NE(send_error().description().find("***"), std::string::npos);
  peer.answer(404, std::string("Cannot POST /bot123456789%3A") + tests::token_half + "/sendMessage");
  send_error();
  answered(400, std::string("no bot ") + tests::token + "\"");
  for (std::size_t filler = 60; filler < 130; ++filler) {  // wherever an excerpt may be cut
    peer.answer(500, std::string(filler, 'x') + tests::token);
    EXPECT_EQ(send_error().description().find("AAsecret"), std::string::npos);
  }
}

TEST_F(ClientErrors, TransportErrorsDoNotShowTheToken) {
  peer.drop();
  const Error dropped = send_error();
  EXPECT_EQ(std::string(dropped.what()).find("123456789"), std::string::npos);
  EXPECT_NE(std::string(dropped.what()).find("sendMessage"), std::string::npos);
}

TEST_F(ClientErrors, CancellationIsNoError) {
  peer.stay_silent();
  boost::asio::cancellation_signal stop;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, client().call(tgkit::telegram::Request("sendMessage")),
                        boost::asio::bind_cancellation_slot(
                            stop.slot(), [&](std::exception_ptr error, const std::string&) { failure = error; }));
  peer.on_request = [&](std::size_t) { stop.emit(boost::asio::cancellation_type::terminal); };
  while (!failure && io.run_one_for(2s) > 0) {
  }
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

}  // namespace
