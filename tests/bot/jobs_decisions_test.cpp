#include "tgkit/bot/jobs_decisions.hpp"

#include "tgkit/bot/jobs_queue.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;

const WallTime start{1'790'000'000s};

JobTimer timer_due(WallTime due, std::string key = "") {
  JobTimer timer;
  timer.key = {"job", std::move(key)};
  timer.due = due;
  timer.record.at = unix_milliseconds(due);
  return timer;
}

struct Case {
  const char* what;
  Missed missed;
  std::chrono::seconds late;
  std::uint32_t failures, begun;
  Verdict expected;
};

TEST(JobsDecisions, ADueTimerIsRunLeftOutOrSetAside) {
  const Case table[] = {
      {"in time", Missed::skip, 0s, 0, 0, Verdict::run},
      {"a little late", Missed::skip, 60s, 0, 0, Verdict::run},
      {"missed", Missed::skip, 61s, 0, 0, Verdict::skip},
      {"missed, but wanted", Missed::run_once, 86400s, 0, 0, Verdict::run},
      {"a retry is not a missed run", Missed::skip, 600s, 1, 0, Verdict::run},
      {"nor is one that a crash has broken off", Missed::skip, 600s, 0, 1, Verdict::run},
      {"ended the process twice", Missed::run_once, 0s, 0, 2, Verdict::run},
      {"ended the process three times", Missed::run_once, 0s, 0, 3, Verdict::set_aside},
      {"and was missed, too", Missed::skip, 600s, 0, 3, Verdict::set_aside},
  };
  for (const Case& row : table) {
    JobTimer timer = timer_due(start);
    timer.record.failures = row.failures;
    timer.begun = row.begun;
    JobOptions options;
    options.missed = row.missed;
    EXPECT_EQ(judge(timer, options, start + row.late), row.expected) << row.what;
  }
}

TEST(JobsDecisions, PausesBetweenAttemptsDoubleUpToTheirLimit) {
  JobOptions options;
  options.attempts = 6;
  options.first_pause = 10s;
  options.most_pause = 60s;
  JobTimer timer = timer_due(start);
  std::vector<std::chrono::seconds> pauses;
  while (true) {
    AfterFailure after = after_failure(timer, nullptr, options, start);
    if (after.what != Failure::again) break;
    pauses.push_back(std::chrono::duration_cast<std::chrono::seconds>(after.timer.due - start));
    timer = after.timer;
  }
  EXPECT_EQ(pauses, (std::vector<std::chrono::seconds>{10s, 20s, 40s, 60s, 60s}));
}

TEST(JobsDecisions, WhatRunsOnceIsSetAsideAfterItsLastAttempt) {
  JobOptions options;
  options.attempts = 2;
  AfterFailure after = after_failure(timer_due(start), nullptr, options, start);
  EXPECT_EQ(after.what, Failure::again);
  after = after_failure(after.timer, nullptr, options, start);
  EXPECT_EQ(after.what, Failure::set_aside);
  EXPECT_EQ(after.timer.record.failures, 2U);
}

TEST(JobsDecisions, AScheduleGoesOnWithItsNextRunAfterTheLastAttempt) {
  const Schedule schedule = Schedule::every(1h);
  JobOptions options;
  options.attempts = 2;
  AfterFailure after = after_failure(timer_due(start), &schedule, options, start);
  EXPECT_EQ(after.what, Failure::again);
  EXPECT_EQ(after.timer.record.occurrence().at, start) << "a retry is of the same occurrence";
  after = after_failure(after.timer, &schedule, options, start + 10s);
  EXPECT_EQ(after.what, Failure::given_up);
  EXPECT_EQ(after.timer.due, start + 1h);
  EXPECT_EQ(after.timer.record.failures, 0U);
}

TEST(JobsDecisions, ARetryGivesWayToANextRunThatComesBeforeIt) {
  const Schedule schedule = Schedule::every(5s);
  const AfterFailure after = after_failure(timer_due(start), &schedule, JobOptions(), start);
  EXPECT_EQ(after.what, Failure::given_up);
  EXPECT_EQ(after.timer.due, start + 5s);
}

TEST(JobsRecord, ATimerComesBackFromTheStoreAsItWas) {
  JobTimer timer = timer_due(start + 5ms, "k");
  timer.record.schedule = "every 5 s";
  timer.record.day = -3;
  timer.record.failures = 2;
  timer.record.version = 7;
  timer.record.payload = R"({"text":"a \"b\""})";
  timer.record.set_aside = "why";
  const storage::TimerWrite write = timer.write();
  const auto back = read_timer(write.key, *write.record);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->due, timer.due);
  EXPECT_EQ(back->key, timer.key);
  EXPECT_EQ(back->record.schedule, timer.record.schedule);
  EXPECT_EQ(back->record.day, -3);
  EXPECT_EQ(back->record.failures, 2U);
  EXPECT_EQ(back->record.version, 7U);
  EXPECT_EQ(back->record.payload, timer.record.payload);
  EXPECT_EQ(back->record.set_aside, "why");
  EXPECT_FALSE(read_timer(write.key, storage::TimerRecord{0, "no JSON"}));
}

TEST(JobsQueue, GivesTheEarliestAndNoneBeforeItsTime) {
  JobsQueue queue;
  queue.set(timer_due(start + 3s, "c"));
  queue.set(timer_due(start + 1s, "a"));
  queue.set(timer_due(start + 2s, "b"));
  EXPECT_EQ(queue.take(start), nullptr);
  EXPECT_EQ(queue.due(start + 2s), 2U);
  EXPECT_EQ(queue.earliest_after(start + 1s), start + 2s);
  EXPECT_EQ(queue.take(start + 2s)->key.key, "a");
  EXPECT_EQ(queue.take(start + 2s)->key.key, "b");
  EXPECT_EQ(queue.take(start + 2s), nullptr);
  EXPECT_EQ(queue.running(), 2U);
}

TEST(JobsQueue, ATimerSetAgainOrCancelledIsNotRunAtItsOldTime) {
  JobsQueue queue;
  queue.set(timer_due(start, "a"));
  queue.set(timer_due(start + 1s, "a"));
  queue.set(timer_due(start, "b"));
  queue.cancel({"job", "b"});
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.take(start), nullptr);
  EXPECT_NE(queue.take(start + 1s), nullptr);
}

TEST(JobsQueue, ATimerSetWhileItIsRunWaitsForTheEndOfTheRun) {
  JobsQueue queue;
  queue.set(timer_due(start, "a"));
  ASSERT_NE(queue.take(start), nullptr);
  queue.set(timer_due(start, "a"));
  EXPECT_EQ(queue.take(start), nullptr);
  queue.finished({"job", "a"});
  EXPECT_NE(queue.take(start), nullptr);
  queue.set(timer_due(start, "a"));
  queue.cancel({"job", "a"});
  queue.finished({"job", "a"});
  EXPECT_EQ(queue.take(start), nullptr);
}

TEST(JobsQueue, OnlyARunThatIsUnderWayIsSuperseded) {
  JobsQueue queue;
  queue.set(timer_due(start, "a"));
  queue.supersede({"job", "a"});
  ASSERT_NE(queue.take(start), nullptr);
  EXPECT_FALSE(queue.superseded({"job", "a"}));
  queue.supersede({"job", "a"});
  EXPECT_TRUE(queue.superseded({"job", "a"}));
}

}  // namespace
