#pragma once
// The process's metrics: counters, gauges and histograms in one registry, without globals. Resolve an instrument once
// and keep the reference: a look-up by labels costs thirty times an increment. Labels come from closed sets only; a
// family that grows beyond its limit counts further label sets under "other".
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::ops {

struct MetricName;

struct Labels {
  std::vector<std::pair<std::string, std::string>> pairs;
  Labels() = default;
  Labels(std::string name, std::string value) { pairs.emplace_back(std::move(name), std::move(value)); }
  Labels& with(std::string name, std::string value) {
    pairs.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void increment(double by = 1) = 0;
  virtual double value() const = 0;
};
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
  virtual double value() const = 0;
};
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) = 0;  // seconds
};

// Not thread-safe but for increment/set/observe. Names, help texts and label names stand in tgkit/ops/metric_names.hpp;
// a name, kind or label name that is not declared there is a programming error and throws std::logic_error.
// References stay valid as long as the registry.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  void declare(const MetricName& name);  // a family of the program's own; its texts must outlive the registry
  Counter& counter(std::string_view name, const Labels& labels = {});
  Gauge& gauge(std::string_view name, const Labels& labels = {});
  Histogram& histogram(std::string_view name, const Labels& labels = {});
  double sum(std::string_view name) const;  // of a counter or gauge, over all its label sets; 0 before the first
  void before_scrape(
      std::function<void()> refresh);  // called each time text() is made: sets gauges from what is true now
  std::string text();                  // Prometheus exposition format 0.0.4

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::ops
