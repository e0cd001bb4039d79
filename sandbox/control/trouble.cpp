// Updates by hand, and the exchange's account.
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

std::string change_dmarket(const ControlRequest& request) {
  DmarketAccount& account = request.account;
  account.usd = request.number("usd", account.usd);
  account.usd_withdraw = request.number("usd_withdraw", account.usd_withdraw);
  account.usd_protected = request.number("usd_protected", account.usd_protected);
  account.dmc = request.number("dmc", account.dmc);
  account.clock_skew = request.number("clock_skew", account.clock_skew);
  account.allow_future_dates = request.flag("allow_future_dates", account.allow_future_dates);
  return with_seq(
      request,
      fmt::format(R"("usd":{},"usd_withdraw":{},"usd_protected":{},"dmc":{},"clock_skew":{},"allow_future_dates":{})",
                  account.usd, account.usd_withdraw, account.usd_protected, account.dmc, account.clock_skew,
                  account.allow_future_dates));
}

}  // namespace sandbox
