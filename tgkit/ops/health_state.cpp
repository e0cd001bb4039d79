#include "tgkit/ops/health_state.hpp"

#include <algorithm>

namespace tgkit::ops {
namespace {

std::string seconds_text(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

bool fails_vitally(const CheckView& check) { return check.weight == Weight::vital && !check.ok && !check.pending; }

Status status_of(Phase phase, bool dead_service, const std::vector<CheckView>& checks) {
  if (phase == Phase::stopping) return Status::stopping;
  if (dead_service) return Status::failed;
  if (phase == Phase::starting) return Status::starting;
  return std::ranges::any_of(checks, fails_vitally) ? Status::failed : Status::running;
}

std::vector<std::string> reasons_of(Phase phase, const std::string& failure, const std::vector<CheckView>& checks) {
  std::vector<std::string> reasons;
  if (phase != Phase::up) reasons.emplace_back(phase == Phase::starting ? "starting" : "stopping");
  if (!failure.empty()) reasons.push_back(failure);
  for (const auto& check : checks) {
    if (!check.ok) reasons.push_back(check.name + ": " + check.text);
  }
  return reasons;
}

}  // namespace

std::string_view to_text(Status status) {
  constexpr std::string_view names[] = {"starting", "running", "stopping", "failed"};
  return names[static_cast<std::size_t>(status)];
}

CheckView judge(const CheckState& check, TimePoint now) {
  CheckView view{check.name, check.weight, false, false, {}, std::nullopt};
  const auto silence = now - check.looked.value_or(check.added);
  if (check.looked) view.age = silence;
  if (silence > check.stale_after) {
    view.text = "no answer for " + seconds_text(silence);
  } else if (!check.looked) {
    view.pending = true;
    view.text = "not looked at yet";
  } else {
    view.ok = check.finding.ok;
    view.text = check.finding.text;
  }
  return view;
}

HealthView judge(Phase phase, const std::string& failure, const std::vector<CheckState>& checks, TimePoint now) {
  HealthView view;
  view.failure = failure;
  for (const auto& check : checks) view.checks.push_back(judge(check, now));
  view.status = status_of(phase, !failure.empty(), view.checks);
  view.reasons = reasons_of(phase, failure, view.checks);
  view.ready = view.reasons.empty();
  return view;
}

}  // namespace tgkit::ops
