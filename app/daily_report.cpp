#include "app/daily_report.hpp"

#include "app/commands/commands.hpp"
#include "app/preferences.hpp"
#include "dmarket/client.hpp"
#include "tgkit/bot/middleware/statistics.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/telegram/calls/messages.hpp"
#include "tgkit/telegram/format.hpp"

#include <optional>

namespace app {
namespace {

using namespace std::chrono_literals;
using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using tgkit::telegram::format::escape_html;

using PreferencesCell = tgkit::bot::StateCell<Preferences>;

// What is asked of the exchange once is told to each reader in his own language.
struct Money {
  std::optional<dmarket::Balance> balance;
  std::optional<dmarket::Error> problem;

  std::string text(const Texts& t) const {
    if (balance) return balance_text(*balance, t);
    return "<b>" + t.tr("Balance") + "</b>\n" + escape_html(exchange_problem(*problem, t));
  }
};

Task<Money> ask(Context& ctx, dmarket::Client& market) {
  Money money;
  try {
    money.balance = co_await market.balance();
  } catch (const dmarket::Error& error) {
    ctx.log().warn("balance not available", tgkit::ops::Field("reason", error.what()));
    money.problem = error;
  }
  co_return money;
}

// In the order of the readers.
Task<std::vector<Preferences>> preferences_of(Context& ctx, const std::vector<std::int64_t>& users) {
  std::vector<PreferencesCell> cells;
  std::vector<tgkit::storage::StateKey> keys;
  for (const std::int64_t user : users) {
    const std::string name(tgkit::bot::Stored<Preferences>::name);
    cells.emplace_back(tgkit::storage::StateKey{name, "u" + std::to_string(user)});
    keys.push_back(cells.back().key());
  }
  co_await ctx.load(std::move(keys));
  std::vector<Preferences> all;
  for (PreferencesCell& cell : cells) {
    cell.read(ctx.loaded(cell.key()));
    all.push_back(cell.value);
  }
  co_return all;
}

Task<> daily_report(Context& ctx, Use<ReportReaders> readers, Use<dmarket::Client> market,
                    Use<tgkit::bot::Statistics> statistics, Use<Facts> facts, Use<Defaults> defaults) {
  const Money money = co_await ask(ctx, *market);
  const std::vector<Preferences> preferences = co_await preferences_of(ctx, readers->users);
  for (std::size_t i = 0; i < preferences.size(); ++i) {
    const Texts& t = Texts::of(choose_language(preferences[i].language, "", defaults->language));
    ReportFigures figures;
    figures.at = local_time(ctx.clock().wall(), zone_of(preferences[i], *defaults));
    figures.dry_run = !facts->live();
    if (facts->real_in_dry_run) figures.real_orders = real_orders_line(facts->real_in_dry_run(), t);
    figures.updates = statistics->total_requests();
    figures.errors = statistics->total_errors();
    figures.uptime = ctx.clock().wall() - facts->started;
    figures.money = money.text(t);
    tgkit::telegram::SendMessage message(readers->users[i], report_text(figures, t));
    message.html();
    ctx.send(std::move(message), tgkit::bot::SendLane::alert);
  }
}

}  // namespace

std::string report_text(const ReportFigures& figures, const Texts& t) {
  std::string text = "<b>" + t.tr("Daily report") + "</b>\n";
  text += escape_html(figures.at) + "\n\n";
  text += figures.money + "\n\n";
  text += t.tr("Mode: {0}", figures.dry_run ? t.tr("dry run") : t.tr("live")) + "\n";
  if (!figures.real_orders.empty()) text += figures.real_orders + "\n";
  text += t.tr("Running for {0}", duration_text(figures.uptime, t)) + "\n";
  text += t.tr("Requests since the start: {0}", figures.updates) + "\n";
  text += t.tr("Errors since the start: {0}", figures.errors);
  return text;
}

void add_daily_report(tgkit::bot::JobTable& jobs, tgkit::bot::TimeOfDay at, std::string time_zone) {
  jobs.daily("daily report", at, std::move(time_zone), daily_report).timeout(1min);
}

}  // namespace app
