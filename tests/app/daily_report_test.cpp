#include "app/daily_report.hpp"

#include <gtest/gtest.h>

namespace app {
namespace {

using namespace std::chrono_literals;

ReportFigures figures() {
  ReportFigures made;
  made.at = "2026-11-23 09:00 (UTC+3)";
  made.updates = 41;
  made.errors = 2;
  made.uptime = 26h;
  made.money = "<b>Balance</b>\nUsable: $12.34";
  return made;
}

TEST(DailyReport, HoldsEveryFigureInEnglish) {
  const std::string text = report_text(figures(), Texts::of("en"));
  EXPECT_EQ(text,
            "<b>Daily report</b>\n2026-11-23 09:00 (UTC+3)\n\n<b>Balance</b>\nUsable: $12.34\n\nMode: dry run\n"
            "Running for 1 d 2 h\nRequests since the start: 41\nErrors since the start: 2");
}

TEST(DailyReport, SpeaksTheReadersLanguage) {
  const std::string text = report_text(figures(), Texts::of("ru"));
  EXPECT_EQ(text.rfind("<b>Ежедневный отчёт</b>\n", 0), 0U) << text;
  EXPECT_NE(text.find("Запросов с запуска: 41"), std::string::npos) << text;
  EXPECT_EQ(text.find("since the start"), std::string::npos) << text;
}

TEST(DailyReport, IsRegisteredForItsHourInItsZone) {
  tgkit::bot::JobTable jobs;
  add_daily_report(jobs, {7, 5}, "Europe/Berlin");
  ASSERT_EQ(jobs.all().size(), 1U);
  EXPECT_EQ(jobs.all()[0]->schedule()->text(), "daily at 07:05 in Europe/Berlin");
}

}  // namespace
}  // namespace app
