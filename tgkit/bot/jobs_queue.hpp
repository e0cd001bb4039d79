#pragma once
// Timers that wait, the earliest first, and which of them are being run. Pure: time is handed in.
#include "tgkit/bot/jobs_record.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace tgkit::bot {

class JobsQueue {
 public:
  // One of the same key is replaced. While the key is being run the new one waits behind it.
  void set(JobTimer timer);
  void cancel(const storage::TimerKey& key);

  bool has_due(WallTime now) const;
  // The one that is due the longest, which is being run from now on; null: none is due. Call finished() for it.
  std::unique_ptr<JobTimer> take(WallTime now);
  void finished(const storage::TimerKey& key);

  // Somebody else is about to commit a write of this timer: what its present run would write is out of date.
  void supersede(const storage::TimerKey& key);
  bool superseded(const storage::TimerKey& key) const;

  const JobTimer* find(const storage::TimerKey& key) const;    // that waits; null: none
  std::optional<WallTime> earliest_after(WallTime now) const;  // of those not due yet
  void change(const std::function<bool(JobTimer&)>& visit);    // true: it was changed
  std::size_t size() const noexcept { return waiting_.size(); }
  std::size_t due(WallTime now) const;
  std::size_t running() const noexcept { return running_.size(); }

 private:
  using Place = std::pair<WallTime, storage::TimerKey>;
  struct Run {
    bool superseded = false;
    std::optional<JobTimer> behind;
  };

  std::map<storage::TimerKey, JobTimer> waiting_;
  std::set<Place> order_;  // of those that wait
  std::map<storage::TimerKey, Run> running_;
};

}  // namespace tgkit::bot
