#include "tgkit/bot/jobs.hpp"

#include "tests/bot/support/harness.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <gtest/gtest.h>

namespace {

struct Reminder {
  std::int64_t chat = 0;
  std::string text;
};
struct Tally {
  int count = 0;
};
struct Shop {
  int visits = 0;
};

}  // namespace

template <>
struct tgkit::bot::Stored<Reminder> {
  static constexpr std::string_view name = "reminder";
  static constexpr auto fields = std::tuple(field("chat", &Reminder::chat), field("text", &Reminder::text));
};
template <>
struct tgkit::bot::Stored<Tally> {
  static constexpr std::string_view name = "tally";
  static constexpr auto fields = std::tuple(field("count", &Tally::count));
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;
using storage::TimerKey;
using tests::Harness;
using tests::message_json;

const TimerKey tick{"tick", ""};

// A bot with jobs. Fill `table` and `router`, then begin().
class JobsHarness : public Harness {
 public:
  JobsHarness() : Harness() {}
  ~JobsHarness() {
    if (jobs) end();
  }

  void begin(JobsSettings settings = {}) {
    if (!outbox) start();
    jobs = std::make_unique<Jobs>(io.get_executor(), environment, *outbox, metrics, std::move(table), settings);
    environment.jobs = jobs.get();
    jobs->resume(tests::run(io, store.open()).timers);
    spawn(jobs->start());
  }
  // What its stop threw; empty: nothing.
  std::string end() {
    const std::size_t stopped = spawn(jobs->stop());
    for (int i = 0; i < 100 && !done(stopped); ++i) advance(1s);
    EXPECT_TRUE(done(stopped));
    const std::exception_ptr thrown = error(stopped);
    jobs.reset();
    environment.jobs = nullptr;
    table = JobTable();
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return e.what();
    }
    return "";
  }
  // Another process: nothing is left but the store.
  void begin_again() {
    end();
    begin();
  }
  double runs(const std::string& job, const std::string& outcome) {
    ops::Labels labels("job", job);
    return metrics.counter("tgkit_job_runs_total", labels.with("outcome", outcome)).value();
  }
  std::string scrape() { return metrics.text(); }

  JobTable table;
  std::unique_ptr<Jobs> jobs;
};

Task<> remind(Context& ctx, Reminder reminder) {
  ctx.send(telegram::SendMessage(reminder.chat, reminder.text));
  co_return;
}

Task<> remind_me(Context& ctx, std::string words) {
  ctx.after(5min, Reminder{ctx.chat_id(), words});
  ctx.reply("I will");
  co_return;
}

TEST(Jobs, AJobThatAHandlerSetRunsAfterItsDelay) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  h.advance(5min - 1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"I will"}));
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"I will", "tea"}));
  EXPECT_TRUE(h.store.timers.empty());
  EXPECT_EQ(h.runs("reminder", "done"), 1);
}

TEST(Jobs, ATimerSurvivesARestart) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  h.end();
  h.table.on<Reminder>(remind);
  h.begin();
  h.advance(5min);
  EXPECT_EQ(h.texts().back(), "tea");
}

Task<> promise_and_fail(Context& ctx, std::string) {
  ctx.after(1s, Reminder{ctx.chat_id(), "never"});
  throw std::runtime_error("no");
  co_return;
}

TEST(Jobs, ATimerIsSetWithTheCommitOfItsHandlerOrNotAtAll) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, promise_and_fail);
  h.begin();
  h.handle(message_json(1, "x"));
  EXPECT_TRUE(h.store.timers.empty());
  h.advance(1min);
  EXPECT_EQ(h.texts().size(), 1U) << "the apology only";
}

TEST(Jobs, ATimerAndTheUpdateThatSetItAreOneCommit) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  const auto commit = std::ranges::find_if(h.store.commits, [](const auto& one) { return !one.timers.empty(); });
  ASSERT_NE(commit, h.store.commits.end());
  EXPECT_EQ(commit->done, (std::vector<std::int64_t>{1}));
  EXPECT_EQ(commit->messages.size(), 1U);
}

Task<> set_keyed(Context& ctx, std::string words) {
  if (words == "cancel")
    ctx.cancel<Reminder>("k");
  else
    ctx.after(10s, Reminder{1, words}, "k");
  co_return;
}

