#include "tgkit/net/server.hpp"

#include "tests/net/scene.hpp"
#include "tgkit/net/client.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using namespace std::chrono_literals;
using tests::Link;

class ServerTest : public tests::NetTest {
 protected:
  ~ServerTest() override {
    if (!server) return;
    tests::run(io, server->stop(0s));
  }

  void start(HttpServer::Handler handler) {
    settings.on_error = [this](const std::exception_ptr&) { ++errors; };
    server = std::make_unique<HttpServer>(io.get_executor(), clock, settings, std::move(handler));
    server->listen();
  }
  void start_echo() {
    start([](ServerRequest request) -> Task<ServerResponse> {
      co_return ServerResponse(200, request.method + " " + request.target + " " + request.body);
    });
  }
  // Sends `text` on a fresh connection and gives what comes until the server closes.
  std::string exchange(std::string text) {
    auto talk = [this](std::string words) -> Task<std::string> {
      Link link = co_await dial(server->port());
      co_await link.write(words);
      const std::string all = co_await link.read_rest();
      was_reset = link.was_reset();
      co_return all;
    };
    return tests::run(io, talk(std::move(text)));
  }
  void settle() {
    for (int i = 0; i < 20; ++i) turn();
  }

  ServerSettings settings;
  std::unique_ptr<HttpServer> server;
  int errors = 0;
  bool was_reset = false;
};

