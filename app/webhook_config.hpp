#pragma once
// How updates come by webhook: the options WEBHOOK_... and TRUSTED_PROXIES, and what the framework makes of them.
#include "tgkit/bot/webhook.hpp"
#include "tgkit/net/network.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"
#include "tgkit/ops/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

struct Config;

struct WebhookConfig {
  std::optional<tgkit::net::Url> url;  // none: the bot polls
  std::string listen;                  // empty: 127.0.0.1 behind a proxy, 0.0.0.0 with a certificate of its own
  std::uint16_t port = 8443;
  std::string path;  // empty: that of the address
  tgkit::net::Secret secret;
  std::string certificate_file, key_file;
  bool allow_telegram = false;             // its networks, beside `allow`
  std::vector<tgkit::net::Network> allow;  // empty without allow_telegram: every address
  std::vector<tgkit::net::Network> trusted_proxies;
  std::int64_t max_connections = 40;
  std::string ip_address;
  bool remove_at_stop = false;
};

// Binds the options to config.webhook. After the others: some of its checks name them.
void declare_webhook(tgkit::ops::Options& options, Config& config);

// Where it listens when nothing was said: on this machine behind a proxy, on all addresses with a certificate.
std::string listen_address(const WebhookConfig& webhook);

// What the bot is given; nothing when it polls. The configuration was checked.
std::optional<tgkit::bot::WebhookSettings> webhook_settings(const Config& config);

}  // namespace app
