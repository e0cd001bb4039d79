// Updates by hand, faults on demand, and the exchange's account.
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

std::string read_faults(const ControlRequest& request) {
  std::string list;
  for (const Fault& fault : request.faults.left()) {
    list += fmt::format(
        R"({}{{"method":{},"bot":{},"action":"{}","status":{},"description":{},"count":{},"skip":{},"delay_ms":{}}})",
        list.empty() ? "" : ",", quote(fault.method), fault.bot, name_of(fault.action), fault.status,
        quote(fault.description), fault.count, fault.skip, fault.delay.count());
  }
  return with_seq(request, fmt::format("\"faults\":[{}]", list));
}

std::string change_faults(const ControlRequest& request) {
  if (request.flag("clear")) {
    request.faults.clear();
    return read_faults(request);
  }
  const auto action = action_of(request.text("action"));
  if (!action) throw ControlError("\"action\" must be status, html, body, drop_before, drop_after or delay");
  Fault fault;
  fault.action = *action;
  if (request.has("method")) fault.method = request.text("method");
  if (request.has("bot")) fault.bot = named_bot(request).id;
  const int usual = *action == Fault::Action::html ? 502 : *action == Fault::Action::body ? 200 : 500;
  fault.status = static_cast<int>(request.number("status", usual));
  fault.description = request.text("description");
  if (const json::object* parameters = member_object(request.body, "parameters"))
    fault.parameters = to_wire(*parameters);
  fault.body = request.text("body");
  fault.delay = std::chrono::milliseconds{request.number("delay_ms")};
  fault.count = request.number("count", 1);
  fault.skip = request.number("skip");
  if (fault.status < 100 || fault.status > 599 || fault.count < 1 || fault.skip < 0 || fault.delay.count() < 0) {
    throw ControlError("\"status\" must be 100..599, \"count\" at least 1, \"skip\" and \"delay_ms\" not negative");
  }
  request.faults.add(std::move(fault));
  return read_faults(request);
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
