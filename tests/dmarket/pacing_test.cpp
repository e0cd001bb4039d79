// When a request may leave: the groups' limits, their stops, and the circuit breaker.
#include "dmarket/request_gate.hpp"
#include "tests/support/run_task.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

LimitHeaders said(std::initializer_list<std::pair<const char*, const char*>> headers) {
  tgkit::net::Headers all;
  for (const auto& [name, value] : headers) all.add(name, value);
  return read_limit_headers(all, tgkit::WallTime(seconds(1'000)));
}

// How many requests leave within `time` when as many as possible try.
int leaving(GroupLimit& limit, tgkit::TimePoint begin, tgkit::Duration time) {
  int count = 0;
  for (auto now = begin; now < begin + time;) {
    const auto wait = limit.wait(now);
    if (wait > tgkit::Duration::zero()) {
      now += wait;
      continue;
    }
    limit.take(now);
    ++count;
  }
  return count;
}

constexpr tgkit::TimePoint start{std::chrono::hours(1)};

TEST(GroupLimits, StayBelowWhatTheExchangeAllowsInAnySecond) {
  const struct {
    RequestGroup group;
    int allowed;
  } cases[] = {{RequestGroup::last_sales, 6}, {RequestGroup::market, 10}, {RequestGroup::others, 20}};
  for (const auto& c : cases) {
    GroupLimit limit(LimitSettings(), c.group);
    EXPECT_LE(leaving(limit, start, seconds(1)), c.allowed) << to_text(c.group);
    const int later = leaving(limit, start + seconds(1), seconds(10));
    EXPECT_LE(later, c.allowed * 10) << to_text(c.group);
    EXPECT_GE(later, c.allowed * 7) << to_text(c.group);  // and not needlessly slow
  }
}

TEST(GroupLimits, AreLoweredByTheHeadersAndNeverRaisedAboveOurOwn) {
  GroupLimit limit(LimitSettings(), RequestGroup::others);
  limit.learn(said({{"X-RateLimit-Limit-Second", "4"}}), start);
  EXPECT_LE(leaving(limit, start, seconds(10)), 31);  // three a second
  limit.learn(said({{"X-RateLimit-Limit-Second", "1000"}}), start + seconds(10));
  EXPECT_LE(leaving(limit, start + seconds(10), seconds(10)), 155);
  GroupLimit tight(LimitSettings(), RequestGroup::others);
  tight.learn(said({{"X-RateLimit-Limit-Second", "0"}}), start);  // nonsense is survived
  EXPECT_EQ(tight.wait(start), tgkit::Duration::zero());
}

TEST(GroupLimits, StopWhenNothingRemains) {
  GroupLimit limit(LimitSettings(), RequestGroup::market);
  limit.learn(said({{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "3"}}), start);
  EXPECT_EQ(limit.wait(start), seconds(3));
  GroupLimit per_second(LimitSettings(), RequestGroup::market);
  per_second.learn(said({{"X-RateLimit-Remaining-Second", "0"}}), start);
  EXPECT_EQ(per_second.wait(start), seconds(1));
  GroupLimit calm(LimitSettings(), RequestGroup::market);
  calm.learn(said({{"RateLimit-Remaining", "7"}, {"RateLimit-Reset", "3"}}), start);
  EXPECT_EQ(calm.wait(start), seconds(0));
}

TEST(GroupLimits, A429StopsForAsLongAsItSays) {
  GroupLimit retry_after(LimitSettings(), RequestGroup::others);
  retry_after.refused(said({{"Retry-After", "7"}, {"RateLimit-Reset", "2"}}), start);
  EXPECT_EQ(retry_after.wait(start), seconds(7));
  GroupLimit reset(LimitSettings(), RequestGroup::others);
  reset.refused(said({{"RateLimit-Reset", "2"}}), start);
  EXPECT_EQ(reset.wait(start), seconds(2));
  GroupLimit date(LimitSettings(), RequestGroup::others);
  date.refused(said({{"Retry-After", "Thu, 01 Jan 1970 00:16:52 GMT"}}), start);  // received 1,000 s after 1970
  EXPECT_EQ(date.wait(start), seconds(12));
  GroupLimit absurd(LimitSettings(), RequestGroup::others);
  absurd.refused(said({{"Retry-After", "4000000000"}}), start);
  EXPECT_LE(absurd.wait(start), std::chrono::minutes(15));
}

TEST(GroupLimits, A429ThatSaysNothingStopsForTwiceAsLongEachTimeUpToAMinute) {
  GroupLimit limit(LimitSettings(), RequestGroup::others);
  auto now = start;
  for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
    limit.refused({}, now);
    EXPECT_EQ(limit.wait(now), seconds(expected));
    now += seconds(expected);
  }
  limit.learn({}, now);  // an answer: from the beginning
  limit.refused({}, now);
  EXPECT_EQ(limit.wait(now), seconds(1));
}

TEST(GroupLimits, RefusalsOfRequestsThatLeftTogetherAreOneStep) {
  GroupLimit limit(LimitSettings(), RequestGroup::others);
  for (int i = 0; i < 10; ++i) limit.refused({}, start);
  EXPECT_EQ(limit.wait(start), seconds(1));
}

TEST(GroupLimits, SwitchedOffTheyOnlyHeedA429) {
  LimitSettings settings;
  settings.enabled = false;
  GroupLimit limit(settings, RequestGroup::last_sales);
  for (int i = 0; i < 1000; ++i) limit.take(start);
  limit.learn(said({{"X-RateLimit-Limit-Second", "1"}, {"RateLimit-Remaining", "0"}}), start);
  EXPECT_EQ(limit.wait(start), seconds(0));
  limit.refused({}, start);
  EXPECT_EQ(limit.wait(start), seconds(1));
}

TEST(CircuitBreakers, OpenAfterFailuresInARowAndLetOneTry) {
  CircuitBreaker breaker(BreakerSettings{});
  for (int i = 0; i < 4; ++i) breaker.failed(start);
  breaker.succeeded();
  for (int i = 0; i < 4; ++i) breaker.failed(start);
  EXPECT_EQ(breaker.refuses(start), std::nullopt);
  breaker.failed(start);
  EXPECT_EQ(breaker.refuses(start), seconds(5));
  EXPECT_EQ(breaker.refuses(start + seconds(5)), std::nullopt);  // the one that tries
  EXPECT_NE(breaker.refuses(start + seconds(5)), std::nullopt);  // and no other
  breaker.failed(start + seconds(6));
  EXPECT_EQ(breaker.refuses(start + seconds(6)), seconds(10));  // longer than before
  EXPECT_EQ(breaker.refuses(start + seconds(16)), std::nullopt);
  breaker.succeeded();
  EXPECT_EQ(breaker.refuses(start + seconds(16)), std::nullopt);
  EXPECT_FALSE(breaker.open());
}

TEST(CircuitBreakers, ATryThatWasCancelledLeavesTheNextOneToTry) {
  CircuitBreaker breaker(BreakerSettings{1, seconds(5), seconds(60)});
  breaker.failed(start);
  EXPECT_EQ(breaker.refuses(start + seconds(5)), std::nullopt);
  breaker.abandoned();
  EXPECT_EQ(breaker.refuses(start + seconds(5)), std::nullopt);
}

TEST(CircuitBreakers, ATryThatIsNeverHeardOfAgainIsFollowedByAnother) {
  CircuitBreaker breaker(BreakerSettings{1, seconds(5), seconds(60)});
  breaker.failed(start);
  EXPECT_EQ(breaker.refuses(start + seconds(5)), std::nullopt);
  EXPECT_NE(breaker.refuses(start + seconds(64)), std::nullopt);
  EXPECT_EQ(breaker.refuses(start + seconds(65)), std::nullopt);
}

TEST(CircuitBreakers, LateFailuresOfWhatLeftBeforeDoNotLengthenThePause) {
  CircuitBreaker breaker(BreakerSettings{1, seconds(5), seconds(60)});
  for (int i = 0; i < 10; ++i) breaker.failed(start);
  EXPECT_EQ(breaker.refuses(start), seconds(5));
}

TEST(CircuitBreakers, ZeroFailuresMeanNever) {
  CircuitBreaker breaker(BreakerSettings{0, seconds(5), seconds(60)});
  for (int i = 0; i < 100; ++i) breaker.failed(start);
  EXPECT_EQ(breaker.refuses(start), std::nullopt);
}

class Gate : public testing::Test {
 protected:
  tgkit::Task<> pass(int number, RequestGroup group, tgkit::Duration limit, Effect effect) {
    try {
      co_await gate_.turn(group, effect, clock_.now() + limit);
      passed_.push_back(number);
    } catch (const GateClosed& closed) {
      closed_.push_back(closed.what());
    } catch (const boost::system::system_error&) {
      cancelled_.push_back(number);
    }
  }
  void spawn(int number, RequestGroup group = RequestGroup::last_sales, tgkit::Duration limit = seconds(600),
             Effect effect = Effect::read) {
    boost::asio::co_spawn(io_, pass(number, group, limit, effect), [](std::exception_ptr) {});
    settle();
  }
  void settle() {
    while (io_.poll() > 0) {
    }
    io_.restart();
  }
  void advance(tgkit::Duration by) {
    for (const auto end = clock_.now() + by; clock_.now() < end;) {
      clock_.advance(milliseconds(10));
      settle();
    }
  }

  boost::asio::io_context io_;
  tgkit::ManualClock clock_;
  RequestGate gate_{clock_, LimitSettings(), BreakerSettings()};
  std::vector<int> passed_, cancelled_;
  std::vector<std::string> closed_;
};

TEST_F(Gate, TurnsComeInTheOrderOfTheCallsAtTheGroupsPace) {
  for (int i = 0; i < 6; ++i) spawn(i);
  EXPECT_EQ(passed_, (std::vector<int>{0}));
  advance(milliseconds(400));
  EXPECT_EQ(passed_, (std::vector<int>{0, 1, 2}));
  advance(seconds(1));
  EXPECT_EQ(passed_, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST_F(Gate, AChangeDoesNotWaitForTheQuestionsThatWait) {
  for (int i = 0; i < 50; ++i) spawn(i, RequestGroup::others);
  passed_.clear();
  spawn(100, RequestGroup::others, seconds(600), Effect::write);
  spawn(101, RequestGroup::others, seconds(600), Effect::write);
  advance(milliseconds(210));
  ASSERT_GE(passed_.size(), 2u);
  EXPECT_EQ(passed_[0], 100);
  EXPECT_EQ(passed_[1], 101);
  advance(seconds(10));
  EXPECT_EQ(passed_.size(), 2u + 46u);  // four had left at once
}

TEST_F(Gate, AStopHoldsItsGroupAndNoOther) {
  gate_.answered(RequestGroup::last_sales, 429, {});
  spawn(1);
  spawn(2, RequestGroup::market);
  EXPECT_EQ(passed_, (std::vector<int>{2}));
  advance(milliseconds(990));
  EXPECT_EQ(passed_, (std::vector<int>{2}));
  advance(milliseconds(20));
  EXPECT_EQ(passed_, (std::vector<int>{2, 1}));
}

TEST_F(Gate, AStopThatComesWhileOthersWaitHoldsThemTooAndThenTheyGoOneByOne) {
  for (int i = 0; i < 4; ++i) spawn(i);
  tgkit::net::Headers headers;
  headers.add("Retry-After", "10");
  gate_.answered(RequestGroup::last_sales, 429, headers);
  advance(seconds(9));
  EXPECT_EQ(passed_, (std::vector<int>{0}));
  advance(milliseconds(1050));
  EXPECT_EQ(passed_, (std::vector<int>{0, 1}));
  advance(milliseconds(500));
  EXPECT_EQ(passed_, (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(Gate, StopsThatComeAgainAndAgainStarveNobody) {
  for (int i = 0; i < 20; ++i) spawn(i);
  tgkit::net::Headers nothing_left;
  nothing_left.add("RateLimit-Remaining", "0");
  for (int round = 0; round < 20; ++round) {
    gate_.answered(RequestGroup::last_sales, 200, nothing_left);
    advance(milliseconds(1300));
  }
  EXPECT_EQ(passed_.size(), 20u);
}

TEST_F(Gate, WhoseTurnWouldComeTooLateIsTurnedAwayAtOnce) {
  for (int i = 0; i < 10; ++i) spawn(i);
  spawn(10, RequestGroup::last_sales, seconds(1));
  ASSERT_EQ(closed_.size(), 1u);
  EXPECT_EQ(passed_.size(), 1u);
}

TEST_F(Gate, AnExchangeThatFailsIsNotAskedUntilOneTryWorks) {
  for (int i = 0; i < 5; ++i) gate_.no_answer(RequestGroup::others);
  spawn(1, RequestGroup::others);
  EXPECT_TRUE(gate_.left_alone(RequestGroup::others));
  ASSERT_EQ(closed_.size(), 1u);
  advance(seconds(5));
  spawn(2, RequestGroup::others);
  spawn(3, RequestGroup::others);
  EXPECT_EQ(passed_, (std::vector<int>{2}));
  gate_.answered(RequestGroup::others, 404, {});  // a refusal: it works
  spawn(4, RequestGroup::others);
  EXPECT_EQ(passed_, (std::vector<int>{2, 4}));
}

}  // namespace
}  // namespace dmarket
