#pragma once
// The HTTP/1.1 server: limits on head, body and time, keep-alive, graceful close. A slow client holds nothing but its
// own connection, and that for a limited time.
#include "tgkit/net/error.hpp"
#include "tgkit/net/http.hpp"
#include "tgkit/net/seats.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tgkit::net {

struct ServerRequest {
  std::string method;
  std::string target;  // as sent
  std::string path;    // before '?', still encoded
  std::string query;   // after '?', still encoded
  Headers headers;
  std::string body;
  std::string peer;  // address of the other end, without port
  bool tls = false;
};

struct ServerResponse {
  explicit ServerResponse(int status_ = 200, std::string body_ = {},
                          std::string content_type_ = "text/plain; charset=utf-8")
      : status(status_), body(std::move(body_)), content_type(std::move(content_type_)) {}
  int status;
  std::string body;
  std::string content_type;
  Headers headers;     // Content-Length, Connection and, unless given, Date are written by the server
  bool close = false;  // close the connection after this answer
  std::function<Task<>(class ResponseStream)> stream;  // when set: chunked, `body` ignored (server-sent events)
  // With `stream`: it writes the head, too, byte for byte as it likes. The connection is closed after it, with `reset`
  // by a reset instead of an end. For servers that misbehave on purpose.
  bool raw = false, reset = false;
};

// Given to ServerResponse::stream. write() throws net::Error when the peer is gone or reads too slowly, and after the
// stream function has returned. A stream that throws leaves the body without its end, so that the peer can tell.
class ResponseStream {
 public:
  struct Impl;
  explicit ResponseStream(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  Task<> write(std::string piece);

 private:
  std::shared_ptr<Impl> impl_;
};

struct ServerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;                            // 0: any free one, see HttpServer::port()
  std::size_t max_head = 32u << 10;                  // beyond: 431
  std::size_t max_body = 1u << 20;                   // beyond: 413
  Duration head_timeout = std::chrono::seconds{10};  // from the first byte of a request to the end of its head: 408
  Duration body_timeout = std::chrono::seconds{30};
  Duration first_timeout = std::chrono::seconds{10};  // from the connection to the first byte of its first request
  Duration idle_timeout = std::chrono::seconds{60};   // between requests
  Duration write_timeout = std::chrono::seconds{30};
  // Beyond: the longest idle connection gives way, or the new one is closed at once. Fewer, where the process may not
  // open so many files.
  std::size_t max_connections = 1024;
  std::size_t max_per_address = 0;  // 0: no bound; never one for this machine and for `trusted`
  // Judges an address before anything is read; null: everyone may come in. Neither may throw.
  std::function<bool(std::string_view address)> admits, trusted;
  // Told of every connection that was closed for want of a place or a permission; it must not throw.
  std::function<void(TurnedAway reason, std::string_view address)> on_turned_away;
  std::function<std::size_t(std::string_view path)> max_body_for;  // overrules max_body where a path may take more
  // Judges a request by its head (method, target, headers, peer) before its body is read: 0 goes on, a status is
  // answered and ends the connection. It must not throw.
  std::function<int(const ServerRequest& head)> refuse_head;
  // Gets what a handler or a stream threw (cancellation excepted); it must not throw.
  std::function<void(std::exception_ptr)> on_error;
  std::string tls_certificate_file, tls_key_file;  // PEM; both or none
};

// Not thread-safe: used on the loop's thread only. A handler that throws is answered with 500.
class HttpServer {
 public:
  using Handler = std::function<Task<ServerResponse>(ServerRequest)>;

  HttpServer(Executor executor, Clock& clock, ServerSettings settings, Handler handler);
  ~HttpServer();

  void listen();                        // throws net::Error (connect) that names the address and the cause
  std::uint16_t port() const noexcept;  // the bound one
  // Accepts no more, lets requests under way finish until `grace` has passed, then cancels what is left and returns
  // when it has ended. Await it before the server is destroyed if a handler refers to anything that goes with it.
  Task<> stop(Duration grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tgkit::net