TEST(Jobs, ATimerOfTheSameKeyIsReplacedAndCanBeCancelled) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, set_keyed);
  h.begin();
  h.handle(message_json(1, "first"));
  h.advance(5s);
  h.handle(message_json(2, "second"));
  h.advance(9s);
  EXPECT_TRUE(h.texts().empty());
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"second"}));
  h.handle(message_json(3, "third"));
  h.handle(message_json(4, "cancel"));
  EXPECT_TRUE(h.store.timers.empty());
  h.advance(1min);
  EXPECT_EQ(h.texts().size(), 1U);
}

TEST(Jobs, TimersWithoutAKeyAreEachOfTheirOwn) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "a"));
  h.handle(message_json(2, "b"));
  EXPECT_EQ(h.store.timers.size(), 2U);
}

TEST(Jobs, ATimerForAJobThatNobodyRegisteredFailsItsHandler) {
  JobsHarness h;
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  EXPECT_TRUE(h.store.timers.empty());
  EXPECT_NE(h.texts(), (std::vector<std::string>{"I will"}));
}

Task<> count_and_say(Context& ctx) {
  StateCell<Tally> tally(storage::StateKey{"tally", "bot"});
  std::vector<storage::StateKey> keys;
  keys.push_back(tally.key());
  co_await ctx.load(std::move(keys));
  tally.read(ctx.loaded(tally.key()));
  ++tally.value.count;
  tally.write(ctx);
  ctx.send(telegram::SendMessage(7, "run " + std::to_string(tally.value.count)));
}

TEST(Jobs, MessagesStateAndNextRunOfAJobAreOneCommit) {
  JobsHarness h;
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  const std::int64_t first = h.store.timers.at(tick).due;
  const std::size_t before = h.store.commits.size();
  h.advance(60s);
  ASSERT_GT(h.store.commits.size(), before);
  const storage::Commit& commit = h.store.commits[before];
  EXPECT_EQ(commit.writes.size(), 1U);
  EXPECT_EQ(commit.messages.size(), 1U);
  ASSERT_EQ(commit.timers.size(), 1U);
  EXPECT_EQ(commit.timers[0].record->due, first + 60'000);
  h.advance(60s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"run 1", "run 2"}));
}

TEST(Jobs, AStoreThatDoesNotCommitHoldsTheRunUpAndDoesNotRepeatIt) {
  JobsHarness h;
  int runs = 0;
  h.table.every("tick", 60s, [&runs](Context& ctx) -> Task<> {
    ++runs;
    ctx.send(telegram::SendMessage(7, "run"));
    co_return;
  });
  h.begin();
  h.store.failing_commits = 2;
  h.advance(60s);
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(h.texts().empty());
  for (int i = 0; i < 10; ++i) h.advance(1s);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(h.texts().size(), 1U);
}

Task<> fail(Context& ctx) {
  ctx.send(telegram::SendMessage(7, "never"));
  throw std::runtime_error("private words");
  co_return;
}

TEST(Jobs, AJobThatThrowsIsTriedAgainAfterGrowingPausesAndItsMessagesStay) {
  JobsHarness h;
  h.table.every("tick", 1h, fail).attempts(3).pause(10s, 1min);
  h.begin();
  h.advance(1h);
  EXPECT_EQ(h.runs("tick", "failed"), 1);
  h.advance(9s);
  EXPECT_EQ(h.runs("tick", "failed"), 1);
  h.advance(1s);
  EXPECT_EQ(h.runs("tick", "failed"), 2);
  h.advance(20s);
  EXPECT_EQ(h.runs("tick", "failed"), 3);
  h.advance(30min);
  EXPECT_EQ(h.runs("tick", "failed"), 3) << "given up until its next time";
  h.advance(30min);
  EXPECT_EQ(h.runs("tick", "failed"), 4);
  EXPECT_TRUE(h.texts().empty());
  EXPECT_NE(h.log_text().find("job failed"), std::string::npos);
  EXPECT_EQ(h.log_text().find("private words"), std::string::npos);
}

TEST(Jobs, AnAttemptIsRememberedOverARestart) {
  JobsHarness h;
  h.table.every("tick", 1h, fail).attempts(2).pause(10s, 1min);
  h.begin();
  h.advance(1h);
  EXPECT_EQ(h.runs("tick", "failed"), 1);
  h.end();
  h.table.every("tick", 1h, fail).attempts(2).pause(10s, 1min);
  h.begin();
  h.advance(10s);
  EXPECT_EQ(h.runs("tick", "failed"), 2);
  h.advance(10min);
  EXPECT_EQ(h.runs("tick", "failed"), 2);
}

