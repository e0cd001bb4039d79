// The whole market of an exchange over HTTP: the aggregated prices of every title and the fees, a cheap look at all of
// them, the sales of those that are left, the decision. Prints a line of JSON for each part: milliseconds of wall clock
// and of this process's CPU.
//   bench_exchange_scan URL     the sandbox's exchange, started with --no-rate-limits
// Reads DMARKET_PUBLIC_KEY and DMARKET_SECRET_KEY.
#include "app/trader/snapshot.hpp"
#include "bench/scan.hpp"
#include "dmarket/client.hpp"
#include "dmarket/trading/scan.hpp"
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace {

using namespace dmarket::trading;
using dmarket::Client;
using dmarket::Game;
using tgkit::Task;

struct Stopwatch {
  std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
  std::clock_t cpu = std::clock();

  void lap(const char* what, std::size_t count) {
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count();
    const double cpu_ms = static_cast<double>(std::clock() - cpu) * 1'000 / CLOCKS_PER_SEC;
    bench::print_part(what, count, ms, cpu_ms);
    *this = Stopwatch();
  }
};

struct Totals {
  std::size_t titles = 0, fees = 0, candidates = 0, found = 0;
};

struct GameMarket {
  explicit GameMarket(Game game_) : game(game_) {}
  Game game;
  std::vector<dmarket::AggregatedPrice> prices;
  dmarket::CustomizedFees fees;
  std::vector<TitleView> views;
  ScreenResult screened;
  std::vector<std::vector<Sale>> sales;  // of the candidates
};

Task<> scan_over_http(const Client& client, tgkit::Clock& clock) {
  const ScanRules rules;
  Stopwatch all;
  Stopwatch part;
  Totals totals;
  std::vector<GameMarket> markets;
  for (const Game game : dmarket::all_games) markets.emplace_back(game);
  for (GameMarket& market : markets) {
    auto listing = client.all_aggregated_prices(market.game);
    dmarket::Listed<dmarket::AggregatedPrice> listed = co_await listing.rest();
    market.prices = std::move(listed.items);
    totals.titles += market.prices.size();
  }
  part.lap("aggregated prices asked for: titles", totals.titles);
  for (GameMarket& market : markets) {
    market.fees = co_await client.all_fees(market.game);
    totals.fees += market.fees.reduced.size();
  }
  part.lap("reduced fees asked for", totals.fees);
  const Time now = std::chrono::floor<Seconds>(clock.wall());
  std::vector<std::optional<FeeTable>> tables;
  for (GameMarket& market : markets) {
    tables.push_back(app::trader::fee_table_of(market.fees, now));
    for (const auto& price : market.prices) market.views.push_back(bench::view_of(price, now));
    market.screened = screen(market.views, tables.back() ? &*tables.back() : nullptr, rules, {}, now);
    totals.candidates += market.screened.candidates.size();
  }
  part.lap("cheap look: candidates", totals.candidates);
  for (GameMarket& market : markets) {
    for (const std::size_t candidate : market.screened.candidates) {
      dmarket::LastSalesQuery query(market.game, market.prices[candidate].title);
      const dmarket::Page<dmarket::Sale> page = co_await client.last_sales(std::move(query));
      market.sales.push_back(app::trader::sales_of(page.items));
    }
  }
  part.lap("sales of the candidates asked for", totals.candidates);
  const Time then = std::chrono::floor<Seconds>(clock.wall());
  for (std::size_t i = 0; i < markets.size(); ++i) {
    std::vector<TitleView> chosen;
    for (const std::size_t candidate : markets[i].screened.candidates) {
      TitleView& view = chosen.emplace_back(markets[i].views[candidate]);
      view.sales = markets[i].sales[chosen.size() - 1];
      view.sales_at = then;
    }
    totals.found += scan(chosen, tables[i] ? &*tables[i] : nullptr, rules, {}, then).found.size();
  }
  part.lap("decision: opportunities", totals.found);
  all.lap("all of it: titles", totals.titles);
}

dmarket::KeyPair keys_of_the_environment() {
  const char* key = std::getenv("DMARKET_PUBLIC_KEY");
  const char* secret = std::getenv("DMARKET_SECRET_KEY");
  if (key == nullptr || secret == nullptr)
    throw std::runtime_error("DMARKET_PUBLIC_KEY or DMARKET_SECRET_KEY is not set");
  auto keys = dmarket::KeyPair::make(key, tgkit::net::Secret(secret));
  if (!keys) throw std::runtime_error(keys.error());
  return *keys;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_exchange_scan URL\n");
    return 2;
  }
  try {
    boost::asio::io_context io;
    tgkit::SystemClock clock(io.get_executor());
    tgkit::net::HttpClient http(io.get_executor(), clock, {});
    dmarket::TransportSettings settings;
    settings.base = tgkit::net::Url::parse(argv[1]);
    settings.keys = keys_of_the_environment();
    settings.limits.enabled = false;
    dmarket::Transport transport(http, clock, std::move(settings));
    const Client client(transport);
    std::exception_ptr error;
    boost::asio::co_spawn(io.get_executor(), scan_over_http(client, clock), [&](std::exception_ptr thrown) {
      error = thrown;
      http.close();
    });
    io.run();
    if (error) std::rethrow_exception(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
