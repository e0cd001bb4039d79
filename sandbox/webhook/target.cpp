#include "sandbox/webhook/target.hpp"

#include "tgkit/net/url.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace sandbox {
namespace {

Refusal bad_webhook(const std::string& why) { return Refusal(400, "Bad Request: bad webhook: " + why); }

std::optional<boost::asio::ip::address> as_address(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error) return std::nullopt;
  return address;
}

bool reserved(const boost::asio::ip::address& address) {
  if (!address.is_v4()) return false;
  const auto bytes = address.to_v4().to_bytes();
  return bytes[0] == 0 || bytes[0] == 10 || bytes[0] == 127 || (bytes[0] == 192 && bytes[1] == 168) ||
         (bytes[0] == 172 && bytes[1] / 16 == 1) || (bytes[0] == 169 && bytes[1] == 254) || bytes[0] >= 224;
}

std::string with_scheme(const std::string& text) {
  return text.find("://") == std::string::npos ? "https://" + text : text;
}

// Takes "user:password@" out of the address.
std::string take_credentials(std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t end = url.find_first_of("/?#", begin);
  const std::size_t at = url.rfind('@', end);
  if (at == std::string::npos || at < begin) return {};
  std::string credentials = tgkit::net::percent_decode(std::string_view(url).substr(begin, at - begin));
  url.erase(begin, at + 1 - begin);
  return credentials;
}

}  // namespace

WebhookTarget webhook_target(const std::string& url) {
  std::string text = url;
  WebhookTarget target;
  target.credentials = take_credentials(text);
  tgkit::net::Url parsed = tgkit::net::Url::parse(text);
  target.origin = std::move(parsed.origin);
  target.target = std::move(parsed.target);
  return target;
}

std::string checked_webhook_url(const std::string& text, const WebhookRules& rules) {
  const std::string url = with_scheme(text);
  WebhookTarget target;
  try {
    target = webhook_target(url);
  } catch (const std::invalid_argument&) {
    throw bad_webhook("invalid HTTP URL");
  }
  if (rules.any_address) return url;
  if (!target.origin.tls) throw bad_webhook("An HTTPS URL must be provided for webhook");
  constexpr std::uint16_t ports[] = {443, 80, 88, 8443};
  if (std::find(std::begin(ports), std::end(ports), target.origin.port) == std::end(ports)) {
    throw bad_webhook("Webhook can be set up only on ports 80, 88, 443 or 8443");
  }
  if (const auto address = as_address(target.origin.host)) {
    if (address->is_v6()) throw bad_webhook("IPv6-only addresses are not allowed");
    if (reserved(*address)) throw bad_webhook(fmt::format("IP address {} is reserved", target.origin.host));
  }
  return url;
}

std::optional<std::vector<std::string>> webhook_addresses(const std::string& host, const std::string& ip_address,
                                                          const WebhookRules& rules) {
  const auto known = rules.hosts.find(host);
  if (known != rules.hosts.end()) return std::vector<std::string>{known->second};
  if (host == "localhost" || host.ends_with(".localhost")) return std::vector<std::string>{"127.0.0.1"};
  if (!rules.any_address) return std::vector<std::string>{};
  if (!ip_address.empty()) return std::vector<std::string>{ip_address};
  return std::nullopt;
}

}  // namespace sandbox
