// Registration of webhooks: what setWebhook, deleteWebhook and getWebhookInfo say and change.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/updates.hpp"
#include "sandbox/webhook/target.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::chrono::seconds change_spacing{1};
constexpr std::size_t most_secret = 256;
constexpr std::size_t most_certificate = 3u << 20;

Refusal bad_webhook(const std::string& why) { return Refusal(400, "Bad Request: bad webhook: " + why); }

void check_secret(Call& call) {
  const std::string& secret = call.text("secret_token");
  const bool allowed = std::all_of(secret.begin(), secret.end(), [](unsigned char c) {
    return (c < 128 && std::isalnum(c)) || c == '_' || c == '-';
  });
  if (secret.size() > most_secret) throw bad_request("secret token is too long");
  if (!allowed) throw bad_request("secret token contains unallowed characters");
}

// One change per second.
void check_frequency(Call& call) {
  const tgkit::TimePoint now = call.world.real_clock().now();
  if (call.bot.webhook_changed && now < *call.bot.webhook_changed + change_spacing) {
    throw Refusal(429, "Too Many Requests: retry after 1");
  }
  call.bot.webhook_changed = now;
}

Result remove_webhook(Call& call) {
  if (call.flag("drop_pending_updates")) {
    call.bot.queue.clear();
    call.world.changed().notify();
  }
  if (call.bot.webhook.url.empty()) return Result("true", "Webhook is already deleted");
  check_frequency(call);
  call.world.set_webhook(call.bot, Webhook{});
  return Result("true", "Webhook was deleted");
}

bool same_secret(const std::optional<tgkit::net::Secret>& a, const std::optional<tgkit::net::Secret>& b) {
  return a.has_value() == b.has_value() && (!a || *a == *b);
}

// What is uploaded is always another registration.
bool same_registration(const Webhook& a, const Webhook& b) {
  return a.url == b.url && a.max_connections == b.max_connections && a.ip_address == b.ip_address &&
         same_secret(a.secret_token, b.secret_token) && a.certificate.empty() && b.certificate.empty();
}

Webhook wanted_webhook(Call& call) {
  const WebhookRules& rules = call.world.webhook_rules();
  Webhook webhook;
  webhook.url = checked_webhook_url(call.text("url"), rules);
  check_secret(call);
  if (call.arguments.has("secret_token")) webhook.secret_token = tgkit::net::Secret(call.text("secret_token"));
  if (const UploadedFile* certificate = call.arguments.file("certificate")) {
    if (certificate->content.size() > most_certificate) throw bad_webhook("certificate size is too big");
    if (certificate->content.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
      throw bad_webhook("certificate is not valid");
    }
    webhook.certificate = certificate->content;
  }
  webhook.max_connections =
      call.arguments.integer("max_connections", rules.usual_connections(), 1, rules.most_connections());
  webhook.ip_address = call.text("ip_address");
  return webhook;
}

Result set_webhook(Call& call) {
  if (call.text("url").empty()) return remove_webhook(call);
  Webhook webhook = wanted_webhook(call);
  const bool drop = call.flag("drop_pending_updates");
  if (drop) call.bot.queue.clear();
  change_allowed_updates(call.bot, call.text("allowed_updates"));
  if (!drop && same_registration(call.bot.webhook, webhook)) return Result("true", "Webhook is already set");
  check_frequency(call);
  call.world.set_webhook(call.bot, std::move(webhook));
  return Result("true", "Webhook was set");
}

Result get_webhook_info(Call& call) {
  const Webhook& webhook = call.bot.webhook;
  json::object info{{"url", webhook.url},
                    {"has_custom_certificate", !webhook.certificate.empty()},
                    {"pending_update_count", call.bot.queue.size(call.world.now())}};
  if (webhook.last_error_date != 0) {
    info["last_error_date"] = webhook.last_error_date;
    info["last_error_message"] = webhook.last_error;
  }
  if (!webhook.url.empty()) {
    info["max_connections"] = webhook.max_connections;
    if (!webhook.ip_address.empty()) info["ip_address"] = webhook.ip_address;
  }
  if (!call.bot.allowed_updates.empty()) info["allowed_updates"] = json::value_from(call.bot.allowed_updates);
  return to_wire(info);
}

constexpr Method methods[] = {
    {"setWebhook", set_webhook}, {"deleteWebhook", remove_webhook}, {"getWebhookInfo", get_webhook_info}};

}  // namespace

std::span<const Method> webhook_methods() { return methods; }

}  // namespace sandbox
