#include "app/webhook_config.hpp"

#include "app/config.hpp"
#include "tgkit/net/certificate.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>

namespace app {
namespace {

using tgkit::net::Network;
using tgkit::ops::Options;
using tgkit::ops::Parsed;
using Wrong = std::optional<std::string>;

// Where Telegram's requests come from, as its documentation says.
constexpr std::array<std::string_view, 2> telegram_networks = {"149.154.160.0/20", "91.108.4.0/22"};
constexpr std::array<std::uint16_t, 4> telegram_ports = {443, 80, 88, 8443};
// Networks that nobody reaches from outside; Telegram refuses addresses in them.
constexpr std::array<std::string_view, 5> inner_networks = {"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12",
                                                            "192.168.0.0/16", "169.254.0.0/16"};
constexpr std::size_t most_secret = 256;
constexpr std::size_t most_certificate = 3u << 20;
constexpr std::int64_t most_connections_of_the_cloud = 100;
constexpr std::int64_t most_connections = 100'000;  // with a Bot API server of one's own

// Only the cloud insists on https and certain ports; a server of one's own may be given any address.
bool is_cloud(const Config& c) { return !c.sandbox && c.telegram_api_url.origin.host == "api.telegram.org"; }

std::string path_of(const tgkit::net::Url& url) { return url.target.substr(0, url.target.find('?')); }

Parsed<bool> read_networks(std::string_view text, std::vector<Network>& into, bool* telegram) {
  std::vector<Network> found;
  bool has_telegram = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(", \t", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    if (telegram != nullptr && word == "telegram") {
      has_telegram = true;
      continue;
    }
    try {
      found.push_back(Network::parse(word));
    } catch (const std::invalid_argument& error) {
      return std::unexpected("has an entry that " + std::string(error.what()) +
                             (telegram != nullptr ? ", or the word telegram" : ""));
    }
  }
  into = std::move(found);
  if (telegram != nullptr) *telegram = has_telegram;
  return true;
}

std::string print_networks(const std::vector<Network>& networks, bool telegram) {
  std::string text = telegram ? "telegram" : "";
  for (const Network& network : networks) text += (text.empty() ? "" : ", ") + network.text();
  return text;
}

bool shows_token(const tgkit::net::Url& url, const tgkit::net::Secret& token) {
  const std::string& text = token.reveal();
  const std::string_view secret_part = std::string_view(text).substr(text.find(':') + 1);
  return !secret_part.empty() && url.target.find(secret_part) != std::string::npos;
}

bool is_inner(const std::string& host) {
  return host == "localhost" || std::ranges::any_of(inner_networks, [&host](std::string_view network) {
           return Network::parse(network).contains(host);
         });
}

Wrong check_address(const Config& c) {
  if (!c.webhook.url) return std::nullopt;
  const tgkit::net::Url& url = *c.webhook.url;
  if (shows_token(url, c.telegram_bot_token))
    return "WEBHOOK_URL holds the bot's token, which proxies would log: use another path; the secret is sent in a "
           "header";
  if (!is_cloud(c)) return std::nullopt;
  if (!url.origin.tls) return "WEBHOOK_URL must begin with https://: Telegram delivers nothing without TLS";
  if (std::ranges::find(telegram_ports, url.origin.port) == telegram_ports.end())
    return "WEBHOOK_URL must have port 443, 80, 88 or 8443: Telegram delivers to no other";
  if (url.origin.host.find(':') != std::string::npos)
    return "WEBHOOK_URL must have a name or an IPv4 address: Telegram delivers to no IPv6 address";
  if (is_inner(url.origin.host))
    return "WEBHOOK_URL must lead here from the internet: Telegram delivers to no address of an inner network";
  return std::nullopt;
}

Wrong check_secret(const Config& c) {
  const std::string& secret = c.webhook.secret.reveal();
  const bool allowed = std::ranges::all_of(secret, [](unsigned char letter) {
    return (letter < 128 && std::isalnum(letter) != 0) || letter == '_' || letter == '-';
  });
  if (allowed && secret.size() <= most_secret) return std::nullopt;
  return "must be at most 256 characters of A-Z, a-z, 0-9, _ and -; leave it out to have one made";
}

Wrong check_path(const Config& c) {
  if (c.webhook.path.starts_with('/') && c.webhook.path.find('?') == std::string::npos) return std::nullopt;
  return "must begin with / and hold no ?";
}

Wrong check_listen(const Config& c) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(c.webhook.listen, no_address);
  if (!no_address || c.webhook.listen == "localhost") return std::nullopt;
  return "must be an address of this machine, like 127.0.0.1, or 0.0.0.0 for all of them";
}

Wrong check_ip_address(const Config& c) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(c.webhook.ip_address, no_address);
  if (!no_address && address.is_v4()) return std::nullopt;
  return "must be an IPv4 address";
}

