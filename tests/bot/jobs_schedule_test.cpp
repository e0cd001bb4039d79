#include "tgkit/bot/jobs_schedule.hpp"

#include <set>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

WallTime utc(int y, unsigned m, unsigned d, int hour = 0, int minute = 0, int second = 0) {
  const sys_days day{year(y) / static_cast<int>(m) / static_cast<int>(d)};
  return day + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::int64_t day(int y, unsigned m, unsigned d) {
  return sys_days{year(y) / static_cast<int>(m) / static_cast<int>(d)}.time_since_epoch().count();
}

struct Moment {
  const char* what;
  std::int64_t day;
  TimeOfDay at;
  const char* zone;
  std::optional<WallTime> expected;
};

TEST(JobsSchedule, ATimeOfDayIsAtTheMomentThatTheZoneMakesOfIt) {
  const Moment table[] = {
      {"winter", day(2026, 1, 15), {9, 0}, "Europe/Berlin", utc(2026, 1, 15, 8)},
      {"summer", day(2026, 7, 15), {9, 0}, "Europe/Berlin", utc(2026, 7, 15, 7)},
      {"no daylight saving", day(2026, 7, 15), {9, 0}, "Asia/Kolkata", utc(2026, 7, 15, 3, 30)},
      {"in the gap: when it is over", day(2026, 3, 29), {2, 30}, "Europe/Berlin", utc(2026, 3, 29, 1)},
      {"just before the gap", day(2026, 3, 29), {1, 59}, "Europe/Berlin", utc(2026, 3, 29, 0, 59)},
      {"just after the gap", day(2026, 3, 29), {3, 0}, "Europe/Berlin", utc(2026, 3, 29, 1)},
      {"twice: the first", day(2026, 10, 25), {2, 30}, "Europe/Berlin", utc(2026, 10, 25, 0, 30)},
      {"after both", day(2026, 10, 25), {3, 0}, "Europe/Berlin", utc(2026, 10, 25, 2)},
      {"midnight in the gap", day(2023, 4, 28), {0, 30}, "Africa/Cairo", utc(2023, 4, 27, 22)},
      {"half an hour's gap", day(2026, 10, 4), {2, 15}, "Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)},
      {"a date that was left out", day(2011, 12, 30), {9, 0}, "Pacific/Apia", std::nullopt},
      {"the date after it", day(2011, 12, 31), {9, 0}, "Pacific/Apia", utc(2011, 12, 30, 19)},
  };
  for (const Moment& row : table) EXPECT_EQ(moment_of(row.day, row.at, row.zone), row.expected) << row.what;
}

// Follows a schedule as the jobs do and gives the local dates on which it runs.
std::vector<std::int64_t> days_run(const Schedule& schedule, const std::string& zone, WallTime from, int runs) {
  std::vector<std::int64_t> days;
  Occurrence next = schedule.first(from);
  for (int i = 0; i < runs; ++i) {
    EXPECT_EQ(local_day(next.at, zone), next.day);
    days.push_back(next.day);
    next = schedule.next(next, next.at);
  }
  return days;
}

TEST(JobsSchedule, EveryLocalDateHasExactlyOneRunWhereverTheClockIsPut) {
  const TimeOfDay times[] = {{0, 0}, {0, 30}, {2, 0}, {2, 30}, {3, 0}, {9, 0}, {23, 59}};
  for (const char* zone : {"UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe",
                           "America/Santiago", "Asia/Kathmandu", "Pacific/Chatham"}) {
    for (const TimeOfDay at : times) {
      const Schedule schedule = Schedule::daily(at, zone);
      const std::vector<std::int64_t> days = days_run(schedule, zone, utc(2026, 1, 1), 800);
      for (std::size_t i = 1; i < days.size(); ++i)
        ASSERT_EQ(days[i], days[i - 1] + 1) << schedule.text() << " run " << i;
    }
  }
}

TEST(JobsSchedule, ADateThatAZoneLeftOutHasNoRun) {
  const Schedule schedule = Schedule::daily({9, 0}, "Pacific/Apia");
  const std::vector<std::int64_t> days = days_run(schedule, "Pacific/Apia", utc(2011, 12, 28), 4);
  EXPECT_EQ(days,
            (std::vector<std::int64_t>{day(2011, 12, 28), day(2011, 12, 29), day(2011, 12, 31), day(2012, 1, 1)}));
}

TEST(JobsSchedule, TheFirstDailyRunIsTodaysUnlessItIsOver) {
  const Schedule schedule = Schedule::daily({9, 0}, "UTC");
  EXPECT_EQ(schedule.first(utc(2026, 5, 1, 8)).at, utc(2026, 5, 1, 9));
  EXPECT_EQ(schedule.first(utc(2026, 5, 1, 9)).at, utc(2026, 5, 1, 9));
  EXPECT_EQ(schedule.first(utc(2026, 5, 1, 9, 0, 1)).at, utc(2026, 5, 2, 9));
}

TEST(JobsSchedule, OfManyMissedRunsNoneIsMadeUpFor) {
  const Schedule daily = Schedule::daily({9, 0}, "UTC");
  const Occurrence last{utc(2026, 5, 1, 9), day(2026, 5, 1)};
  EXPECT_EQ(daily.next(last, utc(2026, 5, 10, 8)).at, utc(2026, 5, 10, 9));
  EXPECT_EQ(daily.next(last, utc(2026, 5, 10, 12)).at, utc(2026, 5, 11, 9));
  const Schedule every = Schedule::every(10min);
  EXPECT_EQ(every.next({utc(2026, 5, 1, 9), 0}, utc(2026, 5, 1, 10, 5)).at, utc(2026, 5, 1, 10, 10));
}

TEST(JobsSchedule, AnIntervalDoesNotDriftWithTheTimeThatRunsTake) {
  const Schedule every = Schedule::every(60s);
  Occurrence next = every.first(utc(2026, 5, 1));
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(next.at, utc(2026, 5, 1, 0, i));
    next = every.next(next, next.at + 7s);
  }
}

TEST(JobsSchedule, ARunThatWasDoneIsNotDoneAgainWhenTheClockIsPutBackByHours) {
  const Schedule daily = Schedule::daily({9, 0}, "UTC");
  const Occurrence tomorrow{utc(2026, 5, 2, 9), day(2026, 5, 2)};
  EXPECT_EQ(daily.settled(tomorrow, utc(2026, 5, 1, 6)), tomorrow);
}

TEST(JobsSchedule, ARunThatLiesTooFarOffAfterASetbackComesNearer) {
  const Schedule daily = Schedule::daily({9, 0}, "UTC");
  EXPECT_EQ(daily.settled({utc(2036, 5, 2, 9), day(2036, 5, 2)}, utc(2026, 5, 1, 6)).at, utc(2026, 5, 1, 9));
  const Schedule every = Schedule::every(10min);
  EXPECT_EQ(every.settled({utc(2026, 5, 1, 12), 0}, utc(2026, 5, 1, 6)).at, utc(2026, 5, 1, 6, 10));
  EXPECT_EQ(every.settled({utc(2026, 5, 1, 6, 5), 0}, utc(2026, 5, 1, 6)).at, utc(2026, 5, 1, 6, 5));
}

TEST(JobsSchedule, APendingRunFollowsTheZoneThatIsKnownNow) {
  const Schedule daily = Schedule::daily({9, 0}, "Europe/Berlin");
  const Occurrence by_older_data{utc(2026, 7, 1, 8), day(2026, 7, 1)};
  EXPECT_EQ(daily.settled(by_older_data, utc(2026, 6, 30, 20)).at, utc(2026, 7, 1, 7));
}

TEST(JobsSchedule, WhatCannotBeAScheduleIsRefusedWithItsReason) {
  EXPECT_THROW(Schedule::every(0s), std::logic_error);
  EXPECT_THROW(Schedule::daily({24, 0}, "UTC"), std::logic_error);
  EXPECT_THROW(Schedule::daily({9, 60}, "UTC"), std::logic_error);
  try {
    Schedule::daily({9, 0}, "Mars/Olympus");
    FAIL();
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string(error.what()).find("Mars/Olympus"), std::string::npos);
  }
}

TEST(JobsSchedule, EqualSchedulesHaveOneTextAndOthersOthers) {
  std::set<std::string> texts{Schedule::every(60s).text(), Schedule::every(61s).text(),
                              Schedule::daily({9, 0}, "UTC").text(), Schedule::daily({9, 1}, "UTC").text(),
                              Schedule::daily({9, 0}, "Europe/Berlin").text()};
  EXPECT_EQ(texts.size(), 5U);
  EXPECT_EQ(Schedule::daily({9, 5}, "UTC").text(), "daily at 09:05 in UTC");
}

}  // namespace
