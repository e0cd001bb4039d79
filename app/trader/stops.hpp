#pragma once
// Why orders do not leave: the one home of all reasons. A pure value, made anew whenever somebody asks
// (Trader::stops()); the trader asks it before it gives an order, and screens show it.
#include "dmarket/endpoints.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace app::trader {

enum class Stop : std::uint8_t {
  configured_dry_run,    // the configuration allows no changes
  switched_dry_run,      // no admin has said /live
  panic,                 // everything is withdrawn
  paused,                // by a person
  paused_by_balance,     // it changed without a reason
  errors,                // of the exchange or the network, in a row
  stepped_down,          // another instance has taken over
  settling_in,           // this instance has not been undisturbed for long enough
  telegram_unreachable,  // nobody could tell us to stop
};
inline constexpr std::size_t stop_count = static_cast<std::size_t>(Stop::telegram_unreachable) + 1;
std::string_view name_of(Stop stop);  // "stepped_down"
std::string_view to_text(Stop stop);  // a sentence for people, English; the key of its translation

class Stops {
 public:
  constexpr Stops& set(Stop stop, bool holds = true) {
    bits_ = holds ? bits_ | bit(stop) : bits_ & ~bit(stop);
    return *this;
  }
  constexpr bool has(Stop stop) const { return (bits_ & bit(stop)) != 0; }
  constexpr bool none() const { return bits_ == 0; }
  constexpr Stops& add(Stops more) {
    bits_ |= more.bits_;
    return *this;
  }

  // Whether orders that add risk may leave: nothing speaks against it.
  constexpr bool adds() const { return none(); }
  // Whether orders that reduce risk may: only in dry run they may not, which leaves the account alone.
  constexpr bool reduces() const { return !has(Stop::configured_dry_run) && !has(Stop::switched_dry_run); }
  constexpr bool allows(dmarket::Risk risk) const { return risk == dmarket::Risk::reduces ? reduces() : adds(); }

  std::vector<Stop> all() const;  // in the order of the enumeration
  friend constexpr bool operator==(Stops, Stops) = default;

 private:
  static constexpr unsigned bit(Stop stop) { return 1U << static_cast<unsigned>(stop); }
  unsigned bits_ = 0;
};

}  // namespace app::trader
