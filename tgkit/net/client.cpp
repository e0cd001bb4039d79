#include "tgkit/net/client.hpp"

#include "tgkit/async/event.hpp"
#include "tgkit/async/timeout.hpp"
#include "tgkit/net/dial.hpp"
#include "tgkit/net/message_parser.hpp"

#include <algorithm>
#include <charconv>
#include <list>

#include <boost/asio/error.hpp>

namespace tgkit::net {

namespace {

// A body up to this size is copied behind the head and leaves with it.
constexpr std::size_t small_body = 16u << 10;
// What is read from a BodySource at once.
constexpr std::size_t source_piece = 64u << 10;

// Somebody who waits until a connection of the pool is free.
struct Turn {
  Event called;
  bool granted = false;  // may hold a connection now
};

// The connections to one origin, of one kind. At most `limit` of them are held; the idle ones were held before.
struct Pool {
  std::size_t limit = 0;
  std::size_t held = 0;
  std::vector<std::shared_ptr<Connection>> idle;  // the warmest last
  std::list<Turn*> waiting;

  void release() {
    if (waiting.empty()) {
      --held;
      return;
    }
    Turn* next = waiting.front();
    waiting.pop_front();
    next->granted = true;  // our place is theirs
    next->called.set();
  }
};

// A place in a pool. Going out of scope gives it to the next who waits.
class Place {
 public:
  Place() = default;
  explicit Place(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}
  Place(Place&& other) noexcept = default;
  Place& operator=(Place&& other) noexcept {
    std::swap(pool_, other.pool_);
    return *this;
  }
  ~Place() {
    if (pool_) pool_->release();
  }
  Pool& pool() { return *pool_; }

 private:
  std::shared_ptr<Pool> pool_;
};

bool may_repeat(const HttpRequest& request) {
  return request.repeatable || request.method == "GET" || request.method == "HEAD";
}

bool control_or_space(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; }

void check(const HttpRequest& request) {
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (request.method.empty() || !std::all_of(request.method.begin(), request.method.end(), capital)) {
    throw std::invalid_argument("a method that is no word of capital letters");
  }
  if (request.target.empty() || std::any_of(request.target.begin(), request.target.end(), control_or_space)) {
    throw std::invalid_argument("a target that is empty or holds a space or a control character");
  }
}

void append_number(std::string& text, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  text.append(digits, end);
}

// What an exchange leaves behind, also when it throws.
struct Outcome {
  bool answered = false;  // a byte of the answer came
  bool reusable = false;  // the connection can serve another request
};

}  // namespace

struct HttpClient::Impl {
  Impl(Executor executor, Clock& clock_, ClientSettings settings_)
      : clock(clock_), settings(std::move(settings_)), dialer(executor, clock, settings) {}

  struct Pools {
    std::shared_ptr<Pool> shared = std::make_shared<Pool>(), own = std::make_shared<Pool>();
  };

  Clock& clock;
  ClientSettings settings;
  Dialer dialer;
  std::map<Origin, Pools> origins;
  std::vector<std::weak_ptr<Connection>> living;

  static Task<HttpResponse> send(std::shared_ptr<Impl> self, HttpRequest request);
  Task<Place> wait_for_place(std::shared_ptr<Pool> pool, const Subject& subject, TimePoint due);
  Task<HttpResponse> exchange(Connection& connection, const HttpRequest& request, const Subject& subject,
                              Outcome& outcome);
  Task<> write_blocked(Connection& connection, const Subject& subject, ErrorCode error);
  Task<> write_source(Connection& connection, const HttpRequest& request, const Subject& subject);

