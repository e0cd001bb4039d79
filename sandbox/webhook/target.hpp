#pragma once
// The address of a webhook: what the real server accepts, and where this machine sends to. Pure.
#include "sandbox/bot_api/answer.hpp"
#include "sandbox/webhook/rules.hpp"
#include "tgkit/net/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

struct WebhookTarget {
  tgkit::net::Origin origin;
  std::string target;
  std::string credentials;  // "user:password" of the address, for basic authorization
};

// The url as it is kept ("https://" in front when it names no scheme). Throws Refusal in the server's words.
std::string checked_webhook_url(const std::string& text, const WebhookRules& rules);

WebhookTarget webhook_target(const std::string& url);  // of a checked url

// Where to connect to. Nothing: ask the system's resolver. Empty: the name is unknown here.
std::optional<std::vector<std::string>> webhook_addresses(const std::string& host, const std::string& ip_address,
                                                          const WebhookRules& rules);

}  // namespace sandbox
