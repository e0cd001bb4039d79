#pragma once
// Health: named checks that look in the background and whose last findings are kept with their age, so that a probe
// never waits for anything. The status is computed from them and from the phase each time it is asked for.
#include "tgkit/ops/health_state.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tgkit::ops {

struct CheckSettings {
  Weight weight = Weight::vital;
  Duration every = std::chrono::seconds{5};
  Duration limit = std::chrono::seconds{5};  // an answer that takes longer is a failing one
};

// Not thread-safe: used on the loop's thread only. Must outlive its checks: stop() before it is destroyed.
class Health {
 public:
  using Check = std::function<Finding()>;            // reads what is known; must not throw
  using SlowCheck = std::function<Task<Finding>()>;  // asks somebody; a throw is a failing answer

  Health(Executor executor, Clock& clock);
  ~Health();

  // A check looks at once and then every `every`; it is stale, hence failing, after 2 * every + limit without an
  // answer. May be added at any time. A second check of one name is a programming error (std::logic_error).
  void add(std::string name, CheckSettings settings, Check check);
  void add_slow(std::string name, CheckSettings settings, SlowCheck check);
  void remove(std::string_view name);

  // Told by the lifecycle.
  void set_phase(Phase phase);
  void set_failure(std::string failure);

  HealthView view() const;
  Task<> stop();  // ends the background work; findings stay as they are

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tgkit::ops