TEST(Jobs, WhatRunsOnceIsSetAsideAfterItsLastAttemptAndCanBeRetriedOrDropped) {
  JobsHarness h;
  int left_to_fail = 1;
  h.table
      .on<Reminder>([&left_to_fail](Context& ctx, Reminder reminder) -> Task<> {
        if (left_to_fail-- > 0) throw std::runtime_error("no");
        co_await remind(ctx, reminder);
      })
      .attempts(1);
  h.router.on(text, set_keyed);
  h.begin();
  h.handle(message_json(1, "tea"));
  h.advance(1h);
  EXPECT_TRUE(h.texts().empty());
  ASSERT_EQ(h.jobs->set_aside().size(), 1U);
  EXPECT_NE(h.jobs->set_aside()[0].reason.find("runtime_error"), std::string::npos);
  EXPECT_NE(h.scrape().find("tgkit_jobs_set_aside 1"), std::string::npos);
  EXPECT_EQ(h.store.timers.size(), 1U) << "nothing is lost";
  const TimerKey key{"reminder", "k"};
  EXPECT_TRUE(tests::run(h.io, h.jobs->retry(key)));
  h.pump();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"tea"}));
  left_to_fail = 1;
  h.handle(message_json(2, "coffee"));
  h.advance(10s);
  EXPECT_TRUE(tests::run(h.io, h.jobs->drop(key)));
  EXPECT_TRUE(h.store.timers.empty());
  EXPECT_FALSE(tests::run(h.io, h.jobs->drop(key)));
}

TEST(Jobs, AJobThatTakesTooLongIsBrokenOffAndCountsAsFailed) {
  JobsHarness h;
  h.table.every("tick", 1h, [](Context& ctx) -> Task<> { co_await ctx.clock().sleep_for(1h); }).timeout(5s);
  h.begin();
  h.advance(1h);
  h.advance(4s);
  EXPECT_EQ(h.runs("tick", "timed_out"), 0);
  h.advance(1s);
  EXPECT_EQ(h.runs("tick", "timed_out"), 1);
}

TEST(Jobs, AJobThatEndsTheProcessIsTriedSoManyTimesAndThenSetAside) {
  for (const std::uint32_t deaths : {2U, 3U}) {
    JobsHarness h;
    h.table.every("tick", 60s, count_and_say);
    h.begin();
    h.store.runs[tick] = deaths;
    h.end();
    h.store.runs[tick] = deaths;
    h.table.every("tick", 60s, count_and_say);
    h.begin();
    h.advance(60s);
    EXPECT_EQ(h.texts().size(), deaths == 3 ? 0U : 1U);
    EXPECT_EQ(h.jobs->set_aside().size(), deaths == 3 ? 1U : 0U);
    h.advance(10min);
    EXPECT_EQ(h.texts().empty(), deaths == 3);
  }
}

TEST(Jobs, WhatIsSetAsideStaysSoOverARestartUntilAnotherScheduleIsWired) {
  JobsHarness h;
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  h.end();
  h.store.runs[tick] = 3;
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  h.advance(60s);
  h.end();
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  h.advance(10min);
  EXPECT_TRUE(h.texts().empty());
  EXPECT_EQ(h.jobs->set_aside().size(), 1U);
  h.end();
  h.table.every("tick", 30s, count_and_say);
  h.begin();
  h.advance(30s);
  EXPECT_EQ(h.texts().size(), 1U);
  EXPECT_TRUE(h.jobs->set_aside().empty());
}

TEST(Jobs, ARunIsMarkedAsBegunBeforeItsHandlerAndTheMarkGoesWithItsCommit) {
  JobsHarness h;
  std::uint32_t begun = 0;
  h.table.every("tick", 60s, [&](Context&) -> Task<> {
    begun = h.store.runs[tick];
    co_return;
  });
  h.begin();
  h.advance(60s);
  EXPECT_EQ(begun, 1U);
  EXPECT_FALSE(h.store.runs.contains(tick));
}

