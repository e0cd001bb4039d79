#pragma once
// Misbehaviour on demand: which answers are to go wrong, and how.
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

struct Fault {
  enum class Action { status, html, body, drop_before, drop_after, delay };
  std::string method = "*";  // of the Bot API; "dmarket" for the exchange; "*" any of the Bot API
  std::int64_t bot = 0;      // 0: any
  Action action = Action::status;
  int status = 500;
  std::string description;
  std::string parameters;  // JSON text
  std::string body;
  std::chrono::milliseconds delay{0};
  std::int64_t count = 1;  // how many calls are left
  std::int64_t skip = 0;   // how many pass before
};

std::string_view name_of(Fault::Action action);
std::optional<Fault::Action> action_of(std::string_view name);

class Faults {
 public:
  void add(Fault fault) { faults_.push_back(std::move(fault)); }
  void clear() { faults_.clear(); }
  const std::deque<Fault>& left() const { return faults_; }
  // The fault for this call, if there is one; counts it.
  std::optional<Fault> take(std::string_view method, std::int64_t bot);

 private:
  std::deque<Fault> faults_;
};

}  // namespace sandbox
