// Updates by hand, and limits on what bots send.
#include "sandbox/control/request.hpp"

#include <fmt/format.h>

namespace sandbox {

std::string inject(const ControlRequest& request) {
  Bot& bot = named_bot(request);
  const UnixSeconds now = request.world.now();
  const UnixSeconds expires = now + request.number("ttl", 86'400);
  std::string text = request.text("raw");
  if (const json::object* update = member_object(request.body, "update")) {
    text = to_wire(*update);
    if (!update->contains("update_id"))
      text = "{\"update_id\":{id}" + std::string(update->empty() ? "" : ",") + text.substr(1);
  }
  if (text.empty()) throw ControlError("give \"update\" (an object) or \"raw\" (a text)");
  const std::int64_t id = bot.queue.push_raw(std::move(text), now, expires);
  bot.arrived.notify();
  if (id == 0) throw ControlError("the queue is full, or the update is larger than 512 KiB");
  return with_seq(request, fmt::format("\"update_id\":{}", id));
}

std::string flood_limits(const ControlRequest& request) {
  FloodControl& control = request.bot_api.flood();
  FloodSettings wanted = control.settings();
  wanted.enabled = request.flag("enabled", wanted.enabled);
  const std::pair<const char*, std::int64_t*> numbers[] = {{"overall_per_second", &wanted.overall_per_second},
                                                           {"private_per_second", &wanted.private_per_second},
                                                           {"private_burst", &wanted.private_burst},
                                                           {"group_per_minute", &wanted.group_per_minute}};
  bool changed = request.has("enabled");
  for (const auto& [key, number] : numbers) {
    changed = changed || request.has(key);
    *number = request.number(key, *number);
    if (*number < 1 || *number > 1'000'000) throw ControlError(fmt::format("\"{}\" must be 1..1000000", key));
  }
  if (changed) control.change(wanted);
  return with_seq(request, fmt::format(R"("enabled":{},"overall_per_second":{},"private_per_second":{},)"
                                       R"("private_burst":{},"group_per_minute":{},"refusals":{})",
                                       wanted.enabled, wanted.overall_per_second, wanted.private_per_second,
                                       wanted.private_burst, wanted.group_per_minute, control.refusals()));
}

}  // namespace sandbox
