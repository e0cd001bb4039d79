#include "tgkit/ops/metrics.hpp"

#include "tgkit/ops/metric_names.hpp"

#include <map>
#include <stdexcept>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace tgkit::ops {
namespace {

class RealCounter final : public Counter {
 public:
  explicit RealCounter(prometheus::Counter& counter) : counter_(counter) {}
  void increment(double by) override { counter_.Increment(by); }
  double value() const override { return counter_.Value(); }

 private:
  prometheus::Counter& counter_;
};

class RealGauge final : public Gauge {
 public:
  explicit RealGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void set(double value) override { gauge_.Set(value); }
  double value() const override { return gauge_.Value(); }

 private:
  prometheus::Gauge& gauge_;
};

class RealHistogram final : public Histogram {
 public:
  explicit RealHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> parts;
  while (!names.empty()) {
    const auto comma = names.find(',');
    parts.emplace_back(names.substr(0, comma));
    names = comma == std::string_view::npos ? std::string_view() : names.substr(comma + 1);
  }
  return parts;
}

[[noreturn]] void misuse(std::string_view name, const std::string& what) {
  throw std::logic_error("metric " + std::string(name) + " " + what);
}

// One name with all its label sets.
struct Family {
  explicit Family(const MetricName& declared_) : declared(declared_), labels(split(declared_.labels)) {}
  MetricName declared;
  std::vector<std::string> labels;
  prometheus::Family<prometheus::Counter>* counter_family = nullptr;
  prometheus::Family<prometheus::Gauge>* gauge_family = nullptr;
  prometheus::Family<prometheus::Histogram>* histogram_family = nullptr;
  // By label values, in the declared order.
  std::map<std::vector<std::string>, RealCounter> counters;
  std::map<std::vector<std::string>, RealGauge> gauges;
  std::map<std::vector<std::string>, RealHistogram> histograms;

  std::vector<std::string> values_of(const Labels& given) const {
    if (given.pairs.size() != labels.size()) misuse(declared.name, "wants the labels " + std::string(declared.labels));
    std::vector<std::string> values;
    for (const auto& name : labels) {
      const auto* pair = find(given, name);
      if (pair == nullptr) misuse(declared.name, "wants the labels " + std::string(declared.labels));
      values.push_back(pair->second);
    }
    return values;
  }

  static const std::pair<std::string, std::string>* find(const Labels& given, const std::string& name) {
    for (const auto& pair : given.pairs) {
      if (pair.first == name) return &pair;
    }
    return nullptr;
  }

  std::map<std::string, std::string> named(const std::vector<std::string>& values) const {
    std::map<std::string, std::string> pairs;
    for (std::size_t i = 0; i < labels.size(); ++i) pairs.emplace(labels[i], values[i]);
    return pairs;
  }

  // The instrument of these labels; of "other" when the family is full.
  template <class Real, class Make>
  Real& resolve(std::map<std::vector<std::string>, Real>& known, const Labels& given, Make make) {
    auto values = values_of(given);
    auto found = known.find(values);
    if (found != known.end()) return found->second;
    if (known.size() >= declared.most_label_sets) {
      values.assign(labels.size(), "other");
      found = known.find(values);
      if (found != known.end()) return found->second;
    }
    auto& instrument = make(named(values));
    return known.try_emplace(std::move(values), instrument).first->second;
  }
};

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  std::map<std::string, Family, std::less<>> families;
  std::vector<std::function<void()>> refreshers;

  void declare(const MetricName& name) {
    if (!families.try_emplace(std::string(name.name), name).second) misuse(name.name, "is declared twice");
  }

  Family& family(std::string_view name, MetricKind kind) {
    const auto found = families.find(name);
    if (found == families.end()) misuse(name, "is not declared in tgkit/ops/metric_names.hpp");
    if (found->second.declared.kind != kind) misuse(name, "is declared as another kind");
    return found->second;
  }

  // The library's family is made at the first use, so that what a program never counts is not shown.
  template <class Build>
  static auto& made(prometheus::Registry& registry, auto*& slot, const MetricName& declared, Build build) {
    if (slot == nullptr) {
      slot = &build().Name(std::string(declared.name)).Help(std::string(declared.help)).Register(registry);
    }
    return *slot;
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
  for (const auto& name : metric_names) impl_->declare(name);
}

Metrics::~Metrics() = default;

void Metrics::declare(const MetricName& name) { impl_->declare(name); }

Counter& Metrics::counter(std::string_view name, const Labels& labels) {
  auto& family = impl_->family(name, MetricKind::counter);
  return family.resolve(family.counters, labels, [&](const auto& pairs) -> prometheus::Counter& {
    return Impl::made(impl_->registry, family.counter_family, family.declared, prometheus::BuildCounter).Add(pairs);
  });
}

Gauge& Metrics::gauge(std::string_view name, const Labels& labels) {
  auto& family = impl_->family(name, MetricKind::gauge);
  return family.resolve(family.gauges, labels, [&](const auto& pairs) -> prometheus::Gauge& {
    return Impl::made(impl_->registry, family.gauge_family, family.declared, prometheus::BuildGauge).Add(pairs);
  });
}

Histogram& Metrics::histogram(std::string_view name, const Labels& labels) {
  auto& family = impl_->family(name, MetricKind::histogram);
  return family.resolve(family.histograms, labels, [&](const auto& pairs) -> prometheus::Histogram& {
    auto& made = Impl::made(impl_->registry, family.histogram_family, family.declared, prometheus::BuildHistogram);
    const auto& buckets = family.declared.buckets;
    return made.Add(pairs, prometheus::Histogram::BucketBoundaries(buckets.begin(), buckets.end()));
  });
}

double Metrics::sum(std::string_view name) const {
  const auto found = impl_->families.find(name);
  if (found == impl_->families.end()) misuse(name, "is not declared in tgkit/ops/metric_names.hpp");
  double total = 0;
  for (const auto& [values, counter] : found->second.counters) total += counter.value();
  for (const auto& [values, gauge] : found->second.gauges) total += gauge.value();
  return total;
}

void Metrics::before_scrape(std::function<void()> refresh) { impl_->refreshers.push_back(std::move(refresh)); }

std::string Metrics::text() {
  for (const auto& refresh : impl_->refreshers) refresh();
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace tgkit::ops
