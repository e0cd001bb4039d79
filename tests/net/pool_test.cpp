// The client's pool of connections.
#include "tests/net/scene.hpp"
#include "tgkit/net/client.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using namespace std::chrono_literals;
using tests::answer;
using tests::Link;
using tests::Listener;

class PoolTest : public tests::NetTest {
 protected:
  // Answers `requests` requests on each connection with "<connection>.<request>", then closes it.
  void serve(int connections, int requests) {
    for (int i = 1; i <= connections; ++i) {
      script([this, requests]() -> Task<> {
        Link link = co_await peer.accept();
        const int number = peer.accepted();
        for (int j = 1; j <= requests; ++j) {
          co_await link.read_message();
          const std::string body = std::to_string(number) + "." + std::to_string(j);
          co_await link.write(answer(body));
        }
        link.close();
      });
    }
  }
  std::string ask(HttpRequest request) { return tests::run(io, client.send(std::move(request))).body; }
  std::string ask() { return ask(post(peer.origin(), "x")); }

  static ClientSettings two_connections() {
    ClientSettings settings;
    settings.max_connections_per_origin = 2;
    return settings;
  }

  Listener peer{io};
  HttpClient client{io.get_executor(), clock, two_connections()};
};

TEST_F(PoolTest, ReusesAConnection) {
  serve(1, 3);
  EXPECT_EQ(ask(), "1.1");
  EXPECT_EQ(ask(), "1.2");
  EXPECT_EQ(ask(), "1.3");
}

TEST_F(PoolTest, DialsAnewWhenIdleConnectionsWereDropped) {
  for (int i = 1; i <= 2; ++i)
    script([&]() -> Task<> {
      Link link = co_await peer.accept();
      const std::string number = std::to_string(peer.accepted());
      co_await link.read_message();
      co_await link.write(answer(number));
      co_await link.read_rest();
    });
  EXPECT_EQ(ask(), "1");
  client.drop_idle();
  EXPECT_EQ(ask(), "2");
}

TEST_F(PoolTest, DoesNotReuseAConnectionThatTheAnswerCloses) {
  script([&]() -> Task<> {
    for (const char* body : {"a", "b"}) {
      Link link = co_await peer.accept();
      co_await link.read_message();
      co_await link.write(answer(body, "Connection: close\r\n"));
      co_await link.read_rest();
    }
  });
  EXPECT_EQ(ask(), "a");
  EXPECT_EQ(ask(), "b");
}

TEST_F(PoolTest, DoesNotReuseAConnectionOfHttp10) {
  script([&]() -> Task<> {
    for (const char* body : {"a", "b"}) {
      Link link = co_await peer.accept();
      co_await link.read_message();
      co_await link.write("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n" + std::string(body));
      co_await link.read_rest();
    }
  });
  EXPECT_EQ(ask(), "a");
  EXPECT_EQ(ask(), "b");
}

TEST_F(PoolTest, DoesNotReuseAConnectionOnWhichMoreCameThanTheAnswer) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("a") + answer("unasked"));
    co_await link.read_rest();
    Link second = co_await peer.accept();
    co_await second.read_message();
    co_await second.write(answer("b"));
  });
  EXPECT_EQ(ask(), "a");
  EXPECT_EQ(ask(), "b");
}

TEST_F(PoolTest, AConnectionThatThePeerHasClosedIsReplacedWithoutAnError) {
  serve(2, 1);
  EXPECT_EQ(ask(), "1.1");
  turn();  // the end of the connection arrives
  EXPECT_EQ(ask(), "2.1");
}

TEST_F(PoolTest, BytesThatNobodyAskedForMakeAnIdleConnectionStale) {
  Event unasked;
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("a"));
    co_await clock.sleep_for(0s);
    co_await link.write("HTTP/1.1 408 Request Timeout\r\n\r\n");
    unasked.set();
    Link second = co_await peer.accept();
    co_await second.read_message();
    co_await second.write(answer("b"));
  });
  EXPECT_EQ(ask(), "a");
  tests::run(io, unasked.wait());
  EXPECT_EQ(ask(), "b");
}

