#include "sandbox/dmarket/venue.hpp"

#include <algorithm>

namespace sandbox {

Venue::Venue(World& world, VenueSettings settings)
    : account(std::move(settings.account)),
      switches(settings.switches),
      world_(world),
      options_(settings.market),
      rules_(settings.rules),
      start_(world.now()),
      calls_(settings.keep_calls) {}

market::Exchange& Venue::exchange() {
  const bool first = !exchange_;
  if (first) exchange_ = std::make_unique<market::Exchange>(options_, rules_, start_);
  exchange_->advance(world_.now());
  if (first) plan();
  return *exchange_;
}

void Venue::acted() {
  plan();
  world_.changed().notify();
}

void Venue::plan() {
  next_.cancel();
  const auto next = exchange_ ? exchange_->next_event() : std::nullopt;
  if (!next) return;
  const tgkit::WallTime when{std::chrono::seconds{std::max(*next, exchange_->now() + 1)}};
  const auto wait = std::chrono::duration_cast<tgkit::Duration>(when - world_.clock().wall());
  next_ = world_.clock().call_at(world_.clock().now() + wait, [this] {
    exchange();
    acted();
  });
}

ApiLimits::Moment Venue::moment() const {
  const auto seconds = [](tgkit::WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  };
  return ApiLimits::Moment{seconds(world_.clock().wall()), seconds(world_.real_clock().wall())};
}

void Venue::record(RecordedExchangeCall call) {
  if (call.writes) ++write_calls_;
  if (!call.changed.empty()) ++changing_calls_;
  calls_.append(std::move(call));
  world_.changed().notify();
}

}  // namespace sandbox