TEST(Jobs, MissedRunsAreMadeUpForOnceOrLeftOutAsWanted) {
  for (const Missed policy : {Missed::run_once, Missed::skip}) {
    JobsHarness h;
    h.table.every("tick", 1h, count_and_say).missed(policy);
    h.begin();
    h.end();
    h.clock.advance(5h + 30min);  // nobody is there
    h.table.every("tick", 1h, count_and_say).missed(policy);
    h.begin();
    EXPECT_EQ(h.texts().size(), policy == Missed::run_once ? 1U : 0U);
    EXPECT_EQ(h.runs("tick", "skipped"), policy == Missed::run_once ? 0 : 1);
    h.advance(29min);
    EXPECT_EQ(h.texts().size(), policy == Missed::run_once ? 1U : 0U);
    h.advance(1min);
    EXPECT_EQ(h.texts().size(), policy == Missed::run_once ? 2U : 1U) << "and then at its usual time";
  }
}

TEST(Jobs, ADailyJobRunsOnceOnEveryLocalDateOverAYearWithARestartEveryDay) {
  JobsHarness h;
  std::vector<std::int64_t> dates;
  const auto note = [&dates](Context& ctx) -> Task<> {
    dates.push_back(local_day(ctx.job()->scheduled, "Europe/Berlin"));
    co_return;
  };
  h.table.daily("report", {2, 30}, "Europe/Berlin", note);
  h.begin();
  for (int hours = 0; hours < 366 * 24; ++hours) {
    h.advance(1h);
    if (hours % 24 != 7) continue;
    h.end();
    h.table.daily("report", {2, 30}, "Europe/Berlin", note);
    h.begin();
  }
  ASSERT_GE(dates.size(), 365U);
  for (std::size_t i = 1; i < dates.size(); ++i) EXPECT_EQ(dates[i], dates[i - 1] + 1);
}

TEST(Jobs, AWallClockPutForwardIsNoticedWithinAMinute) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  h.clock.set_wall(h.clock.wall() + 1h);
  h.advance(1min);
  EXPECT_EQ(h.texts().back(), "tea");
}

TEST(Jobs, AWallClockPutBackNeitherRepeatsADaysRunNorHoldsIntervalsUp) {
  JobsHarness h;
  int reports = 0, ticks = 0;
  h.table.daily("report", {12, 0}, "UTC", [&reports](Context&) -> Task<> {
    ++reports;
    co_return;
  });
  h.table.every("tick", 10min, [&ticks](Context&) -> Task<> {
    ++ticks;
    co_return;
  });
  h.begin();
  h.advance(24h);
  ASSERT_EQ(reports, 1);
  const WallTime noon = std::chrono::floor<std::chrono::days>(h.clock.wall()) + 12h;
  h.clock.advance(noon + 24h + 1min - h.clock.wall());
  h.pump();
  const int before = reports;
  h.clock.set_wall(h.clock.wall() - 3h);
  h.advance(4h);
  EXPECT_EQ(reports, before) << "noon came twice";
  EXPECT_NE(h.log_text().find("set back"), std::string::npos);
  const int ticks_before = ticks;
  h.clock.set_wall(h.clock.wall() - 24h * 30);
  h.advance(12min);
  EXPECT_GT(ticks, ticks_before);
}

TEST(Jobs, RunsOfOneTimerDoNotOverlapAndOthersRunSideBySide) {
  JobsHarness h;
  int now = 0, most = 0, others = 0;
  h.table.every("slow", 10s, [&](Context& ctx) -> Task<> {
    most = std::max(most, ++now);
    co_await ctx.clock().sleep_for(25s);
    --now;
  });
  h.table.every("quick", 10s, [&](Context&) -> Task<> {
    ++others;
    co_return;
  });
  h.begin();
  for (int i = 0; i < 30; ++i) h.advance(10s);
  EXPECT_EQ(most, 1);
  EXPECT_GE(others, 29);
}

TEST(Jobs, NoMoreRunSideBySideThanAllowed) {
  JobsHarness h;
  int now = 0, most = 0, done = 0;
  h.table.on<Reminder>([&](Context& ctx, Reminder) -> Task<> {
    most = std::max(most, ++now);
    co_await ctx.clock().sleep_for(1s);
    --now;
    ++done;
  });
  h.router.on(text, remind_me);
  JobsSettings settings;
  settings.most_running = 3;
  h.begin(settings);
  for (int i = 1; i <= 10; ++i) h.handle(message_json(i, "x"));
  h.advance(5min);
  for (int i = 0; i < 10; ++i) h.advance(1s);
  EXPECT_EQ(most, 3);
  EXPECT_EQ(done, 10);
}

