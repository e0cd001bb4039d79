// Faults on demand: adding, listing and removing them.
#include "sandbox/bot_api/updates.hpp"
#include "sandbox/control/request.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using Action = Fault::Action;

std::string fault_text(const Fault& fault) {
  return fmt::format(
      R"({{"id":{},"method":{},"bot":{},"chat":{},"kind":{},"path":{},"executed":{},"action":"{}","status":{},"description":{},"count":{},)"
      R"("skip":{},"probability":{},"delay_ms":{},"hits":{}}})",
      fault.id, quote(fault.method), fault.bot, fault.chat, quote(fault.kind), quote(fault.path), fault.executed,
      name_of(fault.action), fault.status, quote(fault.description), fault.count, fault.skip, fault.probability,
      fault.delay.count(), fault.hits);
}

std::string list_text(const std::deque<Fault>& faults) {
  std::string list;
  for (const Fault& fault : faults) list += (list.empty() ? "" : ",") + fault_text(fault);
  return list;
}

int usual_status(Action action) {
  if (action == Action::html) return 502;
  return action == Action::body || action == Action::empty ? 200 : 500;
}

std::int64_t usual_delay(const ControlRequest& request, Action action) {
  if (action == Action::flood) return request.number("retry_after", 3) * 1000;
  if (action == Action::late) return 60'000;
  return action == Action::slow ? 100 : action == Action::reorder ? 500 : 0;
}

std::vector<std::string> ids_in(const ControlRequest& request) {
  std::vector<std::string> ids;
  const json::array* list = member_array(request.body, "ids");
  if (list == nullptr) return ids;
  for (const json::value& id : *list) {
    if (!id.is_string()) throw ControlError("\"ids\" must be texts");
    ids.emplace_back(id.get_string());
  }
  return ids;
}

void check(const Fault& fault) {
  if (const std::string misfitting = misfit(fault); !misfitting.empty()) throw ControlError(misfitting);
  if (fault.status < 100 || fault.status > 599) throw ControlError("\"status\" must be 100..599");
  if (fault.count < 0 || fault.skip < 0 || fault.delay.count() < 0 || fault.lag < 0) {
    throw ControlError("\"count\", \"skip\", \"lag\", \"delay_ms\" and \"retry_after\" must not be negative");
  }
  if (!(fault.probability > 0 && fault.probability <= 1))
    throw ControlError("\"probability\" must be above 0, at most 1");
  if (fault.executed && fault.method != "dmarket")
    throw ControlError("\"executed\" goes with the method \"dmarket\" only");
  if (!fault.path.empty() && fault.method != "dmarket")
    throw ControlError("\"path\" goes with the method \"dmarket\" only");
  if (!fault.contains.empty() && fault.method != "dmarket")
    throw ControlError("\"contains\" goes with the method \"dmarket\" only");
  if (fault.bytes == 0) throw ControlError("\"bytes\" must be at least 1");
}

Fault read_fault(const ControlRequest& request) {
  Fault fault;
  if (request.has("method")) fault.method = request.text("method");
  const auto action = action_of(request.text("action"));
  if (!action) {
    throw ControlError(
        fmt::format("no action \"{}\"; docs/sandbox.md lists what can go wrong", request.text("action")));
  }
  fault.action = *action;
  if (request.has("bot")) fault.bot = named_bot(request).id;
  if (request.has("chat")) fault.chat = id_of(request, request.body.at("chat"));
  fault.kind = request.text("kind");
  fault.path = request.text("path");
  fault.contains = request.text("contains");
  fault.executed = request.flag("executed");
  fault.status = static_cast<int>(request.number("status", usual_status(*action)));
  fault.description = request.text("description");
  if (const json::object* parameters = member_object(request.body, "parameters")) {
    fault.parameters = to_wire(*parameters);
  }
  fault.body = request.text("body");
  fault.delay = std::chrono::milliseconds{request.number("delay_ms", usual_delay(request, *action))};
  fault.bytes = static_cast<std::size_t>(std::max<std::int64_t>(0, request.number("bytes", 1)));
  fault.reset = request.flag("reset");
  fault.ids = ids_in(request);
  fault.lag = request.number("lag", 120);
  fault.probability = member_number(request.body, "probability", 1);
  fault.seed = static_cast<std::uint64_t>(request.number("seed", 1));
  fault.skip = request.number("skip");
  fault.count = request.number("count", request.has("probability") ? 0 : 1);
  fault.endless = fault.count == 0;
  check(fault);
  return fault;
}

}  // namespace

std::string read_faults(const ControlRequest& request) {
  return with_seq(request, fmt::format("\"faults\":[{}],\"done\":[{}]", list_text(request.faults.left()),
                                       list_text(request.faults.done())));
}

std::string change_faults(const ControlRequest& request) {
  if (request.flag("clear")) {
    request.faults.clear();
    return read_faults(request);
  }
  if (request.has("remove")) {
    const std::int64_t id = request.number("remove");
    if (!request.faults.remove(static_cast<std::uint64_t>(id))) {
      throw ControlError(fmt::format("there is no fault {}; GET /control/faults lists what is left", id));
    }
    return read_faults(request);
  }
  const Fault fault = read_fault(request);
  request.faults.add(fault);
  if (fault.action == Action::conflict && fault.skip == 0) {  // the poll that waits now ends, too
    for (const auto& [id, bot] : request.world.bots()) {
      const bool polls = (fault.bot == 0 || fault.bot == id) && bot->polling.waiting;
      if (polls && fault.probability >= 1) end_waiting_poll(*bot);
    }
  }
  return read_faults(request);
}

}  // namespace sandbox
