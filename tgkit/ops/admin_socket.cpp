#include "tgkit/ops/admin_socket.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/async/timeout.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace tgkit::ops {

namespace {

namespace asio = boost::asio;
using Unix = asio::local::stream_protocol;
using Socket = asio::basic_stream_socket<Unix, Executor>;
using Acceptor = asio::basic_socket_acceptor<Unix, Executor>;
using boost::system::error_code;

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::size_t longest_question = 64u << 10;
constexpr std::size_t most_at_once = 8;
constexpr std::chrono::seconds question_limit{5};
constexpr std::chrono::seconds write_limit{30};
constexpr std::chrono::milliseconds accept_pause{100};

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t tab = line.find('\t');
    words.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return words;
    line.remove_prefix(tab + 1);
  }
}

// A plain file with the socket's name is somebody's data, and stays.
void remove_stale(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) throw std::runtime_error("there is something else of this name: move it away");
  ::unlink(path.c_str());
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const noexcept { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::system_category().message(errno));
}

void send_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(to, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) fail("the running bot does not listen");
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive_all(int from) {
  std::string text;
  std::array<char, 16384> piece{};
  while (true) {
    const ssize_t size = ::recv(from, piece.data(), piece.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail("the running bot does not answer");
    if (size == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace

std::string objection_to_socket_path(std::string_view path) {
  if (path.size() <= longest_path) return {};
  return "its path has " + std::to_string(path.size()) + " bytes, and a socket's may have " +
         std::to_string(longest_path) + " at most: use a shorter DATA_DIR, or a link to it";
}

struct AdminSocket::Impl {
  Impl(Executor executor_, Clock& clock_, Log& log_, std::string path_, Handler handler_)
      : executor(executor_),
        clock(clock_),
        log(log_),
        path(std::move(path_)),
        handler(std::move(handler_)),
        acceptor(executor_),
        tasks(executor_, [](const std::exception_ptr&) {}) {}

  void listen() {
    if (const std::string wrong = objection_to_socket_path(path); !wrong.empty()) throw std::runtime_error(wrong);
    remove_stale(path);
    acceptor.open(Unix());
    // Before bind(), so that there is no moment in which others may connect.
    if (::fchmod(acceptor.native_handle(), 0600) != 0) fail("its mode cannot be set");
    acceptor.bind(Unix::endpoint(path));
    acceptor.listen();
  }

  Task<> accept() {
    while (true) {
      Socket socket(executor);
      error_code error;
      co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable_t<Executor>(), error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        co_await clock.sleep_for(accept_pause);
        continue;
      }
      if (tasks.size() <= most_at_once) tasks.spawn(serve(std::move(socket)));  // else it is closed
    }
  }

  Task<> serve(Socket socket) {
    Task<std::string> reading = read_question(socket);
    const std::string line = co_await with_timeout(clock, question_limit, std::move(reading));
    AdminAnswer answer = co_await answer_to(line);
    std::string text = std::to_string(answer.exit_code) + "\n" + answer.text;
    co_await with_timeout(clock, write_limit, write(socket, text));
  }

  static Task<std::string> read_question(Socket& socket) {
    std::string text;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(text, longest_question), '\n',
                                    asio::use_awaitable_t<Executor>());
    text.resize(text.find('\n'));
    co_return text;
  }

  static Task<> write(Socket& socket, const std::string& text) {
    co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable_t<Executor>());
  }

  Task<AdminAnswer> answer_to(const std::string& line) {
    std::string failure;
    try {
      std::vector<std::string> words = words_of(line);
      co_return co_await handler(std::move(words));
    } catch (const std::exception& error) {
      if (is_cancellation(error)) throw;
      failure = error.what();
    }
    co_return AdminAnswer(1, failure + "\n");
  }

  Executor executor;
  Clock& clock;
  Log& log;
  std::string path;
  Handler handler;
  Acceptor acceptor;
  TaskGroup tasks;
};

AdminSocket::AdminSocket(Executor executor, Clock& clock, Log& log, std::string path, Handler handler)
    : impl_(std::make_unique<Impl>(executor, clock, log, std::move(path), std::move(handler))) {}

AdminSocket::~AdminSocket() = default;

Task<> AdminSocket::start() {
  try {
    impl_->listen();
    impl_->tasks.spawn(impl_->accept());
  } catch (const std::exception& error) {
    error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->log.error("no admin socket: tools work only while the bot is stopped", Field("path", impl_->path),
                     Field("reason", error.what()));
  }
  co_return;
}

Task<> AdminSocket::stop() {
  const bool was_open = open();
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->tasks.cancel();
  co_await impl_->tasks.join();
  if (was_open) ::unlink(impl_->path.c_str());
}

bool AdminSocket::open() const noexcept { return impl_->acceptor.is_open(); }

std::optional<AdminAnswer> ask_admin(const std::string& path, const std::vector<std::string>& words,
                                     std::chrono::seconds patience) {
  if (const std::string wrong = objection_to_socket_path(path); !wrong.empty())
    throw std::runtime_error(path + ": " + wrong);
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) fail("no socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
    fail(path);
  }
  timeval limit{};
  limit.tv_sec = patience.count();
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string question;
  for (const std::string& word : words) question += (question.empty() ? "" : "\t") + word;
  send_all(socket.number(), question + "\n");
  const std::string answer = receive_all(socket.number());
  AdminAnswer result;
  const char* end = answer.data() + answer.size();
  const auto read = std::from_chars(answer.data(), end, result.exit_code);
  if (read.ec != std::errc() || read.ptr == end || *read.ptr != '\n')
    throw std::runtime_error("the running bot broke off: see its log");
  result.text.assign(read.ptr + 1, end);
  return result;
}

}  // namespace tgkit::ops