TEST_F(ServerTest, AnswersARequestAndSaysWhen) {
  start_echo();
  EXPECT_EQ(exchange("POST /a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 12\r\n"
            "Date: Mon, 21 Sep 2026 14:13:20 GMT\r\nConnection: close\r\n\r\nPOST /a?b hi");
}

TEST_F(ServerTest, ARequestThatItsHeadCondemnsIsAnsweredWithoutItsBody) {
  std::string judged;
  settings.refuse_head = [&judged](const ServerRequest& head) {
    judged += head.method + head.path + head.peer + " ";
    return head.headers.contains("Key") ? 0 : 401;
  };
  start_echo();
  const std::string refused = exchange("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 401 Unauthorized\r\n")) << refused;
  EXPECT_NE(refused.find("Connection: close\r\n"), std::string::npos) << refused;
  const std::string taken =
      exchange("POST /b HTTP/1.1\r\nHost: x\r\nKey: k\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_TRUE(taken.ends_with("POST /b hi")) << taken;
  EXPECT_EQ(judged, "POST/a127.0.0.1 POST/b127.0.0.1 ");
}

TEST_F(ServerTest, GivesTheHandlerWhatWasSent) {
  ServerRequest seen;
  start([&](ServerRequest request) -> Task<ServerResponse> {
    seen = std::move(request);
    co_return ServerResponse(204, "");
  });
  const std::string answer =
      exchange("PUT /p%20q?x=%31&y HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/p%20q?x=%31&y");
  EXPECT_EQ(seen.path, "/p%20q");
  EXPECT_EQ(seen.query, "x=%31&y");
  EXPECT_EQ(seen.headers.find("x-a"), "1");
  EXPECT_EQ(seen.body, "abc");
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_FALSE(seen.tls);
}

TEST_F(ServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  start_echo();
  const std::string answers = exchange(
      "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET /3 HTTP/1.1\r\nConnection: "
      "close\r\n\r\n");
  const std::size_t first = answers.find("GET /1"), second = answers.find("POST /2 x"), third = answers.find("GET /3");
  ASSERT_NE(third, std::string::npos);
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

TEST_F(ServerTest, TakesChunkedBodies) {
  start_echo();
  const std::string answer = exchange(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: "
      "1\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("POST / abcde"));
}

TEST_F(ServerTest, AnswersHeadWithoutABodyButWithItsLength) {
  start_echo();
  const std::string answer = exchange("HEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 8\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, ClosesAfterAnHttp10RequestUnlessAskedToStay) {
  start_echo();
  EXPECT_NE(exchange("GET / HTTP/1.0\r\n\r\n").find("Connection: close"), std::string::npos);
  const std::string two = exchange("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
  EXPECT_NE(two.find("Connection: keep-alive"), std::string::npos);
  EXPECT_NE(two.find("GET /2"), std::string::npos);
}

TEST_F(ServerTest, InvitesABodyThatWaitsForItsInvitation) {
  start_echo();
  auto talk = [this]() -> Task<std::string> {
    Link link = co_await dial(server->port());
    co_await link.write("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n");
    const std::string invitation = co_await link.read_until("\r\n\r\n");
    EXPECT_EQ(invitation, "HTTP/1.1 100 Continue\r\n\r\n");
    co_await link.write("body");
    co_return co_await link.read_rest();
  };
  EXPECT_TRUE(tests::run(io, talk()).ends_with("POST / body"));
}

TEST_F(ServerTest, SendsALargeBodyToAClientThatReadsLate) {
  const std::string large(20u << 20, 'z');
  start([&](ServerRequest) -> Task<ServerResponse> { co_return ServerResponse(200, large); });
  const std::string answer = exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, large.size());
}

TEST_F(ServerTest, WritesTheHandlersHeadersAndClosesWhenAsked) {
  start([](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response(302, "");
    response.headers.add("Location", "/there");
    response.close = true;
    co_return response;
  });
  const std::string answer = exchange("GET / HTTP/1.1\r\n\r\n");
  EXPECT_NE(answer.find("\r\nLocation: /there\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST_F(ServerTest, AHandlerThatThrowsIsAnsweredWith500AndReported) {
  start([](ServerRequest request) -> Task<ServerResponse> {
    if (request.path == "/bad") throw std::runtime_error("inner secret");
    co_return ServerResponse(200, "fine");
  });
  const std::string answer = exchange("GET /bad HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
  EXPECT_TRUE(answer.ends_with("fine"));
  EXPECT_EQ(answer.find("secret"), std::string::npos);
  EXPECT_EQ(errors, 1);
}

// Limits.

TEST_F(ServerTest, RefusesAHeadBeyondTheLimit) {
  settings.max_head = 1000;
  start_echo();
  EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nX: " + std::string(2000, 'a')).starts_with("HTTP/1.1 431 "));
  EXPECT_FALSE(was_reset);
}

TEST_F(ServerTest, RefusesABodyBeyondTheLimitBeforeItComes) {
  settings.max_body = 10;
  start_echo();
  const std::string answer = exchange("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 "));
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST_F(ServerTest, RefusesAChunkedBodyBeyondTheLimit) {
  settings.max_body = 10;
  start_echo();
  EXPECT_TRUE(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n")
                  .starts_with("HTTP/1.1 413 "));
}

TEST_F(ServerTest, TheRefusalReachesAClientThatIsStillSending) {
  settings.max_body = 1000;
  start_echo();
  const std::string body(5u << 20, 'x');
  auto upload = [&](Link& link, Event& done) -> Task<> {
    co_await link.write("POST / HTTP/1.1\r\nContent-Length: 5242880\r\n\r\n" + body);
    link.end();
    done.set();
  };
  auto talk = [&]() -> Task<std::string> {
    Link link = co_await dial(server->port());
    Event done;
    tasks.spawn(upload(link, done));
    const std::string all = co_await link.read_rest();
    was_reset = link.was_reset();
    co_await done.wait();
    co_return all;
  };
  EXPECT_TRUE(tests::run(io, talk()).starts_with("HTTP/1.1 413 "));
  EXPECT_FALSE(was_reset);
}

TEST_F(ServerTest, APathMayTakeMore) {
  settings.max_body = 10;
  settings.max_body_for = [](std::string_view path) { return path == "/upload" ? 100u : 10u; };
  start_echo();
  const std::string rest = " HTTP/1.1\r\nContent-Length: 50\r\nConnection: close\r\n\r\n" + std::string(50, 'x');
  EXPECT_TRUE(exchange("POST /upload?a=b" + rest).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(exchange("POST /other" + rest).starts_with("HTTP/1.1 413 "));
}

TEST_F(ServerTest, RefusesWhatIsNoHttp) {
  start_echo();
  for (const char* text :
       {"hello\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "G\x01T / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
    EXPECT_TRUE(exchange(text).starts_with("HTTP/1.1 400 ")) << text;
  }
}

TEST_F(ServerTest, ClosesWhatIsBeyondTheNumberOfConnectionsWhileAllAreBusy) {
  settings.max_connections = 1;
  Event asked, answered;
  start([&asked, &answered](ServerRequest) -> Task<ServerResponse> {
    asked.set();
    co_await answered.wait();
    co_return ServerResponse(200);
  });
  auto talk = [&]() -> Task<> {
    Link first = co_await dial(server->port());
    co_await first.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    co_await asked.wait();
    Link second = co_await dial(server->port());
    const std::string nothing = co_await second.read_rest();
    EXPECT_EQ(nothing, "");
    answered.set();
    const std::string answer = co_await first.read_rest();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
    Link third = co_await dial(server->port());
    co_await third.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string later = co_await third.read_rest();
    EXPECT_TRUE(later.starts_with("HTTP/1.1 200"));
  };
  tests::run(io, talk());
}

TEST_F(ServerTest, ARequestThatWasReadWhenAnotherConnectionCameIsAnswered) {
  settings.max_connections = 1;
  start_echo();
  std::string answer;
  script([&]() -> Task<> {
    Link first = co_await dial(server->port());
    co_await first.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    Link second = co_await dial(server->port());  // it may be accepted between the reading and the handling
    answer = co_await first.read_rest();
  });
  settle();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
}

TEST_F(ServerTest, TheLongestIdleConnectionGivesWayAndIsCounted) {
  settings.max_connections = 2;
  std::vector<TurnedAway> told;
  settings.on_turned_away = [&told](TurnedAway reason, std::string_view) { told.push_back(reason); };
  start_echo();
  auto talk = [&]() -> Task<> {
    Link first = co_await dial(server->port());
    Link second = co_await dial(server->port());
    co_await second.write("GET / HTTP/1.1\r\n\r\n");
    co_await second.read_message();
    clock.advance(1s);
    co_await second.write("GET / HTTP/1.1\r\n\r\n");
    co_await second.read_message();
    Link third = co_await dial(server->port());
    const std::string nothing = co_await first.read_rest();
    EXPECT_EQ(nothing, "");
    co_await third.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string answer = co_await third.read_rest();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
    co_await second.write("GET / HTTP/1.1\r\n\r\n");
    const std::string still = co_await second.read_message();
    EXPECT_TRUE(still.starts_with("HTTP/1.1 200"));
  };
  tests::run(io, talk());
  EXPECT_EQ(told, std::vector{TurnedAway::gave_way});
}

TEST_F(ServerTest, AnAddressThatIsNotAdmittedIsNotEvenHeard) {
  bool admitted = false;
  std::string told;
  settings.admits = [&admitted](std::string_view) { return admitted; };
  settings.on_turned_away = [&told](TurnedAway reason, std::string_view address) {
    told += std::string(to_text(reason)) + " " + std::string(address);
  };
  start_echo();
  EXPECT_EQ(exchange(""), "");
  EXPECT_EQ(told, "address 127.0.0.1");
  admitted = true;
  EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
}

// Time.

TEST_F(ServerTest, AFirstRequestHasLessTimeThanALaterOne) {
  settings.first_timeout = 10s;
  settings.idle_timeout = 60s;
  start_echo();
  bool silent_ended = false, other_ended = false;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.read_rest();
    silent_ended = true;
  });
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_message();
    co_await link.read_rest();
    other_ended = true;
  });
  settle();
  clock.advance(9999ms);
  settle();
  EXPECT_FALSE(silent_ended);
  clock.advance(1ms);
  settle();
  EXPECT_TRUE(silent_ended);
  EXPECT_FALSE(other_ended);
  clock.advance(50s);
  settle();
  EXPECT_TRUE(other_ended);
}

TEST_F(ServerTest, AHeadThatDoesNotComeToItsEndGets408) {
  start_echo();
  std::string answer;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HT");
    answer = co_await link.read_rest();
  });
  settle();
  clock.advance(9s);
  settle();
  EXPECT_EQ(answer, "");
  clock.advance(1s);
  settle();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 "));
}

TEST_F(ServerTest, DrippingBytesDoesNotProlongTheTimeForAHead) {
  start_echo();
  std::string answer;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 5; ++i) {
      co_await link.write("X: y\r\n");
      co_await clock.sleep_for(2s);
    }
    answer = co_await link.read_rest();
  });
  for (int i = 0; i < 5; ++i) {
    settle();
    clock.advance(2s);
  }
  settle();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 "));
}

