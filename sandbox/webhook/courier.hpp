#pragma once
// Delivers the updates of every bot that has a webhook, as the real server does: see schedule.hpp for what goes when.
#include "sandbox/chat/world.hpp"
#include "sandbox/webhook/answer.hpp"
#include "sandbox/webhook/delivery_log.hpp"
#include "tgkit/async/task_group.hpp"

#include <functional>
#include <map>
#include <memory>

namespace sandbox {

class Registration;

// Not thread-safe: used on the loop's thread only. Listens to the world's changes of webhooks.
class Courier {
 public:
  // Carries out a call that a webhook's answer asked for; throws cancellation only.
  using Perform = std::function<tgkit::Task<>(Bot&, MethodReply)>;

  Courier(tgkit::Executor executor, World& world, Faults& faults, Perform perform, std::size_t keep);
  ~Courier();

  // Breaks off what is under way. Await join() before the world is destroyed.
  void stop();
  tgkit::Task<> join() { return tasks_.join(); }

  const DeliveryLog& log() const { return log_; }
  std::size_t in_flight() const;  // attempts under way, of all bots

 private:
  friend class Registration;
  void changed(Bot& bot);

  tgkit::Executor executor_;
  World& world_;
  Faults& faults_;
  Perform perform_;
  DeliveryLog log_;
  tgkit::TaskGroup tasks_;
  std::map<std::int64_t, std::shared_ptr<Registration>> registrations_;
  bool stopped_ = false;
};

}  // namespace sandbox
