#pragma once
// The daily report: how the bot and the account are, to those who run it, at their hour.
#include "app/locale.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/jobs_table.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace app {

// Who gets it. The application fills it; without anybody there is no report.
struct ReportReaders {
  std::vector<std::int64_t> users;
};

// Registers the job. The time zone must be one that time_zone_exists() knows. A day that was missed, since the bot did
// not run at its hour, is reported as soon as it runs again, once.
void add_daily_report(tgkit::bot::JobTable& jobs, tgkit::bot::TimeOfDay at, std::string time_zone);

// The pure part, for tests.
struct ReportFigures {
  std::string at;  // local time of the reader
  bool dry_run = true;
  std::uint64_t updates = 0, errors = 0;  // since the start
  tgkit::Duration uptime{};
  std::string real_orders;  // that stand although the bot is in dry run; HTML, empty: none
  std::string money;        // the balance, or why it is not known; HTML
};
std::string report_text(const ReportFigures& figures, const Texts& t);

}  // namespace app