TEST_F(ServerTest, ABodyThatDoesNotComeToItsEndGets408) {
  start_echo();
  std::string answer;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
    answer = co_await link.read_rest();
  });
  settle();
  clock.advance(29s);
  settle();
  EXPECT_EQ(answer, "");
  clock.advance(1s);
  settle();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 "));
}

TEST_F(ServerTest, AnIdleConnectionIsClosedWithoutAWord) {
  start_echo();
  std::optional<std::string> rest;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_message();
    rest = co_await link.read_rest();
  });
  settle();
  clock.advance(59s);
  settle();
  EXPECT_FALSE(rest);
  clock.advance(1s);
  settle();
  EXPECT_EQ(rest, "");
}

TEST_F(ServerTest, ASlowHandlerIsNotUnderTheClientsLimits) {
  start([&](ServerRequest) -> Task<ServerResponse> {
    co_await clock.sleep_for(1h);
    co_return ServerResponse(200, "at last");
  });
  std::string answer;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    answer = co_await link.read_rest();
  });
  settle();
  clock.advance(1h);
  settle();
  EXPECT_TRUE(answer.ends_with("at last"));
}

TEST_F(ServerTest, AClientThatDoesNotReadIsDroppedAfterItsTime) {
  start([&](ServerRequest) -> Task<ServerResponse> { co_return ServerResponse(200, std::string(50u << 20, 'z')); });
  bool ended = false;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await clock.sleep_for(31s);
    const std::string part = co_await link.read_rest();
    EXPECT_LT(part.size(), 50u << 20);
    ended = true;
  });
  settle();
  clock.advance(31s);
  for (int i = 0; i < 200 && !ended; ++i) turn();
  EXPECT_TRUE(ended);
}

