#pragma once
// Misbehaviour on demand: which calls, updates and deliveries are to go wrong, and how. Pure.
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

struct Fault {
  enum class Action {
    status,
    flood,
    conflict,
    html,
    body,
    empty,
    drop_before,
    drop_after,
    delay,
    slow,
    half,
    extra_keys,
    bad_utf8,
    late,
    missing_fields,
    empty_page,
    same_cursor,
    lag,
    hide,
    short_list,
    null_ids,
    poison,
    duplicate,
    reorder
  };
  std::uint64_t id = 0;      // given by Faults
  std::string method = "*";  // of the Bot API; "*" any of it; "dmarket" the exchange; "update", "webhook"
  std::int64_t bot = 0;      // 0: any
  std::int64_t chat = 0;     // 0: any
  std::string kind;          // of an update; empty: any
  std::string path;          // of the exchange: how it begins; empty: any
  std::string contains;      // of the exchange: what stands in the call's query or body; empty: any
  Action action = Action::status;
  int status = 500;
  std::string description;
  std::string parameters;  // JSON text
  std::string body;
  std::chrono::milliseconds delay{0};  // slow: between two pieces
  std::size_t bytes = 1;               // slow: of a piece
  std::vector<std::string> ids;        // hide, short_list, null_ids: of the entries; empty: all of them
  std::int64_t lag = 0;                // lag: seconds
  bool reset = false;                  // drop_before, drop_after, half: by a reset of the connection
  bool executed = false;               // of the exchange: what answers instead does so after the call was carried out
  std::int64_t count = 1;              // how many are left; endless when `endless`
  bool endless = false;
  std::int64_t skip = 0;  // how many pass before
  double probability = 1;
  std::uint64_t seed = 1;  // of the dice
  std::uint64_t hits = 0;  // how often it has been used
};

std::string_view name_of(Fault::Action action);
std::optional<Fault::Action> action_of(std::string_view name);
// Which actions go with a method; nothing to say: all is well. Otherwise what to do instead.
std::string misfit(const Fault& fault);

// What may go wrong now.
struct Occasion {
  std::string_view method;  // or "dmarket", "update", "webhook"
  std::int64_t bot = 0;
  std::int64_t chat = 0;
  std::string_view kind = {};
  std::string_view path = {};  // of a call to the exchange, as are these
  std::string_view query = {}, body = {};
};

class Faults {
 public:
  static constexpr std::size_t kept_done = 1000;

  std::uint64_t add(Fault fault);  // gives its id
  bool remove(std::uint64_t id);   // false: there is none, or it is used up
  void clear();
  const std::deque<Fault>& left() const { return faults_; }
  const std::deque<Fault>& done() const { return done_; }  // used up; the newest are kept
  bool any_for(std::string_view method) const;             // without counting anything
  // The fault for this, if there is one; counts it. The first that fits is taken, in the order in which they were
  // added.
  std::optional<Fault> take(const Occasion& occasion);

 private:
  std::deque<Fault> faults_, done_;
  std::uint64_t ids_ = 0;
};

}  // namespace sandbox
