#include "tgkit/ops/metrics.hpp"

#include "tests/ops/temporary_folder.hpp"
#include "tgkit/ops/metric_names.hpp"
#include "tgkit/ops/process_metrics.hpp"

#include <cctype>
#include <cstdio>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountersGaugesAndHistogramsAreInTheText) {
  Metrics metrics;
  metrics.counter("tgkit_updates_total", Labels("kind", "message")).increment();
  metrics.counter("tgkit_updates_total", Labels("kind", "message")).increment(2);
  metrics.gauge("tgkit_updates_in_flight").set(7);
  metrics.histogram("tgkit_handler_seconds", Labels("route", "balance")).observe(0.03);
  const auto text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP tgkit_updates_total Updates taken from Telegram.\n"
                              "# TYPE tgkit_updates_total counter\n"
                              "tgkit_updates_total{kind=\"message\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("tgkit_updates_in_flight 7\n"));
  EXPECT_THAT(text, HasSubstr("tgkit_handler_seconds_bucket{route=\"balance\",le=\"0.02\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("tgkit_handler_seconds_bucket{route=\"balance\",le=\"0.05\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("tgkit_handler_seconds_count{route=\"balance\"} 1\n"));
}

TEST(Metrics, OneSetOfLabelsIsOneInstrumentInWhateverOrder) {
  Metrics metrics;
  auto& one = metrics.counter("tgkit_handled_total", Labels("route", "a").with("outcome", "ok"));
  auto& two = metrics.counter("tgkit_handled_total", Labels("outcome", "ok").with("route", "a"));
  EXPECT_EQ(&one, &two);
}

TEST(Metrics, WhatIsNotDeclaredIsAProgrammingError) {
  Metrics metrics;
  EXPECT_THROW(metrics.counter("tgkit_typo_total"), std::logic_error);
  EXPECT_THROW(metrics.gauge("tgkit_updates_total", Labels("kind", "message")), std::logic_error);
  EXPECT_THROW(metrics.counter("tgkit_updates_total"), std::logic_error);
  EXPECT_THROW(metrics.counter("tgkit_updates_total", Labels("user", "42")), std::logic_error);
  EXPECT_THROW(metrics.counter("tgkit_updates_total", Labels("kind", "a").with("user", "42")), std::logic_error);
  EXPECT_THROW(metrics.sum("tgkit_typo_total"), std::logic_error);
}

TEST(Metrics, AFamilyDoesNotGrowBeyondItsLimit) {
  Metrics metrics;
  metrics.declare({.name = "shop_orders_total",
                   .kind = MetricKind::counter,
                   .help = "Orders.",
                   .labels = "item",
                   .most_label_sets = 3});
  for (int i = 0; i < 100; ++i) {
    metrics.counter("shop_orders_total", Labels("item", std::to_string(i))).increment();
  }
  const auto text = metrics.text();
  EXPECT_THAT(text, HasSubstr("shop_orders_total{item=\"2\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("shop_orders_total{item=\"other\"} 97\n"));
  EXPECT_THAT(text, Not(HasSubstr("item=\"3\"")));
  EXPECT_EQ(metrics.sum("shop_orders_total"), 100);
}

TEST(Metrics, AProgramCannotDeclareAKnownNameAgain) {
  Metrics metrics;
  EXPECT_THROW(metrics.declare({.name = "tgkit_updates_in_flight", .kind = MetricKind::gauge, .help = "x"}), std::logic_error);
}

TEST(Metrics, ASumGoesOverAllLabelSets) {
  Metrics metrics;
  EXPECT_EQ(metrics.sum("tgkit_updates_total"), 0);
  metrics.counter("tgkit_updates_total", Labels("kind", "message")).increment(3);
  metrics.counter("tgkit_updates_total", Labels("kind", "callback_query")).increment(4);
  EXPECT_EQ(metrics.sum("tgkit_updates_total"), 7);
}

TEST(Metrics, GaugesAreSetFromWhatIsTrueWhenScraped) {
  Metrics metrics;
  int depth = 1;
  metrics.before_scrape([&] { metrics.gauge("tgkit_updates_in_flight").set(depth); });
  EXPECT_THAT(metrics.text(), HasSubstr("tgkit_updates_in_flight 1\n"));
  depth = 5;
  EXPECT_THAT(metrics.text(), HasSubstr("tgkit_updates_in_flight 5\n"));
}

TEST(Metrics, TheProcessIsMeasured) {
  Metrics metrics;
  Log log({.file = "/dev/full"});
  add_process_metrics(metrics, log);
  log.error("lost");
  metrics.text();
  EXPECT_EQ(metrics.counter("tgkit_log_lines_lost_total").value(), 1);
  EXPECT_GT(metrics.gauge("process_resident_memory_bytes").value(), 1'000'000);
  EXPECT_GE(metrics.gauge("process_open_fds").value(), 3);
  EXPECT_GT(metrics.gauge("process_start_time_seconds").value(), 1'600'000'000);
  const auto before = metrics.counter("process_cpu_seconds_total").value();
  EXPECT_GT(before, 0);
  metrics.text();
  EXPECT_GE(metrics.counter("process_cpu_seconds_total").value(), before);
}

TEST(MetricNames, EachIsDeclaredOnceAndAsPrometheusWantsIt) {
  std::set<std::string_view> seen;
  for (const auto& metric : metric_names) {
    EXPECT_TRUE(seen.insert(metric.name).second) << metric.name;
    EXPECT_TRUE(metric.help.ends_with('.')) << metric.name;
    EXPECT_EQ(metric.kind == MetricKind::counter, metric.name.ends_with("_total")) << metric.name;
    EXPECT_EQ(metric.kind == MetricKind::histogram, !metric.buckets.empty()) << metric.name;
    EXPECT_TRUE(std::ranges::is_sorted(metric.buckets)) << metric.name;
  }
}

// Every declared metric, used once.
std::string text_of_all() {
  Metrics metrics;
  for (const auto& metric : metric_names) {
    Labels labels;
    for (auto rest = metric.labels; !rest.empty();) {
      const auto comma = rest.find(',');
      labels.with(std::string(rest.substr(0, comma)), "quote \" backslash \\ newline \n");
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    if (metric.kind == MetricKind::counter) metrics.counter(metric.name, labels).increment();
    if (metric.kind == MetricKind::gauge) metrics.gauge(metric.name, labels).set(1);
    if (metric.kind == MetricKind::histogram) metrics.histogram(metric.name, labels).observe(1);
  }
  return metrics.text();
}

TEST(MetricNames, PromtoolAcceptsTheWholeExposition) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is not installed";
  const tests::TemporaryFolder folder;
  std::ofstream(folder.path("metrics")) << text_of_all();
  const auto command = "promtool check metrics <" + folder.path("metrics") + " >" + folder.path("out") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << folder.read("out");
}

}  // namespace
}  // namespace tgkit::ops
