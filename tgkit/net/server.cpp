#include "tgkit/net/server.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/async/timeout.hpp"
#include "tgkit/net/connection.hpp"
#include "tgkit/net/message_parser.hpp"
#include "tgkit/net/network.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <sys/resource.h>

namespace tgkit::net {

namespace {

using boost::asio::ip::tcp;
using Acceptor = boost::asio::basic_socket_acceptor<tcp, Executor>;

// A body up to this size is copied behind the head and leaves with it.
constexpr std::size_t small_body = 16u << 10;
// How long a refused client may go on sending until it has read why.
constexpr std::chrono::seconds linger{2};
// Until more files may be open again.
constexpr std::chrono::milliseconds accept_pause{100};

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 420:
      return "Flood";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

void append_number(std::string& text, std::uint64_t number, int base = 10) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, base);
  text.append(digits, end);
}

bool forbids_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

// "Sun, 06 Nov 1994 08:49:37 GMT", made once a second.
class DateText {
 public:
  const std::string& at(WallTime when) {
    const std::time_t second = std::chrono::system_clock::to_time_t(when);
    if (second != second_) {
      static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
      static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
      std::tm parts{};
      gmtime_r(&second, &parts);
      char clock[32];
      std::strftime(clock, sizeof clock, " %Y %H:%M:%S GMT", &parts);  // digits only: no locale in them
      const std::string day = std::to_string(parts.tm_mday);
      text_ = std::string(days[parts.tm_wday]) + ", " + (day.size() < 2 ? "0" : "") + day + " " + months[parts.tm_mon] +
              clock;
      second_ = second;
    }
    return text_;
  }

 private:
  std::time_t second_ = -1;
  std::string text_;
};

[[noreturn]] void peer_is_gone(std::string_view cause) {
  throw Error(Failure::closed, Sent::some, "writing an answer: " + std::string(cause));
}

// A connection, and what has to be known of it to let it go.
struct Peer : Seat {
  Peer(Socket socket, Clock& clock_) : connection(std::move(socket), clock_), clock(clock_) { since = clock.now(); }
  Connection connection;
  Clock& clock;
  std::string address;
  bool asked_before = false;

  void begin(Doing what) {
    if (doing == Doing::leaving) return;
    doing = what;
    since = clock.now();
  }
  // It was told to go when its request had been read already, and this coroutine did not know it yet.
  void stay() {
    if (doing != Doing::leaving) return;
    connection.forgive();
    doing = Doing::idle;
  }
  bool has_unread() {
    ErrorCode ignored;
    return connection.socket().available(ignored) > 0;
  }
};

bool has_unread(Seat& seat) { return static_cast<Peer&>(seat).has_unread(); }

// From here on a newcomer may need somebody's place.
std::size_t crowd(const SeatLimits& limits) {
  return limits.most_per_share == 0 ? limits.most : std::min(limits.most, limits.most_per_share);
}

// Files that stay free for the store and for calls of our own.
constexpr std::size_t files_for_others = 256;

std::size_t places_for(std::size_t wanted) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return wanted;
  const auto most = static_cast<std::size_t>(files.rlim_cur);
  return std::min(wanted, most > 2 * files_for_others ? most - files_for_others : most / 2);
}

}  // namespace

struct ResponseStream::Impl {
  Impl(Connection& connection_, Clock& clock_, Duration limit_, bool chunked_)
      : connection(&connection_), clock(clock_), limit(limit_), chunked(chunked_) {}
  Connection* connection;  // null when the stream has ended
  Clock& clock;
  Duration limit;
  bool chunked;

  Task<> write(std::string_view data) {
    connection->limit_until(clock.now() + limit);
    const ErrorCode error = co_await connection->write(data);
    const bool late = connection->broken() == Connection::Broken::late;
    connection->unlimited();
    if (late) peer_is_gone("the peer reads too slowly");
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) peer_is_gone(error.message());
  }
};

