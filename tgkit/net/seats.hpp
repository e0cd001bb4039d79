#pragma once
// Who may have one of a server's connections, and who gives way when they are all taken. Pure: the server tells what it
// sees. Whoever says nothing holds a place only as long as nobody else wants it.
#include "tgkit/async/clock.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tgkit::net {

// Why a connection was closed that had asked for nothing wrong: the label of tgkit_connections_turned_away_total.
enum class TurnedAway {
  address,   // not on the list
  share,     // its address holds as many as one address may, and none of them is idle
  full,      // all are taken, and none is idle
  gave_way,  // was the longest idle when somebody else came
};
inline constexpr std::size_t turned_away_reasons = 4;
std::string_view to_text(TurnedAway reason);

struct Seat {
  enum class Doing {
    idle,       // nothing of a request has come
    reading,    // a request has begun and is not whole
    answering,  // a request is whole
    leaving,    // was told to go: takes no place any more
  };
  std::string share;     // whose share it counts in, see share_of()
  bool trusted = false;  // no share holds for it, and strangers give way before it
  Doing doing = Doing::idle;
  TimePoint since;  // of what it is doing
};

// One address; of IPv6 the /64, which one customer has as a whole.
std::string share_of(std::string_view address);

struct SeatLimits {
  std::size_t most = 1024;
  std::size_t most_per_share = 0;  // 0: no bound
};

// Whether something waits in the connection's socket that was not read yet: such a one never gives way.
using Unread = std::function<bool(Seat&)>;

// Who gives way, or null. A request that has begun and does not come to its end gives way, too, some seconds later and
// after all that are idle.
Seat* gives_way(std::span<Seat* const> seats, TimePoint now, const Unread& unread);

struct Placing {
  std::optional<TurnedAway> refused;
  Seat* gives_way = nullptr;  // has to go for the newcomer
};
Placing place(std::span<Seat* const> seats, const Seat& newcomer, const SeatLimits& limits, TimePoint now,
              const Unread& unread);

}  // namespace tgkit::net