Wrong check_certificate(const Config& c) {
  const WebhookConfig& webhook = c.webhook;
  if (webhook.certificate_file.empty()) {
    if (webhook.key_file.empty()) return std::nullopt;
    return "WEBHOOK_KEY is set but WEBHOOK_CERT is not: set both for TLS, or neither behind a proxy";
  }
  try {
    const auto certificate = webhook.key_file.empty()
                                 ? tgkit::net::read_certificate(webhook.certificate_file)
                                 : tgkit::net::read_certificate(webhook.certificate_file, webhook.key_file);
    if (webhook.key_file.empty() && !certificate.self_signed)
      return "WEBHOOK_CERT is set without WEBHOOK_KEY, which is for a self-signed certificate that a proxy uses and "
             "Telegram is given; this one comes from an authority: set WEBHOOK_KEY, too, or leave both out";
    if (certificate.self_signed && certificate.pem.size() > most_certificate)
      return "WEBHOOK_CERT is larger than the 3 MiB that Telegram takes: leave only the certificate in the file";
  } catch (const std::runtime_error& error) {
    return "WEBHOOK_CERT and WEBHOOK_KEY cannot be used: " + std::string(error.what());
  }
  return std::nullopt;
}

Wrong check_proxies(const Config& c) {
  const WebhookConfig& webhook = c.webhook;
  const bool listed = webhook.allow_telegram || !webhook.allow.empty();
  if (!webhook.url || !listed || !webhook.trusted_proxies.empty()) return std::nullopt;
  if (!tgkit::net::is_loopback(listen_address(webhook))) return std::nullopt;
  if (tgkit::net::any_contains(webhook.allow, "127.0.0.1")) return std::nullopt;
  return "WEBHOOK_ALLOW would refuse every request: they come from a proxy on this machine. Name it in TRUSTED_PROXIES "
         "(127.0.0.1), and let it send X-Forwarded-For";
}

Wrong check_ports(const Config& c) {
  if (!c.webhook.url || c.webhook.port == 0 || c.webhook.port != c.health_port) return std::nullopt;
  return "WEBHOOK_PORT and HEALTH_PORT are the same: choose another one for either";
}

Wrong check_connections(const Config& c) {
  if (!c.webhook.url || !is_cloud(c) || c.webhook.max_connections <= most_connections_of_the_cloud) return std::nullopt;
  return "WEBHOOK_MAX_CONNECTIONS must be at most 100: only a Bot API server of your own opens more";
}

}  // namespace

std::string listen_address(const WebhookConfig& webhook) {
  if (!webhook.listen.empty()) return webhook.listen;
  return webhook.key_file.empty() ? "127.0.0.1" : "0.0.0.0";
}

