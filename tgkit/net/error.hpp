#pragma once
// What goes wrong between us and a peer: the one exception type of this folder.
#include <stdexcept>
#include <string>

namespace tgkit::net {

// How much of the request had been handed to the kernel when the exchange broke. `nothing` is the only case in which
// the peer surely has not acted.
enum class Sent { nothing, some, all };

enum class Failure { resolve, connect, proxy, tls, timeout, write, read, malformed, too_large, closed, cancelled };

// What went wrong between us and the peer. what() is free of secrets and says host, label, stage and cause.
class Error : public std::runtime_error {
 public:
  Error(Failure failure, Sent sent, const std::string& text) : runtime_error(text), failure_(failure), sent_(sent) {}
  Failure failure() const noexcept { return failure_; }
  Sent sent() const noexcept { return sent_; }

 private:
  Failure failure_;
  Sent sent_;
};

}  // namespace tgkit::net