Task<> again_and_again(Context& ctx, Reminder reminder) {
  if (reminder.text.size() < 3) ctx.after(1s, Reminder{1, reminder.text + "x"}, ctx.job()->key);
  ctx.send(telegram::SendMessage(1, reminder.text));
  co_return;
}

TEST(Jobs, AJobMaySetItsOwnTimerAgain) {
  JobsHarness h;
  h.table.on<Reminder>(again_and_again);
  h.router.on(text, set_keyed);
  h.begin();
  h.handle(message_json(1, "x"));
  h.advance(10s);
  for (int i = 0; i < 10; ++i) h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"x", "xx", "xxx"}));
  EXPECT_TRUE(h.store.timers.empty());
}

TEST(Jobs, ATimerThatSomebodySetsDuringItsRunIsNotLostWithTheRun) {
  JobsHarness h;
  h.table.on<Reminder>([](Context& ctx, Reminder reminder) -> Task<> {
    co_await ctx.clock().sleep_for(5s);
    co_await remind(ctx, reminder);
  });
  h.router.on(text, set_keyed);
  h.begin();
  h.handle(message_json(1, "first"));
  h.advance(10s);
  h.handle(message_json(2, "second"));  // the first is under way
  h.advance(5s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first"}));
  EXPECT_EQ(h.store.timers.size(), 1U);
  h.advance(5s);
  h.advance(5s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first", "second"}));
  EXPECT_TRUE(h.store.timers.empty());
}

TEST(Jobs, ATimerThatSomebodySetsWhileTheRunsCommitFailsIsNotLostWithTheRun) {
  JobsHarness h;
  h.table.on<Reminder>([](Context& ctx, Reminder reminder) -> Task<> {
    co_await ctx.clock().sleep_for(5s);
    co_await remind(ctx, reminder);
  });
  h.router.on(text, set_keyed);
  h.begin();
  h.handle(message_json(1, "first"));
  h.advance(10s);
  h.store.failing_commits = 1;
  h.advance(5s);  // the first has ended, and the store does not commit it
  EXPECT_EQ(h.store.failing_commits, 0);
  h.handle(message_json(2, "second"));
  for (int i = 0; i < 5; ++i) h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first"}));
  EXPECT_EQ(h.store.timers.size(), 1U);
  h.advance(5s);
  h.advance(5s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first", "second"}));
  EXPECT_TRUE(h.store.timers.empty());
}

TEST(Jobs, AStopWaitsForTheJobUnderWayAndBeginsNoOther) {
  JobsHarness h;
  h.table.every("tick", 60s, [](Context& ctx) -> Task<> {
    co_await ctx.clock().sleep_for(3s);
    ctx.send(telegram::SendMessage(7, "done"));
  });
  h.begin();
  h.advance(60s);
  EXPECT_EQ(h.end(), "");
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"done"}));
  h.advance(10min);
  EXPECT_EQ(h.texts().size(), 1U);
}

TEST(Jobs, AJobThatTheStopHasToBreakOffRunsAfterTheNextStart) {
  JobsHarness h;
  bool hang = true;
  const auto say = [&hang](Context& ctx) -> Task<> {
    if (hang) co_await ctx.clock().sleep_for(1h);
    ctx.send(telegram::SendMessage(7, "done"));
  };
  h.table.every("tick", 60s, say).timeout(2h);
  h.begin();
  h.advance(60s);
  EXPECT_EQ(h.end(), "1 jobs are left for the next start");
  EXPECT_EQ(h.store.runs[tick], 0U) << "it is not its fault";
  EXPECT_TRUE(h.texts().empty());
  hang = false;
  h.table.every("tick", 60s, say);
  h.begin();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"done"}));
}

TEST(Jobs, WhatAJobMakesOfBeingBrokenOffByAStopIsNoFailureOfIts) {
  JobsHarness h;
  bool hang = true;
  const auto say = [&hang](Context& ctx) -> Task<> {
    bool broken = false;
    try {
      if (hang) co_await ctx.clock().sleep_for(1h);
    } catch (const std::exception&) {
      broken = true;
    }
    if (broken) throw std::runtime_error("the exchange does not answer");
    ctx.send(telegram::SendMessage(7, "done"));
  };
  h.table.every("tick", 60s, say).timeout(2h);
  h.begin();
  h.advance(60s);
  EXPECT_EQ(h.end(), "1 jobs are left for the next start");
  hang = false;
  h.table.every("tick", 60s, say);
  h.begin();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"done"})) << "at once, not after the pause of a failure";
}