  std::shared_ptr<Pool> pool_for(const HttpRequest& request);
  std::shared_ptr<Connection> take_idle(Pool& pool);
  void put_back(const std::shared_ptr<Pool>& pool, std::shared_ptr<Connection> connection);
  std::shared_ptr<Connection> fresh_connection();
  void write_head(const HttpRequest& request, std::string& head) const;
  void drop_idle();
  void close();
};

std::shared_ptr<Pool> HttpClient::Impl::pool_for(const HttpRequest& request) {
  Pools& pools = origins[request.origin];
  pools.shared->limit = settings.max_connections_per_origin;
  pools.own->limit = static_cast<std::size_t>(-1);
  return request.own_connection ? pools.own : pools.shared;
}

std::shared_ptr<Connection> HttpClient::Impl::take_idle(Pool& pool) {
  while (!pool.idle.empty()) {
    std::shared_ptr<Connection> connection = std::move(pool.idle.back());
    pool.idle.pop_back();
    connection->on_broken({});
    if (connection->broken() == Connection::Broken::no && !connection->stale()) return connection;
  }
  return nullptr;
}

void HttpClient::Impl::put_back(const std::shared_ptr<Pool>& pool, std::shared_ptr<Connection> connection) {
  connection->limit_until(clock.now() + settings.idle_timeout);
  connection->on_broken([weak = std::weak_ptr(pool), kept = connection.get()] {
    if (const auto alive = weak.lock()) {
      std::erase_if(alive->idle, [kept](const auto& idle) {
        if (idle.get() != kept) return false;
        idle->farewell();
        return true;
      });
    }
  });
  pool->idle.push_back(std::move(connection));
}

std::shared_ptr<Connection> HttpClient::Impl::fresh_connection() {
  std::erase_if(living, [](const auto& connection) { return connection.expired(); });
  std::shared_ptr<Connection> connection = dialer.fresh_connection();
  living.push_back(connection);
  return connection;
}

Task<Place> HttpClient::Impl::wait_for_place(std::shared_ptr<Pool> pool, const Subject& subject, TimePoint due) {
  Turn turn;
  struct Leave {
    Pool& pool;
    Turn& turn;
    ~Leave() { std::erase(pool.waiting, &turn); }
  };
  pool->waiting.push_back(&turn);
  bool late = false;
  {
    const Leave leave{*pool, turn};
    try {
      co_await with_timeout(clock, due - clock.now(), turn.called.wait());
    } catch (const TimedOut&) {
      late = true;
    } catch (...) {
      if (turn.granted) pool->release();
      throw;
    }
  }
  if (turn.granted) co_return Place(std::move(pool));
  constexpr std::string_view stage = "waiting for a connection";
  if (late) throw subject.error(Failure::timeout, Sent::nothing, stage, "timed out");
  throw subject.error(Failure::cancelled, Sent::nothing, stage, "the client was closed");
}

void HttpClient::Impl::write_head(const HttpRequest& request, std::string& head) const {
  head.clear();
  head.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ");
  head.append(request.origin.authority()).append("\r\n");
  if (!settings.user_agent.empty() && !request.headers.contains("User-Agent")) {
    head.append("User-Agent: ").append(settings.user_agent).append("\r\n");
  }
  const std::uint64_t size = request.source ? request.source->size() : request.body.size();
  if (size > 0 || (request.method != "GET" && request.method != "HEAD")) {
    head.append("Content-Length: ");
    append_number(head, size);
    head.append("\r\n");
  }
  for (const auto& [name, value] : request.headers) head.append(name).append(": ").append(value).append("\r\n");
  head.append("\r\n");
}

// Goes on where a flush was blocked, or had failed with `error`.
Task<> HttpClient::Impl::write_blocked(Connection& connection, const Subject& subject, ErrorCode error) {
  while (!error && connection.broken() == Connection::Broken::no) {
    const auto [failed] = co_await connection.writable();
    error = failed;
    if (!error && connection.flush(error) == Connection::Flush::done) co_return;
  }
  const Sent sent = connection.handed_over() == 0 ? Sent::nothing : Sent::some;
  throw subject.error(connection, Failure::write, sent, "sending the request", error);
}

Task<> HttpClient::Impl::write_source(Connection& connection, const HttpRequest& request, const Subject& subject) {
  const std::uint64_t total = request.source->size();
  std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(total, source_piece)), '\0');
  for (std::uint64_t done = 0; done < total;) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), total - done));
    const std::size_t size = request.source->read(piece.data(), most);
    if (size == 0) throw std::runtime_error("a body source ended before its size");
    const ErrorCode error = co_await connection.write(std::string_view(piece).substr(0, size));
    if (error || connection.broken() != Connection::Broken::no) {
      throw subject.error(connection, Failure::write, Sent::some, "sending the request", error);
    }
    done += size;
    if (request.on_upload) request.on_upload(done, total);
  }
}