TEST_F(ServerTest, ASlowClientDoesNotHoldAnother) {
  start_echo();
  auto talk = [&]() -> Task<std::string> {
    Link slow = co_await dial(server->port());
    co_await slow.write("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf");
    Link quick = co_await dial(server->port());
    co_await quick.write("GET /quick HTTP/1.1\r\nConnection: close\r\n\r\n");
    co_return co_await quick.read_rest();
  };
  EXPECT_NE(tests::run(io, talk()).find("/quick"), std::string::npos);
}

// Streams.

TEST_F(ServerTest, StreamsAnAnswerInChunksAndKeepsTheConnection) {
  Event next(Event::Reset::automatic);
  auto stream = [&](ResponseStream out) -> Task<> {
    co_await out.write("data: 1\n\n");
    co_await next.wait();
    co_await out.write("");
    co_await out.write("data: 22\n\n");
  };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response(200, "", "text/event-stream");
    response.stream = stream;
    co_return response;
  });
  auto talk = [&]() -> Task<std::string> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    const std::string head = co_await link.read_until("\r\n\r\n");
    EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos);
    EXPECT_EQ(head.find("Content-Length"), std::string::npos);
    const std::string first = co_await link.read_until("\n\n\r\n");
    EXPECT_EQ(first, "9\r\ndata: 1\n\n\r\n");
    next.set();
    const std::string rest = co_await link.read_until("0\r\n\r\n");
    EXPECT_EQ(rest, "a\r\ndata: 22\n\n\r\n0\r\n\r\n");
    next.set();
    co_await link.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    co_return co_await link.read_rest();
  };
  EXPECT_TRUE(tests::run(io, talk()).ends_with("0\r\n\r\n"));
}

TEST_F(ServerTest, StreamsToAnHttp10ClientUntilTheEndOfTheConnection) {
  auto stream = [](ResponseStream out) -> Task<> { co_await out.write("plain"); };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response;
    response.stream = stream;
    co_return response;
  });
  const std::string answer = exchange("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("\r\n\r\nplain"));
  EXPECT_EQ(answer.find("chunked"), std::string::npos);
}

TEST_F(ServerTest, ARawStreamWritesItsOwnHeadAndEndsTheConnection) {
  auto stream = [](ResponseStream out) -> Task<> {
    co_await out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response;
    response.stream = stream;
    response.raw = true;
    co_return response;
  });
  EXPECT_EQ(exchange("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
}

TEST_F(ServerTest, ARawStreamMayEndByAReset) {
  auto stream = [](ResponseStream out) -> Task<> { co_await out.write(""); };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response;
    response.stream = stream;
    response.raw = true;
    response.reset = true;
    co_return response;
  });
  auto talk = [&]() -> Task<bool> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_rest();
    co_return link.was_reset();
  };
  EXPECT_TRUE(tests::run(io, talk()));
}

