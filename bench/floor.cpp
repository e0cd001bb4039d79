// The floor: the HTTP work of an echo bot and nothing else. Raw sockets, epoll, parsing by hand; no state, no order per
// chat, no errors handled. What a bot costs above it is the price of its framework.
//   bench_floor PORT [connections for sendMessage] [file]
// With a file it keeps one promise, as cheaply as it can be kept: updates are on the disk before they are answered and
// confirmed, by one page and one fdatasync for what came at once.
#include "bench/wire.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace bench;

struct Reply {
  std::int64_t chat = 0;
  std::string text;
};

// A file of fixed size that is written round and round: the disk is asked for data only, never for a longer file.
class Pages {
 public:
  explicit Pages(const char* path) : file_(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0) std::exit(1);
    for (int i = 0; i < count; ++i) put();
    sync();
  }

  void write(std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), page_.size()), page_.begin());
    put();
    sync();
  }

 private:
  void put() {
    const auto size = static_cast<ssize_t>(page_.size());
    if (pwrite(file_, page_.data(), page_.size(), next_ * size) != size) std::exit(1);
    next_ = (next_ + 1) % count;
  }

  void sync() const {
    if (fdatasync(file_) != 0) std::exit(1);
  }

  static constexpr int count = 512;
  int file_;
  int next_ = 0;
  std::array<char, 4096> page_{};
};

class Floor {
 public:
  Floor(std::uint16_t port, int connections, const char* file) : epoll_(epoll_create1(0)) {
    if (file != nullptr) pages_.emplace(file);
    poll_.fd = connect_to_loopback(port);
    watch(epoll_, poll_);
    for (int i = 0; i < connections; ++i) {
      Wire& wire = *pool_.emplace_back(std::make_unique<Wire>());
      wire.fd = connect_to_loopback(port);
      watch(epoll_, wire);
      idle_.push_back(&wire);
    }
  }

  void run() {
    ask();
    std::vector<epoll_event> events(64);
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) serve(*static_cast<Wire*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }

 private:
  void serve(Wire& wire) {
    if (!receive(wire)) std::exit(0);
    while (const auto message = next_message(wire)) {
      if (&wire == &poll_) {
        take(message->body);
      } else {
        idle_.push_back(&wire);
      }
    }
    while (!idle_.empty() && !waiting_.empty()) {
      Wire& next = *idle_.back();
      idle_.pop_back();
      answer(next, waiting_.front());
      waiting_.pop_front();
    }
    if (!asked_ && waiting_.size() < 100) ask();
    if (!flush(wire, epoll_)) std::exit(0);
  }

  void ask() {
    asked_ = true;
    body_ = "{\"offset\":";
    append_number(body_, offset_);
    body_ += ",\"limit\":100,\"timeout\":30}";
    post(poll_, "getUpdates");
  }

  void take(std::string_view body) {
    asked_ = false;
    if (pages_ && body.size() > empty_answer) pages_->write(body);
    constexpr std::string_view mark = "{\"update_id\":";
    for (std::size_t at = body.find(mark); at != std::string_view::npos;) {
      const std::size_t next = body.find(mark, at + mark.size());
      const std::string_view update = body.substr(at, next == std::string_view::npos ? next : next - at);
      offset_ = integer_after(update, mark, 0) + 1;
      Reply reply;
      reply.chat = integer_after(update, "\"chat\":{\"id\":", 0);
      const std::size_t text = update.find("\"text\":\"") + 8;
      reply.text = update.substr(text, update.find('"', text) - text);
      waiting_.push_back(std::move(reply));
      at = next;
    }
  }

  void answer(Wire& wire, const Reply& reply) {
    body_ = "{\"chat_id\":";
    append_number(body_, reply.chat);
    body_ += ",\"text\":\"";
    body_ += reply.text;
    body_ += "\"}";
    post(wire, "sendMessage");
  }

  void post(Wire& wire, std::string_view method) {
    wire.out += "POST /bot123:TEST/";
    wire.out += method;
    wire.out += " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ";
    append_number(wire.out, static_cast<std::int64_t>(body_.size()));
    wire.out += "\r\n\r\n";
    wire.out += body_;
    if (!flush(wire, epoll_)) std::exit(0);
  }

  static constexpr std::size_t empty_answer = 40;  // {"ok":true,"result":[]} and some room

  int epoll_;
  std::optional<Pages> pages_;
  Wire poll_;
  std::vector<std::unique_ptr<Wire>> pool_;
  std::vector<Wire*> idle_;
  std::deque<Reply> waiting_;
  std::string body_;
  std::int64_t offset_ = 0;
  bool asked_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int connections = argc > 2 ? std::atoi(argv[2]) : 16;
  Floor(static_cast<std::uint16_t>(std::atoi(argv[1])), connections, argc > 3 ? argv[3] : nullptr).run();
}
