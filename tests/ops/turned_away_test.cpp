#include "tgkit/ops/turned_away.hpp"

#include "tests/ops/temporary_folder.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

TEST(TurnedAwayConnections, AreAllCountedAndToldOnceAMinute) {
  const tests::TemporaryFolder folder;
  ManualClock clock;
  Log log({.file = folder.path("log")});
  Metrics metrics;
  TurnedAwayConnections turned_away(clock, log, metrics, "webhook");
  for (const char* reason : {"address", "share", "full", "gave_way"})
    EXPECT_THAT(
        metrics.text(),
        HasSubstr(std::string(R"(tgkit_connections_turned_away_total{port="webhook",reason=")") + reason + "\"} 0\n"));
  for (int i = 0; i < 5; ++i) turned_away.add(net::TurnedAway::full, "192.0.2.1");
  EXPECT_EQ(lines(folder.read("log")), 1U);
  turned_away.add(net::TurnedAway::share, "192.0.2.2");
  EXPECT_EQ(lines(folder.read("log")), 2U) << "each reason is told of by itself";
  clock.advance(1min);
  turned_away.add(net::TurnedAway::full, "192.0.2.3");
  EXPECT_THAT(folder.read("log"), HasSubstr("connections=5"));
  EXPECT_EQ(metrics.sum("tgkit_connections_turned_away_total"), 7);
}

}  // namespace
}  // namespace tgkit::ops
