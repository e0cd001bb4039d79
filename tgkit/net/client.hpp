#pragma once
// The HTTP/1.1 client: keep-alive pool, TLS with verification, CONNECT and SOCKS5 proxies, one deadline per exchange,
// and exact knowledge of what had left when it broke.
#include "tgkit/net/error.hpp"
#include "tgkit/net/http.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::net {

struct ProxySettings {
  enum class Kind { http_connect, socks5 };
  Kind kind = Kind::http_connect;
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  Secret password;
  // "http://user:pass@host:3128", "socks5://host:1080"; throws std::invalid_argument without repeating the text
  static ProxySettings parse(std::string_view text);
};

struct ClientSettings {
  std::optional<ProxySettings> proxy;
  std::size_t max_connections_per_origin = 64;  // more callers wait their turn, first come first served
  Duration connect_timeout = std::chrono::seconds{10};
  Duration idle_timeout = std::chrono::seconds{60};  // a pooled connection unused for longer is closed, not reused
  std::string user_agent = "tgkit";
  std::string ca_file;                                    // PEM; empty: the system's
  std::map<std::string, std::vector<std::string>> hosts;  // addresses of names that are not asked of the resolver
};

// Not thread-safe: used on the loop's thread only.
class HttpClient {
 public:
  HttpClient(Executor executor, Clock& clock, ClientSettings settings);
  ~HttpClient();

  // Every status is an answer, redirects too; throws net::Error when there is none. A request on a reused connection
  // that turns out to be closed is repeated once on a fresh one, if no byte of it had left or it is repeatable.
  // What a sink or a source throws comes out as it is. Cancelling the caller breaks the exchange at once and throws
  // boost::system::system_error (operation_aborted). Throws std::invalid_argument, before anything is sent, for a
  // method, target or header that could not be written down.
  Task<HttpResponse> send(HttpRequest request);

  void drop_idle();  // those under way go on; the next request dials
  void close();      // drops idle connections, breaks exchanges under way (Failure::cancelled); can be used again

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tgkit::net