Task<> ResponseStream::write(std::string piece) {
  const std::shared_ptr<Impl> impl = impl_;
  if (impl->connection == nullptr) peer_is_gone("the stream has ended");
  if (piece.empty()) co_return;  // an empty chunk would end the body
  if (!impl->chunked) {
    co_await impl->write(piece);
    co_return;
  }
  std::string chunk;
  chunk.reserve(piece.size() + 20);
  append_number(chunk, piece.size(), 16);
  chunk.append("\r\n").append(piece).append("\r\n");
  co_await impl->write(chunk);
}

struct HttpServer::Impl : std::enable_shared_from_this<HttpServer::Impl> {
  Impl(Executor executor_, Clock& clock_, ServerSettings settings_, Handler handler_)
      : executor(executor_),
        clock(clock_),
        settings(std::move(settings_)),
        handler(std::move(handler_)),
        acceptor(executor),
        // By value: the last task may end after us.
        tasks(executor, [on_error = settings.on_error](const std::exception_ptr& error) {
          if (on_error) on_error(error);
        }) {}

  Executor executor;
  Clock& clock;
  ServerSettings settings;
  Handler handler;
  Acceptor acceptor;
  std::uint16_t port = 0;
  std::shared_ptr<TlsContext> tls;
  std::vector<std::shared_ptr<Peer>> peers;
  DateText date;
  bool stopping = false;
  SeatLimits limits;
  TaskGroup tasks;

  void listen();
  static Task<> accept(std::shared_ptr<Impl> self);
  void receive(Socket socket);
  std::shared_ptr<Peer> introduce(Socket socket) const;
  bool is_crowded() const { return peers.size() >= crowd(limits); }
  bool has_place(const Peer& newcomer);
  void send_away(Seat* seat);
  std::vector<Seat*> seats() const;
  void tell(TurnedAway reason, const Peer& peer) const {
    if (settings.on_turned_away) settings.on_turned_away(reason, peer.address);
  }
  static Task<> serve(std::shared_ptr<Impl> self, std::shared_ptr<Peer> peer);
  Task<> converse(Peer& peer);
  Task<bool> read_request(Peer& peer, RequestParser& parser);
  Task<> refuse(Peer& peer, int status);
  Task<ServerResponse> handle(Peer& peer, RequestParser& parser);
  Task<bool> answer(Connection& connection, ServerResponse& response, bool head_only, bool keep_alive, int version);
  Task<bool> answer_by_stream(Connection& connection, ServerResponse& response, bool keep_alive, int version);
  Task<bool> write(Connection& connection);
  void write_head(const ServerResponse& response, std::string& head, bool keep_alive, int version);
  void report(const std::exception_ptr& error) const {
    if (settings.on_error) settings.on_error(error);
  }
  void stop_accepting();
  void drop_idle();
  void drop_all();
};

