#include "tgkit/ops/health_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const TimePoint now = TimePoint(1000s);

CheckState check(Weight weight, std::optional<Finding> finding, Duration age = 1s) {
  CheckState state{"store", weight, now - 100s, 15s, std::nullopt, {}};
  if (finding) {
    state.looked = now - age;
    state.finding = *finding;
  }
  return state;
}

TEST(HealthState, ACheckIsGoodWhileItsLastAnswerIsGoodAndFresh) {
  const auto good = judge(check(Weight::vital, Finding::good("3 ms"), 15s), now);
  EXPECT_TRUE(good.ok);
  EXPECT_EQ(good.text, "3 ms");
  EXPECT_EQ(good.age, Duration(15s));
  const auto bad = judge(check(Weight::vital, Finding::bad("disk full")), now);
  EXPECT_FALSE(bad.ok);
  EXPECT_EQ(bad.text, "disk full");
}

TEST(HealthState, AStaleAnswerFailsHoweverGoodItWas) {
  const auto stale = judge(check(Weight::vital, Finding::good(), 16s), now);
  EXPECT_FALSE(stale.ok);
  EXPECT_EQ(stale.text, "no answer for 16 s");
}

TEST(HealthState, ACheckWithoutAnswerIsPendingUntilItIsOverdue) {
  auto state = check(Weight::vital, std::nullopt);
  state.added = now - 15s;
  EXPECT_TRUE(judge(state, now).pending);
  EXPECT_FALSE(judge(state, now).ok);
  state.added = now - 16s;
  EXPECT_FALSE(judge(state, now).pending);
  EXPECT_EQ(judge(state, now).text, "no answer for 16 s");
}

struct StatusCase {
  Phase phase;
  const char* failure;
  CheckState check;
  Status status;
  std::vector<std::string> reasons;
};

TEST(HealthState, TheStatusFollowsFromPhaseDeadServiceAndChecks) {
  const auto good = check(Weight::vital, Finding::good());
  const auto bad = check(Weight::vital, Finding::bad("full"));
  const auto away = check(Weight::readiness, Finding::bad("away"));
  auto pending = check(Weight::vital, std::nullopt);
  pending.added = now;
  const StatusCase table[] = {
      {Phase::starting, "", good, Status::starting, {"starting"}},
      {Phase::starting, "", bad, Status::starting, {"starting", "store: full"}},
      {Phase::starting, "poller: refused", good, Status::failed, {"starting", "poller: refused"}},
      {Phase::up, "", good, Status::running, {}},
      {Phase::up, "", pending, Status::running, {"store: not looked at yet"}},
      {Phase::up, "", bad, Status::failed, {"store: full"}},
      {Phase::up, "", away, Status::running, {"store: away"}},
      {Phase::up, "poller: broke", good, Status::failed, {"poller: broke"}},
      {Phase::stopping, "", good, Status::stopping, {"stopping"}},
      {Phase::stopping, "", bad, Status::stopping, {"stopping", "store: full"}},
      {Phase::stopping, "poller: broke", good, Status::stopping, {"stopping", "poller: broke"}},
  };
  for (const auto& row : table) {
    const auto view = judge(row.phase, row.failure, {row.check}, now);
    EXPECT_EQ(to_text(view.status), to_text(row.status));
    EXPECT_EQ(view.reasons, row.reasons);
    EXPECT_EQ(view.ready, row.reasons.empty());
  }
}

}  // namespace
}  // namespace tgkit::ops
