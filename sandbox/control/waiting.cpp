// POST /control/wait: blocks until something has happened, so that no test ever sleeps.
#include "sandbox/control/request.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr double longest_wait = 120;  // seconds

struct Condition {
  std::vector<std::string> kinds;
  std::int64_t chat = 0;
  std::int64_t bot = 0;
  std::int64_t user = 0;
  std::int64_t message_id = 0;
  std::optional<bool> outgoing;
  std::optional<std::string> contains, equals, button;
};

std::optional<std::string> optional_text(const ControlRequest& request, const char* key) {
  if (!request.has(key)) return std::nullopt;
  return request.text(key);
}

Condition read_condition(const ControlRequest& request) {
  Condition condition;
  condition.contains = optional_text(request, "contains");
  condition.equals = optional_text(request, "equals");
  condition.button = optional_text(request, "button");
  if (const json::array* kinds = member_array(request.body, "kind")) {
    for (const json::value& kind : *kinds) {
      if (kind.is_string()) condition.kinds.emplace_back(kind.get_string().data(), kind.get_string().size());
    }
  } else if (request.has("kind")) {
    condition.kinds.push_back(request.text("kind"));
  } else if (condition.contains || condition.equals || condition.button) {
    condition.kinds = {"message", "edit"};
  }
  condition.chat = request.number("chat");
  condition.bot = request.has("bot") ? named_bot(request).id : 0;
  condition.user = request.has("user") ? named_user(request).id : 0;
  condition.message_id = request.number("message_id");
  condition.outgoing = false;
  if (const json::value* outgoing = request.body.if_contains("outgoing")) {
    condition.outgoing = outgoing->is_bool() ? std::optional<bool>(outgoing->get_bool()) : std::nullopt;
  }
  return condition;
}

bool has_button(const json::object& message, const std::string& wanted) {
  const json::object* markup = member_object(message, "reply_markup");
  const json::array* rows = markup ? member_array(*markup, "inline_keyboard") : nullptr;
  if (!rows) return false;
  for (const json::value& row : *rows) {
    for (const json::value& value : row.as_array()) {
      const json::object& button = value.as_object();
      if (member_text(button, "text") == wanted || member_text(button, "callback_data") == wanted) return true;
    }
  }
  return false;
}

bool matches(const Condition& condition, const Event& event) {
  if (!condition.kinds.empty() &&
      std::find(condition.kinds.begin(), condition.kinds.end(), event.kind) == condition.kinds.end()) {
    return false;
  }
  if (condition.chat != 0 && event.chat != condition.chat) return false;
  if (condition.bot != 0 && event.bot != 0 && event.bot != condition.bot) return false;
  const bool is_message = event.kind == "message" || event.kind == "edit";
  const auto parsed = parse_json(event.text());
  if (!parsed) return false;
  const json::object& object = parsed->get_object();
  if (is_message && condition.outgoing && member_bool(object, "outgoing") != *condition.outgoing) return false;
  const json::object* message = member_object(object, "message");
  const json::object& subject = message ? *message : object;
  if (condition.message_id != 0 && member_int(subject, "message_id") != condition.message_id) return false;
  if (condition.user != 0 && !message && member_int(object, "user") != condition.user) return false;
  const std::string text =
      member_text(subject, "text", member_text(subject, "caption", member_text(subject, "action")));
  if (condition.contains && text.find(*condition.contains) == std::string::npos) return false;
  if (condition.equals && text != *condition.equals) return false;
  return !condition.button || has_button(subject, *condition.button);
}

bool any_bot(const ControlRequest& request, bool (*holds)(const ControlRequest&, Bot&)) {
  if (request.has("bot")) return holds(request, named_bot(request));
  const auto& bots = request.world.bots();
  return std::any_of(bots.begin(), bots.end(), [&](const auto& entry) { return holds(request, *entry.second); });
}