TEST(Jobs, ATimerThatIsSetWhileTheBotStopsIsThereAfterTheNextStart) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  const std::size_t stopped = h.spawn(h.jobs->stop());
  EXPECT_TRUE(h.done(stopped));
  h.handle(message_json(1, "tea"));
  h.advance(1h);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"I will"}));
  EXPECT_EQ(h.store.timers.size(), 1U);
}

TEST(Jobs, AScheduleThatIsNotWiredAnyMoreLeavesTheStore) {
  JobsHarness h;
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  EXPECT_EQ(h.store.timers.size(), 1U);
  h.end();
  h.begin();
  EXPECT_TRUE(h.store.timers.empty());
}

TEST(Jobs, ATimerOfAJobThatThisVersionDoesNotKnowIsKeptAndSaid) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  h.end();
  h.begin();  // without it
  h.advance(1h);
  EXPECT_EQ(h.store.timers.size(), 1U);
  EXPECT_NE(h.log_text().find("no job of this name"), std::string::npos);
  h.end();
  h.table.on<Reminder>(remind);
  h.begin();
  EXPECT_EQ(h.texts().back(), "tea");
}

Task<> remind_nobody(Context& ctx) {
  ctx.send(telegram::SendMessage(7, "by schedule"));
  co_return;
}

TEST(Jobs, ATimerIsNotRunByAJobThatHasAScheduleNow) {
  JobsHarness h;
  h.table.on<Reminder>(remind);
  h.router.on(text, remind_me);
  h.begin();
  h.handle(message_json(1, "tea"));
  h.end();
  h.table.every("reminder", 1h, remind_nobody);
  h.begin();
  h.advance(1h);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"I will", "by schedule"}));
  EXPECT_EQ(h.jobs->set_aside().size(), 1U);
  EXPECT_EQ(h.store.timers.size(), 2U);
}

TEST(Jobs, ARestartDoesNotPutAnIntervalOff) {
  JobsHarness h;
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  h.advance(50s);
  h.end();
  h.table.every("tick", 60s, count_and_say);
  h.begin();
  h.advance(10s);
  EXPECT_EQ(h.texts().size(), 1U);
}

Task<> visit(Context&, Use<Shop> shop) {
  ++shop->visits;
  co_return;
}

TEST(Jobs, AJobUsesTheProgramsOwnObjects) {
  JobsHarness h;
  Shop shop;
  h.services.add(shop);
  h.table.every("tick", 60s, visit);
  h.begin();
  h.advance(60s);
  EXPECT_EQ(shop.visits, 1);
}

TEST(Jobs, ATableThatCannotWorkSaysEverythingThatIsWrong) {
  JobsHarness h;
  h.start();
  JobTable table;
  table.every("tick", 60s, count_and_say);
  table.every("tick", 61s, count_and_say);
  table.every("visit", 60s, visit);
  try {
    Jobs jobs(h.io.get_executor(), h.environment, *h.outbox, h.metrics, std::move(table), JobsSettings());
    FAIL();
  } catch (const WiringError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("\"tick\" is there twice"), std::string::npos) << what;
    EXPECT_NE(what.find("Shop"), std::string::npos) << what;
  }
}

TEST(Jobs, ARunSaysHowLateItIsAndInWhichAttempt) {
  JobsHarness h;
  std::vector<std::uint32_t> attempts;
  h.table
      .every("tick", 1h,
             [&attempts](Context& ctx) -> Task<> {
               attempts.push_back(ctx.job()->attempt);
               if (attempts.size() < 3) throw std::runtime_error("no");
               co_return;
             })
      .pause(10s, 10s);
  h.begin();
  for (int i = 0; i < 3; ++i) h.advance(i == 0 ? Duration(1h) : Duration(10s));
  EXPECT_EQ(attempts, (std::vector<std::uint32_t>{1, 2, 3}));
  const std::string text = h.scrape();
  EXPECT_NE(text.find("tgkit_job_late_seconds_count{job=\"tick\"} 3"), std::string::npos) << text;
}

}  // namespace
