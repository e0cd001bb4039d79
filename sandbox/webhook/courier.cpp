#include "sandbox/webhook/courier.hpp"

#include "sandbox/webhook/registration.hpp"

namespace sandbox {

Courier::Courier(tgkit::Executor executor, World& world, Faults& faults, Perform perform, std::size_t keep)
    : executor_(executor),
      world_(world),
      faults_(faults),
      perform_(std::move(perform)),
      log_(keep),
      // What a delivery may throw it handles itself; anything else is a bug and must be seen.
      tasks_(executor, [](const std::exception_ptr& error) { std::rethrow_exception(error); }) {
  world_.on_webhook([this](Bot& bot) { changed(bot); });
}

Courier::~Courier() { world_.on_webhook({}); }

void Courier::changed(Bot& bot) {
  if (const auto old = registrations_.find(bot.id); old != registrations_.end()) {
    old->second->close();
    registrations_.erase(old);
  }
  if (bot.webhook.url.empty() || stopped_) return;
  const auto registration = std::make_shared<Registration>(*this, bot);
  registrations_[bot.id] = registration;
  tasks_.spawn(Registration::run(registration));
}

void Courier::stop() {
  stopped_ = true;
  for (const auto& [bot, registration] : registrations_) registration->close();
  registrations_.clear();
}

std::size_t Courier::in_flight() const {
  std::size_t count = 0;
  for (const auto& [bot, registration] : registrations_) count += registration->in_flight();
  return count;
}

}  // namespace sandbox
