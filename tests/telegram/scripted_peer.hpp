#pragma once
// An HTTP server that does what a test says, down to the byte: whole answers, halves of answers, silence.
#include "tgkit/async/task.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct SeenRequest {
  std::string line;  // "POST /bot.../sendMessage HTTP/1.1"
  std::string head;  // the lines after it
  std::string body;
  std::string header(std::string_view name) const;  // empty when absent
};

class ScriptedPeer {
 public:
  explicit ScriptedPeer(boost::asio::io_context& io);
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;
  ~ScriptedPeer();

  std::uint16_t port() const;

  // What happens to the next request that has no step yet, in order. Without a step a request is never answered.
  void answer(int status, std::string body, std::string more_headers = {});
  void answer_raw(std::string bytes);               // then the connection is closed
  void answer_and_wait(std::string bytes);          // and keeps the connection open
  void drop();                                      // closes the connection when the request has been read
  void answer_early(int status, std::string body);  // when the head has been read, and reads no further
  void drop_after_head();                           // closes it before the body is read
  void stay_silent();

  std::function<void(std::size_t)> on_request;  // with its number from 1, when it has been read and before its step
  const std::vector<SeenRequest>& seen() const;
  std::size_t connections() const;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace tests
