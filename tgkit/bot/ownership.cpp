#include "tgkit/bot/ownership.hpp"

#include <algorithm>
#include <utility>

namespace tgkit::bot {

void Ownership::reached(TimePoint now) {
  if (sure_from_ && unreachable(now)) sure_from_ = now + settings_.settle;
  reached_ = now;
}

void Ownership::entered(TimePoint now, bool after_another) {
  reached(now);
  if (sure_from_ && !stepped_down_) return;
  sure_from_ = now + settings_.settle + (after_another ? settings_.silence : Duration::zero());
  if (std::exchange(stepped_down_, false)) changed();
}

bool Ownership::step_down(std::string cause) {
  sure_from_.reset();
  if (std::exchange(stepped_down_, true)) return false;
  cause_ = std::move(cause);
  changed();
  return true;
}

bool Ownership::settled(TimePoint now) const {
  if (stepped_down_) return false;
  return settings_.settle == Duration::zero() || (sure_from_ && now >= *sure_from_);
}

bool Ownership::unreachable(TimePoint now) const { return reached_ && now - *reached_ >= settings_.silence; }

void Ownership::changed() const {
  if (settings_.on_change) settings_.on_change();
}

void Comeback::gave_way(TimePoint now) {
  running_ = 0;
  pause_ = on_probation(now) ? std::min(2 * pause_, settings_.longest) : settings_.look;
  came_back_.reset();
}

bool Comeback::looked(bool something_waits, TimePoint now) {
  running_ = something_waits ? running_ + 1 : 0;
  if (running_ < settings_.looks) return false;
  running_ = 0;
  came_back_ = now;
  return true;
}

}  // namespace tgkit::bot
