#pragma once
// A loop, a clock that stands still, and peers that do what the test says: real sockets on 127.0.0.1.
#include "tests/support/run_task.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/server.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace tests {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using tgkit::Task;

constexpr boost::asio::use_awaitable_t<tgkit::Executor> awaited;

// One connection, read and written as raw bytes.
class Link {
 public:
  using Socket = boost::asio::basic_stream_socket<tcp, tgkit::Executor>;
  explicit Link(Socket socket) : socket_(std::move(socket)) {}

  // Reads until `end` was seen; gives everything up to its end. Throws when the peer closes before.
  Task<std::string> read_until(std::string end) {
    std::size_t at = 0;
    while ((at = held_.find(end)) == std::string::npos) co_await more();
    co_return take(at + end.size());
  }
  Task<std::string> read_exactly(std::size_t size) {
    while (held_.size() < size) co_await more();
    co_return take(size);
  }
  // A head and the body that its Content-Length announces.
  Task<std::string> read_message() {
    std::string message = co_await read_until("\r\n\r\n");
    const std::size_t length = message.find("Content-Length: ");
    if (length != std::string::npos) {
      const std::string body = co_await read_exactly(std::stoul(message.substr(length + 16)));
      message += body;
    }
    co_return message;
  }
  // What comes until the peer closes or resets.
  Task<std::string> read_rest() {
    try {
      while (true) co_await more();
    } catch (const boost::system::system_error& error) {
      if (error.code() == boost::asio::error::operation_aborted) throw;
      was_reset_ = error.code() != boost::asio::error::eof;
    }
    co_return take(held_.size());
  }
  Task<> write(std::string text) { co_await boost::asio::async_write(socket_, boost::asio::buffer(text), awaited); }

  void close() { socket_.close(); }
  void end() { socket_.shutdown(Socket::shutdown_send); }
  void reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }
  bool was_reset() const { return was_reset_; }
  Socket& socket() { return socket_; }

 private:
  Task<> more() {
    char piece[65536];
    const std::size_t size = co_await socket_.async_read_some(boost::asio::buffer(piece), awaited);
    held_.append(piece, size);
  }
  std::string take(std::size_t size) {
    std::string taken = held_.substr(0, size);
    held_.erase(0, size);
    return taken;
  }

  Socket socket_;
  std::string held_;
  bool was_reset_ = false;
};

class Listener {
 public:
  explicit Listener(boost::asio::io_context& io)
      : acceptor_(io.get_executor(), tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  tgkit::net::Origin origin() const {
    tgkit::net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = port();
    return origin;
  }
  Task<Link> accept() {
    auto socket = co_await acceptor_.async_accept(awaited);
    ++accepted_;
    co_return Link(std::move(socket));
  }
  int accepted() const { return accepted_; }
  void close() { acceptor_.close(); }

 private:
  boost::asio::basic_socket_acceptor<tcp, tgkit::Executor> acceptor_;
  int accepted_ = 0;
};

inline std::string answer(const std::string& body, const std::string& extra = {}) {
  return "HTTP/1.1 200 OK\r\n" + extra + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class NetTest : public ::testing::Test {
 protected:
  ~NetTest() override {
    tasks.cancel();
    turn();
  }

  // Runs what is ready, and what that makes ready on this machine's own sockets.
  void turn() {
    io.restart();
    io.poll();
  }
  void script(std::function<Task<>()> peer) {
    scripts.push_back(std::move(peer));
    tasks.spawn(scripts.back()());
  }
  Task<Link> dial(std::uint16_t port) {
    Link::Socket socket(io.get_executor());
    co_await socket.async_connect(tcp::endpoint(boost::asio::ip::address_v4::loopback(), port), awaited);
    co_return Link(std::move(socket));
  }
  // What `exchange` fails with; nothing when it does not.
  std::optional<tgkit::net::Error> failure(Task<tgkit::net::HttpResponse> exchange) {
    try {
      run(io, std::move(exchange));
    } catch (const tgkit::net::Error& error) {
      return error;
    }
    return std::nullopt;
  }
  static tgkit::net::HttpRequest get(const tgkit::net::Origin& origin, const std::string& target = "/") {
    return tgkit::net::HttpRequest("GET", origin, target);
  }
  static tgkit::net::HttpRequest post(const tgkit::net::Origin& origin, const std::string& body) {
    tgkit::net::HttpRequest request("POST", origin, "/");
    request.body = body;
    return request;
  }

  boost::asio::io_context io;
  tgkit::ManualClock clock;
  std::deque<std::function<Task<>()>> scripts;
  tgkit::TaskGroup tasks{io.get_executor(), [](const std::exception_ptr& error) {
                           try {
                             std::rethrow_exception(error);
                           } catch (const std::exception& e) {
                             ADD_FAILURE() << "a script failed: " << e.what();
                           }
                         }};
};

}  // namespace tests