TEST_F(ServerTest, AStreamThatThrowsLeavesTheBodyWithoutItsEnd) {
  auto stream = [](ResponseStream out) -> Task<> {
    co_await out.write("part");
    throw std::runtime_error("broken");
  };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response;
    response.stream = stream;
    co_return response;
  });
  const std::string answer = exchange("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("4\r\npart\r\n"));
  EXPECT_EQ(errors, 1);
}

TEST_F(ServerTest, AStreamLearnsThatItsPeerIsGone) {
  bool learned = false;
  auto stream = [&](ResponseStream out) -> Task<> {
    try {
      for (int i = 0; i < 1000; ++i) {
        co_await out.write(std::string(100'000, 'x'));
        co_await clock.sleep_for(0s);
      }
    } catch (const Error& error) {
      learned = error.failure() == Failure::closed;
      throw;
    }
  };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response;
    response.stream = stream;
    co_return response;
  });
  auto talk = [&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_until("\r\n\r\n");
    link.reset();
  };
  tests::run(io, talk());
  for (int i = 0; i < 200 && !learned; ++i) turn();
  EXPECT_TRUE(learned);
  EXPECT_EQ(errors, 0);  // a peer that goes is no error of ours
}

TEST_F(ServerTest, AStreamThatIsKeptBeyondItsEndRefusesToWrite) {
  std::optional<ResponseStream> kept;
  auto stream = [&](ResponseStream out) -> Task<> {
    kept = out;
    co_return;
  };
  start([&](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response;
    response.stream = stream;
    co_return response;
  });
  exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(kept);
  EXPECT_THROW(tests::run(io, kept->write("x")), Error);
}

// Stopping.

TEST_F(ServerTest, StopLetsARunningRequestFinishAndAcceptsNoOther) {
  Event finish;
  start([&](ServerRequest) -> Task<ServerResponse> {
    co_await finish.wait();
    co_return ServerResponse(200, "finished");
  });
  std::string answer;
  bool refused = false;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    answer = co_await link.read_rest();
  });
  settle();
  script([&]() -> Task<> {
    try {
      Link link = co_await dial(server->port());
    } catch (const boost::system::system_error&) {
      refused = true;
    }
    finish.set();
  });
  tests::run(io, server->stop(10s));
  settle();
  EXPECT_TRUE(refused);
  EXPECT_TRUE(answer.ends_with("finished"));
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST_F(ServerTest, StopClosesIdleConnectionsAtOnce) {
  start_echo();
  std::optional<std::string> rest;
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_message();
    rest = co_await link.read_rest();
  });
  settle();
  tests::run(io, server->stop(1h));
  settle();
  EXPECT_EQ(rest, "");
}

TEST_F(ServerTest, StopCancelsWhatIsStillRunningWhenItsTimeIsOver) {
  bool cancelled = false;
  Event never;
  start([&](ServerRequest) -> Task<ServerResponse> {
    try {
      co_await never.wait();
    } catch (...) {
      cancelled = true;
      throw;
    }
    co_return ServerResponse();
  });
  script([&]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_rest();
  });
  settle();
  script([&]() -> Task<> {
    co_await clock.sleep_for(0s);
    EXPECT_FALSE(cancelled);
    clock.advance(5s);
  });
  tests::run(io, server->stop(5s));
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(errors, 0);
}

TEST_F(ServerTest, ListeningOnATakenPortNamesTheAddress) {
  start_echo();
  ServerSettings same;
  same.port = server->port();
  HttpServer other(io.get_executor(), clock, same,
                   [](ServerRequest) -> Task<ServerResponse> { co_return ServerResponse(); });
  try {
    other.listen();
    ADD_FAILURE() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.failure(), Failure::connect);
    EXPECT_NE(std::string(error.what()).find("127.0.0.1:" + std::to_string(same.port)), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("in use"), std::string::npos);
  }
}

TEST_F(ServerTest, ServesOurOwnClient) {
  start_echo();
  HttpClient client(io.get_executor(), clock, ClientSettings());
  Origin origin;
  origin.host = "127.0.0.1";
  origin.port = server->port();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(tests::run(io, client.send(post(origin, "hi"))).body, "POST / hi");
}

}  // namespace
}  // namespace tgkit::net
