// 25,000 titles and 500,000 offers. Prints what it takes; the bounds are wide, since sanitizers slow it down.

#include "tests/sandbox/market/scene.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>

namespace sandbox::market {
namespace {

double milliseconds(const auto& act) {
  const auto begin = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

long resident_mb() {
  std::ifstream file("/proc/self/statm");
  long size = 0, resident = 0;
  file >> size >> resident;
  return resident * 4 / 1'024;
}

double print(const char* what, double took) {
  std::printf("  %-44s %8.2f ms\n", what, took);
  return took;
}

TEST(MarketScale, half_a_million_offers_are_held_and_listed_in_milliseconds) {
  MarketOptions options;
  options.titles = 25'000;
  options.offers = 500'000;
  const long before = resident_mb();
  std::unique_ptr<Exchange> exchange;
  EXPECT_LT(print("build", milliseconds([&] { exchange = std::make_unique<Exchange>(options, calm(), start); })),
            20'000);
  const long memory = resident_mb() - before;
  std::printf("  %-44s %8ld MB\n", "memory", memory);
  EXPECT_LT(memory, 500);

  std::int64_t total = 0;
  for (const Game game : all_games) {
    Filter filter;
    filter.game = game;
    total += exchange->offers(filter, {})->total;
  }
  EXPECT_EQ(total, 500'000);

  Filter filter;
  Paging paging;
  paging.order_by = OrderBy::price;
  const auto list = [&] {
    const auto page = exchange->offers(filter, paging);
    ASSERT_EQ(page->items.size(), 100u);
    paging.cursor = page->cursor;
  };
  EXPECT_LT(print("a page of a whole game by price", milliseconds(list)), 2'000);
  EXPECT_LT(print("the next page", milliseconds(list)), 2'000);
  paging = {};
  paging.order_by = OrderBy::created_at;
  paging.descending = true;
  EXPECT_LT(print("a page of a whole game, newest first", milliseconds(list)), 2'000);
  paging = {};
  filter.title_prefix = "AK-47";
  EXPECT_LT(print("a page of all AK-47", milliseconds(list)), 500);
  filter.title_prefix = "AK-47 | Redline (Field-Tested)";
  EXPECT_LT(print("the offers of one title", milliseconds([&] { (void)exchange->offers(filter, {}); })), 100);
  const double sales = milliseconds([&] {
    (void)exchange->last_sales({Game::cs2, filter.title_prefix, {}, {}, {}, {}, 20, 0});
  });
  EXPECT_LT(print("its last sales", sales), 100);
  const auto scan = [&] {
    for (const Game game : all_games) (void)exchange->aggregated_prices(game, {}, 10'000, "");
  };
  EXPECT_LT(print("prices of all titles", milliseconds(scan)), 5'000);
  EXPECT_LT(print("15 minutes pass", milliseconds([&] { exchange->advance(start + 15 * minute); })), 1'000);
  EXPECT_LT(print("prices of all titles after them", milliseconds(scan)), 5'000);
}

TEST(MarketScale, the_usual_market_is_built_at_once_and_a_month_passes_in_seconds) {
  std::unique_ptr<Exchange> exchange;
  const auto build = [&] { exchange = std::make_unique<Exchange>(rich(), MarketRules{}, start); };
  EXPECT_LT(print("build of the usual market", milliseconds(build)), 1'000);
  std::size_t orders = 0;
  for (const Game game : all_games) {
    std::vector<TargetRequest> requests;
    const auto prices = exchange->aggregated_prices(game, {}, 100, "");
    for (const AggregatedPrice& row : prices->items) {
      if (row.order_best) requests.push_back({row.title->title, *row.order_best + cents(1), 1, {}});
    }
    orders += exchange->create_targets(game, requests)->size();
  }
  EXPECT_GT(orders, 200u);
  EXPECT_LT(print("a month with orders in most titles", milliseconds([&] { exchange->advance(start + 30 * day); })),
            30'000);
  EXPECT_GT(exchange->books().trades().size(), 50u);
  EXPECT_EQ(exchange->violations(), std::vector<std::string>());
}

}  // namespace
}  // namespace sandbox::market
