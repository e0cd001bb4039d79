// People who pay.
#include "sandbox/control/request.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr UnixSeconds query_lives = 150;

// The message named, or the newest invoice of the chat.
std::int64_t invoice_to_pay(const ControlRequest& request, const Chat& chat) {
  if (request.has("message_id")) return request.number("message_id");
  const auto& messages = chat.messages();
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (!message->deleted && request.world.payments().invoice(chat.key, message->id)) return message->id;
  }
  return 0;
}

}  // namespace

std::string pay_invoice(const ControlRequest& request) {
  const User& user = named_user(request);
  ControlRequest in_chat = request;
  if (!request.has("chat")) in_chat.body["chat"] = user.id;
  Chat& chat = named_chat(in_chat);
  World& world = request.world;
  const std::int64_t message_id = invoice_to_pay(request, chat);
  const Invoice* invoice = world.payments().invoice(chat.key, message_id);
  if (!invoice) throw ControlError("no such invoice in this chat: the bot makes one with sendInvoice");
  Checkout checkout;
  checkout.invoice = *invoice;
  checkout.chat = chat.key;
  checkout.user = user.id;
  checkout.message_id = message_id;
  checkout.asked = world.now();
  const std::string id = world.payments().begin(checkout);
  world.tell("checkout", &chat, invoice->bot,
             fmt::format(R"(,"user":{},"message_id":{},"pre_checkout_query_id":"{}")", user.id, message_id, id));
  if (Bot* bot = world.bot(invoice->bot)) {
    const json::object query{{"id", id},
                             {"from", user.as_json()},
                             {"currency", invoice->currency},
                             {"total_amount", invoice->total_amount},
                             {"invoice_payload", invoice->payload}};
    world.deliver(*bot, "pre_checkout_query", to_wire(query), world.now() + query_lives);
  }
  return with_seq(request, fmt::format("\"pre_checkout_query_id\":\"{}\"", id));
}

std::string payment_state(const ControlRequest& request) {
  const Checkout* checkout = request.world.payments().checkout(request.text("pre_checkout_query_id"));
  if (!checkout) throw ControlError("no such query: use the id that /control/pay gave", 404);
  const bool late = !checkout->answered && request.world.now() - checkout->asked > Payments::answer_within;
  return to_wire(json::object{{"answered", checkout->answered},
                              {"ok", checkout->ok},
                              {"cancelled", late},
                              {"error_message", checkout->error_message}});
}

}  // namespace sandbox
