#include "tgkit/net/client.hpp"

#include "tests/net/scene.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using namespace std::chrono_literals;
using tests::answer;
using tests::Link;
using tests::Listener;

class ClientTest : public tests::NetTest {
 protected:
  Listener peer{io};
  HttpClient client{io.get_executor(), clock, ClientSettings()};
  std::string seen;
};

TEST_F(ClientTest, SendsHeadAndBodyAsOneMessage) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    seen = co_await link.read_message();
    co_await link.write(answer("ok"));
  });
  HttpRequest request("POST", peer.origin(), "/a?b=c");
  request.headers.add("X-Mine", "yes");
  request.body = "hello";
  const HttpResponse response = tests::run(io, client.send(request));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok");
  EXPECT_EQ(seen, "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
                      "\r\nUser-Agent: tgkit\r\nContent-Length: 5\r\nX-Mine: yes\r\n\r\nhello");
}

TEST_F(ClientTest, GivesEveryStatusAndTheHeadersAsAnAnswer) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow");
  });
  const HttpResponse response = tests::run(io, client.send(get(peer.origin())));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.find("retry-after"), "7");
  EXPECT_EQ(response.body, "slow");
}

TEST_F(ClientTest, ReadsAnAnswerThatComesByteByByte) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    for (const char c : answer("split")) {
      co_await link.write(std::string(1, c));
      co_await clock.sleep_for(0s);  // the reader has its turn
    }
  });
  EXPECT_EQ(tests::run(io, client.send(get(peer.origin()))).body, "split");
}

TEST_F(ClientTest, ReadsChunkedAnswersWithExtensionsAndTrailers) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=1\r\n world\r\n0\r\nX-Late: 1\r\n\r\n");
  });
  const HttpResponse response = tests::run(io, client.send(get(peer.origin())));
  EXPECT_EQ(response.body, "hello world");
  EXPECT_FALSE(response.headers.contains("X-Late"));
}

TEST_F(ClientTest, ReadsABodyThatEndsWithTheConnection) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
    link.close();
  });
  EXPECT_EQ(tests::run(io, client.send(get(peer.origin()))).body, "until the end");
}

TEST_F(ClientTest, PassesOverInterimAnswers) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer("final"));
  });
  const HttpResponse response = tests::run(io, client.send(get(peer.origin())));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "final");
  EXPECT_FALSE(response.headers.contains("Link"));
}

TEST_F(ClientTest, TheAnswerToHeadHasNoBodyAndLeavesTheConnectionUsable) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    co_await link.read_message();
    co_await link.write(answer("second"));
  });
  EXPECT_EQ(tests::run(io, client.send(HttpRequest("HEAD", peer.origin(), "/"))).body, "");
  EXPECT_EQ(tests::run(io, client.send(get(peer.origin()))).body, "second");
  EXPECT_EQ(peer.accepted(), 1);
}

TEST_F(ClientTest, APostWithoutBodySaysItsLength) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    seen = co_await link.read_message();
    co_await link.write(answer(""));
  });
  tests::run(io, client.send(post(peer.origin(), "")));
  EXPECT_NE(seen.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST_F(ClientTest, SendsALargeBodyToAPeerThatReadsLate) {
  const std::string body(20u << 20, 'x');
  std::size_t got = 0;
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    const std::string message = co_await link.read_message();
    got = message.size() - message.find("\r\n\r\n") - 4;
    co_await link.write(answer("thanks"));
  });
  EXPECT_EQ(tests::run(io, client.send(post(peer.origin(), body))).body, "thanks");
  EXPECT_EQ(got, body.size());
}

