#include "tests/telegram/scripted_peer.hpp"

#include <deque>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace tests {

using boost::asio::ip::tcp;
using tgkit::Task;
using Socket = boost::asio::basic_stream_socket<tcp, tgkit::Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<tcp, tgkit::Executor>;
constexpr boost::asio::use_awaitable_t<tgkit::Executor> use_task;

namespace {

struct Step {
  enum class What { answer, answer_and_close, answer_early, drop, drop_after_head, silence };
  What what = What::silence;
  std::string bytes;
};

std::string reply(int status, const std::string& body, const std::string& more_headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Some Reason\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nContent-Type: application/json\r\n" + more_headers + "\r\n" + body;
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
         });
}

}  // namespace

std::string SeenRequest::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos && same_name(line.substr(0, colon), name)) {
      return std::string(line.substr(colon + 2));
    }
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
  }
  return {};
}

struct ScriptedPeer::State {
  explicit State(boost::asio::io_context& io) : acceptor(io.get_executor(), tcp::endpoint(tcp::v4(), 0)) {}
  Acceptor acceptor;
  std::deque<Step> steps;
  std::vector<SeenRequest> seen;
  std::vector<std::shared_ptr<Socket>> sockets;
  std::function<void(std::size_t)>* on_request = nullptr;
};

namespace {

using State = ScriptedPeer::State;

Step take_step(State& state) {
  Step step;
  if (state.steps.empty()) return step;
  step = std::move(state.steps.front());
  state.steps.pop_front();
  return step;
}

Task<> read_body(Socket& socket, std::string& buffer, std::size_t length) {
  if (buffer.size() >= length) co_return;
  const std::size_t missing = length - buffer.size();
  co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(buffer), boost::asio::transfer_exactly(missing),
                                   use_task);
}

// One request and what follows; false ends the connection.
Task<bool> serve_one(std::shared_ptr<State> state, std::shared_ptr<Socket> socket, std::string& buffer) {
  const std::size_t head_size =
      co_await boost::asio::async_read_until(*socket, boost::asio::dynamic_buffer(buffer), "\r\n\r\n", use_task);
  SeenRequest request;
  const std::size_t line_end = buffer.find("\r\n");
  request.line = buffer.substr(0, line_end);
  request.head = buffer.substr(line_end + 2, head_size - line_end - 2);
  buffer.erase(0, head_size);
  const Step step = take_step(*state);
  if (step.what == Step::What::drop_after_head) {
    state->seen.push_back(request);
    co_return false;
  }
  if (step.what == Step::What::answer_early) {
    state->seen.push_back(request);
    co_await boost::asio::async_write(*socket, boost::asio::buffer(step.bytes), use_task);
    co_return true;
  }
  const std::string length_text = request.header("Content-Length");
  const std::size_t length = length_text.empty() ? 0 : std::stoul(length_text);
  co_await read_body(*socket, buffer, length);
  request.body = buffer.substr(0, length);
  buffer.erase(0, length);
  state->seen.push_back(std::move(request));
  if (state->on_request && *state->on_request) (*state->on_request)(state->seen.size());
  if (step.what == Step::What::drop) co_return false;
  if (step.what == Step::What::silence) co_return true;
  co_await boost::asio::async_write(*socket, boost::asio::buffer(step.bytes), use_task);
  co_return step.what == Step::What::answer;
}

Task<> serve(std::shared_ptr<State> state, std::shared_ptr<Socket> socket) {
  std::string buffer;
  try {
    while (co_await serve_one(state, socket, buffer)) {
    }
    // With bytes unread a close becomes a reset, which the other side may see before the answer.
    socket->shutdown(tcp::socket::shutdown_send);
    socket->close();
  } catch (const boost::system::system_error&) {
    // The client went away: tests look at what it saw.
  }
}

Task<> accept_all(std::shared_ptr<State> state) {
  try {
    while (true) {
      auto socket = std::make_shared<Socket>(co_await state->acceptor.async_accept(use_task));
      state->sockets.push_back(socket);
      boost::asio::co_spawn(state->acceptor.get_executor(), serve(state, socket), [](std::exception_ptr) {});
    }
  } catch (const boost::system::system_error&) {
    // The acceptor was closed.
  }
}

}  // namespace

ScriptedPeer::ScriptedPeer(boost::asio::io_context& io) : state_(std::make_shared<State>(io)) {
  state_->on_request = &on_request;
  boost::asio::co_spawn(io, accept_all(state_), [](std::exception_ptr) {});
}

ScriptedPeer::~ScriptedPeer() {
  state_->on_request = nullptr;
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  for (const auto& socket : state_->sockets) socket->close(ignored);
}

std::uint16_t ScriptedPeer::port() const { return state_->acceptor.local_endpoint().port(); }

void ScriptedPeer::answer(int status, std::string body, std::string more_headers) {
  state_->steps.push_back(Step{Step::What::answer, reply(status, body, more_headers)});
}
void ScriptedPeer::answer_raw(std::string bytes) {
  state_->steps.push_back(Step{Step::What::answer_and_close, std::move(bytes)});
}
void ScriptedPeer::answer_early(int status, std::string body) {
  state_->steps.push_back(Step{Step::What::answer_early, reply(status, body, "Connection: close\r\n")});
}
void ScriptedPeer::answer_and_wait(std::string bytes) {
  state_->steps.push_back(Step{Step::What::answer, std::move(bytes)});
}
void ScriptedPeer::drop() { state_->steps.push_back(Step{Step::What::drop, {}}); }
void ScriptedPeer::drop_after_head() { state_->steps.push_back(Step{Step::What::drop_after_head, {}}); }
void ScriptedPeer::stay_silent() { state_->steps.push_back(Step{Step::What::silence, {}}); }

const std::vector<SeenRequest>& ScriptedPeer::seen() const { return state_->seen; }
std::size_t ScriptedPeer::connections() const { return state_->sockets.size(); }

}  // namespace tests
