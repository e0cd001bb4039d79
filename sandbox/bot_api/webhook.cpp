// Registration of webhooks. Updates stay in the queue while one is set: this world delivers nothing by itself.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/updates.hpp"
#include "tgkit/net/url.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::chrono::seconds change_spacing{1};
constexpr std::size_t most_secret = 256;
constexpr std::size_t most_certificate = 3u << 20;

Refusal bad_webhook(const std::string& why) { return Refusal(400, "Bad Request: bad webhook: " + why); }

bool private_address(const std::string& host) {
  return host.starts_with("127.") || host.starts_with("10.") || host.starts_with("192.168.") || host == "0.0.0.0";
}

std::string checked_url(const std::string& text) {
  const std::string full = text.find("://") == std::string::npos ? "https://" + text : text;
  tgkit::net::Url url;
  try {
    url = tgkit::net::Url::parse(full);
  } catch (const std::invalid_argument&) {
    throw bad_webhook("invalid HTTP URL");
  }
  if (!url.origin.tls) throw bad_webhook("An HTTPS URL must be provided for webhook");
  constexpr std::uint16_t ports[] = {443, 80, 88, 8443};
  if (std::find(std::begin(ports), std::end(ports), url.origin.port) == std::end(ports)) {
    throw bad_webhook("Webhook can be set up only on ports 80, 88, 443 or 8443");
  }
  if (url.origin.host.find(':') != std::string::npos) throw bad_webhook("IPv6-only addresses are not allowed");
  if (private_address(url.origin.host)) throw bad_webhook(fmt::format("IP address {} is reserved", url.origin.host));
  return full;
}

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
  const tgkit::TimePoint now = call.world.clock().now();
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
  call.bot.webhook = Webhook{};
  return Result("true", "Webhook was deleted");
}

Result set_webhook(Call& call) {
  const std::string& text = call.text("url");
  if (text.empty()) return remove_webhook(call);
  Webhook webhook;
  webhook.url = checked_url(text);
  check_secret(call);
  if (const UploadedFile* certificate = call.arguments.file("certificate")) {
    if (certificate->content.size() > most_certificate) throw bad_webhook("certificate size is too big");
    webhook.has_certificate = true;
  }
  webhook.max_connections = call.arguments.integer("max_connections", 40, 1, 100);
  webhook.ip_address = call.text("ip_address");
  if (call.flag("drop_pending_updates")) call.bot.queue.clear();
  change_allowed_updates(call.bot, call.text("allowed_updates"));
  const bool same = call.bot.webhook.url == webhook.url &&
                    call.bot.webhook.max_connections == webhook.max_connections && !webhook.has_certificate &&
                    call.bot.webhook.ip_address == webhook.ip_address;
  if (same) return Result("true", "Webhook is already set");
  check_frequency(call);
  call.bot.webhook = std::move(webhook);
  call.bot.arrived.notify();
  call.world.changed().notify();
  return Result("true", "Webhook was set");
}

Result get_webhook_info(Call& call) {
  const Webhook& webhook = call.bot.webhook;
  json::object info{{"url", webhook.url},
                    {"has_custom_certificate", webhook.has_certificate},
                    {"pending_update_count", call.bot.queue.size(call.world.now())}};
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