// A body of `size` letters, in pieces of at most 1000.
class Letters : public BodySource {
 public:
  explicit Letters(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::size_t read(char* to, std::size_t most) override {
    const std::size_t piece = std::min({most, std::size_t{1000}, static_cast<std::size_t>(size_ - at_)});
    std::fill_n(to, piece, 'y');
    at_ += piece;
    return piece;
  }
  void rewind() override { at_ = 0; }

 private:
  std::uint64_t size_, at_ = 0;
};

TEST_F(ClientTest, StreamsABodyFromItsSourceAndTellsTheProgress) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    seen = co_await link.read_message();
    co_await link.write(answer("ok"));
  });
  HttpRequest request = post(peer.origin(), "not this");
  request.source = std::make_shared<Letters>(2500);
  std::vector<std::uint64_t> steps;
  request.on_upload = [&](std::uint64_t done, std::optional<std::uint64_t> total) {
    steps.push_back(done);
    EXPECT_EQ(total, 2500u);
  };
  tests::run(io, client.send(request));
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{1000, 2000, 2500}));
  EXPECT_TRUE(seen.ends_with("\r\n\r\n" + std::string(2500, 'y')));
}

TEST_F(ClientTest, ASourceThatEndsEarlyBreaksTheExchange) {
  struct Short : Letters {
    Short() : Letters(100) {}
    std::size_t read(char*, std::size_t) override { return 0; }
  };
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    seen = co_await link.read_rest();
  });
  HttpRequest request = post(peer.origin(), "");
  request.source = std::make_shared<Short>();
  EXPECT_THROW(tests::run(io, client.send(request)), std::runtime_error);
}

TEST_F(ClientTest, GivesABodyToItsSinkWhileItArrives) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    co_await clock.sleep_for(0s);
    co_await clock.sleep_for(0s);
    EXPECT_EQ(seen, "abc");
    co_await link.write("def");
  });
  HttpRequest request = get(peer.origin());
  request.max_response_body = 1;  // is for bodies without a sink
  request.sink = [&](std::string_view piece) { seen += piece; };
  std::uint64_t last = 0;
  request.on_download = [&](std::uint64_t done, std::optional<std::uint64_t> total) {
    last = done;
    EXPECT_EQ(total, 6u);
  };
  const HttpResponse response = tests::run(io, client.send(request));
  EXPECT_EQ(seen, "abcdef");
  EXPECT_EQ(last, 6u);
  EXPECT_EQ(response.body, "");
}

TEST_F(ClientTest, ASinkGetsNoErrorPage) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
  });
  HttpRequest request = get(peer.origin());
  request.sink = [&](std::string_view piece) { seen += piece; };
  EXPECT_EQ(tests::run(io, client.send(request)).body, "gone");
  EXPECT_EQ(seen, "");
}

TEST_F(ClientTest, WhatASinkThrowsComesOutAndTheConnectionIsNotUsedAgain) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("abc"));
    seen = co_await link.read_rest();
    Link second = co_await peer.accept();
    co_await second.read_message();
    co_await second.write(answer("new"));
  });
  HttpRequest request = get(peer.origin());
  request.sink = [](std::string_view) { throw std::domain_error("disk full"); };
  EXPECT_THROW(tests::run(io, client.send(request)), std::domain_error);
  EXPECT_EQ(tests::run(io, client.send(get(peer.origin()))).body, "new");
}

TEST_F(ClientTest, RefusesWhatCouldNotBeWrittenDownBeforeAnythingIsSent) {
  EXPECT_THROW(tests::run(io, client.send(get(peer.origin(), "/a b"))), std::invalid_argument);
  EXPECT_THROW(tests::run(io, client.send(get(peer.origin(), "/a\r\nX: y"))), std::invalid_argument);
  EXPECT_THROW(tests::run(io, client.send(get(peer.origin(), ""))), std::invalid_argument);
  EXPECT_THROW(tests::run(io, client.send(HttpRequest("get it", peer.origin(), "/"))), std::invalid_argument);
  turn();
  EXPECT_EQ(peer.accepted(), 0);
}

// What is known when it breaks.

TEST_F(ClientTest, ARefusedConnectionHasSentNothing) {
  const Origin origin = peer.origin();
  peer.close();
  const auto error = failure(client.send(post(origin, "x")));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::connect);
  EXPECT_EQ(error->sent(), Sent::nothing);
}