// The peer reads the second request and closes without an answer: it may have acted on it.
class UnansweredTest : public PoolTest {
 protected:
  void SetUp() override {
    script([this]() -> Task<> {
      Link link = co_await peer.accept();
      co_await link.read_message();
      co_await link.write(answer("a"));
      second = co_await link.read_message();
      link.close();
      Link other = co_await peer.accept();
      third = co_await other.read_message();
      co_await other.write(answer("b"));
    });
    EXPECT_EQ(ask(), "a");
  }
  std::string second, third;
};

TEST_F(UnansweredTest, IsNotRepeatedByItself) {
  const auto error = failure(client.send(post(peer.origin(), "buy")));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::closed);
  EXPECT_EQ(error->sent(), Sent::all);
  turn();
  EXPECT_EQ(peer.accepted(), 1);
}

TEST_F(UnansweredTest, IsRepeatedOnceWhenTheRequestSaysSo) {
  HttpRequest request = post(peer.origin(), "edit");
  request.repeatable = true;
  EXPECT_EQ(ask(request), "b");
  EXPECT_EQ(second, third);
}

TEST_F(UnansweredTest, IsRepeatedOnceForGet) { EXPECT_EQ(ask(get(peer.origin())), "b"); }

TEST_F(UnansweredTest, RewindsTheSourceForTheSecondTry) {
  struct Once : BodySource {
    std::string text = "stream";
    std::uint64_t size() const override { return 6; }
    std::size_t read(char* to, std::size_t most) override {
      const std::size_t size = std::min(most, text.size());
      text.copy(to, size);
      text.erase(0, size);
      return size;
    }
    void rewind() override { text = "stream"; }
  };
  HttpRequest request = post(peer.origin(), "");
  request.source = std::make_shared<Once>();
  request.repeatable = true;
  EXPECT_EQ(ask(request), "b");
  EXPECT_TRUE(third.ends_with("\r\n\r\nstream"));
}

TEST_F(PoolTest, ARepeatedRequestIsNotRepeatedTwice) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("a"));
    co_await link.read_message();
    link.close();
    Link other = co_await peer.accept();
    co_await other.read_message();
    other.close();
  });
  EXPECT_EQ(ask(), "a");
  const auto error = failure(client.send(get(peer.origin())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::closed);
  EXPECT_EQ(peer.accepted(), 2);
}

TEST_F(PoolTest, AHalfAnswerOnAReusedConnectionIsNotRepeatedEvenForGet) {
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("a"));
    co_await link.read_message();
    co_await link.write("HTTP/1.1 2");
    link.close();
  });
  EXPECT_EQ(ask(), "a");
  ASSERT_TRUE(failure(client.send(get(peer.origin()))));
  EXPECT_EQ(peer.accepted(), 1);
}

class WaitingTest : public PoolTest {
 protected:
  Task<> call(std::string name, std::string& order) {
    const HttpResponse response = co_await client.send(post(peer.origin(), name));
    order += name;
  }
  void SetUp() override {
    for (int i = 0; i < 2; ++i) {
      script([this]() -> Task<> {
        Link link = co_await peer.accept();
        while (true) {
          const std::string message = co_await link.read_message();
          arrived += message.substr(message.size() - 1);
          co_await allowed.wait();
          co_await link.write(answer("ok"));
        }
      });
    }
  }
  void settle() {
    for (int i = 0; i < 20; ++i) turn();
  }

  TaskGroup callers{io.get_executor(), [](std::exception_ptr) { FAIL(); }};
  Event allowed{Event::Reset::automatic};
  std::string arrived, order;
};

TEST_F(WaitingTest, NoMoreThanTheLimitAreOpenAndTheRestWaitInOrder) {
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    callers.spawn(call(name, order));
    settle();
  }
  EXPECT_EQ(arrived, "ab");
  EXPECT_EQ(peer.accepted(), 2);
  for (int i = 0; i < 5; ++i) {
    allowed.set();
    settle();
  }
  EXPECT_EQ(arrived, "abcde");
  EXPECT_EQ(order, "abcde");
  EXPECT_EQ(peer.accepted(), 2);
}