void declare_webhook(Options& options, Config& c) {
  WebhookConfig& w = c.webhook;
  options.section("Webhook");
  options.url("WEBHOOK_URL", w.url, "https address where Telegram reaches this bot; without it, the bot polls");
  options.text("WEBHOOK_LISTEN", w.listen, "address to listen on; 127.0.0.1, or 0.0.0.0 with WEBHOOK_KEY").check([&c] {
    return check_listen(c);
  });
  options.port("WEBHOOK_PORT", w.port, "its port; 0 takes any free one");
  options.text("WEBHOOK_PATH", w.path, "path of the requests, if a proxy changes it; that of WEBHOOK_URL").check([&c] {
    return check_path(c);
  });
  options.secret("WEBHOOK_SECRET", w.secret, "what Telegram proves itself with; made and kept when not set")
      .check([&c] { return check_secret(c); });
  options.text("WEBHOOK_CERT", w.certificate_file, "certificate chain (PEM); Telegram is given a self-signed one");
  options.text("WEBHOOK_KEY", w.key_file, "its key (PEM): TLS without a proxy");
  options.custom(
      "WEBHOOK_ALLOW", "NETWORKS", "who may send: the word telegram, networks, or both; everybody when not set",
      [&w](std::string_view text) { return read_networks(text, w.allow, &w.allow_telegram); },
      [&w] { return print_networks(w.allow, w.allow_telegram); });
  options.custom(
      "TRUSTED_PROXIES", "NETWORKS", "proxies whose X-Forwarded-For is believed",
      [&w](std::string_view text) { return read_networks(text, w.trusted_proxies, nullptr); },
      [&w] { return print_networks(w.trusted_proxies, false); });
  options.integer("WEBHOOK_MAX_CONNECTIONS", w.max_connections, 1, most_connections,
                  "requests that Telegram may send side by side");
  options.text("WEBHOOK_IP_ADDRESS", w.ip_address, "IPv4 address that Telegram takes instead of asking for the name's")
      .check([&c] { return check_ip_address(c); });
  options.boolean("WEBHOOK_REMOVE_AT_STOP", w.remove_at_stop,
                  "tell Telegram at a stop to deliver nothing more; otherwise it waits for the next start");
  options.check_together({"WEBHOOK_URL", "TELEGRAM_API_URL", "TELEGRAM_BOT_TOKEN"}, [&c] { return check_address(c); });
  options.check_together({"WEBHOOK_CERT", "WEBHOOK_KEY"}, [&c] { return check_certificate(c); });
  options.check_together({"WEBHOOK_URL", "WEBHOOK_LISTEN", "WEBHOOK_ALLOW", "TRUSTED_PROXIES"},
                         [&c] { return check_proxies(c); });
  options.check_together({"WEBHOOK_URL", "WEBHOOK_PORT", "HEALTH_PORT"}, [&c] { return check_ports(c); });
  options.check_together({"WEBHOOK_URL", "TELEGRAM_API_URL", "WEBHOOK_MAX_CONNECTIONS"},
                         [&c] { return check_connections(c); });
}

std::optional<tgkit::bot::WebhookSettings> webhook_settings(const Config& config) {
  const WebhookConfig& webhook = config.webhook;
  if (!webhook.url) return std::nullopt;
  tgkit::bot::WebhookSettings settings;
  settings.wish.url = webhook.url->text();
  settings.wish.ip_address = webhook.ip_address;
  settings.wish.max_connections = webhook.max_connections;
  if (!webhook.certificate_file.empty()) {
    tgkit::net::CertificateFile certificate = tgkit::net::read_certificate(webhook.certificate_file);
    if (certificate.self_signed) settings.wish.certificate = std::move(certificate.pem);
  }
  settings.secret = webhook.secret;
  settings.host = listen_address(webhook);
  settings.port = webhook.port;
  settings.path = webhook.path.empty() ? path_of(*webhook.url) : webhook.path;
  if (!webhook.key_file.empty()) {
    settings.tls_certificate_file = webhook.certificate_file;
    settings.tls_key_file = webhook.key_file;
  }
  settings.allowed = webhook.allow;
  if (webhook.allow_telegram)
    for (const std::string_view network : telegram_networks) settings.allowed.push_back(Network::parse(network));
  settings.trusted_proxies = webhook.trusted_proxies;
  settings.remove_at_stop = webhook.remove_at_stop;
  return settings;
}

}  // namespace app
