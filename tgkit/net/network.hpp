#pragma once
// Networks of addresses, as allow lists name them, and who is at the other end behind proxies. Pure.
#include "tgkit/net/http.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tgkit::net {

// "149.154.160.0/20", "2001:db8::/32", or one address. An IPv4 address that is written as IPv6 (::ffff:192.0.2.1, as a
// socket for both sorts gives it) is taken for the IPv4 address it is.
class Network {
 public:
  // Throws std::invalid_argument that says what is wrong; bits behind the prefix must be zero, since a network whose
  // address does not fit its size is mostly a slip of the pen.
  static Network parse(std::string_view text);

  bool contains(std::string_view address) const;  // false for what is no address
  std::string text() const;                       // "149.154.160.0/20"

 private:
  std::array<unsigned char, 16> bytes_{};  // IPv4 in its mapped form
  unsigned prefix_ = 128;                  // of the 128 bits
};

// "localhost", or an address in 127.0.0.0/8 or ::1: what is there is on this machine.
bool is_loopback(std::string_view host);

bool any_contains(std::span<const Network> networks, std::string_view address);

// The address a request comes from: the peer's, unless the peer is a proxy that is trusted; then the last address of
// X-Forwarded-For that is no trusted proxy, since everything before it may have been written by the client. Empty when
// that entry is no address. When every entry is trusted, the first of them.
std::string client_address(std::string_view peer, const Headers& headers, std::span<const Network> trusted);

}  // namespace tgkit::net
