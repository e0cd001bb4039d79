#include "app/trader/stops.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tests::trader {
namespace {

using app::trader::Stop;
using app::trader::Stops;
using dmarket::Risk;

TEST(StopsTest, WithoutAReasonEverythingLeaves) {
  const Stops none;
  EXPECT_TRUE(none.adds());
  EXPECT_TRUE(none.reduces());
  EXPECT_TRUE(none.all().empty());
}

TEST(StopsTest, EveryReasonStopsWhatAddsRiskAndOnlyADryRunWhatReducesIt) {
  for (std::size_t i = 0; i != app::trader::stop_count; ++i) {
    const auto stop = static_cast<Stop>(i);
    const Stops stops = Stops().set(stop);
    EXPECT_FALSE(stops.allows(Risk::adds)) << name_of(stop);
    const bool is_dry_run = stop == Stop::configured_dry_run || stop == Stop::switched_dry_run;
    EXPECT_EQ(stops.allows(Risk::reduces), !is_dry_run) << name_of(stop);
    EXPECT_EQ(stops.all(), std::vector<Stop>(1, stop));
  }
}

TEST(StopsTest, OneReasonThatEndsLeavesTheOthers) {
  Stops stops = Stops().set(Stop::paused).set(Stop::errors);
  stops.set(Stop::errors, false);
  EXPECT_EQ(stops, Stops().set(Stop::paused));
  stops.add(Stops().set(Stop::settling_in));
  EXPECT_EQ(stops.all(), (std::vector<Stop>{Stop::paused, Stop::settling_in}));
}

TEST(StopsTest, NamesAndTextsAreAllDifferent) {
  std::set<std::string> words;
  for (std::size_t i = 0; i != app::trader::stop_count; ++i) {
    EXPECT_TRUE(words.emplace(name_of(static_cast<Stop>(i))).second);
    EXPECT_TRUE(words.emplace(to_text(static_cast<Stop>(i))).second);
  }
}

}  // namespace
}  // namespace tests::trader