TEST_F(ClientTest, AnAnswerThatNeverComesIsATimeoutWithEverythingSent) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    clock.advance(30s);
    seen = co_await link.read_rest();
  });
  HttpRequest request = post(peer.origin(), "x");
  request.label = "sendMessage";
  const auto error = failure(client.send(request));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::timeout);
  EXPECT_EQ(error->sent(), Sent::all);
  EXPECT_NE(std::string(error->what()).find("sendMessage"), std::string::npos);
  EXPECT_NE(std::string(error->what()).find("127.0.0.1"), std::string::npos);
}

TEST_F(ClientTest, TheDeadlineIsForTheWholeExchangeAndNotForASilence) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
      co_await link.write("drip");
      clock.advance(1s);
      co_await clock.sleep_for(0s);
    }
    seen = co_await link.read_rest();
  });
  HttpRequest request = get(peer.origin());
  request.timeout = 10s;
  const auto error = failure(client.send(request));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::timeout);
}

TEST_F(ClientTest, AnUploadThatStallsIsATimeoutWithSomeSent) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_until("\r\n\r\n");
    co_await clock.sleep_for(0s);
    co_await clock.sleep_for(0s);
    clock.advance(30s);
    co_await clock.sleep_for(1h);
  });
  const auto error = failure(client.send(post(peer.origin(), std::string(50u << 20, 'x'))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::timeout);
  EXPECT_EQ(error->sent(), Sent::some);
}

TEST_F(ClientTest, AConnectionThatBreaksInTheMiddleOfAnUploadHasSentSome) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_until("\r\n\r\n");
    link.reset();
  });
  const auto error = failure(client.send(post(peer.origin(), std::string(50u << 20, 'x'))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::closed);
  EXPECT_EQ(error->sent(), Sent::some);
}

TEST_F(ClientTest, AnUploadThatIsRefusedHalfwayGivesTheRefusal) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_until("\r\n\r\n");
    co_await link.write("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
    link.close();
  });
  const HttpResponse response = tests::run(io, client.send(post(peer.origin(), std::string(50u << 20, 'x'))));
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.body, "big");
}

TEST_F(ClientTest, HalfABodyIsAnErrorWithEverythingSent) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    link.close();
  });
  const auto error = failure(client.send(post(peer.origin(), "x")));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::closed);
  EXPECT_EQ(error->sent(), Sent::all);
}

TEST_F(ClientTest, HalfAChunkedBodyIsAnError) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    link.close();
  });
  const auto error = failure(client.send(get(peer.origin())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::closed);
}

TEST_F(ClientTest, AResetInsteadOfAnAnswerIsClosed) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    link.reset();
  });
  const auto error = failure(client.send(post(peer.origin(), "x")));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::closed);
  EXPECT_EQ(error->sent(), Sent::all);
}

TEST_F(ClientTest, GarbageIsMalformed) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("220 mail.example.org ESMTP\r\n");
  });
  const auto error = failure(client.send(get(peer.origin())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::malformed);
}

TEST_F(ClientTest, ABodyBeyondTheLimitIsTooLargeWhetherAnnouncedOrNot) {
  script([&]() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      Link link = co_await peer.accept();
      co_await link.read_message();
      const char* head = i == 0   ? "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"
                         : i == 1 ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n"
                                  : "HTTP/1.1 200 OK\r\n\r\n";
      co_await link.write(head + std::string("hello world\r\n"));
      co_await link.read_rest();
    }
  });
  for (int i = 0; i < 3; ++i) {
    HttpRequest request = get(peer.origin());
    request.max_response_body = 10;
    const auto error = failure(client.send(request));
    ASSERT_TRUE(error) << i;
    EXPECT_EQ(error->failure(), Failure::too_large) << i;
  }
}

TEST_F(ClientTest, AnEndlessHeadIsTooLarge) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'a'));
    co_await link.read_rest();
  });
  const auto error = failure(client.send(get(peer.origin())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::too_large);
}

TEST_F(ClientTest, AnEndlessChunkHeadIsTooLarge) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(200'000, 'a'));
    co_await link.read_rest();
  });
  const auto error = failure(client.send(get(peer.origin())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::too_large);
}

// Cancelling and closing.

