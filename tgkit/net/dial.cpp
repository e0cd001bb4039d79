#include "tgkit/net/dial.hpp"

#include "tgkit/async/event.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace tgkit::net {

namespace {

using boost::asio::ip::tcp;

std::string describe(const Connection& connection, ErrorCode code) {
  return connection.tls_error().empty() ? code.message() : "TLS: " + connection.tls_error();
}

}  // namespace

Error Subject::error(Failure failure, Sent sent, std::string_view stage, std::string_view cause) const {
  std::string text(label);
  text.append(" at ").append(origin->authority()).append(": ").append(stage).append(": ").append(cause);
  return Error(failure, sent, text);
}

Error Subject::error(const Connection& connection, Failure failure, Sent sent, std::string_view stage,
                     ErrorCode code) const {
  if (connection.broken() == Connection::Broken::late) return error(Failure::timeout, sent, stage, "timed out");
  if (connection.broken() == Connection::Broken::by_owner) {
    return error(Failure::cancelled, sent, stage, "the client was closed");
  }
  if (code == boost::asio::error::operation_aborted) throw boost::system::system_error(code);
  const bool gone = code == boost::asio::error::eof || code == boost::asio::error::connection_reset ||
                    code == boost::asio::error::broken_pipe;
  if (gone && (failure == Failure::read || failure == Failure::write)) failure = Failure::closed;
  return error(failure, sent, stage,
               code == boost::asio::error::eof ? "closed by the peer" : describe(connection, code));
}

Dialer::Dialer(Executor executor, Clock& clock, const ClientSettings& settings)
    : executor_(executor), clock_(clock), settings_(settings) {}

std::shared_ptr<Connection> Dialer::fresh_connection() {
  return std::make_shared<Connection>(Socket(executor_), clock_);
}

TimePoint Dialer::step_limit(TimePoint due) const { return std::min(due, clock_.now() + settings_.connect_timeout); }

Task<> Dialer::dial(Connection& fresh, const Subject& subject, TimePoint due) {
  const std::optional<ProxySettings>& proxy = settings_.proxy;
  const std::string host = proxy ? proxy->host : subject.origin->host;
  const std::uint16_t port = proxy ? proxy->port : subject.origin->port;
  fresh.limit_until(step_limit(due));
  const std::vector<Endpoint> endpoints = co_await resolve(fresh, subject, host, port);
  co_await connect(fresh, subject, endpoints, due);
  if (proxy) {
    fresh.limit_until(step_limit(due));
    if (proxy->kind == ProxySettings::Kind::http_connect) {
      co_await open_http_tunnel(fresh, *proxy, subject);
    } else {
      co_await open_socks5(fresh, *proxy, subject);
    }
  }
  if (subject.origin->tls) {
    fresh.limit_until(step_limit(due));
    co_await start_tls(fresh, subject);
  }
}

namespace {

// Outlives the coroutine that asks: a system's resolver cannot be interrupted, only left alone.
struct Resolution {
  explicit Resolution(Executor executor) : resolver(executor) {}
  boost::asio::ip::basic_resolver<tcp, Executor> resolver;
  std::vector<tcp::endpoint> found;
  ErrorCode error;
  Event done;
};

}  // namespace

Task<std::vector<tcp::endpoint>> Dialer::resolve(Connection& connection, const Subject& subject, std::string host,
                                                 std::uint16_t port) {
  std::vector<Endpoint> endpoints;
  std::vector<std::string> literals(1, host);
  if (const auto known = settings_.hosts.find(host); known != settings_.hosts.end()) literals = known->second;
  for (const std::string& literal : literals) {
    ErrorCode no_address;
    const auto address = boost::asio::ip::make_address(literal, no_address);
    if (!no_address) endpoints.emplace_back(address, port);
  }
  if (!endpoints.empty()) co_return endpoints;

  const auto resolution = std::make_shared<Resolution>(executor_);
  resolution->resolver.async_resolve(host, std::to_string(port),
                                     [resolution](ErrorCode error, const tcp::resolver::results_type& results) {
                                       resolution->error = error;
                                       for (const auto& entry : results) resolution->found.push_back(entry.endpoint());
                                       resolution->done.set();
                                     });
  connection.on_broken([resolution] {
    resolution->error = boost::asio::error::operation_aborted;
    resolution->done.set();
  });
  co_await resolution->done.wait();
  connection.on_broken({});
  if (connection.broken() != Connection::Broken::no || resolution->error) {
    throw subject.error(connection, Failure::resolve, Sent::nothing, "resolving the name", resolution->error);
  }
  if (resolution->found.empty()) {
    throw subject.error(Failure::resolve, Sent::nothing, "resolving the name", "no address");
  }
  co_return std::move(resolution->found);
}

// One address after the other, each with its own share of time; what the last one failed with is the error.
Task<> Dialer::connect(Connection& connection, const Subject& subject, const std::vector<Endpoint>& endpoints,
                       TimePoint due) {
  for (std::size_t i = 0;; ++i) {
    connection.limit_until(step_limit(due));
    const auto [error] =
        co_await connection.socket().async_connect(endpoints[i], boost::asio::as_tuple(boost::asio::deferred));
    if (!error && connection.broken() == Connection::Broken::no) break;
    const bool late = connection.broken() == Connection::Broken::late && clock_.now() >= due;
    const bool given_up =
        connection.broken() == Connection::Broken::by_owner ||
        (connection.broken() == Connection::Broken::no && error == boost::asio::error::operation_aborted);
    if (late || given_up || i + 1 == endpoints.size()) {
      throw subject.error(connection, Failure::connect, Sent::nothing, "connecting", error);
    }
    ErrorCode ignored;
    connection.socket().close(ignored);
    connection.forgive();
  }
  connection.configure();
}

Task<> Dialer::start_tls(Connection& connection, const Subject& subject) {
  try {
    if (!tls_) tls_ = TlsContext::client(settings_.ca_file);
    connection.use(Tls::client(tls_, subject.origin->host, subject.origin->authority()));
  } catch (const std::runtime_error& failure) {
    throw subject.error(Failure::tls, Sent::nothing, "starting TLS", failure.what());
  }
  const ErrorCode error = co_await connection.handshake();
  if (error || connection.broken() != Connection::Broken::no) {
    throw subject.error(connection, Failure::tls, Sent::nothing, "starting TLS", error);
  }
}

}  // namespace tgkit::net
