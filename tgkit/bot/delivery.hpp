#pragma once
// How a queued call is delivered when the usual is not what is wanted:
//
//   ctx.reply("Your code: 4711", IfUnknown::repeat);
//   ctx.send(telegram::SendMessage(chat, "The price fell"), SendLane::alert);
//   ctx.send(std::move(invoice), Delivery(SendLane::reply, IfUnknown::ask));
#include "tgkit/telegram/request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace tgkit::bot {

// Smaller goes first.
enum class SendLane : std::uint8_t {
  answer,     // to a press, a query, a payment: they wait for seconds only
  reply,      // to a person who is there
  alert,      // what a person asked to be told
  broadcast,  // to everybody; and refusals of strangers, which nobody waits for
};
inline constexpr std::size_t send_lanes = 4;
std::string_view to_text(SendLane lane);

// What to do about a message of which nobody knows whether it was sent (the connection broke after it had left, the
// process was killed meanwhile). Calls that may be repeated without harm (edits, deletes, answers) are repeated in any
// case.
enum class IfUnknown : std::uint8_t {
  report,  // log and count it; it is not sent again
  repeat,  // send it again: rather twice than not at all
  ask,     // OutboxSettings::on_unknown decides
};

// What to try when Telegram refuses the place where a message was to appear.
enum class IfRefused : std::uint8_t {
  give_up,      // it is logged
  send_anew,    // an edit of a text whose message is gone or cannot be edited: the text as a new message
  leave_topic,  // the forum's topic is closed or deleted: without it, where the whole group reads. Never what is
                // private
};

struct Delivery {
  Delivery() {}
  Delivery(IfRefused if_refused_) : if_refused(if_refused_) {}         // NOLINT(google-explicit-constructor)
  Delivery(IfUnknown if_unknown_) : if_unknown(if_unknown_) {}         // NOLINT(google-explicit-constructor)
  Delivery(SendLane lane_, IfUnknown if_unknown_ = IfUnknown::report)  // NOLINT(google-explicit-constructor)
      : lane(lane_), if_unknown(if_unknown_) {}

  std::optional<SendLane> lane;  // absent: answer for answers, reply for the rest
  IfUnknown if_unknown = IfUnknown::report;
  IfRefused if_refused = IfRefused::give_up;
};

struct QueuedCall {
  explicit QueuedCall(telegram::Request request_, Delivery delivery_ = {})
      : request(std::move(request_)), delivery(delivery_) {}
  telegram::Request request;
  Delivery delivery;
};

// A message whose fate is unknown, as on_unknown sees it. The views are valid during the call.
struct UnknownSend {
  std::int64_t message_id = 0;  // the outbox's
  std::int64_t chat_id = 0;
  std::string_view method, body;
  std::string_view reason;
};
using OnUnknown = std::function<IfUnknown(const UnknownSend&)>;  // ask counts as report; so does an exception

}  // namespace tgkit::bot
