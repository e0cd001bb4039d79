// The endpoints over real connections: the loop runs on a thread of its own, the test speaks HTTP by plain sockets.
#include "tgkit/ops/endpoints.hpp"

#include "tests/ops/temporary_folder.hpp"
#include "tgkit/ops/exit_codes.hpp"

#include <future>
#include <thread>

#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view text) const {
    EXPECT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  std::string read_to_end() const {
    std::string all;
    char piece[4096];
    for (ssize_t length = 0; (length = ::recv(socket_, piece, sizeof piece, 0)) > 0;) {
      all.append(piece, static_cast<std::size_t>(length));
    }
    return all;
  }

 private:
  int socket_;
};

class EndpointsTest : public testing::Test {
 protected:
  EndpointsTest() {
    loop = std::thread([this] { io.run(); });
    await(endpoints.start());
  }
  ~EndpointsTest() override {
    await(endpoints.stop());
    await(health.stop());
    work.reset();
    loop.join();
  }

  void await(Task<> task) { boost::asio::co_spawn(io.get_executor(), std::move(task), boost::asio::use_future).get(); }
  void on_loop(std::function<void()> what) {
    boost::asio::post(io.get_executor(), std::packaged_task<void()>(std::move(what))).get();
  }
  std::string ask(std::string_view first_line, std::string_view headers = {}) {
    const Connection connection(endpoints.port());
    connection.send(std::string(first_line) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                    std::string(headers) + "\r\n");
    return connection.read_to_end();
  }

  tests::TemporaryFolder folder;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<Executor> work{io.get_executor()};
  SystemClock clock{io.get_executor()};
  Log log{{.file = folder.path("log")}};
  Health health{io.get_executor(), clock};
  Metrics metrics;
  Endpoints endpoints{io.get_executor(), clock, {.port = 0}, health, metrics, log};
  std::thread loop;
};

std::string body_of(const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); }

TEST_F(EndpointsTest, HealthAnswersInEveryPhase) {
  const auto starting = ask("GET /health");
  EXPECT_THAT(starting, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(starting, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(body_of(starting), StartsWith(R"({"status":"starting","uptime_seconds":null,)"));
  on_loop([this] { health.set_phase(Phase::up); });
  EXPECT_THAT(ask("GET /health"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(ask("GET /ready"), StartsWith("HTTP/1.1 200 "));
  on_loop([this] { health.set_phase(Phase::stopping); });
  EXPECT_THAT(body_of(ask("GET /health")), StartsWith(R"({"status":"stopping",)"));
  EXPECT_THAT(ask("GET /ready"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(ask("GET /live"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(EndpointsTest, MetricsFollowTheAcceptHeaderAndTheQuery) {
  EXPECT_THAT(body_of(ask("GET /metrics")), StartsWith(R"({"status":"starting","start_time":null,)"));
  const auto scraped = ask("GET /metrics", "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n");
  EXPECT_THAT(scraped, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(body_of(scraped), HasSubstr("tgkit_status{status=\"starting\"} 1\n"));
  EXPECT_THAT(body_of(scraped), HasSubstr("tgkit_ready 0\n"));
  EXPECT_THAT(body_of(ask("GET /metrics?format=json", "Accept: text/plain\r\n")), StartsWith("{"));
}

TEST_F(EndpointsTest, HeadHasTheHeadOfGetAndNoBody) {
  const auto head = ask("HEAD /live");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(head, HasSubstr("Content-Length: 14\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST_F(EndpointsTest, OtherMethodsAndUnknownPathsAreRefused) {
  const auto post = ask("POST /health", "Content-Length: 0\r\n");
  EXPECT_THAT(post, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(post, HasSubstr("Allow: GET, HEAD\r\n"));
  const auto unknown = ask("GET /none");
  EXPECT_THAT(unknown, StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(body_of(unknown), HasSubstr("/health, /ready, /live and /metrics"));
}

TEST_F(EndpointsTest, ASlowClientDoesNotHoldUpAnother) {
  const Connection slow(endpoints.port());
  slow.send("GET /health HTTP/1.1\r\nHost: loc");
  const Connection silent(endpoints.port());
  EXPECT_THAT(ask("GET /live"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(ask("GET /metrics"), StartsWith("HTTP/1.1 200 "));
  slow.send("alhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(slow.read_to_end(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(EndpointsTest, APortThatIsTakenFailsTheStartAndIsNamed) {
  Endpoints second(io.get_executor(), clock, {.port = endpoints.port()}, health, metrics, log);
  try {
    await(second.start());
    FAIL() << "two listeners on one port";
  } catch (const StartError& error) {
    EXPECT_EQ(error.exit_code(), exit_code::start_failed);
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(endpoints.port())));
    EXPECT_THAT(error.what(), HasSubstr("HEALTH_PORT"));
  }
}

}  // namespace
}  // namespace tgkit::ops
