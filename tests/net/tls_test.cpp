// TLS on both sides.
#include "tgkit/net/tls.hpp"

#include "tests/net/certificates.hpp"
#include "tests/net/scene.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/server.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using namespace std::chrono_literals;
using tests::Certificates;
using tests::Link;
using tests::Listener;

class TlsTest : public tests::NetTest {
 protected:
  static void SetUpTestSuite() { certificates = std::make_unique<Certificates>("good.test"); }
  static void TearDownTestSuite() { certificates.reset(); }

  TlsTest() {
    ServerSettings settings;
    settings.tls_certificate_file = certificates->certificate();
    settings.tls_key_file = certificates->key();
    settings.max_body = 100u << 20;
    server = std::make_unique<HttpServer>(
        io.get_executor(), clock, settings, [this](ServerRequest request) -> Task<ServerResponse> {
          ++requests;
          std::string body = (request.tls ? "tls " : "plain ") + std::to_string(request.body.size());
          if (request.path == "/large") body.assign(5u << 20, 'z');
          co_return ServerResponse(200, body);
        });
    server->listen();
  }
  ~TlsTest() override { tests::run(io, server->stop(0s)); }

  HttpClient trusting(const std::string& authority) {
    ClientSettings settings;
    settings.ca_file = authority;
    settings.hosts["good.test"] = {"127.0.0.1"};
    settings.hosts["bad.test"] = {"127.0.0.1"};
    return HttpClient(io.get_executor(), clock, settings);
  }
  Origin origin(const std::string& host) const {
    Origin made;
    made.tls = true;
    made.host = host;
    made.port = server->port();
    return made;
  }

  static std::unique_ptr<Certificates> certificates;
  std::unique_ptr<HttpServer> server;
  int requests = 0;
};

std::unique_ptr<Certificates> TlsTest::certificates;

TEST_F(TlsTest, SpeaksWithAPeerWhoseCertificateIsGood) {
  HttpClient client = trusting(certificates->authority());
  EXPECT_EQ(tests::run(io, client.send(post(origin("good.test"), "abc"))).body, "tls 3");
  EXPECT_EQ(tests::run(io, client.send(post(origin("good.test"), "abcd"))).body, "tls 4");
}

TEST_F(TlsTest, CarriesLargeBodiesBothWays) {
  HttpClient client = trusting(certificates->authority());
  HttpRequest request = post(origin("good.test"), std::string(3u << 20, 'x'));
  EXPECT_EQ(tests::run(io, client.send(request)).body, "tls " + std::to_string(3u << 20));
  request.target = "/large";
  EXPECT_EQ(tests::run(io, client.send(request)).body.size(), 5u << 20);
}

