#include "tgkit/bot/jobs_queue.hpp"

namespace tgkit::bot {

void JobsQueue::set(JobTimer timer) {
  if (const auto run = running_.find(timer.key); run != running_.end()) {
    run->second.behind = std::move(timer);
    return;
  }
  cancel(timer.key);
  order_.emplace(timer.due, timer.key);
  storage::TimerKey key = timer.key;
  waiting_.emplace(std::move(key), std::move(timer));
}

void JobsQueue::cancel(const storage::TimerKey& key) {
  if (const auto run = running_.find(key); run != running_.end()) run->second.behind.reset();
  const auto timer = waiting_.find(key);
  if (timer == waiting_.end()) return;
  order_.erase({timer->second.due, key});
  waiting_.erase(timer);
}

bool JobsQueue::has_due(WallTime now) const { return !order_.empty() && order_.begin()->first <= now; }

std::unique_ptr<JobTimer> JobsQueue::take(WallTime now) {
  if (!has_due(now)) return nullptr;
  auto taken = waiting_.extract(order_.begin()->second);
  order_.erase(order_.begin());
  running_.emplace(taken.key(), Run());
  return std::make_unique<JobTimer>(std::move(taken.mapped()));
}

void JobsQueue::finished(const storage::TimerKey& key) {
  auto run = running_.extract(key);
  if (!run.empty() && run.mapped().behind) set(std::move(*run.mapped().behind));
}

void JobsQueue::supersede(const storage::TimerKey& key) {
  if (const auto run = running_.find(key); run != running_.end()) run->second.superseded = true;
}

bool JobsQueue::superseded(const storage::TimerKey& key) const {
  const auto run = running_.find(key);
  return run != running_.end() && run->second.superseded;
}

const JobTimer* JobsQueue::find(const storage::TimerKey& key) const {
  const auto timer = waiting_.find(key);
  return timer == waiting_.end() ? nullptr : &timer->second;
}

std::optional<WallTime> JobsQueue::earliest_after(WallTime now) const {
  // No key is below the empty one, and none of this moment is to come.
  const auto next = order_.lower_bound({now + WallTime::duration(1), storage::TimerKey()});
  if (next == order_.end()) return std::nullopt;
  return next->first;
}

void JobsQueue::change(const std::function<bool(JobTimer&)>& visit) {
  for (auto& [key, timer] : waiting_) {
    const WallTime before = timer.due;
    if (!visit(timer)) continue;
    order_.erase({before, key});
    order_.emplace(timer.due, key);
  }
}

std::size_t JobsQueue::due(WallTime now) const {
  const auto end = order_.lower_bound({now + WallTime::duration(1), storage::TimerKey()});
  return static_cast<std::size_t>(std::distance(order_.begin(), end));
}

}  // namespace tgkit::bot