bool is_polling(const ControlRequest&, Bot& bot) { return bot.polling.waiting; }
bool is_drained(const ControlRequest& request, Bot& bot) { return bot.queue.size(request.world.now()) == 0; }

// The text of the first entry above `seen` that `wanted` names; `seen` remembers up to where entries were looked at.
template <class Log, class Wanted>
std::optional<std::string> find(const Log& log, std::uint64_t& seen, Wanted wanted) {
  for (std::size_t i = log.first_above(seen); i < log.entries().size(); ++i) {
    if (wanted(log.entries()[i])) return log.entries()[i].text();
  }
  seen = log.last();
  return std::nullopt;
}

std::optional<std::string> find_call(const ControlRequest& request, std::uint64_t& seen) {
  const std::string method = request.text("call");
  const std::int64_t status = request.number("status");
  const std::int64_t bot = request.has("bot") ? named_bot(request).id : 0;
  return find(request.bot_api.calls(), seen, [&](const RecordedCall& call) {
    return call.method == method && (status == 0 || call.status == status) && (bot == 0 || call.bot == bot);
  });
}

std::optional<std::string> find_delivery(const ControlRequest& request, std::uint64_t& seen) {
  const std::string outcome = request.text("delivery");
  const std::int64_t status = request.number("status");
  const std::int64_t update = request.number("update_id");
  const std::int64_t bot = request.has("bot") ? named_bot(request).id : 0;
  return find(request.courier.log(), seen, [&](const RecordedDelivery& delivery) {
    const bool wanted = outcome == "any" || delivery.outcome == outcome;
    return wanted && (update == 0 || delivery.update_id == update) && (status == 0 || delivery.status == status) &&
           (bot == 0 || delivery.bot == bot);
  });
}

// Up to where a wait has looked.
std::uint64_t start_of(const ControlRequest& request) {
  const char* key = request.has("call") ? "after_call" : request.has("delivery") ? "after_delivery" : "after";
  return static_cast<std::uint64_t>(request.number(key));
}

// What has been found so far; nothing: go on waiting.
std::optional<std::string> look(const ControlRequest& request, const Condition& condition, std::uint64_t& seen) {
  const std::uint64_t seq = request.world.events().last();
  if (request.has("polling") || request.has("drained")) {
    if (!any_bot(request, request.has("polling") ? is_polling : is_drained)) return std::nullopt;
    return fmt::format("{{\"seq\":{}}}", seq);
  }
  for (const char* kind : {"call", "delivery"}) {
    if (!request.has(kind)) continue;
    const auto found = kind == std::string_view("call") ? find_call(request, seen) : find_delivery(request, seen);
    if (!found) return std::nullopt;
    return fmt::format("{{\"seq\":{},\"{}\":{}}}", seq, kind, *found);
  }
  std::uint64_t number = 0;
  const auto event = find(request.world.events(), seen, [&](const Event& candidate) {
    number = candidate.seq;
    return matches(condition, candidate);
  });
  if (!event) return std::nullopt;
  return fmt::format("{{\"seq\":{},\"event\":{}}}", number, *event);
}

}  // namespace

tgkit::Task<std::string> wait_for(const ControlRequest& request) {
  const Condition condition = read_condition(request);
  const double timeout = std::clamp(request.seconds("timeout", 10), 0.0, longest_wait);
  const tgkit::TimePoint deadline = request.world.real_clock().now() +
                                    std::chrono::duration_cast<tgkit::Duration>(std::chrono::duration<double>(timeout));
  std::uint64_t seen = start_of(request);
  while (true) {
    auto found = look(request, condition, seen);
    if (found) co_return std::move(*found);
    const bool again = !request.world.stopping() && co_await request.world.changed().wait_until(deadline);
    if (!again) {
      throw ControlError(
          fmt::format("nothing matched within {} s; GET /control/transcript shows what was written", timeout), 408);
    }
  }
}

}  // namespace sandbox
