#include "tgkit/net/seats.hpp"

#include "tgkit/net/network.hpp"

#include <deque>
#include <set>

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using namespace std::chrono_literals;
using Doing = Seat::Doing;

const TimePoint noon{1h};

class SeatsTest : public testing::Test {
 protected:
  Seat& add(std::string share, Duration ago = 1s, Doing doing = Doing::idle) {
    held.push_back(Seat{std::move(share), false, doing, noon - ago});
    seats.push_back(&held.back());
    return held.back();
  }
  Placing place_one(std::string share, bool trusted = false) {
    return place(seats, Seat{std::move(share), trusted, Doing::idle, noon}, limits, noon,
                 [this](Seat& seat) { return unread.contains(&seat); });
  }
  bool simply_placed(const Placing& placing) { return !placing.refused && placing.gives_way == nullptr; }

  SeatLimits limits{3, 2};
  std::deque<Seat> held;
  std::vector<Seat*> seats;
  std::set<const Seat*> unread;
};

TEST_F(SeatsTest, TheLongestIdleGivesWayWhenAllAreTaken) {
  add("a", 2s);
  const Seat& longest = add("b", 3s);
  EXPECT_TRUE(simply_placed(place_one("d")));
  add("c", 1s);
  const Placing placing = place_one("d");
  EXPECT_EQ(placing.gives_way, &longest);
  EXPECT_FALSE(placing.refused);
}

TEST_F(SeatsTest, WhoseRequestIsInTheSocketOrAnsweredNeverGivesWay) {
  unread.insert(&add("a", 50s));
  add("b", 60s, Doing::answering);
  const Seat& idle = add("c", 1ms);
  EXPECT_EQ(place_one("d").gives_way, &idle);
  unread.insert(&idle);
  const Placing none = place_one("d");
  EXPECT_EQ(none.gives_way, nullptr);
  EXPECT_EQ(none.refused, TurnedAway::full);
}

TEST_F(SeatsTest, ARequestThatDoesNotComeToItsEndGivesWayAfterTheIdle) {
  Seat& slow = add("a", 2s, Doing::reading);
  Seat& idle = add("b", 1ms);
  add("c", 1999ms, Doing::reading);
  EXPECT_EQ(place_one("d").gives_way, &idle);
  idle.doing = Doing::answering;
  EXPECT_EQ(place_one("d").gives_way, &slow);
  slow.since += 1ms;
  EXPECT_EQ(place_one("d").refused, TurnedAway::full);
}

TEST_F(SeatsTest, OneAddressHasOnlyItsShareAndItsOwnIdleConnectionGivesWay) {
  limits.most = 100;
  add("b", 90s);
  Seat& first = add("a", 2s);
  Seat& second = add("a", 1s);
  EXPECT_EQ(place_one("a").gives_way, &first);
  EXPECT_TRUE(simply_placed(place_one("c")));
  first.doing = second.doing = Doing::answering;
  EXPECT_EQ(place_one("a").refused, TurnedAway::share);
}

TEST_F(SeatsTest, NoShareHoldsForTheTrustedAndStrangersGiveWayBeforeThem) {
  Seat& proxy = add("a", 90s);
  Seat& other = add("a", 80s);
  proxy.trusted = other.trusted = true;
  EXPECT_TRUE(simply_placed(place_one("a", true)));
  EXPECT_TRUE(simply_placed(place_one("a")));
  const Seat& stranger = add("s", 1s);
  EXPECT_EQ(place_one("a", true).gives_way, &stranger);
}

TEST_F(SeatsTest, WhoIsLeavingTakesNoPlaceAndIsNotSentAwayTwice) {
  add("a", 9s, Doing::leaving);
  add("b");
  add("c");
  EXPECT_TRUE(simply_placed(place_one("d")));
  const Seat& idle = add("d", 5s);
  EXPECT_EQ(place_one("e").gives_way, &idle);
}

TEST(ShareOf, AnAddressOrACustomersNetwork) {
  EXPECT_EQ(share_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(share_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(share_of("2001:db8:1:2:3:4:5:6"), share_of("2001:db8:1:2::9"));
  EXPECT_NE(share_of("2001:db8:1:2::9"), share_of("2001:db8:1:3::9"));
}

TEST(IsLoopback, OnlyWhatIsOnThisMachine) {
  for (const char* here : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(here)) << here;
  for (const char* there : {"", "128.0.0.1", "10.0.0.1", "::2", "localhost.example", "127.0.0.1.example"})
    EXPECT_FALSE(is_loopback(there)) << there;
}

}  // namespace
}  // namespace tgkit::net
