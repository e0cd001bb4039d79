#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sandbox {
namespace {

using Action = Fault::Action;
constexpr std::array<std::pair<Action, std::string_view>, 6> actions{{{Action::status, "status"},
                                                                      {Action::html, "html"},
                                                                      {Action::body, "body"},
                                                                      {Action::drop_before, "drop_before"},
                                                                      {Action::drop_after, "drop_after"},
                                                                      {Action::delay, "delay"}}};

bool same_method(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string_view name_of(Action action) {
  for (const auto& [known, name] : actions) {
    if (known == action) return name;
  }
  return "status";
}

std::optional<Action> action_of(std::string_view name) {
  for (const auto& [action, known] : actions) {
    if (known == name) return action;
  }
  return std::nullopt;
}

std::optional<Fault> Faults::take(std::string_view method, std::int64_t bot) {
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    const bool any = fault->method == "*" && method != "dmarket";
    if ((!any && !same_method(fault->method, method)) || (fault->bot != 0 && fault->bot != bot)) continue;
    if (fault->skip > 0) {
      --fault->skip;
      continue;
    }
    Fault taken = *fault;
    if (--fault->count <= 0) faults_.erase(fault);
    return taken;
  }
  return std::nullopt;
}

}  // namespace sandbox
