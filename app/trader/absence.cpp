#include "app/trader/absence.hpp"

#include <algorithm>

namespace app::trader {
namespace {

// What nobody has looked for so long is of no interest any more.
constexpr std::int64_t kept = 86'400;

}  // namespace

bool Absences::gone(const std::string& what, Showing showing, std::int64_t asked) {
  if (showing == Showing::shown) {
    missed_.erase(what);
    return false;
  }
  forget_old(asked);
  Missed& missed = missed_[what];
  if (missed.since == 0) missed.since = asked;
  missed.last = asked;
  if (showing == Showing::unclear) return false;
  if (missed.absent == 0) missed.absent = asked;
  if (asked - missed.absent < between_looks) return false;
  missed_.erase(what);
  return true;
}

std::vector<Absences::Doubt> Absences::doubts(std::int64_t now) const {
  std::vector<Doubt> all;
  for (const auto& [what, missed] : missed_) {
    if (now - missed.since < longest_doubt) continue;
    Doubt& doubt = all.emplace_back();
    doubt.what = what;
    doubt.since = missed.since;
  }
  return all;
}

bool Absences::looking(std::int64_t now) const {
  return std::ranges::any_of(missed_,
                             [now](const auto& entry) { return now - entry.second.since <= 2 * between_looks; });
}

void Absences::look_on(const std::string& what, std::int64_t now) {
  const auto missed = missed_.find(what);
  if (missed != missed_.end()) missed->second.since = now;
}

void Absences::forget_old(std::int64_t now) {
  std::erase_if(missed_, [now](const auto& entry) { return now - entry.second.last > kept; });
}

}  // namespace app::trader
