// HTTP CONNECT and SOCKS5.
#include "tests/net/scene.hpp"
#include "tgkit/net/client.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using namespace std::chrono_literals;
using tests::answer;
using tests::Link;
using tests::Listener;

class ProxyTest : public tests::NetTest {
 protected:
  HttpClient through(ProxySettings::Kind kind, const std::string& user = {}, const std::string& password = {}) {
    ClientSettings settings;
    settings.proxy.emplace();
    settings.proxy->kind = kind;
    settings.proxy->host = "127.0.0.1";
    settings.proxy->port = proxy.port();
    settings.proxy->user = user;
    settings.proxy->password = Secret(password);
    return HttpClient(io.get_executor(), clock, settings);
  }
  static Origin far_away() {
    Origin origin;
    origin.host = "far.test";  // no resolver knows it: only the proxy does
    origin.port = 8081;
    return origin;
  }
  // The proxy plays the far server, too.
  Task<> answer_through(Link& link) {
    request = co_await link.read_message();
    co_await link.write(answer("from afar"));
  }

  Listener proxy{io};
  std::string hello, request;
};

TEST_F(ProxyTest, ConnectAsksForATunnelAndSpeaksThroughIt) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    hello = co_await link.read_message();
    co_await link.write("HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n");
    co_await answer_through(link);
  });
  HttpClient client = through(ProxySettings::Kind::http_connect);
  EXPECT_EQ(tests::run(io, client.send(get(far_away(), "/x"))).body, "from afar");
  EXPECT_EQ(hello, "CONNECT far.test:8081 HTTP/1.1\r\nHost: far.test:8081\r\n\r\n");
  EXPECT_TRUE(request.starts_with("GET /x HTTP/1.1\r\nHost: far.test:8081\r\n"));
}

TEST_F(ProxyTest, ConnectGivesCredentials) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    hello = co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\n\r\n");
    co_await answer_through(link);
  });
  HttpClient client = through(ProxySettings::Kind::http_connect, "Aladdin", "open sesame");
  tests::run(io, client.send(get(far_away())));
  // The example of RFC 7617
  EXPECT_NE(hello.find("Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"), std::string::npos);
  EXPECT_EQ(request.find("Proxy-Authorization"), std::string::npos);
}

TEST_F(ProxyTest, ARefusedTunnelIsAnErrorWithTheStatusAndNothingSent) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 407 pass-word wrong\r\nContent-Length: 0\r\n\r\n");
    request = co_await link.read_rest();
  });
  HttpClient client = through(ProxySettings::Kind::http_connect, "user-name", "pass-word");
  const auto error = failure(client.send(get(far_away())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::proxy);
  EXPECT_EQ(error->sent(), Sent::nothing);
  EXPECT_NE(std::string(error->what()).find("407"), std::string::npos);
  EXPECT_EQ(std::string(error->what()).find("pass-word"), std::string::npos);
  EXPECT_EQ(std::string(error->what()).find("user-name"), std::string::npos);
  EXPECT_EQ(request, "");
}

TEST_F(ProxyTest, AProxyThatDoesNotAnswerIsATimeoutWithNothingSent) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_message();
    clock.advance(10s);
    request = co_await link.read_rest();
  });
  HttpClient client = through(ProxySettings::Kind::http_connect);
  const auto error = failure(client.send(get(far_away())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::timeout);
  EXPECT_EQ(error->sent(), Sent::nothing);
}

TEST_F(ProxyTest, AProxyThatHangsUpIsAnErrorOfTheProxy) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_message();
    link.close();
  });
  HttpClient client = through(ProxySettings::Kind::http_connect);
  const auto error = failure(client.send(get(far_away())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::proxy);
  EXPECT_EQ(error->sent(), Sent::nothing);
}

TEST_F(ProxyTest, ATunnelIsReused) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_message();
    co_await link.write("HTTP/1.1 200 OK\r\n\r\n");
    co_await answer_through(link);
    co_await answer_through(link);
  });
  HttpClient client = through(ProxySettings::Kind::http_connect);
  tests::run(io, client.send(get(far_away())));
  tests::run(io, client.send(get(far_away())));
  EXPECT_EQ(proxy.accepted(), 1);
}

