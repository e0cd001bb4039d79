#include "app/api_metrics.hpp"

#include "tgkit/ops/metric_names.hpp"

#include <memory>
#include <set>

namespace app {
namespace {

using tgkit::ops::Counter;
using tgkit::ops::Histogram;
using tgkit::ops::Labels;
using tgkit::ops::MetricKind;
using tgkit::ops::MetricName;
using tgkit::ops::Metrics;

constexpr MetricName dmarket_calls{"dmarket_calls_total", MetricKind::counter, "Calls to DMarket.", "endpoint,outcome"};
constexpr MetricName dmarket_seconds{"dmarket_call_seconds", MetricKind::histogram, "Time of calls to DMarket.",
                                     "endpoint", tgkit::ops::network_buckets};
constexpr MetricName dmarket_changed{"dmarket_api_changed", MetricKind::gauge,
                                     "1 while an endpoint of DMarket is gone or answers in an unknown shape.",
                                     "endpoint"};

double seconds(tgkit::Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string_view outcome_of(const tgkit::telegram::CallReport& report) {
  if (report.error == nullptr) return "ok";
  if (report.error->is_flood()) return "flood";
  if (report.error->http_status() >= 400 && report.error->http_status() < 500) return "refused";
  return tgkit::telegram::to_text(report.error->outcome());
}

// One family of counters by (what, outcome) and one of histograms by what.
class Meter {
 public:
  Meter(Metrics& metrics, std::string_view calls, std::string_view times, std::string what)
      : metrics_(metrics), calls_(calls), times_(times), what_(std::move(what)) {}

  void record(std::string_view name, std::string_view outcome, tgkit::Duration duration) {
    Entry& entry = entries_.try_emplace(std::string(name)).first->second;
    if (entry.time == nullptr) entry.time = &metrics_.histogram(times_, Labels(what_, std::string(name)));
    Counter*& counter = entry.counts[std::string(outcome)];
    if (counter == nullptr) {
      counter = &metrics_.counter(calls_, Labels(what_, std::string(name)).with("outcome", std::string(outcome)));
    }
    counter->increment();
    entry.time->observe(seconds(duration));
  }

 private:
  struct Entry {
    Histogram* time = nullptr;
    std::map<std::string, Counter*, std::less<>> counts;
  };
  Metrics& metrics_;
  std::string_view calls_, times_;
  std::string what_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace

std::function<void(const tgkit::telegram::CallReport&)> telegram_meter(Metrics& metrics) {
  auto meter = std::make_shared<Meter>(metrics, "tgkit_api_calls_total", "tgkit_api_seconds", "method");
  return [meter](const tgkit::telegram::CallReport& report) {
    meter->record(report.method, outcome_of(report), report.duration);
  };
}

std::function<void(std::string_view, std::string_view, tgkit::Duration)> dmarket_meter(Metrics& metrics) {
  metrics.declare(dmarket_calls);
  metrics.declare(dmarket_seconds);
  auto meter = std::make_shared<Meter>(metrics, dmarket_calls.name, dmarket_seconds.name, "endpoint");
  return [meter](std::string_view endpoint, std::string_view outcome, tgkit::Duration duration) {
    meter->record(endpoint, outcome, duration);
  };
}

void measure_api_changes(Metrics& metrics, const dmarket::Transport& transport) {
  metrics.declare(dmarket_changed);
  metrics.before_scrape([&metrics, &transport, seen = std::set<std::string>()]() mutable {
    for (const auto& [endpoint, what] : transport.changed_endpoints()) seen.insert(endpoint);
    for (const std::string& endpoint : seen)
      metrics.gauge(dmarket_changed.name, Labels("endpoint", endpoint))
          .set(transport.changed_endpoints().contains(endpoint) ? 1 : 0);
  });
}

}  // namespace app