TEST_F(TlsTest, RefusesACertificateForAnotherNameAndSendsNothing) {
  HttpClient client = trusting(certificates->authority());
  const auto error = failure(client.send(get(origin("bad.test"))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::tls);
  EXPECT_EQ(error->sent(), Sent::nothing);
  EXPECT_NE(std::string(error->what()).find("hostname mismatch"), std::string::npos) << error->what();
  EXPECT_EQ(requests, 0);
}

TEST_F(TlsTest, RefusesACertificateForANameWhenAnAddressWasDialled) {
  HttpClient client = trusting(certificates->authority());
  const auto error = failure(client.send(get(origin("127.0.0.1"))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::tls);
  EXPECT_EQ(requests, 0);
}

TEST_F(TlsTest, RefusesAnAuthorityItDoesNotKnow) {
  const Certificates others("good.test");
  HttpClient client = trusting(others.authority());
  const auto error = failure(client.send(get(origin("good.test"))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::tls);
  EXPECT_NE(std::string(error->what()).find("certificate"), std::string::npos) << error->what();
  EXPECT_EQ(requests, 0);
}

TEST_F(TlsTest, TrustsTheSystemsAuthoritiesWhenNoneIsNamedAndNotOurs) {
  HttpClient client = trusting("");
  const auto error = failure(client.send(get(origin("good.test"))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::tls);
}

TEST_F(TlsTest, AnAuthorityFileThatCannotBeReadIsNamed) {
  HttpClient client = trusting("/nonexistent/ca.pem");
  const auto error = failure(client.send(get(origin("good.test"))));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::tls);
  EXPECT_NE(std::string(error->what()).find("/nonexistent/ca.pem"), std::string::npos);
}

TEST_F(TlsTest, AServerWithoutItsKeyDoesNotListen) {
  ServerSettings settings;
  settings.tls_certificate_file = certificates->certificate();
  const auto handler = [](ServerRequest) -> Task<ServerResponse> { co_return ServerResponse(); };
  EXPECT_THROW(HttpServer(io.get_executor(), clock, settings, handler).listen(), Error);
  settings.tls_key_file = "/nonexistent/key.pem";
  EXPECT_THROW(HttpServer(io.get_executor(), clock, settings, handler).listen(), Error);
}

TEST_F(TlsTest, APeerThatSpeaksNoTlsIsAnErrorOfTls) {
  Listener plain(io);
  script([&]() -> Task<> {
    Link link = co_await plain.accept();
    co_await link.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    co_await link.read_rest();
  });
  HttpClient client = trusting(certificates->authority());
  Origin wrong = origin("good.test");
  wrong.port = plain.port();
  const auto error = failure(client.send(get(wrong)));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::tls);
  EXPECT_EQ(error->sent(), Sent::nothing);
}

TEST_F(TlsTest, APeerThatIsSilentInTheHandshakeIsATimeout) {
  Listener silent(io);
  script([&]() -> Task<> {
    Link link = co_await silent.accept();
    co_await link.read_exactly(1);
    clock.advance(10s);
    co_await link.read_rest();
  });
  HttpClient client = trusting(certificates->authority());
  Origin wrong = origin("good.test");
  wrong.port = silent.port();
  const auto error = failure(client.send(get(wrong)));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::timeout);
  EXPECT_EQ(error->sent(), Sent::nothing);
}

TEST_F(TlsTest, AClientThatSpeaksNoTlsIsDropped) {
  auto talk = [this]() -> Task<> {
    Link link = co_await dial(server->port());
    co_await link.write("GET / HTTP/1.1\r\n\r\n");
    co_await link.read_rest();
  };
  tests::run(io, talk());
  EXPECT_EQ(requests, 0);
}

// Between two Tls in memory.
class TlsPairTest : public ::testing::Test {
 protected:
  TlsPairTest() : certificates("good.test") {
    client_context = TlsContext::client(certificates.authority());
    server_context = TlsContext::server(certificates.certificate(), certificates.key());
  }

  static void carry(Tls& from, Tls& to, std::string& keep) {
    keep.assign(from.outgoing());
    from.sent(keep.size());
    to.feed(keep);
  }
  // A connection from its handshake to one byte each way.
  std::unique_ptr<Tls> connect() {
    auto client = Tls::client(client_context, "good.test", "good.test:443");
    auto server = Tls::server(server_context);
    std::string there, back;
    Tls::Status a = Tls::Status::want_input, b = a;
    for (int i = 0; i < 10 && !(a == Tls::Status::done && b == Tls::Status::done); ++i) {
      a = client->handshake();
      carry(*client, *server, there);
      b = server->handshake();
      carry(*server, *client, back);
    }
    EXPECT_EQ(a, Tls::Status::done);
    EXPECT_EQ(b, Tls::Status::done);
    EXPECT_EQ(server->write("hello"), Tls::Status::done);
    // Tickets come along with the first bytes; what was carried before is not read yet.
    std::string all = back + std::string(server->outgoing());
    server->sent(server->outgoing().size());
    client->feed(all);
    char text[100];
    std::size_t size = 0;
    EXPECT_EQ(client->read(text, sizeof text, size), Tls::Status::done);
    EXPECT_EQ(std::string_view(text, size), "hello");
    server->close();
    carry(*server, *client, back);
    EXPECT_EQ(client->read(text, sizeof text, size), Tls::Status::closed);
    return client;
  }

  Certificates certificates;
  std::shared_ptr<TlsContext> client_context, server_context;
};

TEST_F(TlsPairTest, ASecondConnectionToTheSamePeerResumesTheSession) {
  EXPECT_FALSE(connect()->resumed());
  EXPECT_TRUE(connect()->resumed());
  EXPECT_TRUE(connect()->resumed());
}

}  // namespace
}  // namespace tgkit::net
