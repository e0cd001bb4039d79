#include "app/ledger_command.hpp"

#include "app/ledger/export.hpp"
#include "app/store_tool.hpp"
#include "tgkit/ops/exit_codes.hpp"

#include <chrono>
#include <cstdio>
#include <map>

namespace app {
namespace {

using tgkit::Task;
using tgkit::ops::AdminAnswer;

constexpr int bad_words = 2;

std::string columns_text(const std::vector<ledger::Column>& columns) {
  std::string text;
  for (const ledger::Column& column : columns) {
    const std::string name(column.name);
    text +=
        "  " + name + std::string(name.size() < 16 ? 16 - name.size() : 1, ' ') + std::string(column.meaning) + "\n";
  }
  return text;
}

std::string usage() {
  return "the ledger: what was ordered, bought and sold, and what it has earned. Works while the bot runs, too.\n"
         "  dmarket-bot ledger export [--what entries|trades] [--format csv|json] [--from DATE] [--to DATE]\n"
         "  dmarket-bot ledger cost ASSET AMOUNT    what an item has cost that was not bought here, in dollars\n"
         "DATE is 2026-11-23 (its midnight) or 2026-11-23T14:05:09Z, UTC; from inclusive, to exclusive. Amounts are\n"
         "dollars with two decimals and, beside them in columns that end in _cents, whole cents. Columns of "
         "entries:\n" +
         columns_text(ledger::entry_columns()) + "Columns of trades (sales with their cost and profit):\n" +
         columns_text(ledger::trade_columns());
}

struct Export {
  bool trades = false, json = false;
  std::int64_t from = INT64_MIN, to = INT64_MAX;
  bool holds(std::int64_t at) const { return at >= from && at < to; }
};

// The flags as name and value; what is no flag is in `rest`.
std::map<std::string, std::string> flags_of(const std::vector<std::string>& words, std::vector<std::string>& rest) {
  std::map<std::string, std::string> flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      rest.push_back(words[i]);
    } else if (const auto equals = words[i].find('='); equals != std::string::npos) {
      flags[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    } else {
      flags[words[i]] = i + 1 < words.size() ? words[i + 1] : std::string();
      ++i;
    }
  }
  return flags;
}

// What is wrong; empty when nothing is.
std::string read_flags(const std::map<std::string, std::string>& flags, Export& asked) {
  for (const auto& [name, value] : flags) {
    if (name == "--what") {
      if (value != "entries" && value != "trades") return "--what must be entries or trades";
      asked.trades = value == "trades";
    } else if (name == "--format") {
      if (value != "csv" && value != "json") return "--format must be csv or json";
      asked.json = value == "json";
    } else if (name == "--from" || name == "--to") {
      const auto at = parse_utc(value);
      if (!at) return name + " must be a date such as 2026-11-23 or 2026-11-23T14:05:09Z";
      (name == "--from" ? asked.from : asked.to) = *at;
    } else {
      return name + " is not known";
    }
  }
  return {};
}

// Lines of CSV under a header, or a JSON array with the totals beside it.
class Document {
 public:
  Document(const Export& asked, const std::vector<ledger::Column>& columns) : asked_(asked) {
    text_ = asked.json ? "{\"" + std::string(asked.trades ? "trades" : "entries") + "\":[\n" : csv_header(columns);
  }
  template <class T>
  void add(const T& one) {
    if (!asked_.json) {
      text_ += csv_line(one);
    } else {
      text_ += (first_ ? "" : ",\n") + json_object(one);
      first_ = false;
    }
  }
  std::string end(const ledger::Totals& real, const ledger::Totals& simulated) && {
    if (asked_.json)
      text_ += "\n],\n\"totals\":" + json_object(real) + ",\n\"simulated_totals\":" + json_object(simulated) + "}\n";
    return std::move(text_);
  }