TEST_F(WaitingTest, OneWhoIsCancelledWhileWaitingLeavesTheLine) {
  TaskGroup impatient(io.get_executor(), [](std::exception_ptr) { FAIL(); });
  callers.spawn(call("a", order));
  callers.spawn(call("b", order));
  settle();
  impatient.spawn(call("x", order));
  settle();
  callers.spawn(call("c", order));
  settle();
  impatient.cancel();
  settle();
  EXPECT_EQ(impatient.size(), 0u);
  for (int i = 0; i < 3; ++i) {
    allowed.set();
    settle();
  }
  EXPECT_EQ(arrived, "abc");
  EXPECT_EQ(order, "abc");
}

TEST_F(WaitingTest, WaitingCountsAgainstTheDeadlineAndHasSentNothing) {
  callers.spawn(call("a", order));
  callers.spawn(call("b", order));
  settle();
  script([&]() -> Task<> {
    co_await clock.sleep_for(0s);
    co_await clock.sleep_for(0s);
    clock.advance(5s);
  });
  HttpRequest request = post(peer.origin(), "late");
  request.timeout = 5s;
  const auto error = failure(client.send(request));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::timeout);
  EXPECT_EQ(error->sent(), Sent::nothing);
  callers.cancel();
  settle();
}

TEST_F(WaitingTest, ClosingTheClientEndsTheWaitToo) {
  TaskGroup caught(io.get_executor(), [this](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const Error& failed) {
      order += failed.failure() == Failure::cancelled ? '!' : '?';
    }
  });
  for (const char* name : {"a", "b", "c"}) {
    caught.spawn(call(name, order));
    settle();
  }
  client.close();
  settle();
  EXPECT_EQ(order, "!!!");
}

TEST_F(WaitingTest, AConnectionOfOnesOwnIsOutsideTheLimit) {
  callers.spawn(call("a", order));
  callers.spawn(call("b", order));
  settle();
  EXPECT_EQ(arrived, "ab");
  serve(1, 2);
  HttpRequest poll = post(peer.origin(), "p");
  poll.own_connection = true;
  EXPECT_EQ(ask(poll), "3.1");
  EXPECT_EQ(ask(poll), "3.2");  // kept alive for the next of its kind
  callers.cancel();
  settle();
}

TEST_F(PoolTest, AConnectionOfOnesOwnIsNotGivenToOthers) {
  serve(2, 2);
  HttpRequest poll = post(peer.origin(), "p");
  poll.own_connection = true;
  EXPECT_EQ(ask(poll), "1.1");
  EXPECT_EQ(ask(), "2.1");
  EXPECT_EQ(ask(poll), "1.2");
}

TEST_F(PoolTest, AnIdleConnectionIsClosedAfterItsTime) {
  Event closed;
  script([&]() -> Task<> {
    Link link = co_await peer.accept();
    co_await link.read_message();
    co_await link.write(answer("a"));
    co_await link.read_rest();
    EXPECT_FALSE(link.was_reset());
    closed.set();
    Link second = co_await peer.accept();
    co_await second.read_message();
    co_await second.write(answer("b"));
  });
  EXPECT_EQ(ask(), "a");
  clock.advance(59s);
  turn();
  EXPECT_FALSE(closed.is_set());
  clock.advance(1s);
  tests::run(io, closed.wait());
  EXPECT_EQ(ask(), "b");
}

TEST_F(PoolTest, UsingAConnectionStartsItsIdleTimeAnew) {
  serve(1, 3);
  EXPECT_EQ(ask(), "1.1");
  clock.advance(59s);
  turn();
  EXPECT_EQ(ask(), "1.2");
  clock.advance(59s);
  turn();
  EXPECT_EQ(ask(), "1.3");
}

TEST_F(PoolTest, OriginsDoNotShareConnections) {
  Listener other(io);
  serve(1, 1);
  script([&]() -> Task<> {
    Link link = co_await other.accept();
    co_await link.read_message();
    co_await link.write(answer("other"));
  });
  EXPECT_EQ(ask(), "1.1");
  EXPECT_EQ(ask(post(other.origin(), "x")), "other");
}

}  // namespace
}  // namespace tgkit::net
