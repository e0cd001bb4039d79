#pragma once
// An http or https address. Its path may hold secrets ("/bot<token>/getMe"), so nothing here prints it by itself.
#include "tgkit/net/secret.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace tgkit::net {

struct Origin {  // where a connection goes; the key of the connection pool
  bool tls = false;
  std::string host;
  std::uint16_t port = 80;
  friend auto operator<=>(const Origin&, const Origin&) = default;

  std::string authority() const;  // "host", or "host:port" when the port is not the scheme's own; "[::1]:8080"
};

// Splits "http[s]://host[:port][/path][?query]"; throws std::invalid_argument that says what is wrong.
// User information in the address is refused: it would be printed somewhere.
struct Url {
  Origin origin;
  std::string target = "/";  // path and query, percent-encoded
  static Url parse(std::string_view text);
  std::string text() const;  // without secrets only if none was put into target
};

std::string percent_encode(std::string_view text);  // everything but unreserved characters
std::string percent_decode(std::string_view text);  // "%41" -> "A"; a broken escape stays as it is; "+" stays "+"

}  // namespace tgkit::net
