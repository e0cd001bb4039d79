#include "sandbox/webhook/schedule.hpp"

#include <algorithm>

namespace sandbox {
namespace {

using std::chrono::seconds;

// Of the real server.
constexpr seconds most_pause{60};  // the longest pause is a random one between this and twice this
constexpr seconds most_retry_after{3600};
constexpr seconds healthy_for{10};  // after a success; then one update at a time finds out

}  // namespace

std::uint64_t WebhookSchedule::random() {  // splitmix64
  std::uint64_t z = (random_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

void WebhookSchedule::enqueue(Lines::iterator line) {
  line->second.turn = ++turns_;
  due_.emplace(Due(line->second.due, line->second.turn), line);
}

void WebhookSchedule::add(std::uint64_t serial, const std::string& queue) {
  const auto [line, fresh] = lines_.try_emplace(queue.empty() ? "update " + std::to_string(serial) : queue);
  line->second.serials.push_back(serial);
  if (fresh) enqueue(line);
}

std::optional<Shipment> WebhookSchedule::next(tgkit::TimePoint now) {
  const bool healthy = last_success_ && now <= *last_success_ + healthy_for;
  const std::size_t most = healthy ? max_connections_ : 1;
  if (due_.empty() || due_.begin()->first.first > now || in_flight_.size() >= most) return std::nullopt;
  const Lines::iterator line = due_.begin()->second;
  due_.erase(due_.begin());
  const std::uint64_t serial = line->second.serials.front();
  in_flight_.emplace(serial, line);
  return Shipment{serial, line->second.failures + 1};
}

// The head of its line is done; the next one begins without a history.
void WebhookSchedule::finish(std::uint64_t serial) {
  const auto flight = in_flight_.find(serial);
  if (flight == in_flight_.end()) return;
  const Lines::iterator line = flight->second;
  in_flight_.erase(flight);
  line->second.serials.pop_front();
  if (line->second.serials.empty()) {
    lines_.erase(line);
    return;
  }
  line->second.failures = 0;
  line->second.pause = seconds{1};
  line->second.due = {};
  enqueue(line);
}

void WebhookSchedule::delivered(std::uint64_t serial, tgkit::TimePoint now) {
  last_success_ = now;
  finish(serial);
}

void WebhookSchedule::postpone(std::uint64_t serial, tgkit::TimePoint when) {
  const auto flight = in_flight_.find(serial);
  if (flight == in_flight_.end()) return;
  const Lines::iterator line = flight->second;
  in_flight_.erase(flight);
  line->second.due = when;
  enqueue(line);
}

void WebhookSchedule::again(std::uint64_t serial, tgkit::TimePoint now) {
  last_success_ = now;
  postpone(serial, now);
}

void WebhookSchedule::set_aside(std::uint64_t serial, tgkit::TimePoint when) {
  finish(serial);
  const auto [line, fresh] = lines_.try_emplace("aside " + std::to_string(serial));
  line->second.serials.push_back(serial);
  line->second.due = when;
  if (fresh) enqueue(line);
}

void WebhookSchedule::give_up(std::uint64_t serial) { finish(serial); }

// The first retry follows at once, then after 2, 4, 8 ... seconds; what the answer asks for goes before.
std::optional<seconds> WebhookSchedule::failed(std::uint64_t serial, tgkit::TimePoint now, seconds retry_after,
                                               seconds lives) {
  const auto flight = in_flight_.find(serial);
  if (flight == in_flight_.end()) return std::nullopt;
  const Lines::iterator position = flight->second;
  Line& line = position->second;
  seconds pause = std::clamp(retry_after, seconds{0}, most_retry_after);
  if (pause.count() == 0 && line.failures > 0) {
    const seconds most = most_pause + seconds{static_cast<std::int64_t>(random() % 61)};
    line.pause = std::min(most, line.pause * 2);
    pause = line.pause;
  }
  if (pause > lives) {
    finish(serial);
    return std::nullopt;
  }
  in_flight_.erase(flight);
  ++line.failures;
  line.due = now + pause;
  enqueue(position);
  return pause;
}

std::optional<tgkit::TimePoint> WebhookSchedule::wake_at() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first.first;
}

std::size_t WebhookSchedule::waiting() const {
  std::size_t count = 0;
  for (const auto& [queue, line] : lines_) count += line.serials.size();
  return count;
}

}  // namespace sandbox
