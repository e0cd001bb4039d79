#include "app/trader/instance_stops.hpp"

namespace app::trader {

Stops stops_of(const tgkit::bot::Ownership& ownership, tgkit::TimePoint now) {
  Stops stops;
  stops.set(Stop::stepped_down, ownership.stepped_down());
  stops.set(Stop::settling_in, !ownership.stepped_down() && !ownership.settled(now));
  stops.set(Stop::telegram_unreachable, ownership.unreachable(now));
  return stops;
}

}  // namespace app::trader
