#pragma once
// A trader with its ledger on a scripted exchange.
#include "app/trader/trader.hpp"
#include "tests/app/trader/scripted_exchange.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/storage/memory_store.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tests::trader {

using namespace app::trader;
using app::ledger::Switched;
using Fate = ScriptedExchange::Fate;

inline constexpr const char* rules_text = R"(
[limits]
daily_budget = "50.00"
[[rule]]
name = "redline"
game = "cs2"
title = "AK"
max_price = "9.50"
opening_price = "8.00"
least_profit_percent = 3
)";

// A market in which an AK sells for about $11, the best target of others is $9.00 and the cheapest offer $11.50.
class TraderTest : public testing::Test {
 protected:
  TraderTest() {
    run(io, kept->open());
    for (int day = 1; day <= 12; ++day) exchange.add_sale(Money::cents(1100 + day % 3), day * 40'000);
    exchange.add_market_offer(Money::cents(1150));
    exchange.add_order(Money::cents(900));
    restart();
  }
  ~TraderTest() override { stop(); }

  // What a kill leaves: the store and the exchange.
  void restart(const char* rules = rules_text) {
    stop();
    trader.reset();
    ledger.emplace(*kept);
    run(io, ledger->start());
    tgkit::ops::Log::Settings quiet;
    quiet.file = "/dev/null";
    log.emplace(quiet);
    metrics.emplace();
    trader.emplace(io.get_executor(), clock, *log, *metrics, *ledger, exchange, *read_rules(rules), TraderSettings());
  }
  void stop() {
    if (trader) run(io, trader->stop());
  }
  void go_live() { run(io, trader->set(Switched::live, 42)); }
  // Until all that can be done now was done.
  TakedownReport panic() {
    run(io, trader->panic(42));
    run(io, trader->takedown_tried());
    return trader->takedown();
  }
  void round(std::int64_t later = 60) {
    exchange.time += later;
    run(io, trader->round());
  }
  void rounds(int count, std::int64_t later = 60) {
    for (int i = 0; i < count; ++i) round(later);
  }
  const app::ledger::Books& real() const { return ledger->real(); }
  std::size_t written(const std::string& verb) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(exchange.written, [&verb](const std::string& what) { return what.starts_with(verb); }));
  }

  boost::asio::io_context io{1};
  tgkit::ManualClock clock;
  std::optional<tgkit::storage::MemoryStore> kept{std::in_place, clock};
  ScriptedExchange exchange;
  std::optional<tgkit::ops::Log> log;
  std::optional<tgkit::ops::Metrics> metrics;
  std::optional<app::ledger::Ledger> ledger;
  std::optional<Trader> trader;
};

}  // namespace tests::trader
