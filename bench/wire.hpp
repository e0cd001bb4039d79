#pragma once
// Sockets and HTTP framing by hand: what the floor and the load server share. No framework, no abstraction that costs.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/epoll.h>

namespace bench {

// One keep-alive connection that does not block.
struct Wire {
  int fd = -1;
  std::string in;  // received and not yet consumed
  std::size_t consumed = 0;
  std::string out;  // not yet accepted by the kernel
  bool wants_write = false;
};

// A request or an answer, inside Wire::in until the next receive().
struct Message {
  std::string_view head;
  std::string_view body;
};

int listen_on_loopback(std::uint16_t& port);  // 0: any; set to the port taken
int connect_to_loopback(std::uint16_t port);
int accept_from(int listener);  // -1: nobody there

bool receive(Wire& wire);  // false: the peer is gone
std::optional<Message> next_message(Wire& wire);
bool flush(Wire& wire, int epoll);  // false: the peer is gone
void watch(int epoll, Wire& wire);
[[noreturn]] void die(const char* what);

// The integer behind `key` (as `"offset":`), quoted or not; `otherwise` when there is none.
std::int64_t integer_after(std::string_view text, std::string_view key, std::int64_t otherwise);
void append_number(std::string& out, std::int64_t value);

}  // namespace bench