void HttpServer::Impl::listen() {
  const auto fail = [this](const std::string& cause) {
    throw Error(Failure::connect, Sent::nothing,
                "listening on " + settings.host + ":" + std::to_string(settings.port) + ": " + cause);
  };
  if (settings.tls_certificate_file.empty() != settings.tls_key_file.empty()) {
    fail("a TLS certificate needs its key, and the other way round");
  }
  try {
    if (!settings.tls_key_file.empty()) {
      tls = TlsContext::server(settings.tls_certificate_file, settings.tls_key_file);
    }
    const tcp::endpoint endpoint(
        boost::asio::ip::make_address(settings.host == "localhost" ? "127.0.0.1" : settings.host), settings.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
    port = acceptor.local_endpoint().port();
  } catch (const boost::system::system_error& error) {
    ErrorCode ignored;
    acceptor.close(ignored);
    fail(error.code().message());
  } catch (const std::runtime_error& error) {
    fail(error.what());
  }
  limits.most = places_for(settings.max_connections);
  limits.most_per_share = settings.max_per_address;
  tasks.spawn(accept(shared_from_this()));
}

Task<> HttpServer::Impl::accept(std::shared_ptr<Impl> self) {
  while (!self->stopping) {
    Socket socket(self->executor);
    const auto [error] = co_await self->acceptor.async_accept(socket, boost::asio::as_tuple(boost::asio::deferred));
    if (self->stopping || error == boost::asio::error::operation_aborted) co_return;
    if (error == boost::asio::error::no_descriptors || error == boost::asio::error::no_memory) {
      self->send_away(gives_way(self->seats(), self->clock.now(), has_unread));
      co_await self->clock.sleep_for(accept_pause);
      continue;
    }
    if (error) continue;
    // What others have sent, and was read already, reaches their coroutines first: they are no longer idle.
    if (self->is_crowded()) co_await boost::asio::post(self->executor, boost::asio::deferred);
    if (!self->stopping) self->receive(std::move(socket));
  }
}

void HttpServer::Impl::receive(Socket socket) {
  const std::shared_ptr<Peer> peer = introduce(std::move(socket));
  if (settings.admits && !settings.admits(peer->address)) return tell(TurnedAway::address, *peer);
  if (!has_place(*peer)) return;
  peer->connection.configure();
  peers.push_back(peer);
  tasks.spawn(serve(shared_from_this(), peer));
}

std::shared_ptr<Peer> HttpServer::Impl::introduce(Socket socket) const {
  const auto peer = std::make_shared<Peer>(std::move(socket), clock);
  ErrorCode ignored;
  const auto there = peer->connection.socket().remote_endpoint(ignored).address();
  const auto here = peer->connection.socket().local_endpoint(ignored).address();
  peer->address = there.to_string();
  peer->share = share_of(peer->address);
  peer->trusted = there == here || is_loopback(peer->address) || (settings.trusted && settings.trusted(peer->address));
  return peer;
}

std::vector<Seat*> HttpServer::Impl::seats() const {
  std::vector<Seat*> all;
  all.reserve(peers.size());
  for (const std::shared_ptr<Peer>& peer : peers) all.push_back(peer.get());
  return all;
}

bool HttpServer::Impl::has_place(const Peer& newcomer) {
  if (!is_crowded()) return true;
  const Placing placing = place(seats(), newcomer, limits, clock.now(), has_unread);
  if (placing.refused) tell(*placing.refused, newcomer);
  send_away(placing.gives_way);
  return !placing.refused;
}

void HttpServer::Impl::send_away(Seat* seat) {
  if (seat == nullptr) return;
  auto& peer = static_cast<Peer&>(*seat);
  peer.begin(Seat::Doing::leaving);
  tell(TurnedAway::gave_way, peer);
  peer.connection.abort();
}

Task<> HttpServer::Impl::serve(std::shared_ptr<Impl> self, std::shared_ptr<Peer> peer) {
  struct Forget {
    Impl& impl;
    const Peer* peer;
    ~Forget() {
      std::erase_if(impl.peers, [this](const auto& kept) { return kept.get() == peer; });
    }
  };
  const Forget forget{*self, peer.get()};
  Connection& connection = peer->connection;
  if (self->tls) {
    connection.use(Tls::server(self->tls));
    connection.limit_until(self->clock.now() + self->settings.head_timeout);
    const ErrorCode error = co_await connection.handshake();
    if (error || connection.broken() != Connection::Broken::no) co_return;
  }
  co_await self->converse(*peer);
  connection.farewell();
}

Task<> HttpServer::Impl::converse(Peer& peer) {
  Connection& connection = peer.connection;
  RequestParser::Limits limits;
  limits.head = settings.max_head;
  limits.body = settings.max_body;
  if (settings.max_body_for) limits.body_for = &settings.max_body_for;
  bool keep_alive = true;
  while (keep_alive && !stopping) {
    RequestParser parser(limits);
    const bool was_read = co_await read_request(peer, parser);
    if (!was_read) co_return;
    connection.unlimited();
    keep_alive = parser.keep_alive();
    const bool head_only = parser.request().method == "HEAD";
    const int version = parser.version();
    peer.begin(Seat::Doing::answering);
    ServerResponse response = co_await handle(peer, parser);
    keep_alive = co_await answer(connection, response, head_only, keep_alive, version);
    peer.asked_before = true;
    peer.begin(Seat::Doing::idle);
  }
}

// False: there is none, and the connection is done with.
Task<bool> HttpServer::Impl::read_request(Peer& peer, RequestParser& parser) {
  Connection& connection = peer.connection;
  connection.limit_until(peer.since + (peer.asked_before ? settings.idle_timeout : settings.first_timeout));
  enum class Part { none, head, body } part = Part::none;
  bool judged = false;
  while (true) {
    if (!connection.input().empty()) {
      if (peer.doing == Seat::Doing::idle) peer.begin(Seat::Doing::reading);
      const Fed fed = parser.feed(connection.input().data());
      connection.input().consume(fed.used);
      if (fed.error) {
        co_await refuse(peer, RequestParser::refusal(fed.error));
        co_return false;
      }
      if (!judged && parser.is_header_done()) {
        judged = true;
        parser.request().peer = peer.address;
        const int status = settings.refuse_head ? settings.refuse_head(parser.request()) : 0;
        if (status != 0) {
          co_await refuse(peer, status);
          co_return false;
        }
      }
      if (parser.is_done()) co_return true;
      if (part == Part::none) {
        part = Part::head;
        connection.limit_until(clock.now() + settings.head_timeout);
      }
      if (part == Part::head && parser.is_header_done()) {
        part = Part::body;
        connection.limit_until(clock.now() + settings.body_timeout);
        if (parser.expects_continue()) co_await connection.write("HTTP/1.1 100 Continue\r\n\r\n");
      }
    }
    const auto [received, size] = co_await connection.receive();
    const ErrorCode error = connection.received(received, size);
    if (!error && !connection.input().empty()) peer.stay();
    if (connection.broken() == Connection::Broken::late && part != Part::none) {
      connection.forgive();
      co_await refuse(peer, 408);
      co_return false;
    }
    if (error || connection.broken() != Connection::Broken::no) co_return false;
  }
}

// Answers a request that was not understood. What the client still sends is read and dropped for a while, or the
// system would reset the connection and take the answer with it.
Task<> HttpServer::Impl::refuse(Peer& peer, int status) {
  Connection& connection = peer.connection;
  ServerResponse response(status, std::string(reason(status)) + "\n");
  const bool answered = co_await answer(connection, response, false, false, 11);
  if (!answered && connection.broken() != Connection::Broken::no) co_return;
  connection.farewell();
  connection.limit_until(clock.now() + linger);
  while (connection.broken() == Connection::Broken::no) {
    const auto [received, size] = co_await connection.receive();
    if (connection.received(received, size)) co_return;
    connection.input().consume(connection.input().data().size());
  }
}

Task<ServerResponse> HttpServer::Impl::handle(Peer& peer, RequestParser& parser) {
  ServerRequest& request = parser.request();
  request.tls = peer.connection.encrypted();
  try {
    co_return co_await handler(std::move(request));
  } catch (...) {
    const std::exception_ptr error = std::current_exception();
    if (is_cancellation(error)) throw;
    report(error);
  }
  co_return ServerResponse(500, "Internal Server Error\n");
}

// True: the connection can be used on.
Task<bool> HttpServer::Impl::answer(Connection& connection, ServerResponse& response, bool head_only, bool keep_alive,
                                    int version) {
  keep_alive = keep_alive && !response.close && !stopping;
  if (response.stream && !head_only && !forbids_body(response.status)) {
    co_return co_await answer_by_stream(connection, response, keep_alive, version);
  }
  std::string& head = connection.scratch();
  write_head(response, head, keep_alive, version);
  const bool body = !head_only && !forbids_body(response.status);
  const bool together = body && response.body.size() <= small_body;
  if (together) head.append(response.body);
  connection.queue(head, body && !together ? std::string_view(response.body) : std::string_view());
  ErrorCode error;
  const Connection::Flush flushed = connection.flush(error);
  if (flushed == Connection::Flush::failed) co_return false;
  if (flushed == Connection::Flush::blocked) {
    const bool written = co_await write(connection);
    if (!written) co_return false;
  }
  co_return keep_alive;
}

// Goes on where a flush was blocked. False: the peer is gone or reads too slowly.
Task<bool> HttpServer::Impl::write(Connection& connection) {
  connection.limit_until(clock.now() + settings.write_timeout);
  ErrorCode error;
  while (true) {
    const auto [failed] = co_await connection.writable();
    if (failed || connection.broken() != Connection::Broken::no) co_return false;
    const Connection::Flush flushed = connection.flush(error);
    if (flushed != Connection::Flush::blocked) co_return flushed == Connection::Flush::done;
  }
}

Task<bool> HttpServer::Impl::answer_by_stream(Connection& connection, ServerResponse& response, bool keep_alive,
                                              int version) {
  // A client of HTTP/1.0 takes the end of the connection for the end.
  const bool chunked = version >= 11 && !response.raw;
  keep_alive = keep_alive && chunked;
  std::string head;
  if (!response.raw) write_head(response, head, keep_alive, version);
  const auto stream = std::make_shared<ResponseStream::Impl>(connection, clock, settings.write_timeout, chunked);
  struct End {
    ResponseStream::Impl& stream;
    ~End() { stream.connection = nullptr; }
  };
  const End end{*stream};
  try {
    if (!response.raw) co_await stream->write(head);
    co_await response.stream(ResponseStream(stream));
    if (response.reset) {
      ErrorCode ignored;
      connection.socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
      connection.socket().close(ignored);
      co_return false;
    }
    if (chunked) co_await stream->write("0\r\n\r\n");
    co_return keep_alive&& connection.broken() == Connection::Broken::no;
  } catch (const Error&) {
    // The peer is gone: that is how most streams end.
  } catch (...) {
    const std::exception_ptr error = std::current_exception();
    if (is_cancellation(error)) throw;
    report(error);
  }
  ErrorCode ignored;
  connection.socket().close(ignored);  // no goodbye: the body has no end
  co_return false;
}

void HttpServer::Impl::write_head(const ServerResponse& response, std::string& head, bool keep_alive, int version) {
  head.assign("HTTP/1.1 ");
  append_number(head, static_cast<std::uint64_t>(response.status));
  head.append(" ").append(reason(response.status)).append("\r\n");
  if (!response.content_type.empty() && !forbids_body(response.status)) {
    head.append("Content-Type: ").append(response.content_type).append("\r\n");
  }
  if (response.stream) {
    if (version >= 11) head.append("Transfer-Encoding: chunked\r\n");
  } else if (!forbids_body(response.status)) {
    head.append("Content-Length: ");
    append_number(head, response.body.size());
    head.append("\r\n");
  }
  if (!response.headers.find("Date")) head.append("Date: ").append(date.at(clock.wall())).append("\r\n");
  if (!keep_alive) {
    head.append("Connection: close\r\n");
  } else if (version < 11) {
    head.append("Connection: keep-alive\r\n");
  }
  for (const auto& [name, value] : response.headers) head.append(name).append(": ").append(value).append("\r\n");
  head.append("\r\n");
}

void HttpServer::Impl::stop_accepting() {
  stopping = true;
  ErrorCode ignored;
  acceptor.close(ignored);
}

void HttpServer::Impl::drop_idle() {
  const auto all = peers;
  for (const std::shared_ptr<Peer>& peer : all) {
    if (peer->doing == Seat::Doing::idle) peer->connection.abort();
  }
}

void HttpServer::Impl::drop_all() {
  const auto all = peers;
  for (const std::shared_ptr<Peer>& peer : all) peer->connection.abort();
  tasks.cancel();
}

HttpServer::HttpServer(Executor executor, Clock& clock, ServerSettings settings, Handler handler)
    : impl_(std::make_shared<Impl>(executor, clock, std::move(settings), std::move(handler))) {}

HttpServer::~HttpServer() {
  impl_->stop_accepting();
  impl_->drop_all();
}

void HttpServer::listen() { impl_->listen(); }

std::uint16_t HttpServer::port() const noexcept { return impl_->port; }

Task<> HttpServer::stop(Duration grace) {
  const std::shared_ptr<Impl> impl = impl_;
  impl->stop_accepting();
  impl->drop_idle();
  try {
    co_await with_timeout(impl->clock, grace, impl->tasks.join());
    co_return;
  } catch (const TimedOut&) {
  }
  impl->drop_all();
  co_await impl->tasks.join();
}

}  // namespace tgkit::net
