#include "tgkit/bot/middleware/measure.hpp"

#include "tgkit/bot/router.hpp"

#include <array>
#include <vector>

namespace tgkit::bot {

namespace {

constexpr std::size_t outcomes = 5;

struct Instruments {
  ops::Histogram* seconds = nullptr;
  ops::Counter* errors = nullptr;
  std::array<ops::Counter*, outcomes> handled{};
};

class Meter {
 public:
  explicit Meter(ops::Metrics& metrics) : state_(std::make_shared<State>(metrics)) {}
  Task<> operator()(Context& ctx, Next next) const { return around(*state_, ctx, next); }

 private:
  struct State {
    explicit State(ops::Metrics& registry) : metrics(registry) {}

    void record(const Context& ctx, Outcome outcome, Duration took) {
      Instruments& route = of(ctx.current());
      route.seconds->observe(std::chrono::duration<double>(took).count());
      ops::Counter*& handled = route.handled[static_cast<std::size_t>(outcome)];
      if (!handled) {
        ops::Labels labels("route", ctx.route().name);
        handled = &metrics.counter("tgkit_handled_total", labels.with("outcome", std::string(to_text(outcome))));
      }
      handled->increment();
      if (outcome == Outcome::failed || outcome == Outcome::timed_out) route.errors->increment();
    }

    Instruments& of(const Route& route) {
      if (by_route.size() <= route.index()) by_route.resize(route.index() + 1);
      Instruments& instruments = by_route[route.index()];
      if (!instruments.seconds) {
        const ops::Labels labels("route", route.info().name);
        instruments.seconds = &metrics.histogram("tgkit_handler_seconds", labels);
        instruments.errors = &metrics.counter("tgkit_handler_errors_total", labels);
      }
      return instruments;
    }

    ops::Metrics& metrics;
    std::vector<Instruments> by_route;
  };

  static Task<> around(State& state, Context& ctx, Next next) {
    const TimePoint start = ctx.clock().now();
    try {
      co_await next();
    } catch (...) {
      state.record(ctx, Outcome::failed, ctx.clock().now() - start);
      throw;
    }
    state.record(ctx, ctx.outcome(), ctx.clock().now() - start);
  }

  std::shared_ptr<State> state_;
};

}  // namespace

Middleware measure(ops::Metrics& metrics) { return Meter(metrics); }

}  // namespace tgkit::bot
