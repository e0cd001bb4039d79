#include "app/trader/instance_stops.hpp"

#include <gtest/gtest.h>

namespace {

using app::trader::Stop;
using app::trader::Stops;
using app::trader::stops_of;
using tgkit::TimePoint;
using tgkit::bot::Ownership;
using namespace std::chrono_literals;

TEST(InstanceStops, NameWhyNothingIsBought) {
  Ownership ownership({});
  const TimePoint start{};
  EXPECT_EQ(stops_of(ownership, start), Stops().set(Stop::settling_in));
  ownership.entered(start);
  EXPECT_EQ(stops_of(ownership, start + 90s), Stops());
  EXPECT_EQ(stops_of(ownership, start + 5min), Stops().set(Stop::telegram_unreachable));
  ownership.step_down("another one polls");
  EXPECT_EQ(stops_of(ownership, start + 90s), Stops().set(Stop::stepped_down));
  EXPECT_TRUE(stops_of(ownership, start + 90s).reduces());
}

}  // namespace
