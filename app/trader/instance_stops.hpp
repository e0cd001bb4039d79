#pragma once
// Why an instance of the bot gives no orders because of another one, or because nobody could tell it to stop.
#include "app/trader/stops.hpp"
#include "tgkit/bot/ownership.hpp"

namespace app::trader {

Stops stops_of(const tgkit::bot::Ownership& ownership, tgkit::TimePoint now);

}  // namespace app::trader
