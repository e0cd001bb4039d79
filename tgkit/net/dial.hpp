#pragma once
// Makes connections: resolves, tries the addresses one after the other, speaks to the proxy, starts TLS. Internal to
// net.
#include "tgkit/net/client.hpp"
#include "tgkit/net/connection.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace tgkit::net {

// Whom an error is about; says so without target and credentials. Views into the request, which outlives it.
struct Subject {
  std::string_view label;
  const Origin* origin;

  Error error(Failure failure, Sent sent, std::string_view stage, std::string_view cause) const;
  // For an operation on `connection` that gave `code`: a deadline that came, close(), or the code itself; throws
  // boost::system::system_error instead when the coroutine was cancelled.
  Error error(const Connection& connection, Failure failure, Sent sent, std::string_view stage, ErrorCode code) const;
};

class Dialer {
 public:
  Dialer(Executor executor, Clock& clock, const ClientSettings& settings);

  // `fresh` is a connection that has not been opened. Throws Error with Sent::nothing.
  Task<> dial(Connection& fresh, const Subject& subject, TimePoint due);

  std::shared_ptr<Connection> fresh_connection();

 private:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  Task<std::vector<Endpoint>> resolve(Connection& connection, const Subject& subject, std::string host,
                                      std::uint16_t port);
  Task<> connect(Connection& connection, const Subject& subject, const std::vector<Endpoint>& endpoints, TimePoint due);
  Task<> start_tls(Connection& connection, const Subject& subject);
  TimePoint step_limit(TimePoint due) const;

  Executor executor_;
  Clock& clock_;
  const ClientSettings& settings_;
  std::shared_ptr<TlsContext> tls_;
};

// What a proxy is told and what it may answer. Throw Error (proxy) with Sent::nothing.
Task<> open_http_tunnel(Connection& connection, const ProxySettings& proxy, const Subject& subject);
Task<> open_socks5(Connection& connection, const ProxySettings& proxy, const Subject& subject);

}  // namespace tgkit::net
