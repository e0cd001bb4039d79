#pragma once
// What health means, as pure functions of what was observed. No clock, no I/O.
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tgkit::ops {

enum class Status { starting, running, stopping, failed };
std::string_view to_text(Status status);

// Where the process is in its life, as the lifecycle saw it.
enum class Phase { starting, up, stopping };

// What a check found when it last looked.
struct Finding {
  bool ok = true;
  std::string text;  // why not ok, or a short remark; free of secrets and private text
  static Finding good(std::string remark = {}) { return {true, std::move(remark)}; }
  static Finding bad(std::string reason) { return {false, std::move(reason)}; }
};

// A vital check that fails makes the status `failed` (a restart may help: /health 503). One that gates readiness only
// takes the process out of service (/ready 503) and leaves /health alone: a peer is away, a restart would not help.
enum class Weight { vital, readiness };

struct CheckState {
  std::string name;
  Weight weight = Weight::vital;
  TimePoint added;                  // an answer is due within stale_after from here, too
  Duration stale_after{};           // an answer older than this counts as failing
  std::optional<TimePoint> looked;  // when the last answer came; none yet
  Finding finding;
};

struct CheckView {
  std::string name;
  Weight weight = Weight::vital;
  bool ok = false;
  bool pending = false;  // no answer yet, and none overdue
  std::string text;
  std::optional<Duration> age;
};
CheckView judge(const CheckState& check, TimePoint now);

struct HealthView {
  Status status = Status::starting;
  std::optional<WallTime> started;  // the first moment of `running`
  std::optional<Duration> uptime;   // since then; none before
  std::vector<CheckView> checks;
  std::string failure;  // the service that died, and of what
  bool ready = false;
  std::vector<std::string> reasons;  // why it is not ready
};
// The status and the reasons that follow from the phase, a dead service and the checks.
HealthView judge(Phase phase, const std::string& failure, const std::vector<CheckState>& checks, TimePoint now);

}  // namespace tgkit::ops
