#pragma once
// A Bot API server that costs next to nothing: enough of it to load a bot, nothing of it checked. The real behaviour
// is the sandbox's business; here the bot has to be the bottleneck.
#include "bench/people.hpp"
#include "bench/wire.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace bench {

class BotApi {
 public:
  explicit BotApi(double answer_latency);

  std::uint16_t port() const { return port_; }

  // Serves for at most `seconds` (of waiting for something to happen).
  void turn(double seconds);

  // Updates that getUpdates may hand out from now on: the next of these people in turn.
  void release(People& people, std::int64_t count);

  std::optional<double> first_poll_at() const { return first_poll_; }
  bool poll_waiting() const { return waiting_poll_ != nullptr; }
  std::vector<float>& latencies() { return latencies_; }
  double last_answer_at() const { return last_answer_; }

 private:
  struct Late {
    double due;
    Wire* wire;
    std::string answer;
  };

  void accept_all();
  void serve(Wire& wire);
  void request(Wire& wire, const Message& message);
  void get_updates(Wire& wire, std::string_view body);
  void send_message(Wire& wire, std::string_view body);
  void hand_out(Wire& wire, std::int64_t limit);
  void answer(Wire& wire, std::string_view body);
  void answer_late_ones();
  void drop(Wire& wire);

  int epoll_;
  std::uint16_t port_ = 0;
  int listener_;
  Wire listener_wire_;
  double latency_;
  std::vector<std::unique_ptr<Wire>> wires_;
  std::unordered_set<Wire*> open_;
  std::deque<Late> late_;
  std::string scratch_;

  People* people_ = nullptr;
  std::int64_t released_ = 0;  // may be handed out
  std::int64_t handed_out_ = 0;
  std::int64_t next_update_id_ = 500'000'000;
  std::string unconfirmed_;  // the last batch, in case it is asked again
  std::int64_t batch_start_ = 0;
  Wire* waiting_poll_ = nullptr;
  double poll_deadline_ = 0;
  std::int64_t poll_limit_ = 100;
  std::deque<double> released_at_;  // for steady rates: when each pending update came to be

  std::optional<double> first_poll_;
  std::vector<float> latencies_;
  double last_answer_ = 0;
  std::int64_t message_id_ = 1'000'000;
};

}  // namespace bench
