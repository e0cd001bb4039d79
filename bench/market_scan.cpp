// A whole market from answers in memory: read the aggregated prices of 25,000 titles and the list of fees, look cheaply
// at all of them, read the sales of those that are left, decide. Then the same decisions for all titles at all levels,
// as if the sales of each were known. Prints a line of JSON for each part: milliseconds of wall clock and of CPU, the
// median of the rounds.
#include "app/trader/snapshot.hpp"
#include "bench/scan.hpp"
#include "dmarket/answers.hpp"
#include "dmarket/trading/scan.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace {

using dmarket::Money;
using namespace dmarket::trading;

constexpr std::size_t titles = 25'000, per_answer = 100, sales_per_title = 20;
constexpr int rounds = 9;
constexpr std::int64_t now_seconds = 1'790'000'000;

std::string dollars(std::int64_t cents) { return to_decimal_dollars(Money::cents(cents)); }

// What the exchange would send: prices of all levels, most spreads too narrow, half of the titles with a reduced fee.
struct Answers {
  std::vector<std::string> names, prices, sales;
  std::string fees;
};

Answers made_up(std::mt19937_64& random) {
  const auto between = [&random](std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(to - from + 1));
  };
  Answers made;
  made.fees = R"({"defaultFee":{"fraction":"0.10","minAmount":2},"reducedFees":[)";
  std::string page;
  for (std::size_t i = 0; i < titles; ++i) {
    const std::array<std::int64_t, 6> edges{50, 300, 1'000, 3'000, 10'000, 100'000};
    const auto level = static_cast<std::size_t>(between(0, 4));
    const auto base = between(edges[level], edges[level + 1] - 1);
    const std::string name = "StatTrak\u2122 AK-47 | Pattern " + std::to_string(i) + " (Field-Tested)";
    const auto amount = [](std::int64_t cents) {
      return R"({"Currency":"USD","Amount":")" + std::to_string(cents) + R"("})";
    };
    const auto bid = base * between(88, 99) / 100;
    page += (page.empty() ? "" : ",") + (R"({"title":")" + name) + R"(","orderBestPrice":)" + amount(bid) +
            R"(,"orderCount":")" + std::to_string(between(0, 30)) + R"(","offerBestPrice":)" + amount(base + 1) +
            R"(,"offerCount":")" + std::to_string(between(1, 150)) + R"("})";
    if ((i + 1) % per_answer == 0) {
      made.prices.push_back(R"({"aggregatedPrices":[)" + page + R"(],"nextCursor":""})");
      page.clear();
    }
    if (i % 2 == 0) {
      made.fees += (i == 0 ? "" : ",") + (R"({"title":")" + name) + R"(","fraction":"0.02","minPrice":)" +
                   std::to_string(base / 2) + R"(,"maxPrice":)" + std::to_string(base * 2) + R"(,"expiresAt":)" +
                   std::to_string(now_seconds + 3'600 * between(1, 72)) + "}";
    }
    std::string sales;
    std::int64_t age = 0;
    for (std::size_t k = 0; k < sales_per_title; ++k) {
      age += between(0, 40'000);
      sales += (sales.empty() ? "" : ",") + (R"({"price":")" + dollars(base * between(93, 107) / 100 + 1)) +
               R"(","date":")" + std::to_string(now_seconds - age) +
               R"(","txOperationType":"Offer","offerAttributes":{"floatValue":"0.2112","paintSeed":)" +
               std::to_string(between(1, 999)) + "}}";
    }
    made.sales.push_back(R"({"sales":[)" + sales + "]}");
    made.names.push_back(name);
  }
  made.fees += "]}";
  return made;
}

struct Market {
  std::vector<dmarket::AggregatedPrice> prices;
  std::vector<std::vector<Sale>> sales;
  std::vector<TitleView> views;
};

void read_prices(const Answers& answers, Market& market) {
  dmarket::Oddities odd;
  market.prices.clear();
  market.prices.reserve(titles);
  for (const auto& body : answers.prices) {
    auto page = dmarket::read_aggregated_prices(body, odd);
    std::ranges::move(page.items, std::back_inserter(market.prices));
  }
  market.views.clear();
  for (const auto& price : market.prices) market.views.push_back(bench::view_of(price, time_of(now_seconds)));
}

FeeTable read_fees(const Answers& answers) {
  dmarket::Oddities odd;
  const auto fees = dmarket::read_customized_fees(answers.fees, odd);
  return *app::trader::fee_table_of(fees, time_of(now_seconds));
}

void read_sales(const std::string& body, std::size_t title, Market& market) {
  dmarket::Oddities odd;
  auto& sales = market.sales[title];
  sales = app::trader::sales_of(dmarket::read_last_sales(body, odd));
  market.views[title].sales = sales;
  market.views[title].sales_at = time_of(now_seconds);
}

struct Cost {
  double wall = 0, cpu = 0;
};

Cost cost_of(const std::function<void()>& work) {
  const auto wall = std::chrono::steady_clock::now();
  const auto cpu = std::clock();
  work();
  return {std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count(),
          static_cast<double>(std::clock() - cpu) * 1'000 / CLOCKS_PER_SEC};
}

struct Line {
  const char* what;
  std::vector<Cost> costs;
};

void print(Line& line, std::size_t count) {
  const auto middle = [&line](double Cost::* field) {
    std::ranges::sort(line.costs, {}, field);
    return line.costs[line.costs.size() / 2].*field;
  };
  bench::print_part(line.what, count, middle(&Cost::wall), middle(&Cost::cpu));
}

}  // namespace

int main() {
  std::mt19937_64 random(7);
  const Answers answers = made_up(random);
  const ScanRules rules;
  const Time now = time_of(now_seconds);
  std::array<Line, 7> lines{{{"aggregated prices read: titles", {}},
                             {"reduced fees read", {}},
                             {"cheap look: candidates", {}},
                             {"sales of the candidates read", {}},
                             {"decision: opportunities", {}},
                             {"all of it: titles", {}},
                             {"decision about all with 20 sales each: titles", {}}}};
  std::size_t candidates = 0, found = 0;
  for (int round = 0; round < rounds; ++round) {
    Market market;
    market.sales.resize(titles);
    FeeTable fees(dmarket::FeeRate(), Money(), now);
    ScreenResult screened;
    std::vector<TitleView> chosen;
    std::array<Cost, 5> parts{cost_of([&] { read_prices(answers, market); }),
                              cost_of([&] { fees = read_fees(answers); }),
                              cost_of([&] { screened = screen(market.views, &fees, rules, {}, now); }), cost_of([&] {
                                for (const auto title : screened.candidates)
                                  read_sales(answers.sales[title], title, market);
                              }),
                              cost_of([&] {
                                for (const auto title : screened.candidates) chosen.push_back(market.views[title]);
                                found = scan(chosen, &fees, rules, {}, now).found.size();
                              })};
    Cost all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      lines[i].costs.push_back(parts[i]);
      all.wall += parts[i].wall;
      all.cpu += parts[i].cpu;
    }
    lines[5].costs.push_back(all);
    candidates = screened.candidates.size();
    for (std::size_t title = 0; title < titles; ++title) read_sales(answers.sales[title], title, market);
    lines[6].costs.push_back(cost_of([&] { (void)scan(market.views, &fees, rules, {}, now); }));
  }
  const std::array<std::size_t, 7> counts{titles, titles / 2, candidates, candidates, found, titles, titles};
  for (std::size_t i = 0; i < lines.size(); ++i) print(lines[i], counts[i]);
}
