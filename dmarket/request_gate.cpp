#include "dmarket/request_gate.hpp"

#include <algorithm>
#include <iterator>

namespace dmarket {
namespace {

std::string in_seconds(tgkit::Duration duration) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count()) + " s";
}

}  // namespace

// A place in the line. Whoever is cancelled leaves it.
struct RequestGate::Ticket {
  Ticket(std::shared_ptr<Group> group_, Effect effect)
      : group(std::move(group_)), place(effect == Effect::read, group->next_ticket++) {
    group->waiting.insert(place);
  }
  ~Ticket() { group->waiting.erase(place); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  auto ahead() const { return std::distance(group->waiting.begin(), group->waiting.find(place)); }
  std::shared_ptr<Group> group;
  Place place;
};

RequestGate::RequestGate(tgkit::Clock& clock, const LimitSettings& limits, const BreakerSettings& breaker)
    : clock_(clock) {
  for (std::size_t i = 0; i != request_groups; ++i)
    groups_.push_back(std::make_shared<Group>(limits, breaker, static_cast<RequestGroup>(i)));
}

tgkit::Task<> RequestGate::turn(RequestGroup group, Effect effect, tgkit::TimePoint deadline) {
  co_await wait_for_turn(group_of(group), effect, deadline);
  // Asked last: what broke while we waited counts, and the one that tries leaves at once.
  CircuitBreaker& breaker = group_of(group)->breaker;
  if (const auto pause = breaker.refuses(clock_.now())) {
    throw GateClosed(false, "not asked: it failed " + std::to_string(breaker.failures()) +
                                " times in a row; the next try is in " + in_seconds(*pause));
  }
}

tgkit::Task<> RequestGate::wait_for_turn(std::shared_ptr<Group> group, Effect effect, tgkit::TimePoint deadline) {
  const Ticket ticket(group, effect);
  while (true) {
    const auto now = clock_.now();
    const auto ahead = ticket.ahead();
    const auto expected = group->limit.wait(now) + group->limit.interval() * ahead;
    if (now + expected > deadline)
      throw GateClosed(true, "not asked: the turn comes in " + in_seconds(expected) + ", after the call's deadline");
    if (ahead == 0 && expected == tgkit::Duration::zero()) {
      group->limit.take(now);
      co_return;
    }
    co_await clock_.sleep_for(std::max(expected, tgkit::Duration(std::chrono::milliseconds(1))));
  }
}

void RequestGate::answered(RequestGroup group, int status, const tgkit::net::Headers& headers) {
  const LimitHeaders said = read_limit_headers(headers, clock_.wall());
  Group& line = *group_of(group);
  if (status == 429) {
    line.limit.refused(said, clock_.now());
  } else {
    line.limit.learn(said, clock_.now());
  }
  if (status >= 500) {
    line.breaker.failed(clock_.now());
  } else {
    line.breaker.succeeded();
  }
}

void RequestGate::no_answer(RequestGroup group) { group_of(group)->breaker.failed(clock_.now()); }

void RequestGate::abandoned(RequestGroup group) { group_of(group)->breaker.abandoned(); }

}  // namespace dmarket
