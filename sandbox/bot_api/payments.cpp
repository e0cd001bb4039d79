// Invoices and the answer to somebody who wants to pay one.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/schema.hpp"
#include "sandbox/bot_api/sending.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t most_payload = 128;
constexpr char stars[] = "XTR";

std::int64_t total_of(Call& call) {
  const auto prices = json_argument(call, "prices");
  std::int64_t total = 0;
  std::size_t count = 0;
  if (prices && prices->is_array()) {
    for (const json::value& price : prices->get_array()) {
      total += price.is_object() ? member_int(price.get_object(), "amount").value_or(0) : 0;
      ++count;
    }
  }
  if (total <= 0) throw bad_request("CURRENCY_TOTAL_AMOUNT_INVALID");
  if (call.text("currency") == stars && count != 1) throw bad_request("STARS_INVOICE_INVALID");
  return total;
}

Result send_invoice(Call& call) {
  check_against_schema(call.method, call.arguments);
  Invoice invoice{call.bot.id, call.text("currency"), total_of(call), call.text("payload")};
  if (invoice.payload.size() > most_payload) throw bad_request("INVOICE_PAYLOAD_INVALID");
  const bool provider = call.arguments.has("provider_token");
  if (provider == (invoice.currency == stars)) throw bad_request("PAYMENT_PROVIDER_INVALID");
  const json::object shown{{"title", call.text("title")},
                           {"description", call.text("description")},
                           {"start_parameter", call.text("start_parameter")},
                           {"currency", invoice.currency},
                           {"total_amount", invoice.total_amount}};
  json::object content{{"invoice", shown}};
  if (!call.arguments.has("reply_markup")) {
    const std::string label = fmt::format("Pay {} {}", invoice.total_amount, invoice.currency);
    json::array row, rows;  // filled one by one: compilers differ about braces around one array
    row.push_back(json::object{{"text", label}, {"pay", true}});
    rows.push_back(std::move(row));
    json::object markup;
    markup["inline_keyboard"] = std::move(rows);
    content["reply_markup"] = std::move(markup);
  }
  Chat& chat = writable_chat(call);
  const Message& message = send(call, std::move(content));
  call.world.payments().add(chat.key, message.id, std::move(invoice));
  return message.text;
}

void pay(World& world, const std::string& id, const Checkout& checkout) {
  Chat* chat = world.chat(checkout.chat);
  if (!chat) return;
  const json::object payment{{"currency", checkout.invoice.currency},
                             {"total_amount", checkout.invoice.total_amount},
                             {"invoice_payload", checkout.invoice.payload},
                             {"telegram_payment_charge_id", "sandbox_" + id},
                             {"provider_payment_charge_id", "provider_" + id}};
  world.post(*chat, Author{checkout.user, false}, json::object{{"successful_payment", payment}});
}

Result answer_pre_checkout_query(Call& call) {
  const std::string id = call.text("pre_checkout_query_id");
  Checkout* checkout = call.world.payments().checkout(id);
  const bool usable = checkout && checkout->invoice.bot == call.bot.id && !checkout->answered &&
                      call.world.now() - checkout->asked <= Payments::answer_within;
  if (!usable) throw bad_request("query is too old and response timeout expired or query ID is invalid");
  const bool ok = call.flag("ok");
  if (!ok) required(call, "error_message");
  checkout->answered = true;
  checkout->ok = ok;
  checkout->error_message = call.text("error_message");
  call.world.tell("checkout_answer", call.world.chat(checkout->chat), call.bot.id,
                  fmt::format(R"(,"user":{},"pre_checkout_query_id":{},"ok":{},"error_message":{})", checkout->user,
                              quote(id), ok, quote(checkout->error_message)));
  if (ok) pay(call.world, id, *checkout);
  return std::string("true");
}

constexpr Method methods[] = {{"sendInvoice", send_invoice}, {"answerPreCheckoutQuery", answer_pre_checkout_query}};

}  // namespace

std::span<const Method> payment_methods() { return methods; }

}  // namespace sandbox