 private:
  const Export& asked_;
  std::string text_;
  bool first_ = true;
};

Task<AdminAnswer> write_out(ledger::Ledger& ledger, std::vector<std::string> words) {
  Export asked;
  std::vector<std::string> rest;
  const std::string wrong = read_flags(flags_of(words, rest), asked);
  if (!wrong.empty() || !rest.empty())
    co_return AdminAnswer(bad_words, (wrong.empty() ? rest.front() + " is not known" : wrong) + "\n");
  Document document(asked, asked.trades ? ledger::trade_columns() : ledger::entry_columns());
  if (asked.trades) {
    for (const ledger::Trade& trade : ledger.real().trades())
      if (asked.holds(trade.sale.at)) document.add(trade);
  } else {
    const std::function<void(const ledger::Entry&)> each = [&](const ledger::Entry& entry) {
      if (asked.holds(entry.at)) document.add(entry);
    };
    co_await ledger::read_entries(ledger.store(), each);
  }
  co_return AdminAnswer(tgkit::ops::exit_code::ok,
                        std::move(document).end(ledger.real().totals(asked.from, asked.to),
                                                ledger.simulated().totals(asked.from, asked.to)));
}

Task<AdminAnswer> enter_cost(ledger::Ledger& ledger, std::int64_t now, std::vector<std::string> words) {
  if (words.size() != 2) co_return AdminAnswer(bad_words, "cost wants an asset's id and an amount: cost ASSET 9.50\n");
  const auto amount = dmarket::parse_typed_dollars(words[1]);
  if (!amount || *amount < dmarket::Money())
    co_return AdminAnswer(bad_words,
                          words[1] + " is no amount: " + (amount ? "it is below zero" : amount.error()) + "\n");
  const ledger::Item* item = ledger.real().item(words[0]);
  ledger::Cost cost;
  cost.asset_id = words[0];
  cost.price = *amount;
  std::vector<ledger::Entry> entries;
  entries.emplace_back(now, false, std::move(cost));
  co_await ledger.append(std::move(entries));
  const std::string name = item == nullptr ? "an item that was not seen yet" : item->title;
  co_return AdminAnswer(tgkit::ops::exit_code::ok,
                        words[0] + " (" + name + ") has cost " + dmarket::to_text(*amount) + "\n");
}

Task<AdminAnswer> on_store(tgkit::storage::Store& store, tgkit::Clock& clock, tgkit::ops::Log&,
                           std::vector<std::string> words) {
  ledger::Ledger ledger(store);
  co_await ledger.start();
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
  co_return co_await run_ledger_words(ledger, now, std::move(words));
}

}  // namespace

std::optional<std::int64_t> parse_utc(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  const bool date = std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && used == 10;
  if (!date) return std::nullopt;
  if (text.size() > 10) {
    int more = 0;
    const bool time =
        std::sscanf(text.c_str() + 10, "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &more) == 3 && more == 10;
    if (!time || text.size() != 20 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  }
  const std::chrono::year_month_day when{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!when.ok()) return std::nullopt;
  return std::chrono::sys_days(when).time_since_epoch().count() * ledger::day_seconds + hour * 3600 + minute * 60 +
         second;
}

Task<AdminAnswer> run_ledger_words(ledger::Ledger& ledger, std::int64_t now, std::vector<std::string> words) {
  const std::string verb = words.empty() ? std::string() : words.front();
  if (!words.empty()) words.erase(words.begin());
  if (verb == "export") co_return co_await write_out(ledger, std::move(words));
  if (verb == "cost") co_return co_await enter_cost(ledger, now, std::move(words));
  co_return AdminAnswer(bad_words, usage());
}

std::optional<int> run_ledger_command(int argc, const char* const* argv) {
  StoreTool tool;
  tool.name = "ledger";
  tool.usage = usage();
  for (const char* flag : {"--what", "--format", "--from", "--to"}) tool.flags_with_value.emplace_back(flag);
  tool.on_store = on_store;
  return run_store_tool(tool, argc, argv);
}

}  // namespace app
