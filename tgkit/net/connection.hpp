#pragma once
// A TCP connection, with or without TLS, that reads into one buffer and stands under one deadline. Internal to net:
// client and server share it.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/net/tls.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace tgkit::net {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using ErrorCode = boost::system::error_code;

// Received bytes that nobody has taken yet, in one piece.
class InputBuffer {
 public:
  explicit InputBuffer(std::size_t capacity);
  std::string_view data() const { return {memory_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t size);
  boost::asio::mutable_buffer room(std::size_t least);  // behind the data; grows when there is less than `least`
  void filled(std::size_t size) { end_ += size; }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_, begin_ = 0, end_ = 0;
};

// Not thread-safe: used on the loop's thread only. Its coroutine is the only one that reads or writes.
class Connection {
 public:
  enum class Broken { no, late, by_owner };

  Connection(Socket socket, Clock& clock);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Socket& socket() { return socket_; }
  void configure();  // after connect or accept: no delay, no blocking
  void use(std::unique_ptr<Tls> tls) { tls_ = std::move(tls); }
  bool encrypted() const { return tls_ != nullptr; }

  // When `when` has come, what the connection waits for fails with operation_aborted and broken() is `late`. The timer
  // behind it is moved only when it has to be, so that setting a limit costs nothing as a rule.
  void limit_until(TimePoint when);
  void unlimited() { due_ = TimePoint::max(); }
  void abort();  // the same at once, but broken() is `by_owner`
  // Called, too, when that happens: for waits that are not the socket's. It may destroy the connection.
  void on_broken(std::function<void()> callback) { on_broken_ = std::move(callback); }
  Broken broken() const { return broken_; }
  void forgive() { broken_ = Broken::no; }  // to say a last word after a deadline

  // Reading, in a coroutine:  auto [error, size] = co_await c.receive();  error = c.received(error, size);
  // after which input() may hold more. The end of the stream is boost::asio::error::eof; an end that TLS did not
  // announce is boost::asio::error::connection_reset.
  auto receive() { return socket_.async_read_some(receive_room(), boost::asio::as_tuple(boost::asio::deferred)); }
  ErrorCode received(ErrorCode error, std::size_t size);
  InputBuffer& input() { return input_; }

  // Writing: queue() views that stay valid, then flush() until it is not `blocked`, awaiting writable() in between.
  enum class Flush { done, blocked, failed };
  void queue(std::string_view first, std::string_view second = {});
  Flush flush(ErrorCode& error);
  auto writable() { return socket_.async_wait(Socket::wait_write, boost::asio::as_tuple(boost::asio::deferred)); }
  std::string& scratch() { return scratch_; }                 // for the messages to queue(): keeps its memory
  std::uint64_t handed_over() const { return handed_over_; }  // bytes the kernel took since count_anew()
  void count_anew() { handed_over_ = 0; }

  // Slower ways for what happens rarely. They return the error instead of throwing it.
  Task<ErrorCode> write(std::string_view data);
  Task<ErrorCode> handshake();
  const std::string& tls_error() const { return tls_error_; }

  bool stale();     // without waiting: the peer has closed, or has sent what nobody asked for
  void farewell();  // says goodbye as far as that goes without waiting, and sends the end of the stream

 private:
  boost::asio::mutable_buffer receive_room();
  ErrorCode decrypt();
  bool send_some(ErrorCode& error);  // false: blocked or failed
  bool encrypt_some(ErrorCode& error);
  void arm(TimePoint when);
  void time_came();
  void break_now(Broken why);

  Socket socket_;
  Clock& clock_;
  std::unique_ptr<Tls> tls_;
  InputBuffer input_;
  std::string encrypted_;  // room for received bytes of TLS
  std::array<std::string_view, 2> pieces_;
  std::string scratch_;
  std::uint64_t handed_over_ = 0;
  std::string tls_error_;
  TimePoint due_ = TimePoint::max(), armed_ = TimePoint::max();
  std::function<void()> on_broken_;
  Broken broken_ = Broken::no;
  Clock::Timer timer_;
};

}  // namespace tgkit::net