TEST_F(ClientTest, CancellingTheCallerBreaksTheExchangeAtOnceAndTheConnectionIsNotUsedAgain) {
  TaskGroup callers(io.get_executor(), [](std::exception_ptr) { FAIL(); });
  auto call = [](HttpClient& client, HttpRequest request) -> Task<> { co_await client.send(std::move(request)); };
  Event asked, broken;
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    callers.cancel();
    asked.set();
    seen = co_await link.read_rest();
    broken.set();
    Link second = co_await peer.accept();
    co_await second.read_message();
    co_await second.write(answer("fresh"));
  });
  callers.spawn(call(client, get(peer.origin())));
  tests::run(io, broken.wait());
  EXPECT_EQ(callers.size(), 0u);
  EXPECT_EQ(tests::run(io, client.send(get(peer.origin()))).body, "fresh");
  EXPECT_EQ(peer.accepted(), 2);
}

TEST_F(ClientTest, ClosingItBreaksWhatIsUnderWayAndItCanBeUsedAgain) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    client.close();
    seen = co_await link.read_rest();
    Link second = co_await peer.accept();
    co_await second.read_message();
    co_await second.write(answer("again"));
  });
  const auto error = failure(client.send(post(peer.origin(), "x")));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::cancelled);
  EXPECT_EQ(error->sent(), Sent::all);
  EXPECT_EQ(tests::run(io, client.send(get(peer.origin()))).body, "again");
}

TEST_F(ClientTest, MayBeDestroyedWhileAnExchangeIsUnderWay) {
  auto other = std::make_unique<HttpClient>(io.get_executor(), clock, ClientSettings());
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    other.reset();
    seen = co_await link.read_rest();
  });
  const auto error = failure(other->send(get(peer.origin())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::cancelled);
}

// Addresses.

TEST_F(ClientTest, TriesTheAddressesOfANameOneAfterTheOther) {
  ClientSettings settings;
  settings.hosts["two.test"] = {"127.0.0.2", "127.0.0.1"};  // nobody listens on the first
  HttpClient other(io.get_executor(), clock, settings);
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    seen = co_await link.read_message();
    co_await link.write(answer("second address"));
  });
  Origin origin = peer.origin();
  origin.host = "two.test";
  EXPECT_EQ(tests::run(io, other.send(get(origin))).body, "second address");
  EXPECT_NE(seen.find("Host: two.test:"), std::string::npos);
}

TEST_F(ClientTest, AsksTheSystemForTheAddressOfAName) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("by name"));
  });
  Origin origin = peer.origin();
  origin.host = "localhost";
  EXPECT_EQ(tests::run(io, client.send(get(origin))).body, "by name");
}

TEST_F(ClientTest, ANameWithoutAddressIsAnErrorOfResolving) {
  Origin origin = peer.origin();
  origin.host = "nobody.invalid";  // reserved, RFC 6761
  const auto error = failure(client.send(get(origin)));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::resolve);
  EXPECT_EQ(error->sent(), Sent::nothing);
}

// Secrets.

TEST_F(ClientTest, NoErrorTextHoldsTheTargetOrAHeaderOrABody) {
  const std::string secret = "1234567:AAH-verysecret";
  script([&]() -> Task<> {
    for (int i = 0; i < 4; ++i) {
      Link link = co_await peer.accept();
      co_await link.read_message();
      if (i == 0) link.reset();
      if (i == 1) co_await link.write("garbage " + secret + "\r\n\r\n");
      if (i == 2) clock.advance(1h);
      if (i == 3) co_await link.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
      if (i > 0) co_await link.read_rest();
    }
    peer.close();
  });
  for (int i = 0; i < 5; ++i) {
    HttpRequest request("POST", peer.origin(), "/bot" + secret + "/sendMessage");
    if (i == 4) request.origin.port = 1;
    request.headers.add("Authorization", secret);
    request.body = secret;
    const auto error = failure(client.send(request));
    ASSERT_TRUE(error) << i;
    EXPECT_EQ(std::string(error->what()).find("secret"), std::string::npos) << error->what();
    EXPECT_EQ(std::string(error->what()).find("1234567"), std::string::npos) << error->what();
  }
}

}  // namespace
}  // namespace tgkit::net