TEST_F(ProxyTest, Socks5LetsTheProxyResolveTheName) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    hello = co_await link.read_exactly(3);
    co_await link.write(std::string("\x05\x00", 2));
    hello += co_await link.read_exactly(4 + 1 + 8 + 2);
    co_await link.write(std::string("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00", 10));
    co_await answer_through(link);
  });
  HttpClient client = through(ProxySettings::Kind::socks5);
  EXPECT_EQ(tests::run(io, client.send(get(far_away()))).body, "from afar");
  EXPECT_EQ(hello, std::string("\x05\x01\x00\x05\x01\x00\x03\x08", 8) + "far.test" + "\x1f\x91");
}

TEST_F(ProxyTest, Socks5GivesCredentialsWhenAsked) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_exactly(4);
    co_await link.write("\x05\x02");
    hello = co_await link.read_exactly(2 + 4 + 1 + 6);
    co_await link.write(std::string("\x01\x00", 2));
    co_await link.read_exactly(4 + 1 + 8 + 2);
    co_await link.write(
        std::string("\x05\x00\x00\x03\x02"
                    "ab\x00\x00",
                    9));
    co_await answer_through(link);
  });
  HttpClient client = through(ProxySettings::Kind::socks5, "user", "secret");
  EXPECT_EQ(tests::run(io, client.send(get(far_away()))).body, "from afar");
  EXPECT_EQ(hello, std::string("\x01\x04user\x06secret"));
}

TEST_F(ProxyTest, Socks5RefusedCredentialsAreAnErrorThatHidesThem) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_exactly(4);
    co_await link.write("\x05\x02");
    co_await link.read_exactly(2 + 4 + 1 + 6);
    co_await link.write("\x01\x01");
    co_await link.read_rest();
  });
  HttpClient client = through(ProxySettings::Kind::socks5, "user", "secret");
  const auto error = failure(client.send(get(far_away())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::proxy);
  EXPECT_EQ(error->sent(), Sent::nothing);
  EXPECT_EQ(std::string(error->what()).find("secret"), std::string::npos);
}

TEST_F(ProxyTest, Socks5RefusalSaysWhy) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_exactly(3);
    co_await link.write(std::string("\x05\x00", 2));
    co_await link.read_exactly(4 + 1 + 8 + 2);
    co_await link.write("\x05\x04");
    link.close();
  });
  HttpClient client = through(ProxySettings::Kind::socks5);
  const auto error = failure(client.send(get(far_away())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::proxy);
  EXPECT_NE(std::string(error->what()).find("host unreachable"), std::string::npos);
}

TEST_F(ProxyTest, Socks5WithoutAnAcceptableMethodIsAnError) {
  script([&]() -> Task<> {
    Link link = co_await proxy.accept();
    co_await link.read_exactly(3);
    co_await link.write("\x05\xff");
    co_await link.read_rest();
  });
  HttpClient client = through(ProxySettings::Kind::socks5);
  const auto error = failure(client.send(get(far_away())));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::proxy);
}

TEST(ProxySettings, AreReadFromAnAddress) {
  const ProxySettings http = ProxySettings::parse("http://us%40er:p%3Ass@proxy.test:3129");
  EXPECT_EQ(http.kind, ProxySettings::Kind::http_connect);
  EXPECT_EQ(http.host, "proxy.test");
  EXPECT_EQ(http.port, 3129);
  EXPECT_EQ(http.user, "us@er");
  EXPECT_EQ(http.password.reveal(), "p:ss");
  const ProxySettings socks = ProxySettings::parse("socks5://[::1]");
  EXPECT_EQ(socks.kind, ProxySettings::Kind::socks5);
  EXPECT_EQ(socks.host, "::1");
  EXPECT_EQ(socks.port, 1080);
  EXPECT_EQ(ProxySettings::parse("socks5://[::1]:99").port, 99);
  EXPECT_EQ(ProxySettings::parse("http://host").port, 3128);
  EXPECT_EQ(ProxySettings::parse("http://host/").host, "host");
}

TEST(ProxySettings, AnUnusableAddressIsRefusedWithoutRepeatingIt) {
  for (const char* text : {"", "ftp://secret:secret@host", "http://secret:secret@", "http://secret:secret@host:0",
                           "http://secret:secret@host/path", "secret"}) {
    try {
      ProxySettings::parse(text);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace tgkit::net
