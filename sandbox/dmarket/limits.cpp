#include "sandbox/dmarket/limits.hpp"

#include <string>

namespace sandbox {

std::string_view name_of(LimitGroup group) {
  constexpr std::string_view names[] = {"fee", "last_sales", "market_items", "others"};
  return names[static_cast<std::size_t>(group)];
}

std::int64_t calls_per_second(LimitGroup group) {
  constexpr std::int64_t numbers[] = {110, 6, 10, 20};
  return numbers[static_cast<std::size_t>(group)];
}

ApiLimits::Verdict ApiLimits::count(LimitGroup group, Moment now) {
  Window& window = windows_[static_cast<std::size_t>(group)];
  if (window.begun.world != now.world || window.begun.machine != now.machine) window = Window{now, 0};
  Verdict verdict;
  verdict.limit = calls_per_second(group);
  verdict.refused = window.used >= verdict.limit;
  if (verdict.refused) {
    ++refusals_;
  } else {
    ++window.used;
  }
  verdict.remaining = verdict.limit - window.used;
  return verdict;
}

void add_limit_headers(tgkit::net::Headers& headers, const ApiLimits::Verdict& verdict) {
  const std::string limit = std::to_string(verdict.limit);
  const std::string remaining = std::to_string(verdict.remaining);
  headers.add("X-RateLimit-Limit-Second", limit);
  headers.add("X-RateLimit-Remaining-Second", remaining);
  headers.add("RateLimit-Limit", limit);
  headers.add("RateLimit-Remaining", remaining);
  headers.add("RateLimit-Reset", std::to_string(verdict.reset));
}

}  // namespace sandbox