// Reads and writes one message each way. It reads on after a failed write, too: a server that refuses an upload
// answers and closes before it has read all of it.
Task<HttpResponse> HttpClient::Impl::exchange(Connection& connection, const HttpRequest& request,
                                              const Subject& subject, Outcome& outcome) {
  std::string& head = connection.scratch();
  write_head(request, head);
  const bool together = !request.source && request.body.size() <= small_body;
  if (together) head.append(request.body);
  connection.count_anew();
  connection.queue(head, together || request.source ? std::string_view() : std::string_view(request.body));
  std::optional<Error> unsent;
  try {
    ErrorCode error;
    if (connection.flush(error) != Connection::Flush::done) co_await write_blocked(connection, subject, error);
    if (request.source) {
      co_await write_source(connection, request, subject);
    } else if (request.on_upload) {
      request.on_upload(request.body.size(), request.body.size());
    }
  } catch (const Error& failure) {
    if (failure.failure() != Failure::closed || failure.sent() == Sent::nothing) throw;
    unsent = failure;
  }

  ResponseParser::Wishes wishes;
  if (request.sink) wishes.sink = &request.sink;
  if (request.on_download) wishes.on_download = &request.on_download;
  wishes.max_body = request.max_response_body;
  wishes.bodyless = request.method == "HEAD";
  const Sent sent = unsent ? Sent::some : Sent::all;
  constexpr std::string_view stage = "reading the answer";
  std::optional<ResponseParser> parser(std::in_place, wishes);
  while (true) {
    const auto [received, size] = co_await connection.receive();
    ErrorCode error = connection.received(received, size);
    outcome.answered = outcome.answered || !connection.input().empty();
    while (!connection.input().empty()) {
      const Fed fed = parser->feed(connection.input().data());
      connection.input().consume(fed.used);
      if (fed.error) {
        const bool too_large = ResponseParser::too_large(fed.error);
        throw subject.error(too_large ? Failure::too_large : Failure::malformed, sent, stage, fed.error.message());
      }
      if (!parser->is_done()) break;
      if (parser->response().status / 100 != 1 || parser->response().status == 101) break;
      parser.emplace(wishes);  // an interim answer
    }
    if (error == boost::asio::error::eof && parser->got_some() && parser->is_header_done() && parser->need_eof()) {
      parser->put_eof(error);
    }
    if (parser->is_done()) break;
    if (!error && connection.broken() == Connection::Broken::no) continue;
    if (unsent) throw *unsent;
    throw subject.error(connection, Failure::read, sent, outcome.answered ? stage : "waiting for the answer", error);
  }
  outcome.reusable = !unsent && parser->keep_alive() && connection.input().empty() && parser->response().status != 101;
  co_return std::move(parser->response());
}

Task<HttpResponse> HttpClient::Impl::send(std::shared_ptr<Impl> self, HttpRequest request) {
  check(request);
  if (request.label.empty()) request.label = request.method;
  const Subject subject{request.label, &request.origin};
  const TimePoint due = self->clock.now() + request.timeout;
  const std::shared_ptr<Pool> pool = self->pool_for(request);
  for (bool repeated = false;; repeated = true) {
    Place place;
    if (pool->held < pool->limit && pool->waiting.empty()) {
      ++pool->held;
      place = Place(pool);
    } else {
      place = co_await self->wait_for_place(pool, subject, due);
    }
    std::shared_ptr<Connection> connection;
    if (!repeated) connection = self->take_idle(*pool);
    const bool reused = connection != nullptr;
    if (!reused) {
      connection = self->fresh_connection();
      co_await self->dialer.dial(*connection, subject, due);
    }
    connection->limit_until(due);
    Outcome outcome;
    try {
      HttpResponse response = co_await self->exchange(*connection, request, subject, outcome);
      if (outcome.reusable) self->put_back(pool, std::move(connection));
      co_return response;
    } catch (const Error& failure) {
      const bool unnoticed = reused && !outcome.answered && failure.failure() == Failure::closed;
      if (!unnoticed || !(failure.sent() == Sent::nothing || may_repeat(request))) throw;
      if (request.source) request.source->rewind();
    }
  }
}

void HttpClient::Impl::drop_idle() {
  for (auto& [origin, pools] : origins) {
    for (const std::shared_ptr<Pool>& pool : {pools.shared, pools.own}) {
      for (const std::shared_ptr<Connection>& idle : std::exchange(pool->idle, {})) idle->farewell();
    }
  }
}

void HttpClient::Impl::close() {
  for (auto& [origin, pools] : origins) {
    for (const std::shared_ptr<Pool>& pool : {pools.shared, pools.own}) {
      for (const std::shared_ptr<Connection>& idle : std::exchange(pool->idle, {})) idle->farewell();
      for (Turn* turn : std::exchange(pool->waiting, {})) turn->called.set();
    }
  }
  for (const std::weak_ptr<Connection>& weak : std::exchange(living, {})) {
    if (const std::shared_ptr<Connection> connection = weak.lock()) connection->abort();
  }
}

HttpClient::HttpClient(Executor executor, Clock& clock, ClientSettings settings)
    : impl_(std::make_shared<Impl>(executor, clock, std::move(settings))) {}

HttpClient::~HttpClient() { impl_->close(); }

Task<HttpResponse> HttpClient::send(HttpRequest request) { return Impl::send(impl_, std::move(request)); }

void HttpClient::drop_idle() { impl_->drop_idle(); }
void HttpClient::close() { impl_->close(); }

}  // namespace tgkit::net
