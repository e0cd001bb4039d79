#include "tgkit/bot/poll_decisions.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;
using Act = PollDecision::Act;

telegram::Error error(telegram::Error::Kind kind, int code, telegram::Outcome outcome = telegram::Outcome::unknown) {
  telegram::Error::Details details;
  details.kind = kind;
  details.method = "getUpdates";
  details.error_code = details.http_status = code;
  details.description = code == 409 ? "Conflict: terminated by other getUpdates request" : "x";
  details.outcome = outcome;
  return telegram::Error(details);
}

TEST(PollClassify, EachErrorHasItsMeaning) {
  using Kind = telegram::Error::Kind;
  EXPECT_EQ(classify(error(Kind::answered, 409), 1s, 30s), PollOutcome::conflict);
  EXPECT_EQ(classify(error(Kind::answered, 401), 1s, 30s), PollOutcome::refused);
  EXPECT_EQ(classify(error(Kind::answered, 429), 1s, 30s), PollOutcome::flood);
  EXPECT_EQ(classify(error(Kind::answered, 500), 1s, 30s), PollOutcome::server);
  EXPECT_EQ(classify(error(Kind::bad_body, 502), 1s, 30s), PollOutcome::server);
  EXPECT_EQ(classify(error(Kind::transport, 0), 1s, 30s), PollOutcome::network);
  EXPECT_EQ(classify(error(Kind::transport, 0), 40s, 30s), PollOutcome::deaf);
}

TEST(PollDecisions, ASuccessPollsAgainAtOnceAndIsReady) {
  PollDecisions decisions({}, 1);
  const PollDecision decision = decisions.completed(TimePoint{});
  EXPECT_EQ(decision.act, Act::poll);
  EXPECT_EQ(decision.pause, Duration::zero());
  EXPECT_TRUE(decision.ready);
  EXPECT_FALSE(decision.say);
}

TEST(PollDecisions, ARefusedTokenIsToBeProvenAndElseWaitedOut) {
  PollDecisions decisions({}, 1);
  const PollDecision decision = decisions.failed(PollOutcome::refused, {}, TimePoint{});
  EXPECT_EQ(decision.act, Act::prove);
  EXPECT_GT(decision.pause, Duration::zero());
  EXPECT_FALSE(decision.ready);
}

TEST(PollDecisions, AFloodLimitIsWaitedOutExactly) {
  PollDecisions decisions({}, 1);
  EXPECT_EQ(decisions.failed(PollOutcome::flood, 17s, TimePoint{}).pause, 17s);
  EXPECT_GE(decisions.failed(PollOutcome::flood, 0s, TimePoint{}).pause, 1s);
}

TEST(PollDecisions, TroubleIsSaidOnceAndItsEndToo) {
  PollDecisions decisions({}, 1);
  EXPECT_TRUE(decisions.failed(PollOutcome::network, {}, TimePoint{}).say);
  EXPECT_FALSE(decisions.failed(PollOutcome::network, {}, TimePoint{}).say);
  EXPECT_TRUE(decisions.failed(PollOutcome::server, {}, TimePoint{}).say);
  EXPECT_TRUE(decisions.completed(TimePoint{}).say);
  EXPECT_FALSE(decisions.completed(TimePoint{}).say);
}

TEST(PollDecisions, PausesNeverVanishAndNeverPassTheirLimit) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    PollDecisions decisions({}, seed);
    for (int i = 0; i < 30; ++i) {
      const PollDecision decision = decisions.failed(PollOutcome::network, {}, TimePoint{});
      EXPECT_GE(decision.pause, 200ms);
      EXPECT_LE(decision.pause, 30s);
      EXPECT_FALSE(decision.ready);
    }
  }
}

TEST(PollDecisions, WhoWasEndedTwiceWithinFiveMinutesGivesWay) {
  PollDecisions decisions({}, 1);
  TimePoint now{};
  const auto ended_after = [&](Duration time) {
    now += time;
    decisions.completed(now);
    return decisions.failed(PollOutcome::conflict, {}, now).watch;
  };
  EXPECT_FALSE(ended_after(1s));
  EXPECT_FALSE(ended_after(6min));
  EXPECT_TRUE(ended_after(4min));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(decisions.looked(AtTelegram{false, true}, now).watch);
  EXPECT_TRUE(decisions.looked(std::nullopt, now).watch) << "says nothing";
  EXPECT_FALSE(decisions.looked(AtTelegram{false, true}, now).watch);
  EXPECT_TRUE(ended_after(9min)) << "so soon after a comeback once is enough";
}

TEST(PollDecisions, ConflictsThatEndNoPollAreLookedIntoWithGrowingPauses) {
  PollPauses pauses;
  pauses.conflict = {10s, 5min, 0s};
  Duration longest{0};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    PollDecisions decisions(pauses, seed);
    TimePoint now{};
    for (int i = 0; i < 8; ++i) {
      const PollDecision decision = decisions.failed(PollOutcome::conflict, {}, now);
      EXPECT_FALSE(decision.ready);
      longest = std::max(longest, decision.pause);
      now += decision.pause;
      EXPECT_FALSE(decisions.looked(AtTelegram{}, now).watch) << "no webhook is set: it polls again";
    }
  }
  EXPECT_GT(longest, 2min);
}

TEST(PollDecisions, ALookAfterAConflictIsNoSuccessUntilAPollThatWaitedWasLeftInPeace) {
  PollDecisions decisions({}, 1);
  const TimePoint now{};
  EXPECT_TRUE(decisions.failed(PollOutcome::conflict, {}, now).say);
  for (int i = 0; i < 3; ++i) {
    const PollDecision look = decisions.completed(now);
    EXPECT_TRUE(look.trial);
    EXPECT_FALSE(look.ready);
    EXPECT_FALSE(look.say);
    EXPECT_FALSE(decisions.failed(PollOutcome::conflict, {}, now).say) << "said once";
  }
  EXPECT_TRUE(decisions.completed(now).trial);
  const PollDecision lasting = decisions.completed(now);
  EXPECT_TRUE(lasting.ready);
  EXPECT_TRUE(lasting.say);
  EXPECT_FALSE(lasting.trial);
}

TEST(PollDecisions, AfterAQuietTimeConflictPausesStartShortAgain) {
  PollDecisions decisions({}, 1);
  TimePoint now{};
  for (int i = 0; i < 10; ++i) decisions.failed(PollOutcome::conflict, {}, now);
  now += 11min;
  decisions.completed(now);
  EXPECT_LE(decisions.failed(PollOutcome::conflict, {}, now).pause, 10s);
}

}  // namespace
