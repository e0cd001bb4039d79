#include "bench/wire.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

constexpr std::size_t read_size = 64 << 10;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void no_delay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Compares without regard to case; `lower` is lower-case.
bool same_word(std::string_view text, std::string_view lower) {
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if ((text[i] | 0x20) != lower[i] && text[i] != lower[i]) return false;
  }
  return true;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\ncontent-length:";
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    if (head.size() - at < name.size() || !same_word(head.substr(at), name)) continue;
    std::size_t begin = at + name.size();
    while (begin < head.size() && head[begin] == ' ') ++begin;
    std::size_t length = 0;
    std::from_chars(head.data() + begin, head.data() + head.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int listen_on_loopback(std::uint16_t& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(port);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 512) != 0) die("listen");
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

int connect_to_loopback(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("connect");
  no_delay(fd);
  return fd;
}

int accept_from(int listener) {
  const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) no_delay(fd);
  return fd;
}

bool receive(Wire& wire) {
  if (wire.consumed == wire.in.size()) {
    wire.in.clear();
  } else if (wire.consumed > 0) {
    wire.in.erase(0, wire.consumed);
  }
  wire.consumed = 0;
  const std::size_t before = wire.in.size();
  static char buffer[read_size];
  const ssize_t got = recv(wire.fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got == 0) return false;
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  wire.in.append(buffer, static_cast<std::size_t>(got));
  return wire.in.size() > before;
}

std::optional<Message> next_message(Wire& wire) {
  const std::string_view rest = std::string_view(wire.in).substr(wire.consumed);
  const std::size_t end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view head = rest.substr(0, end);
  const std::size_t length = content_length(head);
  if (rest.size() < end + 4 + length) return std::nullopt;
  wire.consumed += end + 4 + length;
  return Message{head, rest.substr(end + 4, length)};
}

bool flush(Wire& wire, int epoll) {
  if (wire.out.empty()) return true;
  const ssize_t sent = send(wire.fd, wire.out.data(), wire.out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return false;
  if (sent > 0) wire.out.erase(0, static_cast<std::size_t>(sent));
  const bool wants_write = !wire.out.empty();
  if (wants_write != wire.wants_write) {
    wire.wants_write = wants_write;
    epoll_event event{};
    event.events = wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = &wire;
    epoll_ctl(epoll, EPOLL_CTL_MOD, wire.fd, &event);
  }
  return true;
}

void watch(int epoll, Wire& wire) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &wire;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, wire.fd, &event) != 0) die("epoll_ctl");
}

std::int64_t integer_after(std::string_view text, std::string_view key, std::int64_t otherwise) {
  std::size_t at = text.find(key);
  if (at == std::string_view::npos) return otherwise;
  at += key.size();
  while (at < text.size() && (text[at] == ' ' || text[at] == '"')) ++at;
  std::int64_t value = otherwise;
  std::from_chars(text.data() + at, text.data() + text.size(), value);
  return value;
}

void append_number(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace bench
