#include "tgkit/bot/middleware/statistics.hpp"

#include "tgkit/json/append.hpp"

namespace tgkit::bot {

void Statistics::record(std::string_view route, bool failed) {
  ++requests_;
  if (failed) ++errors_;
  const auto place = by_route_.find(route);
  if (place != by_route_.end())
    ++place->second;
  else
    by_route_.emplace(route, 1);
}

double Statistics::error_rate() const noexcept {
  return requests_ == 0 ? 0.0 : static_cast<double>(errors_) / static_cast<double>(requests_);
}

std::string Statistics::json() const {
  std::string out = R"({"total_requests":)" + std::to_string(requests_) + R"(,"total_errors":)" +
                    std::to_string(errors_) + R"(,"error_rate":)";
  json::append_number(out, error_rate());
  out += R"(,"command_stats":{)";
  for (bool first = true; const auto& [route, count] : by_route_) {
    if (!std::exchange(first, false)) out += ',';
    json::append_string(out, route);
    out += ':' + std::to_string(count);
  }
  return out + "}}";
}

namespace {

class Recorder {
 public:
  explicit Recorder(Statistics& into) : into_(&into) {}
  Task<> operator()(Context& ctx, Next next) const { return around(*into_, ctx, next); }

 private:
  static Task<> around(Statistics& into, Context& ctx, Next next) {
    try {
      co_await next();
    } catch (...) {
      into.record(ctx.route().name, true);
      throw;
    }
    into.record(ctx.route().name, ctx.outcome() == Outcome::failed || ctx.outcome() == Outcome::timed_out);
  }
  Statistics* into_;
};

}  // namespace

Middleware statistics(Statistics& into) { return Recorder(into); }

}  // namespace tgkit::bot
