#pragma once
// Runs the jobs of a JobTable when their timers are due: those that have a schedule, and those that handlers set by
// Context::after and Context::at. Timers live in the store, written in the commit of whoever decided them.
//
// What is promised: a timer that is set is not lost, by no crash; a run's messages, states and its next run become true
// together, so that a kill before that commit runs it again and a kill after it does not. Runs of one timer never
// overlap. A run that throws or takes too long is tried again after a pause, so many times; a timer whose runs end the
// process is set aside after so many: it stays in the store, is named in the log at every start and counted in
// tgkit_jobs_set_aside, until retry() or drop() is called, or, where it has a schedule, another schedule is wired.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/crew.hpp"
#include "tgkit/bot/jobs_queue.hpp"
#include "tgkit/bot/jobs_table.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

struct JobsSettings {
  std::size_t most_running = 16;             // side by side
  Duration drain = std::chrono::seconds{8};  // how long stop() waits for those under way
  // The wall clock may be set at any moment: how long that may stay unnoticed.
  Duration look = std::chrono::minutes{1};
};

// Not thread-safe: used on the loop's thread only.
class Jobs final : public ops::Service {
 public:
  // Throws WiringError when the table cannot work with the environment's services.
  Jobs(Executor executor, const Environment& environment, Outbox& outbox, ops::Metrics& metrics, JobTable table,
       JobsSettings settings);
  ~Jobs() override;

  std::string_view name() const override { return "jobs"; }
  // From now on jobs run. Throws StorageError when the schedules that are new cannot be written down.
  Task<> start() override;
  // Waits for those under way; when the limit passes they are broken off, run again after the next start, and this
  // throws std::runtime_error.
  void limit_stop(Duration limit) override;
  Task<> stop() override;

  // What an earlier run has left; before anything is handled.
  void resume(std::vector<storage::UnfinishedTimer> timers);

  // Around every commit that holds timers, in its order: before it is called, and when it has succeeded.
  void supersede(const std::vector<storage::TimerWrite>& timers);
  void accept(const std::vector<storage::TimerWrite>& timers);
  // Of a timer whose run is under way: somebody has set or cancelled it since the run began.
  bool superseded(const storage::TimerKey& timer) const { return queue_.superseded(timer); }

  bool takes_timers(std::string_view job) const;  // it is registered, and handlers set its timers
  std::size_t waiting() const noexcept { return queue_.size(); }

  struct SetAside {
    storage::TimerKey timer;
    std::string reason;
  };
  std::vector<SetAside> set_aside() const;
  // Runs it now, with all its attempts. False: no such timer is set aside, or no job of its name is registered.
  Task<bool> retry(storage::TimerKey timer);
  Task<bool> drop(storage::TimerKey timer);  // for good; false: no such timer is set aside

 private:
  // What becomes of a timer when its turn is over.
  struct Conclusion {
    std::optional<JobTimer> next;  // nullopt: it is not needed any more
    bool aside = false;            // it stays in the store and is not run
    std::string_view outcome = "done";
  };

  void take_over(JobTimer timer);
  void wire(const Job& job);
  void arm();
  void look();
  void after_setback(WallTime now);
  Task<> handle(std::unique_ptr<JobTimer> timer);
  Task<Conclusion> attend(const Job& job, const JobTimer& timer, Context& ctx);
  Task<Conclusion> run(const Job& job, const JobTimer& timer, Context& ctx);
  Conclusion fail(const Job& job, const JobTimer& timer, Context& ctx, const std::exception_ptr& failure);
  Task<> conclude(const JobTimer& timer, Conclusion conclusion, Context& ctx);
  Task<> idle();
  WallTime wall() const { return environment_.clock->wall(); }
  void count(const std::string& job, std::string_view outcome);
  void measure();

  const Environment& environment_;
  Outbox& outbox_;
  ops::Metrics& metrics_;
  JobTable table_;
  JobsSettings settings_;
  JobsQueue queue_;
  std::map<storage::TimerKey, JobTimer> aside_;
  Crew crew_;
  Clock::Timer timer_;
  WallTime last_look_{};
  WaitList ended_;
  std::vector<storage::TimerWrite> changes_;  // what the start has to write down
  std::size_t left_ = 0;                      // runs that a stop has broken off
  bool started_ = false, stopping_ = false;
  bool broken_off_ = false;  // by a stop that could not wait: nothing is concluded any more
};

}  // namespace tgkit::bot
